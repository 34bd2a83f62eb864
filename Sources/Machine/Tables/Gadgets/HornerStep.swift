import ZKVMAIR
import ZKVMField

/// acc = c + round(factor·offset·2^12 / 2^r), r = 16 times the number of the offset's limbs.
///
/// *Assumes* that factor, offset and c come from a table of the verifier or are range-checked, so
/// that the true accumulator is a word of the given limbs.
///
/// *Constrains* the accumulator to that number: the step acc·2^r = c·2^r + product + 2^(r−1) − e
/// holds modulo 2^r, which fixes the remainder e in 0 ..< 2^r, and modulo p, which then fixes the
/// accumulator, as 2^r is invertible (claims F6 and F7 of `Spec/units/function.md`).
package struct HornerStep: Sendable {
  package let accumulator: Limbs
  package let remainder: Limbs
  package let chain: CarryChain

  init(
    _ b: TableBuilder, _ name: String, of factor: [Expression], times offset: [Expression],
    plus constant: Expression, limbs: Int, in ranges: inout ColumnRanges,
    when active: Expression
  ) {
    let count = offset.count
    accumulator = Limbs(b, name, count: limbs, "Horner's accumulator \(name).")
    remainder = Limbs(b, "\(name)_rest", count: count, "The rounding remainder of \(name).")
    let factorValue = weightedSum(factor, base: Goldilocks(1 << 16))
    let offsetValue = weightedSum(offset, base: Goldilocks(1 << 16))
    b.assertEqual(
      powerOfTwo(16 * count) * (accumulator.value - constant),
      4096 * (factorValue * offsetValue) + powerOfTwo(16 * count - 1) * active - remainder.value,
      "\(name) modulo p")
    let product = convolution(factor, offset, count: count)
    let rest = remainder.limbs
    ranges.declareWord(accumulator)
    ranges.declareUnsigned(remainder)
    chain = CarryChain(
      b, name,
      positions: (0..<count).map { j in
        4096 * product[j] - rest[j] + (j == count - 1 ? 32768 * active : 0)
      }, in: ranges, when: active, "\(name) modulo 2^\(16 * count)")
    accumulator.assertWord(b, when: active, name)
    remainder.assertUnsigned(b, when: active, "the remainder of \(name)")
  }
}
