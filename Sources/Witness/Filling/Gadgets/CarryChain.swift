import ZKVMField
import ZKVMMachine

extension CarryChain {
  func fill(_ row: RowWriter, positions: [Int128]) {
    precondition(positions.count == count)
    var previous: Int128 = 0
    for (index, carry) in carries.enumerated() {
      let start = 2 * index
      var total = positions[start] + previous
      let isPair = start + 1 < count
      if isPair { total += positions[start + 1] << 16 }
      previous = total >> (isPair ? 32 : 16)
      let shifted = previous + CarryBound.offset
      row.set(carry.low, Goldilocks(shifted & 0xFFFF))
      row.set(carry.high, Goldilocks(shifted >> 16))
    }
  }

  /// An inactive row: all positions are zero.
  func fillPadding(_ row: RowWriter) {
    fill(row, positions: Array(repeating: 0, count: count))
  }
}
