import BitCollections
import ZKVMFixedPoint
import ZKVMMachine

/// Turns instructions on variables into a program: liveness, frames and addresses.
///
/// - A variable that only the entry block assigns is read from the entry block's frame, by its
///   absolute address, wherever it is used.
/// - Every other variable that is live at some label has a fixed slot among the incoming slots of
///   all later blocks. A block writes it straight into the next frame with the instruction that
///   computes its last value there, or by a `move`.
/// - All else has its own slot, in the order of the instructions; so have loads and stores always.
struct Layout {
  let declarations: Declarations
  private let diagnostics: Diagnostics
  let formats: [String: Format]
  let blocks: [VariableBlock]
  let indexByLabel: [String: Int]
  private(set) var constants: [Int64] = []
  private(set) var constantIndex: [Int64: Int] = [:]
  /// Variables assigned in the entry block alone.
  private(set) var globals: Set<String> = []
  /// Incoming slots by variable.
  private(set) var incoming: [String: Int] = [:]

  init(
    _ blocks: [VariableBlock], _ declarations: Declarations, formats: [String: Format],
    _ diagnostics: Diagnostics
  ) {
    self.declarations = declarations
    self.diagnostics = diagnostics
    self.formats = formats
    let reachable = Layout.reachable(blocks)
    for (index, block) in blocks.enumerated() where !reachable.contains(index) {
      let first: SourceLocation? =
        switch block.items.first {
        case .instruction(let instruction)?: instruction.location
        case .alias(_, let operand)?: operand.location
        case nil: block.exit?.location
        }
      if let first, !block.items.isEmpty {
        diagnostics.warning(first, "these instructions are never reached")
      }
    }
    self.blocks = blocks.indices.filter(reachable.contains).map { blocks[$0] }
    indexByLabel = Dictionary(
      uniqueKeysWithValues: self.blocks.enumerated().map { ($1.label, $0) })
  }

  private static func targets(_ block: VariableBlock) -> [String] {
    switch block.exit?.kind {
    case .jump(let label)?: [label]
    case .branch(_, let one, let zero)?: [one, zero]
    case .halt?, nil: []
    }
  }

  private static func reachable(_ blocks: [VariableBlock]) -> Set<Int> {
    let index = Dictionary(
      blocks.enumerated().map { ($1.label, $0) }, uniquingKeysWith: { first, _ in first })
    var seen: Set<Int> = [0]
    var pending = [0]
    while let block = pending.popLast() {
      for target in targets(blocks[block]).compactMap({ index[$0] })
      where seen.insert(target).inserted {
        pending.append(target)
      }
    }
    return seen
  }

  // MARK: Dataflow

  private static func reads(_ item: BlockItem) -> [TypedOperand] {
    switch item {
    case .instruction(let instruction): instruction.operands.sorted { $0.key < $1.key }.map(\.value)
    case .alias(_, let operand): [operand]
    }
  }

  private static func written(_ item: BlockItem) -> String? {
    switch item {
    case .instruction(let instruction): instruction.result?.name
    case .alias(let name, _): name
    }
  }

  private static func exitReads(_ block: VariableBlock) -> [TypedOperand] {
    if case .branch(let condition, _, _)? = block.exit?.kind { [condition] } else { [] }
  }

  private func successors(_ index: Int) -> [Int] {
    Layout.targets(blocks[index]).compactMap { indexByLabel[$0] }
  }

  private mutating func findGlobals() {
    var assignedLater: Set<String> = []
    for block in blocks.dropFirst() {
      assignedLater.formUnion(block.items.compactMap(Layout.written))
    }
    globals = Set(blocks[0].items.compactMap(Layout.written)).subtracting(assignedLater)
  }

  /// What each block reads before it assigns it, and what it assigns.
  private func usesAndDefinitions() -> (uses: [Set<String>], definitions: [Set<String>]) {
    var uses: [Set<String>] = []
    var definitions: [Set<String>] = []
    for block in blocks {
      var used: Set<String> = []
      var defined: Set<String> = []
      func use(_ operand: TypedOperand) {
        if case .variable(let name) = operand.value, !defined.contains(name) { used.insert(name) }
      }
      for item in block.items {
        Layout.reads(item).forEach(use)
        if let name = Layout.written(item) { defined.insert(name) }
      }
      Layout.exitReads(block).forEach(use)
      // The entry comes before all other blocks, so its globals are assigned there.
      uses.append(uses.isEmpty ? used : used.subtracting(globals))
      definitions.append(defined)
    }
    return (uses, definitions)
  }

