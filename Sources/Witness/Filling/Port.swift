import ZKVMMachine

extension PortUnit: FilledTable, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    operand.fill(row, instruction[Slot.Port.operand], step)
    let slot = instruction.opcode.reads.first ?? 3
    word.fill(
      row,
      execution.elements(
        step.words[slot], isDigest: execution.program.holdsDigest(slot, instruction)))
    if let cell = instruction.destination { destination.fill(row, cell, step, counts) }
    row.set(index, Int64(instruction.extra))
  }
}
