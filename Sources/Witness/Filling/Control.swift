import ZKVMMachine

extension ControlUnit: FilledTable, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    condition.fill(row, instruction[Slot.Control.condition], step)
    let isOne = instruction.opcode == .branch && step[Slot.Control.condition] == 1
    row.set(bit, isOne)
    row.set(targetIfOne, instruction.targetIfOne)
    row.set(targetIfZero, instruction.targetIfZero)
    row.set(frameSize, instruction.frameSize)
    row.set(nextPC, isOne ? instruction.targetIfOne : instruction.targetIfZero)
    row.set(
      nextFramePointer,
      instruction.opcode == .halt ? 0 : step.framePointer + Int64(instruction.frameSize))
  }
}
