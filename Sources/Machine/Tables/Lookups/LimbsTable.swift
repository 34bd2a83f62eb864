import ZKVMAIR
import ZKVMField

extension TableKind {
  public static let limbs = TableKind(number: 9, name: "limbs")
}

/// The 16-bit range and the top limbs, as windows of one counter.
///
/// The counter runs over 0 ..< n − h in the active rows; window j of the range table offers
/// counter + s_j. The windows overlap, which is harmless, cover 0 ..< 2^16 and offer nothing else:
/// s_0 = 0, s_8 + n − h = 2^16, and successive s_j differ by less than n − h. Likewise for
/// −16383 … 16383 with five windows.
public struct LimbsTable: MachineTable {
  public static let kind = TableKind.limbs
  /// A window is as wide as there are active rows.
  public static let knowsBlindRows = true
  public let table: Table
  package let counter: Expression
  package let rangeUses: [Expression]
  package let topUses: [Expression]
  package let rangeOffsets: [Int]
  package let topOffsets: [Int]
  package let activeRows: Int

  /// The table's fixed height.
  public static let logHeight = 13
  public static let fixedLogHeight: Int? = logHeight

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
}
