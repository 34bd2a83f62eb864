import ZKVMField
import ZKVMMachine

extension Limbs {
  /// Writes a number whose highest limb takes what is left, with its sign.
  func fill(_ row: RowWriter, _ value: Int128) {
    for (index, limb) in Limbs.split(value, count: limbs.count).enumerated() {
      row.set(limbs[index], Goldilocks(limb))
    }
  }

  /// Writes the four columns of a cell.
  func fill(_ row: RowWriter, _ elements: [Goldilocks]) {
    for (limb, element) in zip(limbs, elements) { row.set(limb, element) }
  }
}
