import Field

/// Folding, shared by both sides. A layer of 2^k values lies on shift·⟨ω⟩ in bit-reversed order, so
/// x and −x are neighbours and the eight points with the same x^8 are consecutive.
public enum FRI {
  /// (f(x) + f(−x))/2 + β·(f(x) − f(−x))/(2x).
  @inline(__always)
  static func fold(
    _ a: CubicExtension, _ b: CubicExtension, _ beta: CubicExtension, inverseOfTwoX: Goldilocks,
    half: Goldilocks
  ) -> CubicExtension {
    (a + b) * half + beta * ((a - b) * inverseOfTwoX)
  }

  /// Folds the eight values of group `group` of a layer with 2^logSize values on shift·⟨ω⟩.
  public static func foldGroup(
    _ values: [CubicExtension], group: Int, logSize: Int, shift: Goldilocks, beta: CubicExtension
  ) -> CubicExtension {
    precondition(values.count == 1 << ProofParameters.logArity)
    let half = Goldilocks.two.inverse
    var current = values
    var shift = shift
    var beta = beta
    for step in 0..<ProofParameters.logArity {
      let log = logSize - step
      let root = Goldilocks.rootOfUnity(logOrder: log)
      let first = group << (ProofParameters.logArity - step)
      current = (0..<current.count / 2).map { i in
        let x = shift * root.power(UInt64(reverseBits(first + 2 * i, count: log)))
        return fold(
          current[2 * i], current[2 * i + 1], beta, inverseOfTwoX: (x + x).inverse, half: half)
      }
      shift *= shift
      beta *= beta
    }
    return current[0]
  }

  /// Folds a whole layer by eight.
  public static func foldLayer(
    _ values: [CubicExtension], logSize: Int, shift: Goldilocks, beta: CubicExtension
  ) -> [CubicExtension] {
    precondition(values.count == 1 << logSize)
    let half = Goldilocks.two.inverse
    var current = values
    var shift = shift
    var beta = beta
    for step in 0..<ProofParameters.logArity {
      let log = logSize - step
      // 1/(2x) for x = shift·ω^rev(2i), and rev over `log` bits of 2i is rev over log − 1 of i.
      let inverseRoot = Goldilocks.rootOfUnity(logOrder: log).inverse
      var inverses = [Goldilocks](repeating: .zero, count: 1 << (log - 1))
      var power = (shift + shift).inverse
      for i in inverses.indices {
        inverses[i] = power
        power *= inverseRoot
      }
      inverses.withUnsafeMutableBufferPointer { bitReverse($0.baseAddress!, logSize: log - 1) }
      var next = [CubicExtension](repeating: .zero, count: 1 << (log - 1))
      for i in next.indices {
        next[i] = fold(
          current[2 * i], current[2 * i + 1], beta, inverseOfTwoX: inverses[i], half: half)
      }
      current = next
      shift *= shift
      beta *= beta
    }
    return current
  }

  /// The shift of the layer behind one with `shift`.
  public static func nextShift(_ shift: Goldilocks) -> Goldilocks {
    shift.power(1 << UInt64(ProofParameters.logArity))
  }

  /// Σ coefficients_i·x^i.
  public static func evaluate(
    _ coefficients: [CubicExtension], at x: Goldilocks
  ) -> CubicExtension {
    coefficients.reversed().reduce(.zero) { $0 * x + $1 }
  }
}
