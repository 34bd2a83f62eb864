import ZKVMField
import ZKVMProtocol

/// The sum of all tables' quotients, lifted, by coefficients; three columns, a coordinate each.
struct AccumulatedQuotient {
  private let layout: ProofLayout
  private let values: Matrix
  private let n: Int
  /// Coefficients of the quotient in a chunk; the others overlap with the next chunk's.
  private let length: Int

  init(_ layout: ProofLayout) {
    self.layout = layout
    n = 1 << layout.logHeight
    length = n - layout.parameters.chunkOverlap
    values = Matrix(rows: 4 * n, columns: 3)
  }

  /// Adds Q_T(X^(N/n)) of a table of height n.
  func add(_ coefficients: Matrix, height: Int) {
    let step = n / height
    parallel(3) { [values] coordinate in
      let source = coefficients.column(coordinate)
      let target = values.column(coordinate)
      for i in 0..<coefficients.rows { target[i * step] += source[i] }
    }
  }

  /// Whether the chunks have room for the degree; if not, a constraint does not hold.
  var fitsChunks: Bool {
    let bound = layout.parameters.quotientChunks * length
    return (0..<3).allSatisfy { coordinate in
      let column = values.column(coordinate)
      return (bound..<(4 * n)).allSatisfy { column[$0] == .zero }
    }
  }

  /// The overlapping chunks of N coefficients, then the mask: three base columns each. `streams`
  /// gives a coordinate's randomness for the overlaps and for the mask.
  func chunks(
    streams: @escaping (Int) -> (overlaps: RandomStream?, mask: RandomStream?)
  ) -> Matrix {
    let chunks = Matrix(rows: n, columns: layout.quotientTreeColumns)
    let count = layout.parameters.quotientChunks
    parallel(3) { coordinate in
      var (overlaps, mask) = streams(coordinate)
      let source = values.column(coordinate)
      var previous = [Goldilocks](repeating: .zero, count: layout.parameters.chunkOverlap)
      for chunk in 0..<count {
        let target = chunks.column(3 * chunk + coordinate)
        target.update(from: source + chunk * length, count: length)
        for i in previous.indices { target[i] -= previous[i] }
        guard chunk < count - 1, overlaps != nil else {
          previous = previous.map { _ in .zero }
          continue
        }
        for i in previous.indices {
          previous[i] = overlaps!.element()
          target[length + i] = previous[i]
        }
      }
      mask?.fill(chunks.column(layout.quotientColumns + coordinate), count: n)
    }
    return chunks
  }
}
