import ZKVMAlgebraicHash
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension HashUnit: FilledUnit, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    let opcode = instruction.opcode
    let program = execution.program
    fetch.fill(row, step, opcode)
    row.set(extra, Int64(instruction.extra))
    var values: [[Goldilocks]] = []
    for (index, slot) in HashUnit.slots.enumerated() {
      operands[index].fill(row, instruction.slots[slot], step)
      guard opcode.reads.contains(slot) else {
        values.append([])
        continue
      }
      let isDigest = program.holdsDigest(slot, instruction)
      values.append(execution.elements(step.words[slot], isDigest: isDigest))
      inputs[index].fill(row, values[index])
    }
    if let cell = instruction.destination {
      destination.fill(row, cell, step, counts)
      result.fill(
        row,
        execution.elements(step.words[3], isDigest: program.holdsDigest(3, instruction)))
    }
    var permuted = [Goldilocks](repeating: .zero, count: Poseidon2.width)
    switch opcode {
    case .hashStart, .hashNext:
      let left =
        opcode == .hashStart ? Digest.start(words: Int(instruction.extra)).array : values[0]
      permuted = left + Digest.block(Opcode.hashedWordSlots.map { step.words[$0] }).array
    case .merkle:
      permuted = step.words[2] == 1 ? values[1] + values[0] : values[0] + values[1]
    case .squeeze:
      let index = Int(instruction.extra)
      squeezing.fill(row, values[0][index], index)
    default: break
    }
    for (column, element) in zip(state, permuted) { row.set(column, element) }
    permutation.fill(row, permuted)
  }

  package func fillPadding(_ row: RowWriter) {
    permutation.fillZero(row)
  }
}
