/// The polynomial of a segment: Σ c_k·(θ − e)^k in units of 2^-F, θ in [0, 1) the place in the
/// segment and e the end that the offset counts from, 0 left, 1 right.
public struct SegmentPolynomial: Sendable {
  public let coefficients: [Int64]
  public let end: Int
  /// F.
  public let bits: Int

  /// Interpolates a Taylor expansion about the segment's middle at the Chebyshev nodes, which is at
  /// most 1 % worse than the best polynomial here, and rounds the coefficients from the highest on,
  /// each with what the lower ones can make up for.
  public init(_ taylor: Taylor, degree: Int, end: Int, bits: Int) {
    self.end = end
    self.bits = bits
    let interpolation = Interpolation.of(degree: degree)
    let values = interpolation.nodes.map { node in
      taylor.coefficients.reversed().reduce(Real.zero) { $0 * node + $1 }
    }
    let centered = interpolation.inverse.map { row in
      zip(row, values).reduce(Real.zero) { $0 + $1.0 * $1.1 }
    }
    // In v = θ from the left end or 1 − θ from the right one: τ = ±(v − ½).
    let signed = centered.enumerated().map { end == 1 && $0 % 2 == 1 ? -$1 : $1 }
    var d = SegmentPolynomial.shift(signed, by: -Real.one.scaled(-1))
    var rounded = [Int64](repeating: 0, count: 5)
    for k in (0...degree).reversed() {
      let nearest = d[k].rounded(bits: bits)
      guard let value = nearest.int128.flatMap({ Int64(exactly: $0) }) else {
        preconditionFailure("a coefficient of \(nearest) units of 2^-\(bits) is no word")
      }
      rounded[k] = value
      // v^k less its multiple of the shifted Chebyshev polynomial has degree k − 1.
      let residue = d[k] - Real(nearest, bits: bits)
      let chebyshev = SegmentPolynomial.chebyshev[k]
      for lower in 0..<k { d[lower] = d[lower] - residue * chebyshev[lower] / chebyshev[k] }
    }
    coefficients = rounded.enumerated().map { end == 1 && $0 % 2 == 1 ? -$1 : $1 }
  }

  public init(coefficients: [Int64], end: Int, bits: Int) {
    self.coefficients = coefficients
    self.end = end
    self.bits = bits
  }

  public init(constant: Int64, bits: Int) {
    coefficients = [constant, 0, 0, 0, 0]
    end = 0
    self.bits = bits
  }

  /// Coefficients of T_k(2v − 1).
  private static let chebyshev = [
    [1], [-1, 2], [1, -8, 8], [-1, 18, -48, 32], [1, -32, 160, -256, 128],
  ]

  /// The exact coefficients about the segment's middle.
  public var centered: [Real] {
    let exact = coefficients.map { Real(BigInteger(Int($0)), bits: bits) }
    // θ − e = τ + ½ − e.
    return SegmentPolynomial.shift(exact, by: end == 0 ? Real.one.scaled(-1) : -Real.one.scaled(-1))
  }

  /// The coefficients of p(x + offset).
  private static func shift(_ p: [Real], by offset: Real) -> [Real] {
    var result = p
    for start in 0..<max(0, p.count - 1) {
      for k in stride(from: p.count - 2, through: start, by: -1) {
        result[k] = result[k] + result[k + 1] * offset
      }
    }
    return result
  }

  /// A bound of |p − f| on the segment, f given by its expansion about the middle.
  ///
  /// On each of 64 parts the difference is bounded by its Taylor expansion about the part's middle;
  /// the doubles' rounding is bounded by a multiple of the coefficients' sizes.
  public func distance(to taylor: Taylor) -> Double {
    let p = centered
    let difference = taylor.coefficients.enumerated().map { k, a in
      ((k < p.count ? p[k] : .zero) - a).double
    }
    let parts = 64
    var largest = 0.0
    for part in 0..<parts {
      let middle = (Double(part) + 0.5) / Double(parts) - 0.5
      var local = difference
      for start in 0..<(local.count - 1) {
        for k in stride(from: local.count - 2, through: start, by: -1) {
          local[k] += local[k + 1] * middle
        }
      }
      var bound = 0.0
      for k in local.indices.reversed() {
        bound = bound * (0.5 / Double(parts)) + local[k].magnitude
      }
      largest = max(largest, bound)
    }
    var size = 0.0
    for k in difference.indices.reversed() { size = size * 0.5 + difference[k].magnitude }
    return largest + size * 1e-12 + taylor.tail
  }
}

/// From values at the Chebyshev nodes of [−½, ½] to coefficients.
private struct Interpolation: Sendable {
  let nodes: [Real]
  let inverse: [[Real]]

  static func of(degree: Int) -> Interpolation { degree == 4 ? quartic : quadratic }

  private static let quadratic = Interpolation(degree: 2)
  private static let quartic = Interpolation(degree: 4)

  /// cos(π(2i + 1)/(2(d + 1)))/2: for d = 2 ±√3/4 and 0, for d = 4 ±√((5 ± √5)/8)/2 and 0.
  private init(degree: Int) {
    let roots: [Real] =
      degree == 2
      ? [Real(3).squareRoot.scaled(-1)]
      : [Real(5) + Real(5).squareRoot, Real(5) - Real(5).squareRoot].map {
        $0.scaled(-3).squareRoot
      }
    let nodes = roots.flatMap { [$0.scaled(-1), -$0.scaled(-1)] } + [.zero]
    self.nodes = nodes
    // Lagrange's basis polynomials, column by column.
    var inverse = Array(
      repeating: Array(repeating: Real.zero, count: nodes.count), count: nodes.count)
    for i in nodes.indices {
      var basis = [Real.one]
      for j in nodes.indices where j != i {
        let scale = Real.one / (nodes[i] - nodes[j])
        var next = Array(repeating: Real.zero, count: basis.count + 1)
        for k in basis.indices {
          next[k + 1] = next[k + 1] + basis[k] * scale
          next[k] = next[k] - basis[k] * nodes[j] * scale
        }
        basis = next
      }
      for k in basis.indices { inverse[k][i] = basis[k] }
    }
    self.inverse = inverse
  }
}
