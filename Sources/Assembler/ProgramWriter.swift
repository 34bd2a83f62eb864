import ZKVMFixedPoint
import ZKVMMachine

/// Writes the planned blocks of a ``Layout`` as machine instructions: cells in their slots, and where
/// each instruction comes from.
struct ProgramWriter {
  private let layout: Layout
  private let plans: [Layout.BlockPlan]
  private let fileOrder: [String]
  private let fileIndex: [String: Int]
  private let frameStart: Int
  /// The first instruction of each block, then the number of all.
  private let starts: [Int]
  private var blocks: [Block] = []
  private var instructions: [Instruction] = []
  private var entries: [SourceMap.Entry] = []
  private var globalAddress: [String: Cell] = [:]

  init(_ layout: Layout, _ plans: [Layout.BlockPlan], fileOrder: [String]) {
    self.layout = layout
    self.plans = plans
    self.fileOrder = fileOrder
    fileIndex = Dictionary(uniqueKeysWithValues: fileOrder.enumerated().map { ($1, $0) })
    frameStart = Program.frameStart(
      givenCount: layout.constants.count + layout.declarations.publicInputs.count)
    starts = plans.reduce(into: [0]) { starts, plan in
      starts.append(starts.last! + plan.instructions.count + plan.moves.count + 1)
    }
  }

  consuming func program(name: String) throws -> Program {
    for index in plans.indices { write(block: index) }
    let declarations = layout.declarations
    return try Program(
      interface: Interface(
        name: name, publicInputs: declarations.publicInputs,
        secretInputs: declarations.secretInputs, streams: declarations.streams,
        outputs: declarations.outputs),
      constants: layout.constants, blocks: blocks, instructions: instructions,
      arrays: declarations.arrays.map {
        ArrayShape(length: $0.length, isDigest: $0.format == .digest)
      },
      source: SourceMap(files: fileOrder, entries: entries))
  }

  /// Where the values of one block are.
  private struct Frame {
    /// Slots that the predecessors fill.
    let incoming: Int
    let size: Int
    /// Own slots by instruction.
    let own: [Int: Int]
  }

  private func frame(ofBlock index: Int) -> Frame {
    let plan = plans[index]
    let incoming = index == 0 ? 0 : layout.incoming.count
    var own: [Int: Int] = [:]
    for (number, entry) in plan.instructions.enumerated()
    where entry.instruction.result != nil && plan.nextSlot[number] == nil {
      own[number] = incoming + own.count
    }
    return Frame(incoming: incoming, size: max(1, incoming + own.count), own: own)
  }

  private func cell(_ value: Layout.Value, _ frame: Frame, _ plan: Layout.BlockPlan) -> Cell {
    switch value {
    case .instruction(let number):
      .frame(frame.own[number] ?? frame.size + plan.nextSlot[number]!)
    case .incoming(let name): .frame(layout.incoming[name]!)
    case .global(let name): globalAddress[name]!
    case .given(.constant(let word)): .absolute(layout.constantIndex[word]!)
    case .given(.publicInput(let number)): .absolute(layout.constants.count + number)
    case .given(.variable): preconditionFailure("a variable is no Given cell")
    }
  }

  private mutating func write(block index: Int) {
    let plan = plans[index]
    let frame = frame(ofBlock: index)
    for number in plan.instructions.indices { write(number, of: plan, frame) }
    let exit = layout.blocks[index].exit!
    for move in plan.moves { write(move, of: plan, frame, at: exit.location) }
    write(exit, of: plan, frame)
    blocks.append(Block(start: starts[index], incoming: frame.incoming, size: frame.size))
    if index == 0 { placeGlobals(plan, frame) }
  }

  private mutating func write(_ number: Int, of plan: Layout.BlockPlan, _ frame: Frame) {
    let (instruction, operands) = plan.instructions[number]
    let cells = instruction.opcode.row.slots.map { slot, use -> (Int, Cell) in
      switch use {
      case .reads: return (slot.index, cell(operands[slot.index]!, frame, plan))
      case .publishes: return (slot.index, cell(.instruction(number), frame, plan))
      case .immediate:
        // Of what is not an exit, the length of an array.
        let array = layout.declarations.arrays.first { $0.first == instruction.extra }!
        return (slot.index, .absolute(array.length))
      }
    }
    var slots = Array(repeating: Cell.none, count: Instruction.slotCount)
    for (index, cell) in cells { slots[index] = cell }
    record(
      Instruction(instruction.opcode, slots, extra: instruction.extra), at: instruction.location,
      names: instruction.operands, result: instruction.result, message: instruction.message)
  }

  /// A copy into the next frame.
  private mutating func write(
    _ move: (from: Layout.Value, variable: String), of plan: Layout.BlockPlan, _ frame: Frame,
    at location: SourceLocation
  ) {
    let target = Cell.frame(frame.size + layout.incoming[move.variable]!)
    let format = layout.formats[move.variable] ?? .int
    let operand = TypedOperand(
      value: .variable(move.variable), format: format, name: written(move.variable),
      location: location)
    record(
      Instruction(
        .move, [cell(move.from, frame, plan), .none, .none, target],
        extra: format == .digest ? 1 : 0),
      at: location, names: [Slot.Port.operand.index: operand], result: (move.variable, format))
  }

  private mutating func write(
    _ exit: (kind: VariableBlock.Exit, location: SourceLocation), of plan: Layout.BlockPlan,
    _ frame: Frame
  ) {
    func start(_ label: String) -> Int { starts[layout.indexByLabel[label]!] }
    switch exit.kind {
    case .jump(let label): record(.jump(to: start(label), size: frame.size), at: exit.location)
    case .branch(let condition, let one, let zero):
      record(
        .branch(
          cell(plan.condition!, frame, plan), start(one), start(zero), size: frame.size),
        at: exit.location, names: [Slot.Control.condition.index: condition])
    case .halt: record(.halt(end: starts.last!), at: exit.location)
    }
  }

  /// A name as the source has it, without what the assembler has added.
  private func written(_ name: String) -> String { String(name.prefix { $0 != "$" }) }

  private mutating func record(
    _ instruction: Instruction, at location: SourceLocation, names: [Int: TypedOperand] = [:],
    result: (name: String, format: Format)? = nil, message: String = ""
  ) {
    var texts = Array(repeating: "", count: Instruction.slotCount)
    var types = Array(repeating: Format.int, count: Instruction.slotCount)
    for (slot, operand) in names {
      texts[slot] = operand.name
      types[slot] = operand.format
    }
    if let result, let slot = instruction.opcode.writes {
      texts[slot] = written(result.name)
      types[slot] = result.format
    }
    instructions.append(instruction)
    entries.append(
      SourceMap.Entry(
        file: fileIndex[location.file] ?? 0, line: location.line, column: location.column,
        names: texts, formats: types, message: message))
  }

  /// Globals live at F + slot, or are Given cells themselves.
  private mutating func placeGlobals(_ plan: Layout.BlockPlan, _ frame: Frame) {
    for name in layout.globals {
      guard let value = plan.final[name] else { continue }
      // A constant that nothing reads has no address.
      if case .given(.constant(let word)) = value, layout.constantIndex[word] == nil { continue }
      let place = cell(value, frame, plan)
      globalAddress[name] =
        place.isFrameRelative ? .absolute(frameStart + Int(place.offset)) : place
    }
  }
}
