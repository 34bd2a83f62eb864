import ZKVMAlgebraicHash
import ZKVMFixedPoint

/// Why the loader refuses a program, naming the block and instruction.
public struct InvalidProgram: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case limit(String)
    case blockLayout(String)
    case controlFlow(String)
    case operand(String)
    case doubleWrite(String)
    case undefinedRead(String)
    case cellKind(String)
    case encoding(String)
  }

  public let reason: Reason
  public let pc: Int?

  public init(_ reason: Reason, at pc: Int? = nil) {
    self.reason = reason
    self.pc = pc
  }

  public var description: String {
    let place = pc.map { "instruction \($0): " } ?? ""
    switch reason {
    case .limit(let text): return place + "limit exceeded: " + text
    case .blockLayout(let text): return place + "block layout: " + text
    case .controlFlow(let text): return place + "control flow: " + text
    case .operand(let text): return place + "operand: " + text
    case .doubleWrite(let text): return place + "a cell would have two values: " + text
    case .undefinedRead(let text): return place + "a cell without a value is read: " + text
    case .cellKind(let text):
      return place + "a digest is taken for a word, or a word for one: " + text
    case .encoding(let text): return place + "encoding: " + text
    }
  }
}

/// The sizes that a program may have.
public enum Limits {
  public static let instructions = 1 << 18
  public static let constants = 1 << 18
  public static let fields = 1 << 12
  /// Numbers of an interface list: a word is one, a digest its elements.
  public static let words = fields * Digest.count
  public static let streams = 64
  public static let frameSize = 1 << 20
  /// Bytes of the names of programs, fields and streams.
  public static let nameLength = 200
  public static let hashedWords = 1 << 16
  public static let arrays = 64
  /// Cells of all arrays together.
  public static let memory = 1 << 20
  /// Rows of all units together; keeps the frame pointer below p.
  public static let steps = 1 << 32
  public static let sourceFiles = 1 << 12
  /// Bytes of each text of the source map: a file's name, an operand's name, a message.
  public static let sourceText = 1 << 12
}

/// What one block does to the cells around it.
private struct BlockEffects {
  /// Incoming slots that the block reads.
  var incomingReads: [Int: CellKind] = [:]
  /// Own slots written so far.
  var ownWrites: [Int: CellKind] = [:]
  /// Next-frame slots written so far, counted from the next frame.
  var nextWrites: [Int: CellKind] = [:]
}

/// The loader's rules (`Spec/Machine.md`, "Validity"). They make every cell have exactly one
/// publisher and every read a publisher that comes before it, whatever path a prover takes.
extension Program {
  func validate() throws(InvalidProgram) {
    try validateSizes()
    try validateInterface()
    try validateSourceMap()
    try validateBlocks()
    var effects: [BlockEffects] = []
    for index in blocks.indices { effects.append(try validateBody(index, entry: effects.first)) }
    try validateEdges(effects)
  }

  func limit(_ count: Int, _ bound: Int, _ what: String) throws(InvalidProgram) {
    guard count <= bound else {
      throw InvalidProgram(.limit("\(count) \(what), at most \(bound) are allowed"))
    }
  }

  private func validateSizes() throws(InvalidProgram) {
    try limit(instructions.count, Limits.instructions, "instructions")
    try limit(constants.count, Limits.constants, "constants")
    try limit(interface.streams.count, Limits.streams, "streams")
    try limit(arrays.count, Limits.arrays, "arrays")
    for array in arrays {
      guard array.length > 0 else { throw InvalidProgram(.encoding("an array has no cells")) }
      try limit(array.length, Limits.memory, "cells of an array")
    }
    try limit(memorySize, Limits.memory, "cells of all arrays")
    for fields in [interface.publicInputs, interface.secretInputs, interface.outputs]
      + interface.streams.map(\.fields)
    {
      try limit(fields.count, Limits.fields, "fields")
    }
    for constant in constants where !Word.isValid(constant) {
      throw InvalidProgram(.encoding("the constant \(constant) is no word"))
    }
  }

  private func validateBlocks() throws(InvalidProgram) {
    guard let entry = blocks.first, entry.start == 0, !instructions.isEmpty else {
      throw InvalidProgram(.blockLayout("the first block starts at instruction 0"))
    }
    guard entry.incoming == 0 else {
      throw InvalidProgram(.blockLayout("the entry block has no incoming slots"))
    }
    for (index, block) in blocks.enumerated() {
      let end = index + 1 < blocks.count ? blocks[index + 1].start : instructions.count
      guard block.start < end, end <= instructions.count else {
        throw InvalidProgram(.blockLayout("block \(index) is empty or out of order"))
      }
      guard block.incoming >= 0, block.size >= max(1, block.incoming),
        block.size <= Limits.frameSize
      else {
        throw InvalidProgram(
          .blockLayout(
            "block \(index) has \(block.incoming) incoming slots and size \(block.size); expected "
              + "max(1, incoming) ≤ size ≤ \(Limits.frameSize)"))
      }
      for pc in block.start..<end {
        guard instructions[pc].opcode.isControl == (pc == end - 1) else {
          throw InvalidProgram(
            .controlFlow("a block ends in its only control instruction"), at: pc)
        }
      }
    }
  }

