import ZKVMFixedPoint
import ZKVMMachine

extension MachineListing {
  /// The program of a listing; `nil` if there are errors.
  static func parse(_ source: SourceText, file: String, _ diagnostics: Diagnostics) -> Program? {
    var parser = ListingParser(file: file, diagnostics)
    for (index, text) in source.lines.enumerated() {
      guard parser.parse(text, number: index + 1) else { return nil }
    }
    return parser.program()
  }
}

private struct ListingParser {
  private let file: String
  private let diagnostics: Diagnostics
  private var cursor = TokenCursor([], index: 0)
  private var name = ""
  private var publics: [NamedFormat] = []
  private var secrets: [NamedFormat] = []
  private var streams: [ZKVMMachine.Stream] = []
  private var outputs: [NamedFormat] = []
  private var constants: [Int64] = []
  private var arrays: [ArrayShape] = []
  private var blocks: [Block] = []
  private var instructions: [Instruction] = []

  init(file: String, _ diagnostics: Diagnostics) {
    self.file = file
    self.diagnostics = diagnostics
  }

  func program() -> Program? {
    guard !diagnostics.hasErrors else { return nil }
    do {
      return try Program(
        interface: Interface(
          name: name, publicInputs: publics, secretInputs: secrets, streams: streams,
          outputs: outputs),
        constants: constants, blocks: blocks, instructions: instructions, arrays: arrays,
        source: .empty)
    } catch {
      diagnostics.error(
        SourceLocation(file: file, line: 1, column: 1), "invalid program: \(error)")
      return nil
    }
  }

  /// Takes one line in. `false` if the listing is of another version, so that the rest means nothing.
  mutating func parse(_ text: String, number: Int) -> Bool {
    let tokens = Lexer.scan(text, file: file, number: number, diagnostics).tokens
    guard let first = tokens.first else { return true }
    cursor = TokenCursor(tokens, index: 1)
    if first.text == ".machine" {
      guard cursor.accept(.number)?.text == "2" else {
        fail("listing version 2")
        return false
      }
    } else if !(first.text.hasPrefix(".") ? directive(first) : instruction(first)) {
      return true
    }
    if !cursor.isAtEnd { fail("the end of the line") }
    return true
  }

  private func fail(_ expected: String) {
    diagnostics.error(cursor.location, "expected \(expected), found \(cursor.found)")
  }

  /// `false` after an error, which says all that there is to say about the line.
  private mutating func directive(_ first: Token) -> Bool {
    switch first.text {
    case ".program": return programName()
    case ".public": return declare(\.publics)
    case ".secret": return declare(\.secrets)
    case ".output": return declare(\.outputs)
    case ".stream": return stream()
    case ".constant": return constant()
    case ".array": return array()
    case ".block": return block()
    default:
      diagnostics.error(first.location, "unknown instruction \(first.text)")
      return false
    }
  }

  private mutating func programName() -> Bool {
    guard let token = cursor.accept(.string) else {
      fail("a name in quotes")
      return false
    }
    guard name.isEmpty else {
      diagnostics.error(token.location, "the program is named twice")
      return false
    }
    name = token.text
    return true
  }

  private mutating func declare(_ list: WritableKeyPath<ListingParser, [NamedFormat]>) -> Bool {
    guard let field = field() else {
      fail("\"name : format\"")
      return false
    }
    self[keyPath: list].append(field)
    return true
  }

  private mutating func stream() -> Bool {
    guard let token = cursor.accept(.name), cursor.accept("{") else {
      fail("\"name { field: format, … }\"")
      return false
    }
    var fields: [NamedFormat] = []
    while let next = field() {
      fields.append(next)
      if !cursor.accept(",") { break }
    }
    if !cursor.accept("}") { fail("\"}\"") }
    streams.append(ZKVMMachine.Stream(token.text, fields))
    return true
  }

  private mutating func constant() -> Bool {
    guard let token = cursor.accept(.number), let word = Int64(token.text) else {
      fail("a whole number")
      return false
    }
    constants.append(word)
    return true
  }

  private mutating func array() -> Bool {
    guard let length = setting("length"), let digests = setting("digests"), digests < 2 else {
      fail("\"length=n digests=0\" or 1")
      return false
    }
    arrays.append(ArrayShape(length: length, isDigest: digests == 1))
    return true
  }

  private mutating func block() -> Bool {
    guard let incoming = setting("incoming"), let size = setting("size") else {
      fail("\"incoming=n size=n\"")
      return false
    }
    blocks.append(Block(start: instructions.count, incoming: incoming, size: size))
    return true
  }

  private mutating func instruction(_ first: Token) -> Bool {
    guard let opcode = Opcode(mnemonic: first.text) else {
      diagnostics.error(first.location, "unknown instruction \(first.text)")
      return false
    }
    var slots: [Cell] = []
    for _ in 0..<Instruction.slotCount {
      guard let cell = cell() else { break }
      slots.append(cell)
    }
    guard slots.count == Instruction.slotCount, cursor.accept("#"),
      let extra = cursor.accept(.number).flatMap({ UInt32($0.text) })
    else {
      fail("\(Instruction.slotCount) cells (fp+n, @n or _) and #n")
      return false
    }
    instructions.append(Instruction(opcode, slots, extra: Int(extra)))
    return true
  }

  private mutating func field() -> NamedFormat? {
    guard let name = cursor.accept(.name), cursor.accept(":"), let token = cursor.accept(.name),
      let format = Format(name: token.text)
    else { return nil }
    return NamedFormat(name.text, format)
  }

  private mutating func setting(_ name: String) -> Int? {
    guard cursor.peek?.text == name else { return nil }
    _ = cursor.next()
    guard cursor.accept("="), let number = cursor.accept(.number) else { return nil }
    return UInt32(number.text).map { Int($0) }
  }

  private mutating func cell() -> Cell? {
    if cursor.accept("@") {
      return cursor.accept(.number).flatMap { UInt32($0.text) }.map {
        Cell(isFrameRelative: false, offset: $0)
      }
    }
    guard let name = cursor.accept(.name) else { return nil }
    if name.text == "_" { return Cell.none }
    guard name.text == "fp" else { return nil }
    _ = cursor.accept("+")
    return cursor.accept(.number).flatMap { UInt32($0.text) }.map {
      Cell(isFrameRelative: true, offset: $0)
    }
  }
}
