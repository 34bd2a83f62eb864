import ZKVMMachine

/// A source's lines as every tool shows them.
///
/// Swift takes CR LF for one `Character`, and editors break lines at characters that are no line
/// feed; so lines are made of Unicode scalars, and what could hide a line from a reader is an error.
struct SourceText {
  /// Without byte-order mark, lines separated by single line feeds.
  let text: String
  private(set) var lineCount = 1

  /// Ends a line at LF and at CR LF. TAB is white space, a byte-order mark before everything is
  /// skipped; every other hidden character is an error with its place.
  init(_ source: String, file: String, _ diagnostics: Diagnostics) {
    var text = String.UnicodeScalarView()
    var column = 0
    var scalars = source.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    while let scalar = scalars.popFirst() {
      if scalar == "\n" || (scalar == "\r" && scalars.first == "\n") {
        if scalar == "\r" { scalars.removeFirst() }
        text.append("\n")
        lineCount += 1
        column = 0
        continue
      }
      text.append(scalar)
      column += 1
      guard scalar != "\t", scalar.isHidden, !diagnostics.isFull else { continue }
      let location = SourceLocation(file: file, line: lineCount, column: column)
      if scalar == "\r" {
        diagnostics.error(
          location, "a carriage return without a line feed: it would hide what follows it",
          help: "end lines with LF or CR LF")
      } else {
        diagnostics.error(
          location, "the hidden character \(scalar.codePoint)",
          help: "remove it: what people see must be what is assembled")
      }
    }
    self.text = String(text)
  }

  var firstLine: Substring { Substring(text.utf8.prefix { $0 != UInt8(ascii: "\n") }) }

  /// One at a time: a source may have many.
  var lines: UnfoldSequence<String, Substring.UTF8View?> {
    sequence(state: Optional(text.utf8[...])) { rest in
      guard let current = rest else { return nil }
      let line = current.prefix { $0 != UInt8(ascii: "\n") }
      rest = line.endIndex == current.endIndex ? nil : current[line.endIndex...].dropFirst()
      return String(Substring(line))
    }
  }
}
