/// Characters that make a text show something else than what it says: a source that reads one way
/// and assembles another, a name that looks like another one, a message that repaints a terminal.
extension Unicode.Scalar {
  /// Control characters, line and paragraph separators, and everything invisible that joins, splits
  /// or turns the text beside it (general categories Cc, Cf, Zl and Zp, and default-ignorable ones). TAB and LF are hidden too:
  /// where they may stand is for the caller to say.
  public var isHidden: Bool {
    switch value {
    case 0x20...0x7E: false
    case 0...0x9F: true
    default:
      switch properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: true
      // Fillers, joiners and selectors of other categories, and the blank braille pattern.
      default: properties.isDefaultIgnorableCodePoint || value == 0x2800
      }
    }
  }

  /// "U+200B ZERO WIDTH SPACE".
  public var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    let name = properties.name ?? properties.nameAlias
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      + (name.map { " " + $0 } ?? "")
  }
}

extension StringProtocol {
  /// The first character that ``Swift/Unicode/Scalar/isHidden``.
  public var firstHidden: Unicode.Scalar? { unicodeScalars.first { $0.isHidden } }

  /// Whether the text is a name of the language: ASCII letters, digits and `_`, no digit first.
  public var isName: Bool {
    guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
    return utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == 0x5F
    }
  }
}
