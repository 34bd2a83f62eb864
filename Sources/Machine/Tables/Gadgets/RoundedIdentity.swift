import ZKVMAIR
import ZKVMField

/// ν·((Z − W)·2^s − X·Y) = E over the integers: a quotient, product or root and its error.
///
/// *Assumes* that X, Y, W and Z are words, that one shift at most is 1 (s is 16 times its number),
/// that ν is 1 or 2, and 2 only where W = 0, and that E is below 2^65 in magnitude.
///
/// *Constrains* the identity modulo p and modulo 2^64. Both sides together stay below 2^64·p in
/// magnitude (|Z·2^s| ≤ 2^126, |X·Y| ≤ 2^124, |W·2^s| ≤ 2^126, doubled only where W = 0), so it
/// holds over the integers (claim P3 of `Spec/units/product.md`). That E is that of the
/// instruction's rounding is the unit's to show.
package struct RoundedIdentity: Sendable {
  /// A number and its parts at 2^(16·j).
  struct Number {
    let value: Expression
    let parts: [Expression]

    init(value: Expression, parts: [Expression]) {
      self.value = value
      self.parts = parts
    }

    init(_ word: Limbs) { self.init(value: word.value, parts: word.limbs) }
  }

  package let chain: CarryChain

  init(
    _ b: TableBuilder, x: Limbs, y: Limbs, w: Limbs, z: Limbs, shifts: [Expression],
    kappa: Expression, error: Number, in ranges: ColumnRanges, when active: Expression
  ) {
    let power = weightedSum(shifts, base: Goldilocks(1 << 16))
    b.assertEqual(
      kappa * ((z.value - w.value) * power - x.value * y.value), error.value,
      "the identity modulo p")
    let shifted = convolution(zip(z.limbs, w.limbs).map { $0 - $1 }, Array(shifts[0..<4]), count: 4)
    let product = convolution(x.limbs, y.limbs, count: 4)
    chain = CarryChain(
      b, "identity",
      positions: (0..<4).map { kappa * (shifted[$0] - product[$0]) - error.parts[$0] },
      in: ranges, when: active, "the identity modulo 2^64")
  }
}
