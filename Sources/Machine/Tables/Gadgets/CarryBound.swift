/// How large the sums of a ``CarryChain`` may be.
///
/// A step says S ≡ 2^w·carry modulo p with −2^31 ≤ carry ≤ 2^31 − 1 and w = 32, or 16 where a
/// position stands alone. It says so over the integers if |S| + 2^31·2^w < p, which for w = 32 is
/// |S| ≤ 2^63 − 2^32, and every such S has its carry if |S| ≤ (2^31 − 1)·2^w, which is the same for
/// w = 32 and the narrower one for w = 16. (That |S| < 2^63 is not enough: S = 2^63 − 2^32 + 1 has
/// the carry −2^31.) It is claim U9 of `Spec/units/README.md`.
package enum CarryBound {
  package static let offset: Int128 = 1 << 31

  /// The largest magnitude of a step's sum.
  package static func largest(shift: Int) -> Int128 { (offset - 1) << Int128(shift) }

  /// The bounds of |S| by step, for positions of at most these magnitudes.
  package static func sums(_ positions: [Int128]) -> [(sum: Int128, shift: Int)] {
    stride(from: 0, to: positions.count, by: 2).map { start in
      let carry = start == 0 ? 0 : offset
      guard start + 1 < positions.count else { return (positions[start] + carry, 16) }
      return (positions[start] + positions[start + 1] << 16 + carry, 32)
    }
  }

  /// What is wrong with a chain whose positions have at most these magnitudes; `nil` if it is
  /// sound.
  package static func fault(_ chain: String, positions: [Int128]) -> String? {
    for (index, step) in sums(positions).enumerated() where step.sum > largest(shift: step.shift) {
      return "the carries of \(chain): the sum at limb \(2 * index) can be \(step.sum) in "
        + "magnitude, at most \(largest(shift: step.shift)) is sound; use narrower limbs"
    }
    return nil
  }
}
