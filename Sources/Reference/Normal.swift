extension Real {
  /// φ(x) = e^(−x²/2)/√(2π).
  public static func pdf(_ x: Real) -> Real { exp(-(x * x).scaled(-1)) * inverseRootOf2Pi }

  /// Φ(x) = ½ + φ(x)·Σ x^(2k+1)/(1·3·5·…·(2k+1)); no term is negative, so for |x| ≤ 16 nothing
  /// cancels but the leading bits of Φ of a negative argument.
  public static func cdf(_ x: Real) -> Real {
    var term = x
    var total = x
    var k = 1
    let square = x * x
    while term.magnitude > Real(units: BigInteger.one) {
      term = term * square / (2 * k + 1)
      total = total + term
      k += 1
    }
    return Real.one.scaled(-1) + pdf(x) * total
  }

  /// erfcx(x) = e^(x²)·erfc(x), x ≥ 0.
  ///
  /// Below 8 from Φ: erfc(x) = 2Φ(−x√2) ≥ 2^-98, whose relative error grows by as much. From 8 on
  /// by Laplace's continued fraction x + ½/(x + 1/(x + (3/2)/(x + …))), whose convergents enclose it
  /// (DLMF 7.9); 400 of them agree to more than 2^-200 at 8.
  public static func erfcx(_ x: Real) -> Real {
    if x < Real(8) { return exp(x * x) * cdf(-(x * squareRootOf2)) * 2 }
    var fraction = x
    for k in stride(from: 400, to: 0, by: -1) { fraction = x + Real(k, bits: 1) / fraction }
    return inverseRootOfPi / fraction
  }

  /// Φ⁻¹(p), 2^-64 ≤ p ≤ 1 − 2^-64, by Newton's iteration on Φ with its second-order term (Halley).
  public static func icdf(_ p: Real) -> Real {
    let half = Real.one.scaled(-1)
    if p == half { return .zero }
    if half < p { return -icdf(Real.one - p) }
    let l = -ln(p) * 2
    // Hastings' bound |error| < 4.5e-4 (Abramowitz and Stegun 26.2.23).
    let t = l.double.squareRoot()
    let start =
      t - (2.515517 + 0.802853 * t + 0.010328 * t * t)
      / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
    var x = -Real(Int(start * 0x1p48), bits: 48)
    // The relative error of p is about x times that of x: 2^-11, 2^-30, 2^-85, 2^-250, beyond.
    for _ in 0..<5 {
      let step = (cdf(x) - p) / pdf(x)
      x = x - step / (Real.one + (x * step).scaled(-1))
    }
    return x
  }
}
