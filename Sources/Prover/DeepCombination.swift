import AIR
import Field
import Protocol

/// The batched DEEP quotient on the largest coset:
///
///     mask + (Σ γ^i·(f_i − f_i(ζ)))/(X − ζ) + (Σ γ^j·(f_j − f_j(ζg)))/(X − ζg)
///
/// with every column lifted to height N.
struct DeepCombination {
  let layout: ProofLayout
  let tables: [TableProver]
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
    var hereValue = dot(weights.quotient, quotientOpening)
    var nextValue = CubicExtension.zero
    for (opening, w) in zip(openings, weights.tables) {
      hereValue += dot(w.main, opening.main) + dot(w.auxiliary, opening.auxiliary)
      nextValue += dot(w.mainNext, opening.mainNext) + dot(w.auxiliaryNext, opening.auxiliaryNext)
    }
    let sums = uniqueSorted(layout.logHeights).map { sum(logHeight: $0, weights) }
    return divide(sums, hereValue, nextValue, zeta)
  }

  /// Σ weight·column over the tables of one height.
  private struct HeightSum: Sendable {
    /// log2 of how many rows of the largest coset share a row.
    let lift: Int
    /// The sum for ζ, then that for ζg: three columns each.
    let values: Matrix
  }

  private func sum(logHeight: Int, _ weights: BatchWeights) -> HeightSum {
    typealias Term = (UnsafeMutablePointer<Goldilocks>, CubicExtension)
    var here: [Term] = []
    var next: [Term] = []
    for (table, w) in zip(tables, weights.tables) where table.logHeight == logHeight {
      here += zip(0..., w.main).map { (table.mainExtension.column($0), $1) }
      here += zip(0..., w.auxiliary).map { (table.auxiliaryExtension.column($0), $1) }
      next += zip(table.system.nextColumns, w.mainNext).map { (table.mainExtension.column($0), $1) }
      next += zip(0..., w.auxiliaryNext).map { (table.auxiliaryExtension.column($0), $1) }
    }
    if logHeight == layout.logHeight {
      here += zip(0..., weights.quotient).map { (quotient.column($0), $1) }
    }
    let rows = 1 << (logHeight + layout.parameters.logBlowup)
    let values = Matrix(rows: rows, columns: 6)
    nonisolated(unsafe) let terms = [here, next]
    parallelRanges(rows, grain: DeepCombination.grain) { range in
      let count = range.count
      for (point, terms) in terms.enumerated() {
        var sums = [Goldilocks](repeating: .zero, count: 3 * count)
        for (column, weight) in terms {
          BlockKernels.accumulate(
            &sums, column + range.lowerBound, weight: weight, isExtension: false, count)
        }
        for plane in 0..<3 {
          (values.column(3 * point + plane) + range.lowerBound).update(
            from: Array(sums[(plane * count)..<((plane + 1) * count)]), count: count)
        }
      }
    }
    return HeightSum(lift: layout.logHeight - logHeight, values: values)
  }

  private func divide(
    _ sums: [HeightSum], _ hereValue: CubicExtension, _ nextValue: CubicExtension,
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
            for sum in sums { add(sum, 3 * place, first: first, to: numerator) }
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

  /// Adds three columns from `column` on, lifted, to the rows from `first` on.
  private func add(
    _ sum: HeightSum, _ column: Int, first: Int, to target: UnsafeMutablePointer<Goldilocks>
  ) {
    let width = DeepCombination.width
    for plane in 0..<3 {
      let source = sum.values.column(column + plane)
      let start = target + plane * width
      if sum.lift == 0 {
        BlockKernels.add(start, start, source + first, width)
      } else {
        for i in 0..<width { start[i] += source[(first + i) >> sum.lift] }
      }
    }
  }
}
