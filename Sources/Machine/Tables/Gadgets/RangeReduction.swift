import ZKVMAIR
import ZKVMField

/// u·2^κ = segment·2^52 + t with u = ±x − a·2^48: where in the tables an argument lies.
///
/// *Assumes* that x is a word, that scale and segment are rows of the verifier's tables and that t
/// is a number of 52 bits. A segment is a number of a coefficient table, hence not negative.
///
/// *Constrains* segment and t to be the only ones for the argument: both sides are below 2^125, so
/// what holds modulo p and modulo 2^64 holds over the integers (claim F4 of
/// `Spec/units/function.md`).
package struct RangeReduction: Sendable {
  package let chain: CarryChain

  init(
    _ b: TableBuilder, of x: Limbs, by scale: ScaleColumns, segment: Expression, offset t: Limbs,
    in ranges: ColumnRanges, when active: Expression
  ) {
    let sign = 1 - 2 * scale.negated
    let u = (0..<4).map { sign * x.limbs[$0] - ($0 == 3 ? scale.a : 0) }
    b.assertEqual(
      (sign * x.value - powerOfTwo(48) * scale.a) * scale.power.value,
      powerOfTwo(52) * segment + t.value, "the reduction modulo p")
    let reduced = convolution(u, scale.power.limbs, count: 4)
    chain = CarryChain(
      b, "reduction",
      positions: (0..<4).map { j in
        reduced[j] - t.limbs[j] - (j == 3 ? 16 * segment : 0)
      }, in: ranges, when: active, "the reduction modulo 2^64")
  }
}
