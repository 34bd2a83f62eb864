import ZKVMField
import ZKVMMachine

extension MemoryUnit: FilledTable, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    stored.fill(row, instruction.slots[0], step)
    index.fill(row, instruction.slots[1], step)
    let lengthWord = Int64(instruction.slots[2].offset)
    row.set(length, lengthWord)
    row.set(first, Int64(instruction.extra))
    destination.fill(row, instruction.slots[3], step, counts)
    let isDigest = execution.program.holdsDigest(3, instruction)
    content.fill(row, execution.elements(step.words[3], isDigest: isDigest))
    previous.fill(row, execution.elements(step.words[Step.previousValue], isDigest: isDigest))
    indexWord.fill(row, Int128(step.words[1]))
    room.fill(row, Int128(lengthWord - 1 - step.words[1]))
    let before = step.words[Step.previousTime]
    row.set(previousTime, before)
    let now = instruction.slots[3].address(framePointer: step.framePointer)
    elapsed.fill(row, Int128(now - before - 1))
  }
}
