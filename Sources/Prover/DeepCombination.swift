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

  func codeword(zeta: CubicExtension, gamma: CubicExtension) -> [CubicExtension] {
    let weights = BatchWeights(layout, gamma: gamma)
    let logBlowup = layout.parameters.logBlowup
    let size = 1 << layout.logDomain
    var here = [CubicExtension](repeating: .zero, count: size)
    var next = [CubicExtension](repeating: .zero, count: size)
    var hereValue = dot(weights.quotient, quotientOpening)
    var nextValue = CubicExtension.zero
    for (index, table) in tables.enumerated() {
      let w = weights.tables[index]
      let opening = openings[index]
      hereValue += dot(w.main, opening.main) + dot(w.auxiliary, opening.auxiliary)
      nextValue += dot(w.mainNext, opening.mainNext) + dot(w.auxiliaryNext, opening.auxiliaryNext)
      let rows = table.height << logBlowup
      let shift = layout.logHeight - table.logHeight
      let hereColumns =
        zip(0..., w.main).map { (table.mainExtension.column($0), $1) }
        + zip(0..., w.auxiliary).map { (table.auxiliaryExtension.column($0), $1) }
      let nextColumns =
        zip(table.system.nextColumns, w.mainNext).map { (table.mainExtension.column($0), $1) }
        + zip(0..., w.auxiliaryNext).map { (table.auxiliaryExtension.column($0), $1) }
      add(hereColumns, rows: rows, lift: shift, to: &here)
      add(nextColumns, rows: rows, lift: shift, to: &next)
    }
    add(
      zip(0..., weights.quotient).map { (quotient.column($0), $1) }, rows: size, lift: 0, to: &here)
    return divide(here, hereValue, next, nextValue, zeta)
  }

  /// Adds Σ weight·column to the lifted total.
  private func add(
    _ columns: [(UnsafeMutablePointer<Goldilocks>, CubicExtension)], rows: Int, lift: Int,
    to total: inout [CubicExtension]
  ) {
    total.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let target = buffer
      parallelRanges(rows, grain: 1024) { range in
        let count = range.count
        var sums = [Goldilocks](repeating: .zero, count: 3 * count)
        for (column, weight) in columns {
          BlockKernels.accumulate(
            &sums, column + range.lowerBound, weight: weight, isExtension: false, count)
        }
        for i in 0..<count {
          let sum = CubicExtension(sums[i], sums[count + i], sums[2 * count + i])
          let first = (range.lowerBound + i) << lift
          for row in first..<(first + 1 << lift) { target[row] += sum }
        }
      }
    }
  }

  private func divide(
    _ here: [CubicExtension], _ hereValue: CubicExtension, _ next: [CubicExtension],
    _ nextValue: CubicExtension, _ zeta: CubicExtension
  ) -> [CubicExtension] {
    let log = layout.logDomain
    let root = Goldilocks.rootOfUnity(logOrder: log)
    let zetaNext = zeta * Goldilocks.rootOfUnity(logOrder: layout.logHeight)
    var points = [Goldilocks](repeating: .zero, count: 1 << log)
    var x = Goldilocks.generator
    for i in points.indices {
      points[i] = x
      x *= root
    }
    points.withUnsafeMutableBufferPointer { bitReverse($0.baseAddress!, logSize: log) }
    let isHiding = layout.parameters.isHiding
    let maskColumns =
      isHiding ? (0..<3).map { quotient.column(layout.quotientColumns + $0) } : []
    let domain = points
    return [CubicExtension](unsafeUninitializedCapacity: 1 << log) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      parallelRanges(1 << log, grain: 4096) { range in
        var inverses: [CubicExtension] = []
        inverses.reserveCapacity(2 * range.count)
        for i in range { inverses.append(CubicExtension(domain[i]) - zeta) }
        for i in range { inverses.append(CubicExtension(domain[i]) - zetaNext) }
        invertAll(&inverses)
        for i in range {
          let offset = i - range.lowerBound
          var value =
            (here[i] - hereValue) * inverses[offset]
            + (next[i] - nextValue) * inverses[range.count + offset]
          if isHiding {
            value += CubicExtension(maskColumns[0][i], maskColumns[1][i], maskColumns[2][i])
          }
          target.initializeElement(at: i, to: value)
        }
      }
      initialized = 1 << log
    }
  }
}
