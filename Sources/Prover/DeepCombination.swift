import ZKVMAIR
import ZKVMField
import ZKVMProtocol

/// The batched DEEP quotient on the largest coset:
///
///     mask + (Σ γ^i·(f_i − f_i(ζ)))/(X − ζ) + (Σ γ^j·(f_j − f_j(ζg)))/(X − ζg)
///
/// with every column lifted to height N.
struct DeepCombination {
  let layout: ProofLayout
  let opened: OpenedColumns

  /// Rows that are combined at a time, and of these as many as are inverted side by side.
  private static let grain = 1024
  private static let width = 64
  private static let wide = CubicExtension.degree * width

  func codeword(gamma: CubicExtension) -> ExtensionMatrix {
    let weights = BatchWeights(layout, gamma: gamma)
    let claims = weights.claims(opened.tables, quotient: opened.quotient)
    let zeta = opened.zeta
    let zetaNext = zeta * Goldilocks.rootOfUnity(logOrder: layout.logHeight)
    return divide(
      extend(coefficients(weights)),
      [Place(point: zeta, claim: claims.here), Place(point: zetaNext, claim: claims.next)])
  }

  /// A point at which columns are opened, and what their weighted sum is there.
  private struct Place {
    let point: CubicExtension
    let claim: CubicExtension
  }

  /// The coefficients of Σ weight·column, lifted: for ζ, then for ζg.
  private func coefficients(_ weights: BatchWeights) -> ExtensionMatrix {
    typealias Term = (UnsafeMutablePointer<Goldilocks>, CubicExtension)
    let total = ExtensionMatrix(rows: 1 << layout.logHeight, columns: 2)
    for logHeight in uniqueSorted(layout.logHeights) {
      var here: [Term] = []
      var next: [Term] = []
      for (columns, w) in zip(opened.committed.tables, weights.tables)
      where columns.table.logHeight == logHeight {
        here += zip(0..., w.main).map { (columns.main.column($0), $1) }
        here += zip(0..., w.auxiliary).map { (columns.lookups.column($0), $1) }
        next += zip(columns.table.system.nextColumns, w.mainNext).map {
          (columns.main.column($0), $1)
        }
        next += zip(0..., w.auxiliaryNext).map { (columns.lookups.column($0), $1) }
      }
      // The first block of the extension determines the sum, a polynomial of degree below n.
      let sums = sum([here, next], rows: 1 << logHeight).base
      let step = 1 << (layout.logHeight - logHeight)
      let transform = Transform(logSize: logHeight)
      let shift = layout.shift(logHeight: logHeight)
      parallel(sums.columns) { column in
        let source = sums.column(column)
        transform.inverse(source, shift: shift)
        let target = total.base.column(column)
        for i in 0..<sums.rows { target[i * step] += source[i] }
      }
    }
    let chunks = opened.committed.chunks.base
    let quotient = sum(
      [zip(0..., weights.quotient).map { (chunks.column($0), $1) }], rows: total.rows)
    for plane in CubicExtension.planes {
      BlockKernels.add(
        total.plane(plane), total.plane(plane), quotient.plane(plane), total.rows)
    }
    return total
  }

  /// Σ weight·column for each list of columns.
  private func sum(
    _ lists: [[(UnsafeMutablePointer<Goldilocks>, CubicExtension)]], rows: Int
  ) -> ExtensionMatrix {
    let values = ExtensionMatrix(rows: rows, columns: lists.count)
    nonisolated(unsafe) let lists = lists
    parallelRanges(rows, grain: DeepCombination.grain) { range in
      let count = range.count
      let size = CubicExtension.degree * count
      withUnsafeTemporaryAllocation(of: Goldilocks.self, capacity: size) { buffer in
        let sums = ExtensionPlanes(buffer.baseAddress!, stride: count)
        for (list, terms) in lists.enumerated() {
          sums.update(repeating: .zero, count: count)
          for (column, weight) in terms {
            BlockKernels.accumulate(
              sums.start, column + range.lowerBound, weight: weight, isExtension: false, count)
          }
          values.column(list).advanced(by: range.lowerBound).update(from: sums, count: count)
        }
      }
    }
    return values
  }

  private func extend(_ coefficients: ExtensionMatrix) -> ExtensionMatrix {
    let logBlowup = layout.parameters.logBlowup
    let output = ExtensionMatrix(rows: 1 << layout.logDomain, columns: coefficients.columns)
    parallel(output.base.columns) { [layout] column in
      evaluateOnCoset(
        coefficients: coefficients.base.column(column), logSize: layout.logHeight,
        logBlowup: logBlowup, blocks: 1 << logBlowup, shift: Goldilocks.generator,
        into: output.base.column(column))
    }
    return output
  }

  /// The mask plus, for each place, (sum − claim)/(X − point).
  private func divide(_ sums: ExtensionMatrix, _ places: [Place]) -> ExtensionMatrix {
    let size = 1 << layout.logDomain
    let codeword = ExtensionMatrix(rows: size)
    let points = CosetPoints(logSize: layout.logDomain, shift: Goldilocks.generator)
    let (width, wide) = (DeepCombination.width, DeepCombination.wide)
    let grain = min(DeepCombination.grain, size)
    // Of each group of points the inverses for each place.
    let inverseCount = grain / width * places.count
    let capacity = (2 * inverseCount + 2) * wide
    parallelRanges(size, grain: grain) { range in
      withUnsafeTemporaryAllocation(of: Goldilocks.self, capacity: capacity) { buffer in
        func element(_ index: Int) -> ExtensionPlanes {
          ExtensionPlanes(buffer.baseAddress! + index * wide, stride: width)
        }
        for index in 0..<inverseCount {
          let first = range.lowerBound + index / places.count * width
          let target = element(index)
          target.update(repeating: -places[index % places.count].point, count: width)
          for i in 0..<width { target.start[i] += points[first + i] }
        }
        BlockKernels.invertExtensions(
          element(0).start, groups: inverseCount, width: width,
          scratch: element(inverseCount).start)
        let numerator = element(2 * inverseCount)
        let total = element(2 * inverseCount + 1)
        for group in 0..<(grain / width) {
          let first = range.lowerBound + group * width
          initialize(total, first: first)
          for (index, place) in places.enumerated() {
            numerator.update(repeating: -place.claim, count: width)
            let sum = sums.column(index).advanced(by: first)
            for plane in CubicExtension.planes {
              let start = numerator.plane(plane)
              BlockKernels.add(start, start, sum.plane(plane), width)
            }
            BlockKernels.multiplyExtension(
              numerator.start, numerator.start, element(places.count * group + index).start, width)
            BlockKernels.add(total.start, total.start, numerator.start, wide)
          }
          codeword.column().advanced(by: first).update(from: total, count: width)
        }
      }
    }
    return codeword
  }

  /// The mask, if there is one.
  private func initialize(_ total: ExtensionPlanes, first: Int) {
    let width = DeepCombination.width
    guard layout.parameters.isHiding else {
      return total.update(repeating: .zero, count: width)
    }
    let mask = opened.committed.extended.column(layout.parameters.quotientChunks)
    total.update(from: mask.advanced(by: first), count: width)
  }
}
