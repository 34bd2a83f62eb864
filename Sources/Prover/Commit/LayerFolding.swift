import ZKVMField
import ZKVMProtocol

/// Folding of whole layers.
extension FRI {
  /// The rows that a layer is committed in, eight values each, coordinate by coordinate.
  ///
  /// The layer is three columns, a coordinate each.
  package static func leaves(of layer: Matrix) -> Matrix {
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
  package static func foldLayer(
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
}
