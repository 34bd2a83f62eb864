import ZKVMMachine

extension Fetch {
  func fill(_ row: RowWriter, _ step: Step, _ opcode: Opcode) {
    row.set(pc, Int64(step.pc))
    row.set(framePointer, step.framePointer)
    row.set(selectors[opcode]!, true)
  }
}
