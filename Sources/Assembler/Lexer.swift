/// A token of one line.
struct Token: Hashable {
  enum Kind: Hashable {
    /// A name; dots separate a stream's name from its field's.
    case name
    /// A name behind a dot: a directive.
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
  /// The tokens of a line without its comment.
  static func tokens(
    _ line: String, file: String, number: Int, _ diagnostics: Diagnostics
  ) -> [Token] {
    let characters = Array(line)
    var tokens: [Token] = []
    var i = 0
    func location(_ start: Int, _ end: Int) -> SourceLocation {
      SourceLocation(file: file, line: number, column: start + 1, length: max(1, end - start))
    }
    func isNameStart(_ c: Character) -> Bool { c == "_" || (c.isASCII && c.isLetter) }
    func isDigit(_ c: Character) -> Bool { c.isASCII && c.isNumber }
    func isNamePart(_ c: Character) -> Bool { isNameStart(c) || isDigit(c) }
    func take(from start: Int, while condition: (Character) -> Bool) -> Int {
      var end = start
      while end < characters.count, condition(characters[end]) { end += 1 }
      return end
    }
    while i < characters.count {
      let c = characters[i]
      let start = i
      if c.isWhitespace {
        i += 1
        continue
      }
      if c == ";" || (c == "/" && i + 1 < characters.count && characters[i + 1] == "/") { break }
      if isNameStart(c) {
        i = take(from: i) { isNamePart($0) || $0 == "." }
        tokens.append(
          Token(kind: .name, text: String(characters[start..<i]), location: location(start, i)))
      } else if c == ".", i + 1 < characters.count, isNameStart(characters[i + 1]) {
        i = take(from: i + 1, while: isNamePart)
        tokens.append(
          Token(kind: .directive, text: String(characters[start..<i]), location: location(start, i))
        )
      } else if isDigit(c)
        || ((c == "-" || c == "+" || c == ".") && i + 1 < characters.count
          && (isDigit(characters[i + 1]) || characters[i + 1] == "."))
      {
        i += 1
        while i < characters.count {
          let d = characters[i]
          let afterExponent = characters[i - 1] == "e" || characters[i - 1] == "E"
          guard isNamePart(d) || d == "." || ((d == "-" || d == "+") && afterExponent) else {
            break
          }
          i += 1
        }
        tokens.append(
          Token(kind: .number, text: String(characters[start..<i]), location: location(start, i)))
      } else if c == "\"" {
        i = take(from: i + 1) { $0 != "\"" }
        if i < characters.count {
          tokens.append(
            Token(
              kind: .string, text: String(characters[(start + 1)..<i]),
              location: location(start, i + 1)))
          i += 1
        } else {
          diagnostics.error(location(start, i), "the string has no closing quote")
        }
      } else if c == "-", i + 1 < characters.count, characters[i + 1] == ">" {
        i += 2
        tokens.append(Token(kind: .punctuation, text: "->", location: location(start, i)))
      } else if ",:(){}=@+#".contains(c) {
        i += 1
        tokens.append(Token(kind: .punctuation, text: String(c), location: location(start, i)))
      } else {
        i += 1
        diagnostics.error(location(start, i), "unexpected character \"\(c)\"")
      }
    }
    return tokens
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

  /// What stands here, for "found …".
  var found: String { peek.map { "\"\($0.text)\"" } ?? "the end of the line" }
}
