import ZKVMField
import ZKVMMachine

/// Fills a chain's carries from the positions that it was declared with. The columns that they use
/// are filled before.
package struct CarryFiller: Sendable {
  private let chain: CarryChain
  private let positions: RowFormulas

  package init(_ chain: CarryChain) {
    self.chain = chain
    positions = RowFormulas(chain.positions)
  }

  /// Also for a row that executes nothing. No position, and no sum of two with the carry, reaches
  /// 2^63 in magnitude: ``CarryBound``.
  package func fill(_ row: RowWriter) {
    positions.evaluate(row) { position in
      var carry: Int64 = 0
      for (index, halves) in chain.carries.enumerated() {
        let low = 2 * index
        let isPair = low + 1 < chain.positions.count
        let total = carry &+ position(low) &+ (isPair ? position(low + 1) << 16 : 0)
        carry = total >> (isPair ? 32 : 16)
        let shifted = carry &+ Int64(CarryBound.offset)
        row.set(halves.low, shifted & 0xFFFF)
        row.set(halves.high, shifted >> 16)
      }
    }
  }
}
