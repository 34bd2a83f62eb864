import ZKVMAIR
import ZKVMField

/// value = round(acc·G / 2^80).
///
/// *Assumes* that acc is a word and G a row of the Scales table, so that the true value is below
/// p/2 in magnitude.
///
/// *Constrains* the value to that number, modulo 2^80 and modulo p, as ``HornerStep`` does (claim
/// F8 of `Spec/units/function.md`).
package struct ScalingStep: Sendable {
  package let remainder: Limbs
  package let chain: CarryChain
  package static let limbs = 5

  init(
    _ b: TableBuilder, of accumulator: Limbs, times g: Limbs, equals value: Expression,
    in ranges: inout ColumnRanges, when active: Expression
  ) {
    let count = ScalingStep.limbs
    remainder = Limbs(b, "result_rest", count: count, "The rounding remainder of the result.")
    b.assertEqual(
      powerOfTwo(16 * count) * value,
      accumulator.value * g.value + powerOfTwo(16 * count - 1) * active - remainder.value,
      "the result modulo p")
    let product = convolution(accumulator.limbs, g.limbs, count: count)
    let rest = remainder.limbs
    ranges.declareUnsigned(remainder)
    chain = CarryChain(
      b, "result",
      positions: (0..<count).map { j in
        product[j] - rest[j] + (j == count - 1 ? 32768 * active : 0)
      }, in: ranges, when: active, "the result modulo 2^80")
    remainder.assertUnsigned(b, when: active, "the remainder of the result")
  }
}
