import ZKVMFixedPoint
import ZKVMHashing
import ZKVMMachine

/// A program that nobody has validated: what the loader judges.
public struct ProgramDraft: Sendable {
  public var name = "draft"
  public var publicInputs: [NamedFormat] = []
  public var secretInputs: [NamedFormat] = []
  public var streams: [ZKVMMachine.Stream] = []
  public var outputs: [NamedFormat] = []
  public var constants: [Int64] = []
  public var blocks: [Block] = [Block(start: 0, incoming: 0, size: 1)]
  public var instructions: [Instruction] = [.halt(end: 1)]
  public var arrays: [ArrayShape] = []
  public var source = SourceMap.empty

  public init() {}

  public var interface: Interface {
    Interface(
      name: name, publicInputs: publicInputs, secretInputs: secretInputs, streams: streams,
      outputs: outputs)
  }

  public func program() throws(InvalidProgram) -> Program {
    try Program(
      interface: interface, constants: constants, blocks: blocks, instructions: instructions,
      arrays: arrays, source: source)
  }

  /// The file, written as Spec/Bytecode.md has it and not by the encoder, which takes valid programs
  /// alone.
  public var bytecode: [UInt8] {
    var w = ByteWriter()
    func count(_ value: Int) { w.integer(UInt32(truncatingIfNeeded: value)) }
    func fields(_ fields: [NamedFormat]) {
      count(fields.count)
      for field in fields {
        w.string(field.name)
        w.byte(field.format.rawValue)
      }
    }
    w.raw("ZKVB".utf8)
    count(2)
    w.string(name)
    fields(publicInputs)
    fields(secretInputs)
    count(streams.count)
    for stream in streams {
      w.string(stream.name)
      fields(stream.fields)
    }
    fields(outputs)
    count(constants.count)
    for constant in constants { w.integer(constant) }
    count(blocks.count)
    for block in blocks { [block.start, block.incoming, block.size].forEach(count) }
    count(instructions.count)
    for instruction in instructions {
      w.byte(instruction.opcode.rawValue)
      w.byte(
        (0..<6).reduce(0) { $0 | (instruction.slots[$1].isFrameRelative ? 1 << UInt8($1) : 0) })
      for slot in instruction.slots { w.integer(slot.offset) }
      w.integer(instruction.extra)
    }
    count(arrays.count)
    for array in arrays {
      count(array.length)
      w.byte(array.isDigest ? 1 : 0)
    }
    count(source.files.count)
    for file in source.files { w.string(file) }
    count(source.entries.count)
    for entry in source.entries {
      [entry.file, entry.line, entry.column].forEach(count)
      for slot in 0..<6 {
        w.string(entry.names[slot])
        w.byte(entry.formats[slot].rawValue)
      }
      w.string(entry.message)
    }
    w.integer(xxh3(w.bytes))
    return w.bytes
  }
}
