import ZKVMField
import ZKVMProtocol

/// The sum of all tables' quotients, lifted, by coefficients.
struct AccumulatedQuotient {
  private let layout: ProofLayout
  private let values: ExtensionMatrix
  private let n: Int
  /// Coefficients of the quotient in a chunk; the others overlap with the next chunk's.
  private let length: Int

  init(_ layout: ProofLayout) {
    self.layout = layout
    n = 1 << layout.logHeight
    length = n - layout.parameters.chunkOverlap
    values = ExtensionMatrix(rows: 4 * n)
  }

  /// Adds Q_T(X^(N/n)) of a table of height n.
  func add(_ coefficients: ExtensionMatrix, height: Int) {
    let step = n / height
    parallel(CubicExtension.degree) { [values] plane in
      let source = coefficients.plane(plane)
      let target = values.plane(plane)
      for i in 0..<coefficients.rows { target[i * step] += source[i] }
    }
  }

  /// Whether the chunks have room for the degree; if not, a constraint does not hold.
  var fitsChunks: Bool {
    let bound = layout.parameters.quotientChunks * length
    return CubicExtension.planes.allSatisfy { plane in
      let column = values.plane(plane)
      return (bound..<(4 * n)).allSatisfy { column[$0] == .zero }
    }
  }

  /// The overlapping chunks of N coefficients, then the mask. `streams` gives a
  /// coordinate's randomness for the overlaps and for the mask.
  func chunks(
    streams: @escaping (Int) -> (overlaps: RandomStream?, mask: RandomStream?)
  ) -> ExtensionMatrix {
    let isHiding = layout.parameters.isHiding
    let chunks = ExtensionMatrix(
      rows: n, columns: layout.parameters.quotientChunks + (isHiding ? 1 : 0))
    let count = layout.parameters.quotientChunks
    parallel(CubicExtension.degree) { plane in
      var (overlaps, mask) = streams(plane)
      let source = values.plane(plane)
      var previous = [Goldilocks](repeating: .zero, count: layout.parameters.chunkOverlap)
      for chunk in 0..<count {
        let target = chunks.plane(plane, ofColumn: chunk)
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
      if isHiding { mask?.fill(chunks.plane(plane, ofColumn: count), count: n) }
    }
    return chunks
  }
}
