import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension AdderUnit: FilledTable, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    let opcode = instruction.opcode
    fetch.fill(row, step, opcode)
    a.fill(row, instruction.slots[0], step)
    b.fill(row, instruction.slots[1], step)
    condition.fill(row, instruction.slots[2], step)
    aWord.fill(row, Int128(step.words[0]))
    bWord.fill(row, Int128(step.words[1]))
    let difference = Int128(step.words[0]) - Int128(step.words[1])
    if let cell = instruction.destination {
      result.fill(row, Int128(step.words[3]))
      destination.fill(row, cell, step, counts)
    }
    if AdderUnit.compares(opcode) {
      row.set(bit, difference < 0)
      distance.fill(row, difference < 0 ? -difference - 1 : difference)
    } else if AdderUnit.testsEquality(opcode) {
      row.set(bit, difference == 0)
      row.set(inverse, Goldilocks(difference).inverse)
    } else if opcode == .select {
      row.set(bit, step.words[2] == 1)
    }
  }

}
