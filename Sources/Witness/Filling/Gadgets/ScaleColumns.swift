import ZKVMFixedPoint
import ZKVMMachine

extension ScaleColumns {
  func fill(_ row: RowWriter, _ values: ScaleRow) {
    row.set(table, values.table)
    row.set(negated, values.isNegated)
    row.set(end, values.end)
    row.set(a, values.a)
    power.fill(row, 1 << values.kappa)
    row.set(h, values.h)
    for (limb, value) in zip(g.limbs, values.g) { row.set(limb, value) }
  }
}
