import TestSupport
import ZKVMMachine

/// Walks every path that a program can take, both arms of every branch, and says whether every read
/// has exactly one publisher that comes before it, and no cell two.
///
/// It shares no code with the loader, follows cells and not rules, and knows what an instruction reads
/// and publishes from Spec/Instructions.md. A block that nothing leads to is walked as well, with
/// incoming slots that hold what it takes them for.
struct PathWalk {
  struct Flaw: Error, CustomStringConvertible {
    let pc: Int
    let text: String
    var description: String { "instruction \(pc): \(text)" }
  }

  /// Where a path enters a block, and what lies in its frame then, by offset from the frame pointer.
  private struct Arrival: Hashable {
    let block: Int
    var cells: [Int: CellKind]
    let isOrphan: Bool
  }

  private let draft: ProgramDraft
  private let givenKinds: [CellKind]
  private let frameStart: Int
  private let blocksByStart: [Int: Int]
  /// The entry block's own cells, by address.
  private var entryCells: [Int: CellKind] = [:]
  private var seen: Set<Arrival> = []
  private var open: [Arrival] = []

  private init(_ draft: ProgramDraft) {
    self.draft = draft
    givenKinds =
      draft.constants.map { _ in .word } + draft.publicInputs.map { CellKind($0.format) }
    frameStart = Program.frameStart(givenCount: givenKinds.count)
    blocksByStart = Dictionary(
      draft.blocks.enumerated().map { ($1.start, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The first flaw that a path shows, `nil` if there is none.
  static func flaw(in draft: ProgramDraft) -> Flaw? {
    var walk = PathWalk(draft)
    do throws(Flaw) {
      try walk.follow(Arrival(block: 0, cells: [:], isOrphan: false))
      for block in draft.blocks.indices where !walk.seen.contains(where: { $0.block == block }) {
        try walk.follow(Arrival(block: block, cells: [:], isOrphan: true))
      }
      return nil
    } catch {
      return error
    }
  }

  private mutating func follow(_ first: Arrival) throws(Flaw) {
    open = [first]
    while let arrival = open.popLast() {
      guard seen.insert(arrival).inserted else { continue }
      try run(arrival)
    }
  }

  /// Runs a block from one arrival.
  private mutating func run(_ arrival: Arrival) throws(Flaw) {
    let block = draft.blocks[arrival.block]
    var cells = arrival.cells
    if cells.keys.contains(where: { $0 >= block.incoming }) {
      throw Flaw(pc: block.start, text: "a cell beyond the incoming ones is published before")
    }
    var lastOwn = -1
    var pc = block.start
    while pc < draft.instructions.count {
      let instruction = draft.instructions[pc]
      let roles = Roles(instruction, draft)
      for (slot, kind) in roles.reads {
        try read(instruction.slots[slot], kind, pc, arrival, block, &cells)
      }
      if let (slot, kind) = roles.result {
        let cell = instruction.slots[slot]
        let offset = Int(cell.offset)
        guard cell.isFrameRelative, cells[offset] == nil, offset >= block.incoming else {
          throw Flaw(pc: pc, text: "a cell has two publishers, or is another block's")
        }
        if offset < block.size {
          guard offset > lastOwn else { throw Flaw(pc: pc, text: "time runs backwards") }
          lastOwn = offset
          if arrival.block == 0 { entryCells[frameStart + offset] = kind }
        } else if instruction.opcode == .load || instruction.opcode == .store {
          throw Flaw(pc: pc, text: "a time out of its frame")
        }
        cells[offset] = kind
      }
      switch instruction.opcode {
      case .halt:
        if cells.keys.contains(where: { $0 >= block.size }) {
          throw Flaw(pc: pc, text: "a cell after the last frame")
        }
        return
      case .jump, .branch:
        return try leave(instruction, pc, cells)
      default:
        pc += 1
      }
    }
    throw Flaw(pc: pc, text: "the path leaves the program")
  }

  private mutating func leave(
    _ instruction: Instruction, _ pc: Int, _ cells: [Int: CellKind]
  ) throws(Flaw) {
    let size = instruction.frameSize
    let carried = Dictionary(
      uniqueKeysWithValues: cells.filter { $0.key >= size }.map { ($0.key - size, $0.value) })
    for target in Set([instruction.targetIfOne, instruction.targetIfZero]) {
      guard let block = blocksByStart[target], block != 0 else {
        throw Flaw(pc: pc, text: "\(target) is no block to go to")
      }
      open.append(Arrival(block: block, cells: carried, isOrphan: false))
    }
  }

  private func read(
    _ cell: Cell, _ kind: CellKind, _ pc: Int, _ arrival: Arrival, _ block: Block,
    _ cells: inout [Int: CellKind]
  ) throws(Flaw) {
    let offset = Int(cell.offset)
    var found: CellKind?
    if cell.isFrameRelative {
      found = cells[offset]
      if found == nil, arrival.isOrphan, offset < block.incoming {
        cells[offset] = kind
        found = kind
      }
    } else {
      found = offset < givenKinds.count ? givenKinds[offset] : entryCells[offset]
    }
    guard let found else {
      throw Flaw(pc: pc, text: "nobody published offset \(offset) before it is read")
    }
    guard found == kind else { throw Flaw(pc: pc, text: "a \(found) is read as a \(kind)") }
  }
}

/// What an instruction reads and publishes, by slot.
private struct Roles {
  var reads: [(slot: Int, kind: CellKind)] = []
  var result: (slot: Int, kind: CellKind)?

  init(_ instruction: Instruction, _ draft: ProgramDraft) {
    func words(_ slots: Int...) { reads += slots.map { ($0, .word) } }
    func digests(_ slots: Int...) { reads += slots.map { ($0, .digest) } }
    let extra = Int(instruction.extra)
    switch instruction.opcode {
    case .jump, .halt: break
    case .branch: words(0)
    case .secret: result = (3, .word)
    case .secretDigest: result = (3, .digest)
    case .reveal:
      let isDigest = draft.outputs.indices.contains(extra) && draft.outputs[extra].format == .digest
      reads = [(0, isDigest ? .digest : .word)]
    case .move:
      reads = [(0, extra == 1 ? .digest : .word)]
      result = (3, extra == 1 ? .digest : .word)
    case .add, .sub, .lt, .ge, .min, .max, .pos, .abs, .eq, .ne:
      words(0, 1)
      result = (3, .word)
    case .select, .mulNearest, .mulFloor, .mulCeil:
      words(0, 1, 2)
      result = (3, .word)
    case .assertLt, .assertGe, .assertEq, .assertNe: words(0, 1)
    case .divNearest, .divFloor, .divCeil:
      words(3, 1)
      result = (0, .word)
    case .sqrtNearest, .sqrtFloor, .sqrtCeil:
      words(3)
      result = (0, .word)
    case .exp, .ln, .cdf, .pdf, .icdf, .erfcx:
      words(0)
      result = (3, .word)
    case .hashStart:
      words(1, 2, 4, 5)
      result = (3, .digest)
    case .hashNext:
      digests(0)
      words(1, 2, 4, 5)
      result = (3, .digest)
    case .merkle:
      digests(0, 1)
      words(2)
      result = (3, .digest)
    case .assertSame: digests(0, 1)
    case .squeeze:
      digests(0)
      result = (3, .word)
    case .load:
      words(1)
      result = (3, Roles.arrayKind(at: extra, draft))
    case .store:
      let kind = Roles.arrayKind(at: extra, draft)
      reads = [(0, kind), (1, .word)]
      result = (3, kind)
    }
  }

  private static func arrayKind(at first: Int, _ draft: ProgramDraft) -> CellKind {
    var start = 0
    for array in draft.arrays {
      if start == first { return array.isDigest ? .digest : .word }
      start += array.length
    }
    return .word
  }
}
