import ZKVMAIR
import ZKVMField

/// What `squeeze` shows to take 48 bits of an element: which one, and its limbs as a number below
/// p. It has no columns of its own but those of operands that it does not read.
///
/// *Assumes* that a is a digest that was published, and that the unit looks the limbs up in
/// 0 ..< 2^16 where it squeezes.
///
/// *Constrains* the result to the low 48 bits of the chosen element's canonical number (claim H7 of
/// `Spec/units/hash.md`).
package struct SqueezeColumns: Sendable {
  /// Which element is squeezed, 1 for that one.
  package let choice: [Expression]
  package let limbs: Limbs
  package let inverse: Expression
  package let highIsNotAllOnes: Expression

  init(_ c: Limbs, _ d: Limbs, _ e: Limbs) {
    choice = c.limbs
    limbs = d
    inverse = e.limbs[0]
    highIsNotAllOnes = e.limbs[1]
  }

  /// The chosen element of a is Σ 2^(16·i)·limb_i over the integers: as its limbs are 16-bit
  /// numbers, it could otherwise be p more, which is 2^32 − 1 in its high half and more than zero
  /// in its low half.
  func assert(
    _ t: TableBuilder, when squeezes: Expression, of a: Limbs, element: Expression,
    is result: Limbs
  ) {
    for (i, flag) in choice.enumerated() {
      t.assertZero(squeezes * flag * (flag - 1), "squeeze: choice \(i) is 0 or 1")
    }
    t.assertZero(squeezes * (sum(choice) - 1), "squeeze: one element is chosen")
    t.assertZero(
      squeezes * (choice[1] + 2 * choice[2] + 3 * choice[3] - element),
      "squeeze: the instruction's element is chosen")
    let chosen = sum(zip(choice, a.limbs).map { $0 * $1 })
    t.assertZero(squeezes * (limbs.value - chosen), "squeeze: the limbs are the element's")
    let low = limbs.limbs[0] + powerOfTwo(16) * limbs.limbs[1]
    let high = limbs.limbs[2] + powerOfTwo(16) * limbs.limbs[3]
    let distance = .constant(Goldilocks(0xFFFF_FFFF)) - high
    t.assertZero(
      squeezes * (highIsNotAllOnes - distance * inverse), "squeeze: is the high half all ones?")
    t.assertZero(
      squeezes * (1 - highIsNotAllOnes) * low,
      "squeeze: below p, the low half is 0 if the high half is all ones")
    for i in 0..<3 {
      t.assertZero(
        squeezes * (result.limbs[i] - limbs.limbs[i]), "squeeze: limb \(i) of the result")
    }
    t.assertZero(squeezes * result.limbs[3], "squeeze: the result has 48 bits")
  }
}
