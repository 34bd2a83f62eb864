import ZKVMField

/// Folding of one group of values, and what folding whole layers shares with it. A layer of 2^k
/// values lies on shift·⟨ω⟩ in bit-reversed order, so x and −x are neighbours and the eight points
/// with the same x^8 are consecutive.
package enum FRI {
  /// Folds the eight values of group `group` of a layer with 2^logSize values on shift·⟨ω⟩: three
  /// times to (f(x) + f(−x))/2 + δ·(f(x) − f(−x))/(2x), with δ, at first `beta`, and x squared from
  /// fold to fold.
  package static func foldGroup(
    _ values: [CubicExtension], group: Int, logSize: Int, shift: Goldilocks, beta: CubicExtension
  ) -> CubicExtension {
    let arity = 1 << ProofParameters.logArity
    precondition(values.count == arity)
    // The group's points are x, −x, x·i, … for the first one's x.
    let index = reverseBits(arity * group, count: logSize)
    var inverse =
      (shift * Goldilocks.rootOfUnity(logOrder: logSize).power(UInt64(index))).inverse
    var current = values
    var beta = beta
    for _ in 0..<ProofParameters.logArity {
      current = (0..<current.count / 2).map { i in
        let (a, b) = (current[2 * i], current[2 * i + 1])
        return a + b + beta * ((a - b) * (inverse * inverseUnits[i]))
      }
      inverse *= inverse
      beta *= beta
    }
    return current[0] * inverseArity
  }

  /// 1/ω^rev(2i) for the roots of order eight.
  package static let inverseUnits: [Goldilocks] = {
    let log = ProofParameters.logArity
    let root = Goldilocks.rootOfUnity(logOrder: log).inverse
    return (0..<(1 << (log - 1))).map { root.power(UInt64(reverseBits(2 * $0, count: log))) }
  }()

  /// 1/8.
  package static let inverseArity = Goldilocks(1 << ProofParameters.logArity).inverse

  /// The shift of the layer after one with `shift`.
  package static func nextShift(_ shift: Goldilocks) -> Goldilocks {
    shift.power(1 << UInt64(ProofParameters.logArity))
  }

  /// Σ coefficients_i·x^i.
  package static func evaluate(
    _ coefficients: [CubicExtension], at x: Goldilocks
  ) -> CubicExtension {
    coefficients.reversed().reduce(.zero) { $0 * x + $1 }
  }
}
