import ZKVMField
import ZKVMMachine

extension SqueezeColumns {
  func fill(_ row: RowWriter, _ element: Goldilocks, _ index: Int) {
    row.set(choice[index], true)
    limbs.fill(row, Int128(element.value))
    let distance = Goldilocks(0xFFFF_FFFF - Int64(element.value >> 32))
    row.set(inverse, distance.inverse)
    row.set(highIsNotAllOnes, distance != .zero)
  }
}
