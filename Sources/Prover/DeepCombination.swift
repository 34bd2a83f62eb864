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
  let tables: [TableProver]
  /// The quotient's chunks, by coefficients, and the mask.
  let chunks: Matrix
  /// Their extension.
  let quotient: Matrix
  let openings: [TableOpening]
  let quotientOpening: [CubicExtension]

  /// Rows that are combined at a time, and of these as many as are inverted side by side.
  private static let grain = 1024
  private static let width = 64
  private static let wide = 3 * width

  /// Three columns, a coordinate each.
  func codeword(zeta: CubicExtension, gamma: CubicExtension) -> Matrix {
    let weights = BatchWeights(layout, gamma: gamma)
    let claims = weights.claims(openings, quotient: quotientOpening)
    return divide(extend(coefficients(weights)), claims.here, claims.next, zeta)
  }

  /// The coefficients of Σ weight·column, lifted: for ζ, then for ζg, three columns each.
  private func coefficients(_ weights: BatchWeights) -> Matrix {
    typealias Term = (UnsafeMutablePointer<Goldilocks>, CubicExtension)
    let total = Matrix(rows: 1 << layout.logHeight, columns: 6)
    for logHeight in uniqueSorted(layout.logHeights) {
      var here: [Term] = []
      var next: [Term] = []
      for (table, w) in zip(tables, weights.tables) where table.logHeight == logHeight {
        here += zip(0..., w.main).map { (table.mainExtension.column($0), $1) }
        here += zip(0..., w.auxiliary).map { (table.auxiliaryExtension.column($0), $1) }
        next += zip(table.system.nextColumns, w.mainNext).map {
          (table.mainExtension.column($0), $1)
        }
        next += zip(0..., w.auxiliaryNext).map { (table.auxiliaryExtension.column($0), $1) }
      }
      // The first block of the extension determines the sum, a polynomial of degree below n.
      let sums = sum([here, next], rows: 1 << logHeight)
      let step = 1 << (layout.logHeight - logHeight)
      let transform = Transform(logSize: logHeight)
      let shift = layout.shift(logHeight: logHeight)
      parallel(6) { column in
        let source = sums.column(column)
        transform.inverse(source, shift: shift)
        let target = total.column(column)
        for i in 0..<sums.rows { target[i * step] += source[i] }
      }
    }
    let quotient = sum(
      [zip(0..., weights.quotient).map { (chunks.column($0), $1) }], rows: total.rows)
    for plane in 0..<3 {
      BlockKernels.add(
        total.column(plane), total.column(plane), quotient.column(plane), total.rows)
    }
    return total
  }

  /// Σ weight·column for each list of columns, three columns each.
  private func sum(
    _ lists: [[(UnsafeMutablePointer<Goldilocks>, CubicExtension)]], rows: Int
  ) -> Matrix {
    let values = Matrix(rows: rows, columns: 3 * lists.count)
    nonisolated(unsafe) let lists = lists
    parallelRanges(rows, grain: DeepCombination.grain) { range in
      let count = range.count
      withUnsafeTemporaryAllocation(of: Goldilocks.self, capacity: 3 * count) { sums in
        let sums = sums.baseAddress!
        for (list, terms) in lists.enumerated() {
          sums.update(repeating: .zero, count: 3 * count)
          for (column, weight) in terms {
            BlockKernels.accumulate(
              sums, column + range.lowerBound, weight: weight, isExtension: false, count)
          }
          for plane in 0..<3 {
            (values.column(3 * list + plane) + range.lowerBound).update(
              from: sums + plane * count, count: count)
          }
        }
      }
    }
    return values
  }

  private func extend(_ coefficients: Matrix) -> Matrix {
    let logBlowup = layout.parameters.logBlowup
    let output = Matrix(rows: 1 << layout.logDomain, columns: coefficients.columns)
    parallel(coefficients.columns) { [self] column in
      evaluateOnCoset(
        coefficients: coefficients.column(column), logSize: layout.logHeight, logBlowup: logBlowup,
        blocks: 1 << logBlowup, shift: Goldilocks.generator, into: output.column(column))
    }
    return output
  }

  private func divide(
    _ sums: Matrix, _ hereValue: CubicExtension, _ nextValue: CubicExtension,
    _ zeta: CubicExtension
  ) -> Matrix {
    let size = 1 << layout.logDomain
    let codeword = Matrix(rows: size, columns: 3)
    let places = [zeta, zeta * Goldilocks.rootOfUnity(logOrder: layout.logHeight)]
    let values = [hereValue, nextValue]
    let points = CosetPoints(logSize: layout.logDomain, shift: Goldilocks.generator)
    let (width, wide) = (DeepCombination.width, DeepCombination.wide)
    let grain = min(DeepCombination.grain, size)
    let groups = grain / width
    parallelRanges(size, grain: grain) { [self] range in
      withUnsafeTemporaryAllocation(of: Goldilocks.self, capacity: (4 * groups + 2) * wide) {
        let inverses = $0.baseAddress!
        let scratch = inverses + 2 * groups * wide
        let numerator = scratch + 2 * groups * wide
        let total = numerator + wide
        for group in 0..<groups {
          let first = range.lowerBound + group * width
          for (place, zeta) in places.enumerated() {
            let target = inverses + (2 * group + place) * wide
            for i in 0..<width { target[i] = points[first + i] - zeta.a }
            (target + width).update(repeating: -zeta.b, count: width)
            (target + 2 * width).update(repeating: -zeta.c, count: width)
          }
        }
        BlockKernels.invertExtensions(
          inverses, groups: 2 * groups, width: width, scratch: scratch)
        for group in 0..<groups {
          let first = range.lowerBound + group * width
          initialize(total, first: first)
          for place in 0..<2 {
            for (plane, value) in values[place].coordinates.enumerated() {
              (numerator + plane * width).update(repeating: -value, count: width)
            }
            for plane in 0..<3 {
              let start = numerator + plane * width
              BlockKernels.add(start, start, sums.column(3 * place + plane) + first, width)
            }
            BlockKernels.multiplyExtension(
              numerator, numerator, inverses + (2 * group + place) * wide, width)
            BlockKernels.add(total, total, numerator, wide)
          }
          for plane in 0..<3 {
            (codeword.column(plane) + first).update(from: total + plane * width, count: width)
          }
        }
      }
    }
    return codeword
  }

  /// The mask, if there is one.
  private func initialize(_ total: UnsafeMutablePointer<Goldilocks>, first: Int) {
    let width = DeepCombination.width
    guard layout.parameters.isHiding else {
      total.update(repeating: .zero, count: 3 * width)
      return
    }
    for plane in 0..<3 {
      (total + plane * width).update(
        from: quotient.column(layout.quotientColumns + plane) + first, count: width)
    }
  }
}
