import ZKVMField
import ZKVMMachine

extension Limbs {
  /// Writes a number whose highest limb takes what is left, with its sign.
  func fill(_ row: RowWriter, _ value: Int128) {
    var rest = value
    for limb in limbs.dropLast() {
      row.set(limb, Int64(truncatingIfNeeded: rest & 0xFFFF))
      rest >>= 16
    }
    row.set(limbs[limbs.count - 1], Goldilocks(rest))
  }

  /// Writes the four columns of a cell.
  func fill(_ row: RowWriter, _ elements: [Goldilocks]) {
    for (limb, element) in zip(limbs, elements) { row.set(limb, element) }
  }
}