  /// The successors of a block, at most two.
  func successors(ofBlock index: Int) throws(InvalidProgram) -> [Int] {
    let pc = instructionRange(ofBlock: index).upperBound - 1
    let last = instructions[pc]
    guard last.opcode != .halt else { return [] }
    var result: [Int] = []
    for target in [last.targetIfOne, last.targetIfZero] {
      guard target < instructions.count, case let block = blockIndex(of: target),
        blocks[block].start == target
      else { throw InvalidProgram(.controlFlow("\(target) is not the start of a block"), at: pc) }
      guard block != 0 else {
        throw InvalidProgram(
          .controlFlow("the entry block runs once and has no predecessor"), at: pc)
      }
      if !result.contains(block) { result.append(block) }
    }
    return result
  }

  private func validateBody(
    _ index: Int, entry: BlockEffects?
  ) throws(InvalidProgram) -> BlockEffects {
    let block = blocks[index]
    let successors = try successors(ofBlock: index)
    let nextIncoming = successors.map { blocks[$0].incoming }.min() ?? 0
    var effects = BlockEffects()
    var lastOwn = block.incoming - 1
    for pc in instructionRange(ofBlock: index) {
      let instruction = instructions[pc]
      try validateShape(instruction, at: pc, blockSize: block.size)
      for slot in instruction.opcode.reads {
        try validateRead(
          instruction.slots[slot], kind(slot, instruction), at: pc, block: block,
          isEntry: index == 0, entry: entry, effects: &effects)
      }
      guard let destination = instruction.destination else { continue }
      guard destination.isFrameRelative else {
        throw InvalidProgram(.operand("a result has an absolute address"), at: pc)
      }
      let offset = Int(destination.offset)
      let kind = kind(instruction.opcode.writes!, instruction)
      if offset < block.incoming {
        throw InvalidProgram(.doubleWrite("incoming slot \(offset) is the predecessor's"), at: pc)
      } else if offset < block.size {
        guard offset > lastOwn else {
          throw InvalidProgram(
            .doubleWrite("slot \(offset) after slot \(lastOwn): own slots are written in order"),
            at: pc)
        }
        lastOwn = offset
        effects.ownWrites[offset] = kind
      } else {
        let next = offset - block.size
        guard instruction.opcode.unit != .memory else {
          // Its slot is its time, which must grow along the run.
          throw InvalidProgram(.operand("a load or store has a slot of its own frame"), at: pc)
        }
        guard next < nextIncoming else {
          throw InvalidProgram(
            .doubleWrite("slot \(next) of the next frame, whose block takes \(nextIncoming)"),
            at: pc)
        }
        guard effects.nextWrites.updateValue(kind, forKey: next) == nil else {
          throw InvalidProgram(.doubleWrite("slot \(next) of the next frame"), at: pc)
        }
      }
    }
    return effects
  }

  private func validateRead(
    _ cell: Cell, _ kind: CellKind, at pc: Int, block: Block, isEntry: Bool, entry: BlockEffects?,
    effects: inout BlockEffects
  ) throws(InvalidProgram) {
    let offset = Int(cell.offset)
    let found: CellKind?
    let name: String
    if !cell.isFrameRelative {
      name = "address \(offset)"
      if offset < givenCount {
        let input = offset - constants.count
        found = input >= 0 ? CellKind(interface.publicInputs[input].format) : .word
      } else {
        // The entry block's own cells have the absolute addresses F + slot. Without Given cells address
        // 0 lies before them and is nobody's: it would be slot −1.
        let slot = offset - frameStart
        found = isEntry ? effects.ownWrites[slot] : entry!.ownWrites[slot]
      }
    } else if offset < block.incoming {
      name = "incoming slot \(offset)"
      found = effects.incomingReads[offset] ?? kind
      effects.incomingReads[offset] = found
    } else if offset < block.size {
      name = "slot \(offset)"
      found = effects.ownWrites[offset]
    } else {
      name = "slot \(offset - block.size) of the next frame"
      found = effects.nextWrites[offset - block.size]
    }
    guard let found else { throw InvalidProgram(.undefinedRead(name), at: pc) }
    guard found == kind else {
      throw InvalidProgram(.cellKind("\(name) holds a \(found), expected a \(kind)"), at: pc)
    }
  }

  /// Every edge has written what its target reads.
  private func validateEdges(_ effects: [BlockEffects]) throws(InvalidProgram) {
    for index in blocks.indices {
      for successor in try successors(ofBlock: index) {
        let pc = instructionRange(ofBlock: index).upperBound - 1
        for (slot, kind) in effects[successor].incomingReads.sorted(by: { $0.key < $1.key }) {
          guard let found = effects[index].nextWrites[slot] else {
            throw InvalidProgram(
              .undefinedRead(
                "slot \(slot) of block \(successor) is not written on the edge from block \(index)"
              ), at: pc)
          }
          guard found == kind else {
            throw InvalidProgram(
              .cellKind(
                "slot \(slot) of block \(successor) takes a \(kind), the edge from block \(index) "
                  + "gives a \(found)"), at: pc)
          }
        }
      }
    }
  }
}
