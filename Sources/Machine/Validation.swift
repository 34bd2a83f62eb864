import FixedPoint

/// Why the loader refuses a program, naming the block and instruction.
public struct InvalidProgram: Error, Equatable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case limit(String)
    case blockLayout(String)
    case controlFlow(String)
    case operand(String)
    case doubleWrite(String)
    case undefinedRead(String)
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
    case .encoding(let text): return place + "encoding: " + text
    }
  }
}

/// The sizes that a program may have.
public enum Limits {
  public static let instructions = 1 << 18
  public static let constants = 1 << 18
  public static let fields = 1 << 12
  public static let streams = 64
  public static let frameSize = 1 << 20
  public static let nameLength = 200
  /// Rows of all units together; keeps the frame pointer below p.
  public static let steps = 1 << 32
}

/// What one block does to the cells around it.
private struct BlockEffects {
  /// Incoming slots that the block reads.
  var incomingReads: Set<Int> = []
  /// Own slots written so far.
  var ownWrites: Set<Int> = []
  /// Next-frame slots written so far, counted from the next frame.
  var nextWrites: Set<Int> = []
}

/// The loader's rules (`Spec/Machine.md`, "Validity"). They make every cell have exactly one
/// publisher and every read a publisher that comes before it, whatever path a prover takes.
extension Program {
  func validate() throws(InvalidProgram) {
    try validateSizes()
    try validateBlocks()
    var effects: [BlockEffects] = []
    for index in blocks.indices { effects.append(try validateBody(index, entry: effects.first)) }
    try validateEdges(effects)
  }

