/// A token of one line.
struct Token: Hashable {
  enum Kind: Hashable {
    /// A name; dots separate a stream's name from its field's.
    case name
    /// A name after a dot: a directive.
    case directive
    case number
    case string
    case punctuation
  }

  var kind: Kind
  var text: String
  var location: SourceLocation
}

enum Lexer {
  /// The tokens of a line without its comment, and whether something in it is no token, which is
  /// reported. Columns count Unicode scalars.
  static func scan(
    _ line: String, file: String, number: Int, _ diagnostics: Diagnostics
  ) -> (tokens: [Token], isBroken: Bool) {
    var scanner = LineScanner(line, file: file, number: number, diagnostics)
    var tokens: [Token] = []
    while let token = scanner.next() { tokens.append(token) }
    return (tokens, scanner.isBroken)
  }
}

/// Takes one line apart.
private struct LineScanner {
  private let scalars: [Unicode.Scalar]
  private let file: String
  private let number: Int
  private let diagnostics: Diagnostics
  private var index = 0
  /// Whether something was reported.
  private(set) var isBroken = false

  init(_ line: String, file: String, number: Int, _ diagnostics: Diagnostics) {
    scalars = Array(line.unicodeScalars)
    self.file = file
    self.number = number
    self.diagnostics = diagnostics
  }

  private static func isDigit(_ c: Unicode.Scalar) -> Bool { ("0"..."9").contains(c) }

  private static func isNameStart(_ c: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(c) || ("A"..."Z").contains(c) || c == "_"
  }

  private static func isNamePart(_ c: Unicode.Scalar) -> Bool { isNameStart(c) || isDigit(c) }

  private func scalar(at index: Int) -> Unicode.Scalar? {
    index < scalars.count ? scalars[index] : nil
  }

  private func location(from start: Int) -> SourceLocation {
    SourceLocation(
      file: file, line: number, column: start + 1, length: max(1, index - start))
  }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  private func token(_ kind: Token.Kind, from start: Int) -> Token {
    Token(kind: kind, text: text(start..<index), location: location(from: start))
  }

  private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
    while index < scalars.count, condition(scalars[index]) { index += 1 }
  }

  /// The next token; `nil` at the end of the line or of what comes before its comment.
  mutating func next() -> Token? {
    while let c = scalar(at: index) {
      let start = index
      let following = scalar(at: index + 1)
      // Hidden characters were reported with the source.
      if c == " " || c == "\t" || c.isHidden {
        index += 1
      } else if c == ";" || (c == "/" && following == "/") {
        return nil
      } else if LineScanner.isNameStart(c) {
        skip { LineScanner.isNamePart($0) || $0 == "." }
        return token(.name, from: start)
      } else if c == ".", let following, LineScanner.isNameStart(following) {
        index += 1
        skip(while: LineScanner.isNamePart)
        return token(.directive, from: start)
      } else if startsNumber(c, following) {
        takeNumber()
        return token(.number, from: start)
      } else if c == "\"" {
        if let string = takeString() { return string }
      } else if c == "-", following == ">" {
        index += 2
        return token(.punctuation, from: start)
      } else if ",:(){}=@+-#".unicodeScalars.contains(c) {
        index += 1
        return token(.punctuation, from: start)
      } else {
        refuse(c)
      }
    }
    return nil
  }

  private func startsNumber(_ c: Unicode.Scalar, _ following: Unicode.Scalar?) -> Bool {
    if LineScanner.isDigit(c) { return true }
    guard c == "-" || c == "+" || c == ".", let following else { return false }
    return LineScanner.isDigit(following) || following == "."
  }

  private mutating func takeNumber() {
    index += 1
    while let d = scalar(at: index) {
      let afterExponent = scalars[index - 1] == "e" || scalars[index - 1] == "E"
      guard
        LineScanner.isNamePart(d) || d == "." || ((d == "-" || d == "+") && afterExponent)
      else { return }
      index += 1
    }
  }

  /// A text in quotes, without them.
  private mutating func takeString() -> Token? {
    let start = index
    index += 1
    skip { $0 != "\"" }
    guard index < scalars.count else {
      isBroken = true
      diagnostics.error(location(from: start), "the string has no closing quote")
      return nil
    }
    index += 1
    return Token(
      kind: .string, text: text((start + 1)..<(index - 1)), location: location(from: start))
  }

  /// Reports a character that no token has, the first one of a line.
  private mutating func refuse(_ c: Unicode.Scalar) {
    let start = index
    index += 1
    isBroken = true
    diagnostics.error(
      location(from: start), "unexpected character \"\(Character(c))\"",
      help: UnexpectedCharacter.remedy(c))
    index = scalars.count
  }
}

/// What people write where the language has something else.
private enum UnexpectedCharacter {
  static func remedy(_ c: Unicode.Scalar) -> String? {
    switch c {
    case "\u{2018}"..."\u{201F}", "\u{AB}", "\u{BB}", "'", "`":
      "texts stand in plain double quotes: \"…\""
    case "\u{2010}"..."\u{2015}", "\u{2212}": "write the minus sign of the keyboard: -"
    case "*", "\u{D7}", "\u{B7}": "there are no operators; write: mul result, a, b"
    case "/", "\u{F7}": "there are no operators; write: div result, a, b; comments begin with ;"
    case "<", ">", "!", "\u{2264}", "\u{2265}", "\u{2260}":
      "there are no operators; write: lt flag, a, b, or assert_lt a, b, \"message\""
    case "[", "]": "elements of arrays are read by: load result, array, index"
    case "$", "\u{20AC}", "\u{A3}": "amounts are plain numbers; names are letters, digits and _"
    case "%": "write a percentage as a fraction: 0.05"
    case "\\": "a line is one instruction and is not continued on the next one"
    case _ where c.properties.generalCategory == .spaceSeparator:
      "\(c.codePoint): write a plain space"
    case _ where c.properties.isAlphabetic: "names are ASCII letters, digits and _"
    default: nil
    }
  }
}

/// Reads the tokens of a line from left to right.
struct TokenCursor {
  let tokens: [Token]
  private(set) var index = 0
  let end: SourceLocation

  init(_ tokens: [Token], index: Int = 0) {
    self.tokens = tokens
    self.index = index
    let last = tokens.last?.location ?? SourceLocation(file: "", line: 1, column: 1)
    end = SourceLocation(file: last.file, line: last.line, column: last.column + last.length)
  }

  var peek: Token? { index < tokens.count ? tokens[index] : nil }
  var isAtEnd: Bool { index >= tokens.count }
  var location: SourceLocation { peek?.location ?? end }

  mutating func next() -> Token? {
    defer { index += 1 }
    return peek
  }

  mutating func accept(_ punctuation: String) -> Bool {
    guard let token = peek, token.kind == .punctuation, token.text == punctuation else {
      return false
    }
    index += 1
    return true
  }

  mutating func accept(_ kind: Token.Kind) -> Token? {
    guard let token = peek, token.kind == kind else { return nil }
    index += 1
    return token
  }

  /// Whether the last token is this punctuation.
  func endsIn(_ punctuation: String) -> Bool {
    tokens.last?.kind == .punctuation && tokens.last?.text == punctuation
  }

  /// What stands here, for "found …".
  var found: String { peek.map { "\"\($0.text)\"" } ?? "the end of the line" }
}
