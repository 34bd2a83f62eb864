/// The functions that the tables approximate, as functions of a real argument.
public enum Kernel: String, Sendable, CaseIterable {
  case exp, ln, cdf, pdf, icdf, erfcx

  public func value(_ x: Real) -> Real {
    switch self {
    case .exp: Real.exp(x)
    case .ln: Real.ln(x)
    case .cdf: Real.cdf(x)
    case .pdf: Real.pdf(x)
    case .icdf: Real.icdf(x)
    case .erfcx: Real.erfcx(x)
    }
  }
}

/// f(m + w·τ) = Σ a_k·τ^k + rest for |τ| ≤ ½, with |rest| ≤ `tail`.
public struct Taylor: Sendable {
  /// a_0 … a_9.
  public let coefficients: [Real]
  public let tail: Double

  public static let degree = 9

  /// The expansion about `center` for the width w = 2^`logWidth`.
  ///
  /// Coefficients follow from differential equations; the tail from the coefficients themselves
  /// (exp, ln) or from Cauchy's estimate |a_k| ≤ M·(w/r)^k, M a bound of |f| on the disc of radius r:
  ///
  /// - φ and Φ: |φ(x + iy)| = φ(x)·e^(y²/2) ≤ 3 for r = 2.
  /// - erfcx: |erfcx(z)| ≤ 1 where Re z ≥ 0 (it is the Faddeeva function at iz), so M = 1 for
  ///   r = m/2; about small m, r = 1 and |erfcx(z)| ≤ 2·|e^(z²)| + |erfcx(−z)| ≤ 2e + 1 < 7.
  /// - Φ⁻¹ about p < ½: x″ = x·x′² gives coefficients that are polynomials in x, x′ with positive
  ///   coefficients, so |a_k| is at most the coefficient of the solution through (−x, x′), which is
  ///   Φ⁻¹ about 1 − p; its coefficients are positive, so they are at most Φ⁻¹(1 − p + r)/r^k,
  ///   which is below 9 for r = 0.9·p and p ≥ 2^-49.
  public init(_ kernel: Kernel, center m: Real, logWidth: Int) {
    let n = Taylor.degree
    let w = Double(sign: .plus, exponent: logWidth, significand: 1)
    // Coefficients of h^k first; those of τ^k are w^k times as large.
    var a: [Real]
    let rest: Double
    func power(_ x: Double) -> Double { (0...n).reduce(1.02) { value, _ in value * x } }
    switch kernel {
    case .exp:
      a = [Real.exp(m)]
      for k in 1...n { a.append(a[k - 1] / k) }
      rest = (a[0].double + 1) * 1.1 * power(w / 2) / 3_628_800
    case .ln:
      a = [Real.ln(m)]
      var term = -Real.one
      for k in 1...n {
        term = -(term / m)
        a.append(term / k)
      }
      rest = power(w / 2 / m.double)
    case .pdf, .cdf:
      var b = [Real.pdf(m)]
      for k in 0..<n {
        b.append(-(m * b[k] + (k > 0 ? b[k - 1] : .zero)) / (k + 1))
      }
      a = kernel == .pdf ? b : [Real.cdf(m)] + (0..<n).map { b[$0] / ($0 + 1) }
      rest = 3 * power(w / 4)
    case .erfcx:
      a = [Real.erfcx(m)]
      for k in 0..<n {
        let sum = (m * a[k] + (k > 0 ? a[k - 1] : .zero)) * 2
        a.append((k == 0 ? sum - Real.inverseRootOfPi * 2 : sum) / (k + 1))
      }
      rest = m < Real(4) ? 7 * power(w / 2) : power(w / m.double)
    case .icdf:
      a = [Real.icdf(m)]
      var d = [Real.one / Real.pdf(a[0])]
      // Widths are far below 1: scaling as we go keeps the numbers in range.
      a = [a[0], d[0].scaled(logWidth)]
      d = [d[0].scaled(logWidth)]
      for k in 0..<(n - 1) {
        let squares = (0...k).map { j in
          (0...j).reduce(Real.zero) { $0 + d[$1] * d[j - $1] }
        }
        let sum = (0...k).reduce(Real.zero) { $0 + a[$1] * squares[k - $1] }
        d.append(sum / (k + 1))
        a.append(d[k + 1] / (k + 2))
      }
      coefficients = a
      tail = 9 * power(w / 1.8 / m.double)
      return
    }
    coefficients = a.enumerated().map { $1.scaled(logWidth * $0) }
    tail = rest
  }
}
