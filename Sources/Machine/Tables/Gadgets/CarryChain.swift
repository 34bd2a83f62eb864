import ZKVMAIR
import ZKVMField

/// What expressions and the integers that they stand for have in common, so that a formula is
/// written once for the constraint and for the filling of the row.
package protocol Ring {
  static var zero: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
}

extension Expression: Ring {}
extension Int128: Ring {}

/// The coefficients at 2^(16·j), j < count, of the product of two numbers given by limbs.
package func convolution<T: Ring>(_ a: [T], _ b: [T], count: Int) -> [T] {
  (0..<count).map { position in
    var total = T.zero
    for i in 0...position where i < a.count && position - i < b.count {
      total = total + a[i] * b[position - i]
    }
    return total
  }
}

/// Proves Σ 2^(16·j)·position_j ≡ 0 modulo 2^(16·count) over the integers.
///
/// Two positions make a step: their sum and the carry so far is 2^32 (the last one, if it stands
/// alone, 2^16) times the next carry, which is a 32-bit number less 2^31 by two lookups. No sum may
/// exceed ``CarryBound`` in magnitude, as the declared ranges of the columns show; then equality in
/// the field is equality of integers.
package struct CarryChain: Sendable {
  package let carries: [(low: Expression, high: Expression)]
  package let count: Int

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
    count = positions.count
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
