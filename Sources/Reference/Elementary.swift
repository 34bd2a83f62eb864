extension Real {
  /// ln 2 = 2·artanh(1/3).
  public static let ln2 = Real.one.arcTanhOfInverse(3) * 2

  /// Machin: π = 16·arctan(1/5) − 4·arctan(1/239).
  public static let pi = Real.one.arcTanOfInverse(5) * 16 - Real.one.arcTanOfInverse(239) * 4

  public static let squareRootOf2 = Real(2).squareRoot
  /// 1/√(2π).
  public static let inverseRootOf2Pi = Real.one / (pi * 2).squareRoot
  /// 1/√π.
  public static let inverseRootOfPi = Real.one / pi.squareRoot

  private func arcTanhOfInverse(_ n: Int) -> Real { series(n, alternating: false) }
  private func arcTanOfInverse(_ n: Int) -> Real { series(n, alternating: true) }

  private func series(_ n: Int, alternating: Bool) -> Real {
    var power = self / n
    var total = power
    var k = 1
    while !power.isZero && power.magnitude > Real(units: BigInteger.one) {
      power = power / (n * n)
      k += 2
      total = (k / 2) % 2 == 1 && alternating ? total - power / k : total + power / k
    }
    return total
  }

  /// e^x for x < 2^13: e^x = 2^k·(e^(r/2^24))^(2^24), |r| < 1. Squaring loses 24 bits.
  public static func exp(_ x: Real) -> Real {
    let quotient = (x / ln2).rounded(bits: 0)
    guard let k = quotient.int128.map({ Int($0) }) else { return .zero }
    let r = (x - Real(units: ln2.units * quotient)).scaled(-24)
    var term = Real.one
    var total = Real.one
    var n = 1
    while !term.isZero && n < 40 {
      term = term * r / n
      total = total + term
      n += 1
    }
    for _ in 0..<24 { total = total * total }
    return total.scaled(k)
  }

  /// ln x for x > 0: x = m·2^k with m in [1, 2), then Newton's iteration y += 2(m − e^y)/(m + e^y),
  /// which triples the correct bits.
  public static func ln(_ x: Real) -> Real {
    let k = x.units.bitWidth - 1 - bits
    let m = x.scaled(-k)
    var y = Real(Int(logarithm(m.double) * 0x1p52), bits: 52)
    for _ in 0..<2 {
      let e = exp(y)
      y = y + (m - e) * 2 / (m + e)
    }
    // 50 → 150 → 450 bits.
    return y + Real(units: ln2.units * k)
  }

  /// A double's logarithm without the C library, good to about fifty bits: a start for Newton.
  private static func logarithm(_ m: Double) -> Double {
    let z = (m - 1) / (m + 1)
    var power = z
    var total = 0.0
    for k in 0..<40 {
      total += power / Double(2 * k + 1)
      power *= z * z
    }
    return 2 * total
  }
}