  /// Reports reads of variables that some path has not assigned.
  private func checkAssignment(_ flow: Dataflow, uses: [Set<String>]) {
    for (index, block) in blocks.enumerated() {
      var known = uses[index].filter { flow.isAssigned($0, before: index) }
      func check(_ operand: TypedOperand) {
        guard case .variable(let name) = operand.value, !known.contains(name),
          index == 0 || !globals.contains(name)
        else { return }
        diagnostics.error(
          operand.location, "\(operand.name) may be read before it is assigned",
          help: "assign it on every path that leads here")
        known.insert(name)
      }
      for item in block.items {
        Layout.reads(item).forEach(check)
        if let name = Layout.written(item) { known.insert(name) }
      }
      Layout.exitReads(block).forEach(check)
    }
  }

  // MARK: Frames

  /// A value within a block.
  enum Value: Hashable {
    case instruction(Int)
    case incoming(String)
    case global(String)
    case given(TypedOperand.Value)
  }

  struct BlockPlan {
    /// The block's instructions with operands by slot.
    var instructions: [(instruction: VariableInstruction, operands: [Int: Value])] = []
    var condition: Value?
    /// Next-frame slot by instruction.
    var nextSlot: [Int: Int] = [:]
    /// Copies into the next frame.
    var moves: [(from: Value, variable: String)] = []
    /// What names hold at the end.
    var final: [String: Value] = [:]
  }

  mutating func makeProgram(name: String, fileOrder: [String]) throws -> Program? {
    findGlobals()
    let (uses, definitions) = usesAndDefinitions()
    guard
      let flow = Dataflow(
        uses: uses, definitions: definitions, successors: blocks.indices.map(successors))
    else {
      throw InvalidProgram(
        .limit("labels times the variables that cross them are at most \(Dataflow.limit)"))
    }
    checkAssignment(flow, uses: uses)
    guard !diagnostics.hasErrors else { return nil }
    let carried = flow.liveIn.dropFirst().reduce(into: BitSet()) { $0.formUnion($1) }
    for (slot, index) in carried.enumerated() { incoming[flow.names[index]] = slot }
    var plans: [BlockPlan] = []
    var count = 0
    for index in blocks.indices {
      plans.append(plan(index, flow))
      count += plans[index].instructions.count + plans[index].moves.count + 1
      guard count <= Limits.instructions else {
        throw InvalidProgram(
          .limit(
            "more than \(Limits.instructions) instructions, copies of variables across labels "
              + "included"))
      }
    }
    /// Gives a read constant its address; a global may be another name for one.
    func use(_ value: Value?) {
      switch value {
      case .given(.constant(let word))?: intern(word)
      case .global(let name)?:
        if case .given(.constant(let word))? = plans[0].final[name] { intern(word) }
      default: break
      }
    }
    for plan in plans {
      for (instruction, operands) in plan.instructions {
        for slot in instruction.opcode.reads { use(operands[slot]) }
      }
      for move in plan.moves { use(move.from) }
      use(plan.condition)
    }
    return try ProgramWriter(self, plans, fileOrder: fileOrder).program(name: name)
  }

  private mutating func intern(_ word: Int64) {
    guard constantIndex[word] == nil else { return }
    constantIndex[word] = constants.count
    constants.append(word)
  }

  private func plan(_ index: Int, _ flow: Dataflow) -> BlockPlan {
    let block = blocks[index]
    var plan = BlockPlan()
    var current: [String: Value] = [:]
    func value(_ operand: TypedOperand) -> Value {
      guard case .variable(let name) = operand.value else { return .given(operand.value) }
      if let value = current[name] { return value }
      return globals.contains(name) ? .global(name) : .incoming(name)
    }
    for item in block.items {
      switch item {
      case .instruction(let instruction):
        let operands = instruction.operands.mapValues(value)
        if let result = instruction.result {
          current[result.name] = .instruction(plan.instructions.count)
        }
        plan.instructions.append((instruction, operands))
      case .alias(let name, let operand):
        current[name] = value(operand)
      }
    }
    plan.condition = Layout.exitReads(block).first.map(value)
    plan.final = current
    // Values that the entry block's globals name keep their absolute address.
    var pinned: Set<Value> = []
    if index == 0 { pinned = Set(globals.compactMap { current[$0] }) }
    let liveOut = successors(index).reduce(into: BitSet()) { $0.formUnion(flow.liveIn[$1]) }
    for name in liveOut.map({ flow.names[$0] }) {
      let held = current[name] ?? .incoming(name)
      if case .instruction(let producer) = held, plan.nextSlot[producer] == nil,
        !pinned.contains(held), plan.instructions[producer].instruction.opcode.unit != .memory
      {
        plan.nextSlot[producer] = incoming[name]!
      } else {
        plan.moves.append((held, name))
      }
    }
    return plan
  }
}
