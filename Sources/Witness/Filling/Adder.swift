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
    a.fill(row, instruction[Slot.Adder.a], step)
    b.fill(row, instruction[Slot.Adder.b], step)
    condition.fill(row, instruction[Slot.Adder.condition], step)
    aWord.fill(row, Int128(step[Slot.Adder.a]))
    bWord.fill(row, Int128(step[Slot.Adder.b]))
    let difference = Int128(step[Slot.Adder.a]) - Int128(step[Slot.Adder.b])
    if let cell = instruction.destination {
      result.fill(row, Int128(step[Slot.Adder.result]))
      destination.fill(row, cell, step, counts)
    }
    if AdderUnit.compares(opcode) {
      row.set(bit, difference < 0)
      distance.fill(row, difference < 0 ? -difference - 1 : difference)
    } else if AdderUnit.testsEquality(opcode) {
      row.set(bit, difference == 0)
      row.set(inverse, Goldilocks(difference).inverse)
    } else if opcode == .select {
      row.set(bit, step[Slot.Adder.condition] == 1)
    }
  }

}
