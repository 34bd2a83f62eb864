import ZKVMFixedPoint
import ZKVMMachine

extension SegmentColumns {
  func fill(_ row: RowWriter, _ values: CoefficientRow) {
    row.set(segment, values.segment)
    for (column, value) in zip(c, [values.c0, values.c1, values.c2, values.c3]) {
      row.set(column, value)
    }
    row.set(c4[0], values.c4 & 0xFFFF)
    row.set(c4[1], values.c4 >> 16)
  }
}
