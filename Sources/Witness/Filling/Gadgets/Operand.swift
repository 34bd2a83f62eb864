import ZKVMMachine

extension Operand {
  func fill(_ row: RowWriter, _ cell: Cell, _ step: Step) {
    row.set(m, cell.isFrameRelative)
    row.set(offset, Int64(cell.offset))
    row.set(address, cell.address(framePointer: step.framePointer))
  }
}
