import ZKVMFixedPoint
import ZKVMHashing

/// Why a file is not an assembled program.
public enum BytecodeError: Error, Equatable, CustomStringConvertible {
  case notBytecode
  case version(UInt32)
  /// The checksum does not match: the file was damaged, whatever it was before.
  case corrupted(expected: UInt64, found: UInt64)
  case malformed(DecodingError)
  case invalid(InvalidProgram)

  public var description: String {
    switch self {
    case .notBytecode:
      "expected an assembled zkvm program (first bytes \"ZKVB\"); assemble the source first"
    case .version(let found):
      "expected bytecode version \(Bytecode.version), found \(found); assemble the source again"
    case .corrupted(let expected, let found):
      "the file is damaged: its checksum is \(String(found, radix: 16)), "
        + "expected \(String(expected, radix: 16)); copy or assemble it again"
    case .malformed(let error): "malformed bytecode \(error)"
    case .invalid(let error): "invalid program: \(error)"
    }
  }
}

/// The file format of assembled programs; `Spec/Bytecode.md` describes every field.
public enum Bytecode {
  public static let magic: [UInt8] = Array("ZKVB".utf8)
  public static let version: UInt32 = 2

  /// The program as a file: header, program, source map, XXH3 checksum.
  public static func encode(_ program: Program) -> [UInt8] {
    var writer = ByteWriter()
    writer.raw(magic)
    writer.integer(version)
    write(program, to: &writer)
    writeSource(program.source, to: &writer)
    writer.integer(xxh3(writer.bytes))
    return writer.bytes
  }

