import ZKVMField

/// Folding, shared by both sides. A layer of 2^k values lies on shift·⟨ω⟩ in bit-reversed order, so
/// x and −x are neighbours and the eight points with the same x^8 are consecutive.
public enum FRI {
  /// Folds the eight values of group `group` of a layer with 2^logSize values on shift·⟨ω⟩: three
  /// times to (f(x) + f(−x))/2 + β·(f(x) − f(−x))/(2x), with β and x squared from fold to fold.
  public static func foldGroup(
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
  private static let inverseUnits: [Goldilocks] = {
    let log = ProofParameters.logArity
    let root = Goldilocks.rootOfUnity(logOrder: log).inverse
    return (0..<(1 << (log - 1))).map { root.power(UInt64(reverseBits(2 * $0, count: log))) }
  }()

  private static let inverseArity = Goldilocks(1 << ProofParameters.logArity).inverse

  /// The rows that a layer is committed in, eight values each, coordinate by coordinate.
  ///
  /// The layer is three columns, a coordinate each.
  public static func leaves(of layer: Matrix) -> Matrix {
    let arity = 1 << ProofParameters.logArity
    let leaves = Matrix(rows: layer.rows / arity, columns: 3 * arity)
    parallel(3 * arity) { column in
      let source = layer.column(column % 3) + column / 3
      let target = leaves.column(column)
      for row in 0..<leaves.rows { target[row] = source[arity * row] }
    }
    return leaves
  }

  /// Folds a whole layer of 2^logSize values, given by its leaves, by eight: each row to one value,
  /// three columns.
  public static func foldLayer(
    _ leaves: Matrix, logSize: Int, shift: Goldilocks, beta: CubicExtension
  ) -> Matrix {
    precondition(leaves.rows == 1 << (logSize - ProofParameters.logArity))
    let folded = Matrix(rows: leaves.rows, columns: 3)
    let points = CosetPoints(logSize: logSize, shift: shift)
    let size = min(256, leaves.rows)
    parallel(leaves.rows / size) { block in
      foldRows(
        leaves, (block * size)..<((block + 1) * size), points: points, beta: beta, into: folded)
    }
    return folded
  }

  /// Each step takes neighbours a, b to a + b + β·(a − b)/x, twice the fold.
  private static func foldRows(
    _ leaves: Matrix, _ rows: Range<Int>, points: CosetPoints, beta: CubicExtension,
    into folded: Matrix
  ) {
    let count = rows.count
    let wide = 3 * count
    let arity = 1 << ProofParameters.logArity
    // 1/x of the row's first point; those of its other points differ by the same factors in
    // every row.
    var inverses = rows.map { points.inverse(arity * $0) }
    var beta = beta
    withUnsafeTemporaryAllocation(of: Goldilocks.self, capacity: (arity + 1) * wide) { buffer in
      let values = buffer.baseAddress!
      let difference = values + arity * wide
      for column in 0..<(3 * arity) {
        (values + column * count).update(
          from: leaves.column(column) + rows.lowerBound, count: count)
      }
      for step in 1...ProofParameters.logArity {
        for i in 0..<(arity >> step) {
          let a = values + 2 * i * wide
          let b = a + wide
          let target = values + i * wide
          BlockKernels.subtract(difference, a, b, wide)
          for plane in 0..<3 {
            let start = difference + plane * count
            BlockKernels.multiply(start, start, inverses, count)
          }
          BlockKernels.add(target, a, b, wide)
          BlockKernels.accumulate(
            target, difference, weight: beta * inverseUnits[i], isExtension: true, count)
        }
        BlockKernels.multiply(&inverses, inverses, inverses, count)
        beta *= beta
      }
      for plane in 0..<3 {
        scaleByPowers(
          values + plane * count, of: .one, startingAt: inverseArity, count: count,
          into: folded.column(plane) + rows.lowerBound)
      }
    }
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
