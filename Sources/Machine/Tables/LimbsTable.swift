import ZKVMAIR
import ZKVMField

/// The 16-bit range and the top limbs, as windows of one counter.
///
/// The counter runs over 0 ..< n − h in the active rows; window j of the range table offers
/// counter + s_j. The windows overlap, which is harmless, cover 0 ..< 2^16 and offer nothing else:
/// s_0 = 0, s_8 + n − h = 2^16, and successive s_j differ by less than n − h. Likewise for
/// −16383 … 16383 with five windows.
public struct LimbsTable: LookupTable {
  public let table: Table
  private let counter: Expression
  private let rangeUses: [Expression]
  private let topUses: [Expression]
  private let rangeOffsets: [Int]
  private let topOffsets: [Int]
  private let activeRows: Int

  /// The table's fixed height.
  public static let logHeight = 13

  public init(blindRows: Int) {
    activeRows = 1 << LimbsTable.logHeight - blindRows
    rangeOffsets = LimbsTable.offsets(first: 0, count: 1 << 16, windows: 9, width: activeRows)
    topOffsets = LimbsTable.offsets(first: -16383, count: 32767, windows: 5, width: activeRows)
    let b = TableBuilder("Limbs")
    counter = b.column("counter", "The row's number.")
    rangeUses = b.columns("range_uses", count: 9, "How often the window's 16-bit limb is used.")
    topUses = b.columns("top_uses", count: 5, "How often the window's top limb is used.")
    b.assertZero(counter, "the counter starts at 0", on: .first)
    b.assertZero(counter.next - counter - 1, "the counter counts", on: .transition)
    for (offset, uses) in zip(rangeOffsets, rangeUses) {
      b.send(Buses.range, times: uses, [counter + .constant(Goldilocks(offset))], "limb")
    }
    for (offset, uses) in zip(topOffsets, topUses) {
      b.send(Buses.top, times: uses, [counter + .constant(Goldilocks(offset))], "top limb")
    }
    table = b.build()
  }

  static func offsets(first: Int, count: Int, windows: Int, width: Int) -> [Int] {
    precondition(windows * width >= count && width <= count)
    return (0..<windows).map { first + (count - width) * $0 / (windows - 1) }
  }

  /// `range[v]` and `top[v + 16383]` say how often a limb is used.
  public func fill(_ matrix: Matrix, range: [Int64], top: [Int64]) {
    for row in 0..<activeRows { RowWriter(matrix: matrix, row: row).set(counter, row) }
    func spread(_ counts: [Int64], first: Int, _ offsets: [Int], _ uses: [Expression]) {
      for (index, count) in counts.enumerated() where count != 0 {
        let value = first + index
        let window = offsets.lastIndex { $0 <= value }!
        RowWriter(matrix: matrix, row: value - offsets[window]).set(uses[window], count)
      }
    }
    spread(range, first: 0, rangeOffsets, rangeUses)
    spread(top, first: -16383, topOffsets, topUses)
  }
}