  public static func isBytecode(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  public static func decode(_ bytes: [UInt8]) throws(BytecodeError) -> Program {
    guard isBytecode(bytes), bytes.count >= 16 else { throw .notBytecode }
    let limit = FileKind.program.limit
    guard bytes.count <= limit else {
      throw .malformed(
        DecodingError(offset: limit, reason: "\(bytes.count) bytes, at most \(limit) are allowed"))
    }
    do {
      var tail = ByteReader(bytes.suffix(8))
      let stored: UInt64 = try tail.integer("checksum")
      let computed = xxh3(bytes.dropLast(8))
      guard stored == computed else {
        throw BytecodeError.corrupted(expected: stored, found: computed)
      }
      var reader = ByteReader(bytes.dropLast(8))
      _ = try reader.raw(4, "magic")
      let found: UInt32 = try reader.integer("version")
      guard found == version else { throw BytecodeError.version(found) }
      return try read(&reader)
    } catch let error as DecodingError {
      throw .malformed(error)
    } catch let error as InvalidProgram {
      throw .invalid(error)
    } catch let error as BytecodeError {
      throw error
    } catch {
      throw .notBytecode
    }
  }

  /// The canonical encoding that the digest covers.
  static func write(_ program: Program, to writer: inout ByteWriter) {
    let interface = program.interface
    writer.string(interface.name)
    func fields(_ fields: [NamedFormat]) {
      writer.integer(UInt32(fields.count))
      for field in fields {
        writer.string(field.name)
        writer.byte(field.format.rawValue)
      }
    }
    fields(interface.publicInputs)
    fields(interface.secretInputs)
    writer.integer(UInt32(interface.streams.count))
    for stream in interface.streams {
      writer.string(stream.name)
      fields(stream.fields)
    }
    fields(interface.outputs)
    writer.integer(UInt32(program.constants.count))
    for constant in program.constants { writer.integer(constant) }
    writer.integer(UInt32(program.blocks.count))
    for block in program.blocks {
      writer.integer(UInt32(block.start))
      writer.integer(UInt32(block.incoming))
      writer.integer(UInt32(block.size))
    }
    writer.integer(UInt32(program.instructions.count))
    for instruction in program.instructions {
      writer.byte(instruction.opcode.rawValue)
      var flags: UInt8 = 0
      for (index, slot) in instruction.slots.enumerated() where slot.isFrameRelative {
        flags |= 1 << UInt8(index)
      }
      writer.byte(flags)
      for slot in instruction.slots { writer.integer(slot.offset) }
      writer.integer(instruction.extra)
    }
    writer.integer(UInt32(program.arrays.count))
    for array in program.arrays {
      writer.integer(UInt32(array.length))
      writer.byte(array.isDigest ? 1 : 0)
    }
  }

  private static func writeSource(_ source: SourceMap, to writer: inout ByteWriter) {
    writer.integer(UInt32(source.files.count))
    for file in source.files { writer.string(file) }
    writer.integer(UInt32(source.entries.count))
    for entry in source.entries {
      writer.integer(UInt32(entry.file))
      writer.integer(UInt32(entry.line))
      writer.integer(UInt32(entry.column))
      for slot in 0..<Instruction.slotCount {
        writer.string(slot < entry.names.count ? entry.names[slot] : "")
        writer.byte(slot < entry.formats.count ? entry.formats[slot].rawValue : 0)
      }
      writer.string(entry.message)
    }
  }

  private static func readFields(
    _ reader: inout ByteReader, _ what: String
  ) throws(DecodingError) -> [NamedFormat] {
    let count = try reader.count(what, limit: Limits.fields, minimumSize: 5)
    var fields: [NamedFormat] = []
    for _ in 0..<count {
      let name = try reader.string("a name", limit: Limits.nameLength)
      fields.append(NamedFormat(name, try readFormat(&reader)))
    }
    return fields
  }

  private static func readFormat(_ reader: inout ByteReader) throws(DecodingError) -> Format {
    let raw: UInt8 = try reader.integer("a format")
    guard let format = Format(rawValue: raw) else {
      throw reader.failure("\(raw) is not the number of a format")
    }
    return format
  }

  private static func read(_ reader: inout ByteReader) throws -> Program {
    let name = try reader.string("the program's name", limit: Limits.nameLength)
    let publicInputs = try readFields(&reader, "public inputs")
    let secretInputs = try readFields(&reader, "secret inputs")
    let streamCount = try reader.count("streams", limit: Limits.streams, minimumSize: 8)
    var streams: [Stream] = []
    for _ in 0..<streamCount {
      let name = try reader.string("a stream's name", limit: Limits.nameLength)
      streams.append(Stream(name, try readFields(&reader, "fields")))
    }
    let outputs = try readFields(&reader, "outputs")
    let constantCount = try reader.count("constants", limit: Limits.constants, minimumSize: 8)
    var constants: [Int64] = []
    for _ in 0..<constantCount {
      constants.append(Int64(bitPattern: try reader.integer("a constant", as: UInt64.self)))
    }
    let blockCount = try reader.count("blocks", limit: Limits.instructions, minimumSize: 12)
    var blocks: [Block] = []
    for _ in 0..<blockCount {
      let start = Int(try reader.integer("a block's start", as: UInt32.self))
      let incoming = Int(try reader.integer("a block's incoming slots", as: UInt32.self))
      let size = Int(try reader.integer("a block's size", as: UInt32.self))
      blocks.append(Block(start: start, incoming: incoming, size: size))
    }
    let count = try reader.count("instructions", limit: Limits.instructions, minimumSize: 30)
    var instructions: [Instruction] = []
    for _ in 0..<count { instructions.append(try readInstruction(&reader)) }
    let arrays = try readArrays(&reader)
    let source = try readSource(&reader)
    try reader.finish()
    return try Program(
      interface: Interface(
        name: name, publicInputs: publicInputs, secretInputs: secretInputs, streams: streams,
        outputs: outputs),
      constants: constants, blocks: blocks, instructions: instructions, arrays: arrays,
      source: source)
  }

  private static func readArrays(
    _ reader: inout ByteReader
  ) throws(DecodingError) -> [ArrayShape] {
    let count = try reader.count("arrays", limit: Limits.arrays, minimumSize: 5)
    var arrays: [ArrayShape] = []
    for _ in 0..<count {
      let length = Int(try reader.integer("an array's length", as: UInt32.self))
      let kind: UInt8 = try reader.integer("what an array holds")
      guard kind < 2 else {
        throw reader.failure("\(kind) says what an array holds, expected 0 or 1")
      }
      arrays.append(ArrayShape(length: length, isDigest: kind == 1))
    }
    return arrays
  }

  private static func readInstruction(
    _ reader: inout ByteReader
  ) throws(DecodingError) -> Instruction {
    let raw: UInt8 = try reader.integer("an opcode")
    guard let opcode = Opcode(rawValue: raw) else {
      throw reader.failure("\(raw) is not the number of an instruction")
    }
    let flags: UInt8 = try reader.integer("operand flags")
    guard flags < 1 << UInt8(Instruction.slotCount) else {
      throw reader.failure("operand flags \(flags), expected below \(1 << Instruction.slotCount)")
    }
    var slots: [Cell] = []
    for index in 0..<Instruction.slotCount {
      let offset: UInt32 = try reader.integer("an operand")
      slots.append(Cell(isFrameRelative: flags >> UInt8(index) & 1 == 1, offset: offset))
    }
    let extra: UInt32 = try reader.integer("an immediate")
    return Instruction(opcode, slots, extra: Int(extra))
  }

  private static func readSource(_ reader: inout ByteReader) throws(DecodingError) -> SourceMap {
    let fileCount = try reader.count("source files", limit: Limits.sourceFiles, minimumSize: 4)
    var files: [String] = []
    for _ in 0..<fileCount {
      files.append(try reader.string("a file name", limit: Limits.sourceText))
    }
    let count = try reader.count(
      "source map entries", limit: Limits.instructions, minimumSize: 46)
    var entries: [SourceMap.Entry] = []
    for _ in 0..<count {
      let file = Int(try reader.integer("a file number", as: UInt32.self))
      let line = Int(try reader.integer("a line", as: UInt32.self))
      let column = Int(try reader.integer("a column", as: UInt32.self))
      var names: [String] = []
      var formats: [Format] = []
      for _ in 0..<Instruction.slotCount {
        names.append(try reader.string("an operand's name", limit: Limits.sourceText))
        formats.append(try readFormat(&reader))
      }
      let message = try reader.string("a message", limit: Limits.sourceText)
      entries.append(
        SourceMap.Entry(
          file: file, line: line, column: column, names: names, formats: formats, message: message))
    }
    return SourceMap(files: files, entries: entries)
  }
}
