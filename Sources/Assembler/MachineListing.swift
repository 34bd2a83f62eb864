import ZKVMFixedPoint
import ZKVMMachine

/// The textual form of bytecode: what `disassemble` prints. It assembles to the same digest.
///
///     .machine 2
///     .program "name"
///     .secret spot : q32
///     .constant 281474976710656
///     .block incoming=0 size=12
///       secret      _ _ _ fp+0 _ _ #0        ; spot
public enum MachineListing {
  static func isListing(_ source: SourceText) -> Bool {
    source.firstLine.hasPrefix(".machine")
  }

  /// The listing of a program, with the source's names as comments.
  public static func print(_ program: Program) -> String {
    var lines = [
      ".machine 2", ".program \"\(program.interface.name)\"", "; digest \(program.digest)",
    ]
    func fields(_ directive: String, _ fields: [NamedFormat]) {
      for field in fields { lines.append("\(directive) \(field.name) : \(field.format)") }
    }
    fields(".public", program.interface.publicInputs)
    fields(".secret", program.interface.secretInputs)
    for stream in program.interface.streams {
      let list = stream.fields.map { "\($0.name): \($0.format)" }.joined(separator: ", ")
      lines.append(".stream \(stream.name) { \(list) }")
    }
    fields(".output", program.interface.outputs)
    for (address, constant) in program.constants.enumerated() {
      lines.append(".constant \(constant) ; @\(address)")
    }
    for array in program.arrays {
      lines.append(".array length=\(array.length) digests=\(array.isDigest ? 1 : 0)")
    }
    for (index, block) in program.blocks.enumerated() {
      lines.append(".block incoming=\(block.incoming) size=\(block.size)")
      for pc in program.instructionRange(ofBlock: index) {
        lines.append("  " + line(program, pc))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ program: Program, _ pc: Int) -> String {
    let instruction = program.instructions[pc]
    let slots = instruction.slots.map { slot in
      slot == .none ? "_" : slot.isFrameRelative ? "fp+\(slot.offset)" : "@\(slot.offset)"
    }
    var text = pad(instruction.opcode.mnemonic, 14) + pad(slots.joined(separator: " "), 32)
    text += "#\(instruction.extra)"
    var comment = "\(pc)"
    if pc < program.source.entries.count {
      let names = program.source.entries[pc].names.filter { !$0.isEmpty }
      if !names.isEmpty { comment += ": " + names.joined(separator: " ") }
    }
    return pad(text, 54) + "; " + comment
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  static func parse(_ source: SourceText, file: String, _ diagnostics: Diagnostics) -> Program? {
    var name = ""
    var publics: [NamedFormat] = []
    var secrets: [NamedFormat] = []
    var streams: [ZKVMMachine.Stream] = []
    var outputs: [NamedFormat] = []
    var constants: [Int64] = []
    var arrays: [ArrayShape] = []
    var blocks: [Block] = []
    var instructions: [Instruction] = []
    for (index, text) in source.lines.enumerated() {
      let tokens = Lexer.scan(text, file: file, number: index + 1, diagnostics).tokens
      guard let first = tokens.first else { continue }
      var cursor = TokenCursor(tokens, index: 1)
      func fail(_ expected: String) {
        diagnostics.error(cursor.location, "expected \(expected), found \(cursor.found)")
      }
      switch first.text {
      case ".machine":
        guard cursor.accept(.number)?.text == "2" else {
          fail("listing version 2")
          return nil
        }
      case ".program":
        guard let token = cursor.accept(.string) else {
          fail("a name in quotes")
          continue
        }
        guard name.isEmpty else {
          diagnostics.error(token.location, "the program is named twice")
          continue
        }
        name = token.text
      case ".public", ".secret", ".output":
        guard let field = field(&cursor) else {
          fail("\"name : format\"")
          continue
        }
        if first.text == ".public" {
          publics.append(field)
        } else if first.text == ".secret" {
          secrets.append(field)
        } else {
          outputs.append(field)
        }
      case ".stream":
        guard let token = cursor.accept(.name), cursor.accept("{") else {
          fail("\"name { field: format, … }\"")
          continue
        }
        var fields: [NamedFormat] = []
        while let next = field(&cursor) {
          fields.append(next)
          if !cursor.accept(",") { break }
        }
        if !cursor.accept("}") { fail("\"}\"") }
        streams.append(ZKVMMachine.Stream(token.text, fields))
      case ".constant":
        guard let token = cursor.accept(.number), let word = Int64(token.text) else {
          fail("a whole number")
          continue
        }
        constants.append(word)
      case ".array":
        guard let length = setting("length", &cursor), let digests = setting("digests", &cursor),
          digests < 2
        else {
          fail("\"length=n digests=0\" or 1")
          continue
        }
        arrays.append(ArrayShape(length: length, isDigest: digests == 1))
      case ".block":
        guard let incoming = setting("incoming", &cursor), let size = setting("size", &cursor)
        else {
          fail("\"incoming=n size=n\"")
          continue
        }
        blocks.append(Block(start: instructions.count, incoming: incoming, size: size))
      default:
        guard let opcode = Opcode.allCases.first(where: { $0.mnemonic == first.text }) else {
          diagnostics.error(first.location, "unknown instruction \(first.text)")
          continue
        }
        var slots: [Cell] = []
        for _ in 0..<Instruction.slotCount {
          guard let cell = cell(&cursor) else { break }
          slots.append(cell)
        }
        guard slots.count == Instruction.slotCount, cursor.accept("#"),
          let extra = cursor.accept(.number).flatMap({ UInt32($0.text) })
        else {
          fail("\(Instruction.slotCount) cells (fp+n, @n or _) and #n")
          continue
        }
        instructions.append(Instruction(opcode, slots, extra: Int(extra)))
      }
      if !cursor.isAtEnd { fail("the end of the line") }
    }
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

  private static func field(_ cursor: inout TokenCursor) -> NamedFormat? {
    guard let name = cursor.accept(.name), cursor.accept(":"), let token = cursor.accept(.name),
      let format = Format(name: token.text)
    else { return nil }
    return NamedFormat(name.text, format)
  }

  private static func setting(_ name: String, _ cursor: inout TokenCursor) -> Int? {
    guard cursor.peek?.text == name else { return nil }
    _ = cursor.next()
    guard cursor.accept("="), let number = cursor.accept(.number) else { return nil }
    return UInt32(number.text).map { Int($0) }
  }

  private static func cell(_ cursor: inout TokenCursor) -> Cell? {
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
