import ZKVMField
import ZKVMProtocol

/// Folding of whole layers.
extension FRI {
  /// The rows that a layer is committed in: eight values each, a column each.
  package static func leaves(of layer: ExtensionMatrix) -> ExtensionMatrix {
    let arity = 1 << ProofParameters.logArity
    let leaves = ExtensionMatrix(rows: layer.rows / arity, columns: arity)
    parallel(leaves.base.columns) { column in
      let plane = column % CubicExtension.degree
      let source = layer.plane(plane) + column / CubicExtension.degree
      let target = leaves.base.column(column)
      for row in 0..<leaves.rows { target[row] = source[arity * row] }
    }
    return leaves
  }

  /// Folds a whole layer of 2^logSize values, given by its leaves, by eight: each row to one value.
  package static func foldLayer(
    _ leaves: ExtensionMatrix, logSize: Int, shift: Goldilocks, beta: CubicExtension
  ) -> ExtensionMatrix {
    precondition(leaves.rows == 1 << (logSize - ProofParameters.logArity))
    let folded = ExtensionMatrix(rows: leaves.rows)
    let points = CosetPoints(logSize: logSize, shift: shift)
    let size = min(256, leaves.rows)
    parallel(leaves.rows / size) { block in
      foldRows(
        leaves, (block * size)..<((block + 1) * size), points: points, beta: beta, into: folded)
    }
    return folded
  }

  /// Each step takes neighbours a, b to a + b + δ·(a − b)/x, twice the fold; δ is `beta` at first.
  private static func foldRows(
    _ leaves: ExtensionMatrix, _ rows: Range<Int>, points: CosetPoints, beta: CubicExtension,
    into folded: ExtensionMatrix
  ) {
    let count = rows.count
    let wide = CubicExtension.degree * count
    let arity = 1 << ProofParameters.logArity
    // 1/x of the row's first point; those of its other points differ by the same factors in
    // every row.
    var inverses = rows.map { points.inverse(arity * $0) }
    var beta = beta
    withUnsafeTemporaryAllocation(of: Goldilocks.self, capacity: (arity + 1) * wide) { buffer in
      func values(_ index: Int) -> ExtensionPlanes {
        ExtensionPlanes(buffer.baseAddress! + index * wide, stride: count)
      }
      let difference = values(arity)
      for i in 0..<arity {
        values(i).update(from: leaves.column(i).advanced(by: rows.lowerBound), count: count)
      }
      for step in 1...ProofParameters.logArity {
        for i in 0..<(arity >> step) {
          let (a, b, target) = (values(2 * i).start, values(2 * i + 1).start, values(i).start)
          BlockKernels.subtract(difference.start, a, b, wide)
          for index in CubicExtension.planes {
            let plane = difference.plane(index)
            BlockKernels.multiply(plane, plane, inverses, count)
          }
          BlockKernels.add(target, a, b, wide)
          BlockKernels.accumulate(
            target, difference.start, weight: beta * inverseUnits[i], isExtension: true, count)
        }
        BlockKernels.multiply(&inverses, inverses, inverses, count)
        beta *= beta
      }
      for plane in CubicExtension.planes {
        scaleByPowers(
          values(0).plane(plane), of: .one, startingAt: inverseArity, count: count,
          into: folded.plane(plane) + rows.lowerBound)
      }
    }
  }
}
