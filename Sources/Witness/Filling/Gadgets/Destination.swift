import ZKVMMachine

extension Destination {
  func fill(_ row: RowWriter, _ cell: Cell, _ step: Step, _ counts: LookupCounts) {
    row.set(offset, Int64(cell.offset))
    row.set(multiplicity, counts.reads(of: cell, step))
  }
}
