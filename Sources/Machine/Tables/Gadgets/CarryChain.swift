import ZKVMAIR
import ZKVMField

/// The coefficients at 2^(16·j), j < count, of the product of two numbers given by limbs.
func convolution(_ a: [Expression], _ b: [Expression], count: Int) -> [Expression] {
  (0..<count).map { position in
    sum(
      (0...position).compactMap { i in
        i < a.count && position - i < b.count ? a[i] * b[position - i] : nil
      })
  }
}

/// A carry per two positions for Σ 2^(16·j)·position_j, of which only the positions are written by
/// hand: the prover fills the carries by evaluating them.
///
/// *Assumes* that the columns in the positions hold integers of the declared ranges. Then no sum is
/// greater in magnitude than ``CarryBound`` allows; `init` traps otherwise.
///
/// *Constrains* Σ 2^(16·j)·position_j to be 0 modulo 2^(16·count) over the integers: two positions
/// make a step, whose sum together with the carry so far is 2^32 (2^16 where a position stands
/// alone) times the next carry, which is a 32-bit number less 2^31 by two lookups. Within the
/// bound, equality in the field is equality of integers (claim U9 of `Spec/units/README.md`).
package struct CarryChain: Sendable {
  /// What is summed, lowest first; all are 0 on a row of zeros.
  package let positions: [Expression]
  /// The halves of each step's carry plus 2^31.
  package let carries: [(low: Expression, high: Expression)]

  /// Traps if the positions can be too large.
  package init(
    _ builder: TableBuilder, _ name: String, positions: [Expression], in ranges: ColumnRanges,
    when active: Expression, _ label: String
  ) {
    let fault = CarryBound.fault(
      "\(name), \(label)",
      positions: positions.map {
        let range = ranges.range(of: $0)
        return max(-range.lowerBound, range.upperBound)
      })
    precondition(fault == nil, fault!)
    self.positions = positions
    var carries: [(low: Expression, high: Expression)] = []
    var previous = Expression.zero
    for start in stride(from: 0, to: positions.count, by: 2) {
      let low = builder.column("\(name)_carry\(start)_low", "Low half of a carry plus 2^31.")
      let high = builder.column("\(name)_carry\(start)_high", "High half of a carry plus 2^31.")
      let carry = low + powerOfTwo(16) * high - .constant(Goldilocks(CarryBound.offset))
      let isPair = start + 1 < positions.count
      var total = positions[start] + previous
      if isPair { total += powerOfTwo(16) * positions[start + 1] }
      builder.assertEqual(
        total, powerOfTwo(isPair ? 32 : 16) * carry, "\(label): carry out of limb \(start)")
      builder.receive(Buses.range, times: active, [low], "\(label): carry \(start), low half")
      builder.receive(Buses.range, times: active, [high], "\(label): carry \(start), high half")
      carries.append((low, high))
      previous = carry
    }
    self.carries = carries
  }
}
