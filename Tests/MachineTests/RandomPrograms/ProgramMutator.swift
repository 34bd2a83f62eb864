import TestSupport
import ZKVMMachine

/// Changes a program in one place: most results the loader must refuse, the others must run.
struct ProgramMutator {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  mutating func mutate(_ draft: inout ProgramDraft) {
    let pc = number(0...draft.instructions.count - 1)
    let block = number(0...draft.blocks.count - 1)
    switch number(0...15) {
    case 0...2: changeSlot(&draft, pc)
    case 3: changeOpcode(&draft, pc)
    case 4: change(&draft, pc, extra: max(0, Int(draft.instructions[pc].extra) + number(-1...1)))
    case 5: resize(&draft, block, incoming: number(-1...1), size: 0, updatesExit: false)
    case 6: resize(&draft, block, incoming: 0, size: number(-1...1), updatesExit: true)
    case 7: resize(&draft, block, incoming: 0, size: number(-1...1), updatesExit: false)
    case 8: if pc > 0 { draft.instructions.swapAt(pc, pc - 1) }
    case 9: remove(&draft, pc)
    case 10: insert(&draft, draft.instructions.randomElement(using: &random)!, pc)
    case 11: retarget(&draft)
    case 12: changeConstants(&draft)
    case 13: changeArrays(&draft)
    case 14: changeFields(&draft)
    default: swapTargets(&draft)
    }
  }

  private func change(
    _ draft: inout ProgramDraft, _ pc: Int, opcode: Opcode? = nil, slots: [Cell]? = nil,
    extra: Int? = nil
  ) {
    let old = draft.instructions[pc]
    draft.instructions[pc] = Instruction(
      opcode ?? old.opcode, slots ?? old.slots, extra: extra ?? Int(old.extra))
  }

  private mutating func changeSlot(_ draft: inout ProgramDraft, _ pc: Int) {
    var slots = draft.instructions[pc].slots
    let slot = number(0...Instruction.slotCount - 1)
    switch number(0...2) {
    case 0:
      let offset = UInt32(max(0, Int(slots[slot].offset) + number(-2...2)))
      slots[slot] = Cell(isFrameRelative: slots[slot].isFrameRelative, offset: offset)
    case 1:
      slots[slot] = Cell(
        isFrameRelative: !slots[slot].isFrameRelative, offset: slots[slot].offset)
    default:
      slots[slot] = draft.instructions.randomElement(using: &random)!.slots.randomElement(
        using: &random)!
    }
    change(&draft, pc, slots: slots)
  }

  private mutating func changeOpcode(_ draft: inout ProgramDraft, _ pc: Int) {
    let old = draft.instructions[pc].opcode
    // Mostly one that has the same slots.
    let alike = Opcode.allCases.filter { $0.reads == old.reads && $0.writes == old.writes }
    let choices = number(0...3) > 0 ? alike : Opcode.allCases
    change(&draft, pc, opcode: choices.randomElement(using: &random)!)
  }

  private func resize(
    _ draft: inout ProgramDraft, _ index: Int, incoming: Int, size: Int, updatesExit: Bool
  ) {
    let old = draft.blocks[index]
    let block = Block(
      start: old.start, incoming: max(0, old.incoming + incoming), size: max(0, old.size + size))
    draft.blocks[index] = block
    let end =
      index + 1 < draft.blocks.count ? draft.blocks[index + 1].start : draft.instructions.count
    guard updatesExit, end > 0, draft.instructions[end - 1].opcode != .halt else { return }
    var slots = draft.instructions[end - 1].slots
    slots[3] = .absolute(block.size)
    change(&draft, end - 1, slots: slots)
  }

  /// Moves block starts and targets as `place` says.
  private func renumber(_ draft: inout ProgramDraft, _ place: (Int) -> Int) {
    draft.blocks = draft.blocks.map {
      Block(start: place($0.start), incoming: $0.incoming, size: $0.size)
    }
    for pc in draft.instructions.indices where draft.instructions[pc].opcode.isControl {
      var slots = draft.instructions[pc].slots
      for slot in 1...2 { slots[slot] = .absolute(place(Int(slots[slot].offset))) }
      change(&draft, pc, slots: slots)
    }
  }

  private func remove(_ draft: inout ProgramDraft, _ pc: Int) {
    guard draft.instructions.count > 1 else { return }
    draft.instructions.remove(at: pc)
    renumber(&draft) { $0 > pc ? $0 - 1 : $0 }
  }

  private func insert(_ draft: inout ProgramDraft, _ instruction: Instruction, _ pc: Int) {
    draft.instructions.insert(instruction, at: pc)
    renumber(&draft) { $0 > pc ? $0 + 1 : $0 }
  }

  private mutating func retarget(_ draft: inout ProgramDraft) {
    let exits = draft.instructions.indices.filter { draft.instructions[$0].opcode.isControl }
    guard let pc = exits.randomElement(using: &random) else { return }
    var slots = draft.instructions[pc].slots
    let target =
      number(0...3) > 0
      ? draft.blocks.randomElement(using: &random)!.start : number(0...draft.instructions.count)
    slots[number(1...2)] = .absolute(target)
    if draft.instructions[pc].opcode == .jump { slots[2] = slots[1] }
    change(&draft, pc, slots: slots)
  }

  private mutating func swapTargets(_ draft: inout ProgramDraft) {
    let branches = draft.instructions.indices.filter { draft.instructions[$0].opcode == .branch }
    guard let pc = branches.randomElement(using: &random) else { return }
    var slots = draft.instructions[pc].slots
    slots.swapAt(1, 2)
    change(&draft, pc, slots: slots)
  }

  private mutating func changeConstants(_ draft: inout ProgramDraft) {
    if number(0...1) == 0 { draft.constants.append(1) } else { _ = draft.constants.popLast() }
  }

  private mutating func changeArrays(_ draft: inout ProgramDraft) {
    guard let index = draft.arrays.indices.randomElement(using: &random) else { return }
    let old = draft.arrays[index]
    draft.arrays[index] =
      number(0...1) == 0
      ? ArrayShape(length: old.length, isDigest: !old.isDigest)
      : ArrayShape(length: max(0, old.length + number(-1...1)), isDigest: old.isDigest)
  }

  private mutating func changeFields(_ draft: inout ProgramDraft) {
    func changed(_ fields: [NamedFormat]) -> [NamedFormat] {
      guard let index = fields.indices.randomElement(using: &random) else { return fields }
      var fields = fields
      fields[index] = NamedFormat(
        fields[index].name, fields[index].format == .digest ? .int : .digest)
      return fields
    }
    switch number(0...2) {
    case 0: draft.publicInputs = changed(draft.publicInputs)
    case 1: draft.secretInputs = changed(draft.secretInputs)
    default: draft.outputs = changed(draft.outputs)
    }
  }
}
