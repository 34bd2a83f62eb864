import TestSupport
import ZKVMFixedPoint
import ZKVMMachine

/// Makes random programs of which most are valid: several blocks, loops, both arms of branches, every
/// unit, memory, and words and digests that cross edges.
struct ProgramGenerator {
  private var random: SeededGenerator
  private var draft = ProgramDraft()
  /// What incoming slots hold, in every block alike.
  private var carried: [CellKind] = []
  private var plans: [Plan] = []

  /// What a block is to be, before its instructions.
  private struct Plan {
    var incoming = 0
    var own = 0
    var size = 1
    /// One target is a jump, two are a branch, none a halt.
    var targets: [Int] = []
    /// Incoming slots that every predecessor writes.
    var certain = 0
    /// Slots of the next frame that all successors take.
    var next = 0
  }

  /// The cells that the next instruction can read.
  private struct Scope {
    var words: [Cell] = []
    var digests: [Cell] = []
    /// Words that are 0 or 1.
    var flags: [Cell] = []

    mutating func add(_ cell: Cell, _ kind: CellKind, isFlag: Bool = false) {
      switch kind {
      case .word: words.append(cell)
      case .digest: digests.append(cell)
      }
      if isFlag { flags.append(cell) }
    }
  }

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }
  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func format() -> Format {
    chance(25) ? .digest : [.int, .q16, .q32, .q48].randomElement(using: &random)!
  }

  mutating func make() -> ProgramDraft {
    makeInterface()
    makePlans()
    var given = Scope()
    for address in draft.constants.indices {
      given.add(.absolute(address), .word, isFlag: (0...1).contains(draft.constants[address]))
    }
    for (index, field) in draft.publicInputs.enumerated() {
      given.add(.absolute(draft.constants.count + index), CellKind(field.format))
    }
    draft.blocks = []
    draft.instructions = []
    // Control instructions name blocks until all starts are known.
    for index in plans.indices { makeBlock(index, &given) }
    resolveTargets()
    return draft
  }

  // MARK: Shape

  private mutating func makeInterface() {
    func fields(_ prefix: String, _ count: Int) -> [NamedFormat] {
      (0..<count).map { NamedFormat("\(prefix)\($0)", format()) }
    }
    let hasGiven = chance(60)
    if hasGiven {
      draft.constants = (0..<number(0...3)).map { _ in
        [0, 1, 1, 2, -1, 3 << 16, 1 << 48, 1 << 60].randomElement(using: &random)!
      }
      draft.publicInputs = fields("p", number(0...2))
    }
    draft.secretInputs = fields("s", number(0...3))
    draft.streams = (0..<number(0...2)).map {
      ZKVMMachine.Stream("t\($0)", fields("f", number(1...2)))
    }
    draft.outputs = fields("o", chance(60) ? 0 : number(1...2))
    draft.arrays = (0..<number(0...2)).map { _ in
      ArrayShape(length: number(1...4), isDigest: chance(40))
    }
  }

  private mutating func makePlans() {
    carried = (0..<4).map { _ in chance(30) ? .digest : .word }
    let count = number(1...5)
    plans = (0..<count).map { index in
      var plan = Plan()
      plan.incoming = index == 0 ? 0 : number(0...3)
      plan.own = number(0...5)
      plan.size = max(1, plan.incoming + plan.own + (chance(20) ? number(0...2) : 0))
      return plan
    }
    for index in plans.indices where count > 1 {
      func target() -> Int {
        index + 1 < count && chance(80) ? number(index + 1...count - 1) : number(1...count - 1)
      }
      if index == count - 1 ? chance(15) : chance(95) {
        plans[index].targets = chance(45) ? [target()] : [target(), target()]
      }
    }
    for index in plans.indices {
      plans[index].next = plans[index].targets.map { plans[$0].incoming }.min() ?? 0
    }
    for index in plans.indices {
      let before = plans.filter { $0.targets.contains(index) }.map(\.next)
      plans[index].certain = before.min() ?? plans[index].incoming
    }
  }

  private mutating func resolveTargets() {
    let starts = draft.blocks.map(\.start)
    let end = draft.instructions.count
    for (index, block) in draft.blocks.enumerated() {
      let pc = (index + 1 < starts.count ? starts[index + 1] : end) - 1
      let last = draft.instructions[pc]
      switch last.opcode {
      case .jump: draft.instructions[pc] = .jump(to: starts[last.targetIfOne], size: block.size)
      case .branch:
        draft.instructions[pc] = .branch(
          last.slots[0], starts[last.targetIfOne], starts[last.targetIfZero], size: block.size)
      default: draft.instructions[pc] = .halt(end: end)
      }
    }
  }

  // MARK: Blocks

  private enum Task {
    case own
    case next(Int)
    case effect
  }

  private mutating func makeBlock(_ index: Int, _ given: inout Scope) {
    let plan = plans[index]
    draft.blocks.append(
      Block(start: draft.instructions.count, incoming: plan.incoming, size: plan.size))
    var scope = given
    for slot in 0..<plan.certain { scope.add(.frame(slot), carried[slot]) }
    var tasks: [Task] = (0..<plan.own).map { _ in .own }
    tasks += (0..<plan.next).map { .next($0) }
    tasks += (0..<number(0...1)).map { _ in .effect }
    tasks.shuffle(using: &random)
    var own = plan.incoming
    var room = plan.size - plan.incoming - plan.own
    for task in tasks {
      switch task {
      case .own:
        if room > 0, chance(50) {
          own += 1
          room -= 1
        }
        let kind: CellKind = chance(25) ? .digest : .word
        guard let isFlag = makeInstruction(kind, .frame(own), isOwn: true, scope) else { continue }
        scope.add(.frame(own), kind, isFlag: isFlag)
        if index == 0 {
          let address = Cell.absolute(
            Program.frameStart(givenCount: draft.constants.count + draft.publicInputs.count) + own)
          scope.add(address, kind, isFlag: isFlag)
          given.add(address, kind, isFlag: isFlag)
        }
        own += 1
      case .next(let slot):
        let cell = Cell.frame(plan.size + slot)
        let isFlag = makeInstruction(carried[slot], cell, isOwn: false, scope)
        if let isFlag { scope.add(cell, carried[slot], isFlag: isFlag) }
      case .effect: makeEffect(scope)
      }
    }
    if index == 0, chance(95) { revealAll(scope) }
    makeExit(plan, scope)
  }

  private mutating func makeExit(_ plan: Plan, _ scope: Scope) {
    if plan.targets.count == 2, let condition = flag(scope) {
      draft.instructions.append(.branch(condition, plan.targets[0], plan.targets[1], size: 0))
    } else if let target = plan.targets.first {
      draft.instructions.append(.jump(to: target, size: 0))
    } else {
      draft.instructions.append(.halt(end: 0))
    }
  }

  private mutating func revealAll(_ scope: Scope) {
    for (index, output) in draft.outputs.enumerated() {
      guard let cell = cell(CellKind(output.format), scope) else { continue }
      draft.instructions.append(Instruction(.reveal, [cell], extra: index))
    }
  }

  // MARK: Instructions

  private mutating func cell(_ kind: CellKind, _ scope: Scope) -> Cell? {
    (kind == .word ? scope.words : scope.digests).randomElement(using: &random)
  }
  private mutating func flag(_ scope: Scope) -> Cell? {
    (chance(90) ? scope.flags : scope.words).randomElement(using: &random)
      ?? scope.words.randomElement(using: &random)
  }

  private mutating func makeEffect(_ scope: Scope) {
    let opcode = [Opcode.assertGe, .assertEq, .assertLt, .assertNe, .assertSame]
      .randomElement(using: &random)!
    let kind: CellKind = opcode == .assertSame ? .digest : .word
    guard let a = cell(kind, scope), let b = cell(kind, scope) else { return }
    let isSame = opcode != .assertLt && opcode != .assertNe && chance(90)
    draft.instructions.append(Instruction(opcode, [a, isSame ? a : b]))
  }

  private static let wordOpcodes: [[Opcode]] = [
    [.add, .sub, .min, .max, .pos, .abs, .select], [.lt, .ge, .eq, .ne], [.lt, .ge, .eq, .ne],
    [.mulNearest, .mulFloor, .mulCeil], [.divNearest, .divFloor, .divCeil],
    [.sqrtNearest, .sqrtFloor, .sqrtCeil], [.exp, .ln, .cdf, .pdf, .icdf, .erfcx],
    [.secret], [.secret], [.secret], [.move], [.squeeze], [.load], [.store], [.load],
  ]
  private static let digestOpcodes: [[Opcode]] = [
    [.secretDigest], [.secretDigest], [.move], [.hashStart], [.hashNext], [.merkle], [.load],
    [.store],
  ]

  /// Appends an instruction with this result and says whether it is 0 or 1; `nil` if there is none
  /// that could read what is there.
  private mutating func makeInstruction(
    _ kind: CellKind, _ destination: Cell, isOwn: Bool, _ scope: Scope
  ) -> Bool? {
    let groups =
      kind == .word ? ProgramGenerator.wordOpcodes : ProgramGenerator.digestOpcodes
    for _ in 0..<12 {
      let opcode = groups.randomElement(using: &random)!.randomElement(using: &random)!
      // Memory in the next frame is refused.
      guard isOwn || opcode.unit != .memory || chance(5),
        let instruction = instruction(opcode, kind, destination, scope)
      else { continue }
      draft.instructions.append(instruction)
      return [.lt, .ge, .eq, .ne].contains(opcode)
    }
    return nil
  }

  private mutating func instruction(
    _ opcode: Opcode, _ kind: CellKind, _ destination: Cell, _ scope: Scope
  ) -> Instruction? {
    var slots = Array(repeating: Cell.none, count: Instruction.slotCount)
    var extra = 0
    switch opcode {
    case .secret, .secretDigest:
      let interface = draft.interface
      let channels = interface.channels.indices.filter {
        CellKind(interface.format(of: interface.channels[$0])) == kind
      }
      guard let channel = channels.randomElement(using: &random) else { return nil }
      extra = channel
    case .move: extra = kind == .digest ? 1 : 0
    case .squeeze: extra = number(0...3)
    case .hashStart: extra = number(1...9)
    case .load, .store:
      var first = 0
      var choices: [(Int, Int)] = []
      for array in draft.arrays {
        if array.isDigest == (kind == .digest) { choices.append((first, array.length)) }
        first += array.length
      }
      guard let (start, length) = choices.randomElement(using: &random) else { return nil }
      extra = start
      slots[2] = .absolute(length)
    case _ where opcode.unit == .product:
      // A quotient of small words with a large scale is beyond a word.
      extra = number(
        opcode.isMultiplication && opcode != .mulFloor ? 1...4 : opcode.isDivision ? 0...2 : 0...4)
    default: break
    }
    for slot in opcode.reads {
      let isDigest: Bool =
        switch opcode {
        case .merkle: slot != 2
        case .hashNext: slot == 0
        case .squeeze: true
        case .move: kind == .digest
        case .store: slot == 0 && kind == .digest
        default: false
        }
      let isFlag = slot == 2 && (opcode == .select || opcode == .merkle)
      let isIndex = slot == 1 && opcode.unit == .memory
      let found =
        isFlag || isIndex ? flag(scope) : cell(isDigest ? .digest : .word, scope)
      guard let found else { return nil }
      slots[slot] = found
    }
    slots[opcode.writes!] = destination
    return Instruction(opcode, slots, extra: extra)
  }
}
