/// A JSON value that keeps numbers as they are written and remembers where it stands.
///
/// Foundation's decoders turn numbers into binary floating point; prices must be read exactly.
public struct JSONValue: Sendable {
  public enum Content: Sendable {
    case object([(key: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    /// The number's text.
    case number(String)
    case bool(Bool)
    case null
  }

  public let content: Content
  public var line: Int { Int(storedLine) }
  public var column: Int { Int(storedColumn) }
  /// Files with millions of values are read: 32 bits are enough for their places.
  private let storedLine: UInt32
  private let storedColumn: UInt32

  fileprivate init(content: Content, line: Int, column: Int) {
    self.content = content
    storedLine = UInt32(clamping: line)
    storedColumn = UInt32(clamping: column)
  }

  /// What the value is, for messages.
  var kind: String {
    switch content {
    case .object: "an object"
    case .array: "an array"
    case .string(let text): "the string \"\(text.prefix(40))\""
    case .number(let text): "the number \(text.prefix(40))"
    case .bool(let value): "\(value)"
    case .null: "null"
    }
  }
}

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  public let line: Int
  public let column: Int
  public let reason: String

  public var description: String { "\(line):\(column): \(reason)" }
}

/// A recursive-descent reader of RFC 8259.
public struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private static let maximumDepth = 32

  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else {
      throw parser.failure("expected the end of the file, found \(parser.found)")
    }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var found: String {
    guard let byte = peek else { return "the end of the file" }
    return (0x20..<0x7F).contains(byte)
      ? "\"\(Character(UnicodeScalar(byte)))\"" : "byte \(byte)"
  }

  private func failure(_ reason: String) -> JSONError {
    JSONError(line: line, column: position - lineStart + 1, reason: reason)
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
      if byte == 0x0A {
        line += 1
        lineStart = position
      }
    }
  }

  private mutating func accept(_ character: Character) -> Bool {
    guard peek == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < JSONParser.maximumDepth else {
      throw failure("nested deeper than \(JSONParser.maximumDepth) levels")
    }
    skipSpace()
    let (startLine, startColumn) = (line, position - lineStart + 1)
    let content: JSONValue.Content
    switch peek {
    case UInt8(ascii: "{"): content = .object(try object(depth: depth))
    case UInt8(ascii: "["): content = .array(try array(depth: depth))
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "t"): content = try keyword("true", .bool(true))
    case UInt8(ascii: "f"): content = try keyword("false", .bool(false))
    case UInt8(ascii: "n"): content = try keyword("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      content = .number(number())
    default: throw failure("expected a value, found \(found)")
    }
    return JSONValue(content: content, line: startLine, column: startColumn)
  }

  private mutating func keyword(
    _ text: String, _ content: JSONValue.Content
  ) throws(JSONError) -> JSONValue.Content {
    guard bytes[position...].starts(with: text.utf8) else {
      throw failure("expected a value, found \(found)")
    }
    position += text.utf8.count
    return content
  }

  /// The characters of a number; the format's reader judges them.
  private mutating func number() -> String {
    let start = position
    while let byte = peek,
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func object(depth: Int) throws(JSONError) -> [(key: String, value: JSONValue)] {
    position += 1
    var members: [(key: String, value: JSONValue)] = []
    var keys: Set<String> = []
    skipSpace()
    if accept("}") { return members }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else {
        throw failure("expected a name in quotes, found \(found)")
      }
      let start = failure("")
      let key = try string()
      guard keys.insert(key).inserted else {
        throw JSONError(
          line: start.line, column: start.column, reason: "the name \"\(key)\" stands twice")
      }
      skipSpace()
      guard accept(":") else { throw failure("expected \":\", found \(found)") }
      members.append((key, try value(depth: depth + 1)))
      skipSpace()
      if accept("}") { return members }
      guard accept(",") else { throw failure("expected \",\" or \"}\", found \(found)") }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    position += 1
    var values: [JSONValue] = []
    skipSpace()
    if accept("]") { return values }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if accept("]") { return values }
      guard accept(",") else { throw failure("expected \",\" or \"]\", found \(found)") }
    }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var result: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: result, as: UTF8.self) else {
          throw failure("the string is not valid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): try escape(into: &result)
      case 0..<0x20: throw failure("a control character in a string")
      default: result.append(byte)
      }
    }
    throw failure("the string has no closing quote")
  }

  private mutating func escape(into result: inout [UInt8]) throws(JSONError) {
    guard let byte = peek else { throw failure("the string has no closing quote") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hex()
      if (0xD800..<0xDC00).contains(code), accept("\\"), accept("u") {
        let low = try hex()
        guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw failure("half a surrogate pair") }
      result += Array(String(Character(scalar)).utf8)
    default: throw failure("unknown escape")
    }
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else {
        throw failure("expected four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
