import ZKVMField
import ZKVMMachine

extension MemoryUnit: FilledTable, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    stored.fill(row, instruction[Slot.Memory.stored], step)
    index.fill(row, instruction[Slot.Memory.index], step)
    let lengthWord = Int64(instruction[Slot.Memory.length].offset)
    row.set(length, lengthWord)
    row.set(first, Int64(instruction.extra))
    destination.fill(row, instruction[Slot.Memory.result], step, counts)
    let isDigest = execution.program.holdsDigest(Slot.Memory.result.index, instruction)
    content.fill(row, execution.elements(step[Slot.Memory.result], isDigest: isDigest))
    previous.fill(row, execution.elements(step.words[Step.previousValue], isDigest: isDigest))
    indexWord.fill(row, Int128(step[Slot.Memory.index]))
    room.fill(row, Int128(lengthWord - 1 - step[Slot.Memory.index]))
    let before = step.words[Step.previousTime]
    row.set(previousTime, before)
    let now = instruction[Slot.Memory.result].address(framePointer: step.framePointer)
    elapsed.fill(row, Int128(now - before - 1))
  }
}
