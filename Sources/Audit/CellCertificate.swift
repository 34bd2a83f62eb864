import ZKVMFixedPoint
import ZKVMReference

/// One segment's polynomial as the machine evaluates it, in units of the accumulator, 2^-F.
struct SegmentAnalysis {
  /// A bound of |polynomial − function|.
  let distance: Double
  /// A bound of what the rounding steps add.
  let rounding: Double
  /// A lower bound of |polynomial′|, the segment's width being 1.
  let slope: Double
  /// Whether the coefficients pull the same way.
  let isStructural: Bool
  /// A bound of |acc0 − h|.
  let largest: Double

  init(_ row: CoefficientRow, _ design: TableDesign) {
    let c = [row.c0, row.c1, row.c2, row.c3, row.c4]
    let polynomial = SegmentPolynomial(coefficients: c, end: design.end, bits: design.bits)
    let unit = Double(sign: .plus, exponent: design.bits, significand: 1)
    distance = design.taylor(row.segment).map { polynomial.distance(to: $0) * unit } ?? 0

    // Coefficients in v, the distance from the end that the offset counts from, 0 ≤ v ≤ 1.
    let d = c.enumerated().map { design.end == 1 && $0 % 2 == 1 ? -$1 : $1 }
    isStructural = d[1...].allSatisfy { $0 >= 0 } || d[1...].allSatisfy { $0 <= 0 }
    let size = d.map { Double($0.magnitude) }
    // The two highest steps take the offset without its low 16 bits: 2^-36 of the width.
    let cut = 0x1p-36
    let e3 = 0.5 + size[4] * cut
    let e2 = e3 + 0.5 + (size[3] + size[4] + e3) * cut
    rounding = e2 + 0.5 + 0.5
    largest = size.reduce(0, +) + rounding

    // On each of 64 parts |p′| is at least its value in the middle less 1/128 of the largest |p″|.
    let curvature = 2 * size[2] + 6 * size[3] + 12 * size[4]
    var least = Double.infinity
    for part in 0..<64 {
      let v = (Double(part) + 0.5) / 64
      let upper = 3 * Double(d[3]) + v * 4 * Double(d[4])
      let derivative = Double(d[1]) + v * (2 * Double(d[2]) + v * upper)
      least = min(least, derivative.magnitude - curvature / 128)
    }
    slope = max(0, least * (1 - 1e-9))
  }
}

/// What is proved of one cell: one segment in one case of a function's range reduction.
struct CellCertificate: Sendable {
  enum Monotonicity: String, Sendable, Codable {
    /// All coefficients pull the same way, so that every rounding step is monotone.
    case structural
    /// One ulp of the argument moves the accumulator further than the roundings can.
    case slope
    /// All arguments were tried.
    case exhaustive
    case none
  }

  /// In ulp of q48; x below, and the last argument above.
  let arguments: ClosedRange<Int64>
  /// The results at both ends.
  let results: (first: Int64, last: Int64)
  /// A bound of |result − true value| in ulp.
  let bound: Double
  /// The part of the bound that the promise grants in proportion to the result.
  let granted: Double
  let monotonicity: Monotonicity
  /// The largest error at the ends, and inside if all arguments were tried; 0 if none was judged.
  let observed: Double
}