  private func validateSizes() throws(InvalidProgram) {
    func limit(_ count: Int, _ bound: Int, _ what: String) throws(InvalidProgram) {
      guard count <= bound else {
        throw InvalidProgram(.limit("\(count) \(what), at most \(bound) are allowed"))
      }
    }
    try limit(instructions.count, Limits.instructions, "instructions")
    try limit(constants.count, Limits.constants, "constants")
    try limit(interface.streams.count, Limits.streams, "streams")
    for fields in [interface.publicInputs, interface.secretInputs, interface.outputs]
      + interface.streams.map(\.fields)
    {
      try limit(fields.count, Limits.fields, "fields")
      guard Set(fields.map(\.name)).count == fields.count else {
        throw InvalidProgram(.encoding("a name is declared twice"))
      }
      for field in fields where field.name.isEmpty || field.name.utf8.count > Limits.nameLength {
        throw InvalidProgram(.encoding("a name has \(field.name.utf8.count) bytes"))
      }
    }
    guard Set(interface.streams.map(\.name)).count == interface.streams.count else {
      throw InvalidProgram(.encoding("a stream is declared twice"))
    }
    for constant in constants where !Word.isValid(constant) {
      throw InvalidProgram(.encoding("the constant \(constant) is no word"))
    }
    guard source.entries.isEmpty || source.entries.count == instructions.count else {
      throw InvalidProgram(
        .encoding("\(source.entries.count) source map entries, expected \(instructions.count)"))
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
          instruction.slots[slot], at: pc, block: block, isEntry: index == 0,
          entry: entry, effects: &effects)
      }
      guard let destination = instruction.destination else { continue }
      guard destination.isFrameRelative else {
        throw InvalidProgram(.operand("a result has an absolute address"), at: pc)
      }
      let offset = Int(destination.offset)
      if offset < block.incoming {
        throw InvalidProgram(.doubleWrite("incoming slot \(offset) is the predecessor's"), at: pc)
      } else if offset < block.size {
        guard offset > lastOwn else {
          throw InvalidProgram(
            .doubleWrite("slot \(offset) after slot \(lastOwn): own slots are written in order"),
            at: pc)
        }
        lastOwn = offset
        effects.ownWrites.insert(offset)
      } else {
        let next = offset - block.size
        guard next < nextIncoming else {
          throw InvalidProgram(
            .doubleWrite("slot \(next) of the next frame, whose block takes \(nextIncoming)"),
            at: pc)
        }
        guard effects.nextWrites.insert(next).inserted else {
          throw InvalidProgram(.doubleWrite("slot \(next) of the next frame"), at: pc)
        }
      }
    }
    return effects
  }

  private func validateRead(
    _ cell: Cell, at pc: Int, block: Block, isEntry: Bool, entry: BlockEffects?,
    effects: inout BlockEffects
  ) throws(InvalidProgram) {
    let offset = Int(cell.offset)
    guard cell.isFrameRelative else {
      if offset < givenCount { return }
      // The entry block's own cells have the absolute addresses A + slot.
      let slot = offset - givenCount
      let written = isEntry ? effects.ownWrites.contains(slot) : entry!.ownWrites.contains(slot)
      guard written else {
        throw InvalidProgram(.undefinedRead("address \(offset)"), at: pc)
      }
      return
    }
    if offset < block.incoming {
      effects.incomingReads.insert(offset)
    } else if offset < block.size {
      guard effects.ownWrites.contains(offset) else {
        throw InvalidProgram(.undefinedRead("slot \(offset)"), at: pc)
      }
    } else {
      guard effects.nextWrites.contains(offset - block.size) else {
        throw InvalidProgram(
          .undefinedRead("slot \(offset - block.size) of the next frame"), at: pc)
      }
    }
  }

  /// Slots and extra have the only form that the opcode allows, so equal programs have equal
  /// encodings.
  private func validateShape(
    _ instruction: Instruction, at pc: Int, blockSize: Int
  ) throws(InvalidProgram) {
    let opcode = instruction.opcode
    func require(_ condition: Bool, _ reason: String) throws(InvalidProgram) {
      guard condition else {
        throw InvalidProgram(.operand("\(opcode.mnemonic): \(reason)"), at: pc)
      }
    }
    let used = Set(opcode.reads + (opcode.writes.map { [$0] } ?? []))
    for slot in 0..<Instruction.slotCount where !used.contains(slot) {
      let isImmediate = opcode.isControl && slot > 0
      try require(
        isImmediate
          ? !instruction.slots[slot].isFrameRelative : instruction.slots[slot] == .none,
        "slot \(slot) is not used")
    }
    let extra = Int(instruction.extra)
    switch opcode {
    case .jump:
      try require(instruction.targetIfOne == instruction.targetIfZero, "expected one target")
      try require(instruction.frameSize == blockSize, "expected frame size \(blockSize)")
    case .branch:
      try require(instruction.frameSize == blockSize, "expected frame size \(blockSize)")
    case .halt:
      try require(
        instruction.targetIfOne == instructions.count
          && instruction.targetIfZero == instructions.count && instruction.frameSize == 0,
        "expected target \(instructions.count) and frame size 0")
    default: break
    }
    switch opcode {
    case .secret:
      try require(extra < interface.channels.count, "there is no channel \(extra)")
    case .reveal:
      try require(extra < interface.outputs.count, "there is no output \(extra)")
    case _ where opcode.unit == .product:
      try require(extra <= 4, "the scale is 16 times 0 … 4, found \(extra)")
      try require(
        !opcode.isMultiplication || extra > 0 || opcode == .mulFloor,
        "an exact product (scale 0) is written with floor")
    default:
      try require(extra == 0, "expected no immediate, found \(extra)")
    }
  }

  /// Every edge has written what its target reads.
  private func validateEdges(_ effects: [BlockEffects]) throws(InvalidProgram) {
    for index in blocks.indices {
      for successor in try successors(ofBlock: index) {
        let missing = effects[successor].incomingReads.subtracting(effects[index].nextWrites)
        if let slot = missing.min() {
          let pc = instructionRange(ofBlock: index).upperBound - 1
          throw InvalidProgram(
            .undefinedRead(
              "slot \(slot) of block \(successor) is not written on the edge from block \(index)"),
            at: pc)
        }
      }
    }
  }
}
