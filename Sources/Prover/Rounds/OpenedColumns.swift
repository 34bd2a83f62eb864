import ZKVMField
import ZKVMProtocol

/// After steps up to 20: the columns' values at ζ.
struct OpenedColumns {
  let committed: CommittedQuotient
  let zeta: CubicExtension
  let tables: [TableOpening]
  /// The chunks' base columns.
  let quotient: [CubicExtension]

  init(_ committed: consuming CommittedQuotient, zeta: CubicExtension, _ layout: ProofLayout) {
    tables = committed.tables.map { $0.open(zeta, layout) }
    quotient = OpenedColumns.open(committed.chunks, layout, zeta)
    self.committed = committed
    self.zeta = zeta
  }

  /// The chunks' values at ζ from their coefficients, by ranges of which each is a sum of
  /// coefficients times the same powers of ζ.
  private static func open(
    _ chunks: ExtensionMatrix, _ layout: ProofLayout, _ zeta: CubicExtension
  ) -> [CubicExtension] {
    let grain = min(1024, chunks.rows)
    let powers = ExtensionMatrix(rows: grain)
    var power = CubicExtension.one
    for i in 0..<grain {
      powers[i] = power
      power *= zeta
    }
    let weights = powers.column()
    return (0..<layout.quotientColumns).map { column in
      stride(from: chunks.rows - grain, through: 0, by: -grain).reduce(.zero) { total, start in
        total * power
          + BlockKernels.dot(
            weights: weights.start, stride: weights.stride, chunks.base.column(column) + start,
            grain)
      }
    }
  }
}

extension CommittedQuotient.Columns {
  /// The table's openings at ζ^(N/n) and its successor.
  fileprivate func open(_ zeta: CubicExtension, _ layout: ProofLayout) -> TableOpening {
    let system = table.system
    let point = layout.lifted(zeta, logHeight: table.logHeight)
    let here = open(
      at: point, main: Array(0..<main.columns), lookups: Array(0..<lookups.columns))
    let next = open(
      at: point * Goldilocks.rootOfUnity(logOrder: table.logHeight), main: system.nextColumns,
      lookups: Array(CubicExtension.planes))
    return TableOpening(
      main: here.main, auxiliary: here.lookups, mainNext: next.main, auxiliaryNext: next.lookups)
  }

  /// The columns' values at a point z of the extension, by barycentric evaluation from the first
  /// block of the extension, the coset s·⟨ω⟩ of n points:
  ///
  ///     f(z) = (z^n − s^n)/(n·s^n)·Σ x/(z − x)·f(x)
  private func open(
    at point: CubicExtension, main mainColumns: [Int], lookups lookupColumns: [Int]
  ) -> (main: [CubicExtension], lookups: [CubicExtension]) {
    nonisolated(unsafe) let columns =
      mainColumns.map { main.column($0) } + lookupColumns.map { lookups.column($0) }
    let (height, shift) = (table.height, table.shift)
    let points = CosetPoints(logSize: table.logHeight, shift: shift)
    let grain = min(1024, height)
    // A row a column, a column a range.
    let partial = ExtensionMatrix(rows: columns.count, columns: height / grain)
    parallelRanges(height, grain: grain) { range in
      let weights = barycentricWeights(range, points: points, at: point)
      let sums = partial.column(range.lowerBound / grain)
      for (index, column) in columns.enumerated() {
        sums[index] = BlockKernels.dot(
          weights: weights, stride: grain, column + range.lowerBound, grain)
      }
    }
    let shifted = shift.power(UInt64(height))
    let factor =
      (point.power(UInt64(height)) - shifted) * (Goldilocks(height) * shifted).inverse
    let values = columns.indices.map { index in
      (0..<partial.columns).reduce(CubicExtension.zero) { $0 + partial[index, $1] } * factor
    }
    return (Array(values[..<mainColumns.count]), Array(values[mainColumns.count...]))
  }
}

/// x/(z − x) for some of the points, coordinate by coordinate.
private func barycentricWeights(
  _ range: Range<Int>, points: CosetPoints, at z: CubicExtension
) -> [Goldilocks] {
  let width = min(64, range.count)
  let wide = CubicExtension.degree * width
  let groups = range.count / width
  var values = [Goldilocks](repeating: .zero, count: groups * wide)
  var scratch = values
  values.withUnsafeMutableBufferPointer { values in
    for group in 0..<groups {
      let target = ExtensionPlanes(values.baseAddress! + group * wide, stride: width)
      target.update(repeating: z, count: width)
      for i in 0..<width { target.start[i] -= points[range.lowerBound + group * width + i] }
    }
  }
  BlockKernels.invertExtensions(&values, groups: groups, width: width, scratch: &scratch)
  for i in 0..<range.count {
    let x = points[range.lowerBound + i]
    for plane in CubicExtension.planes {
      scratch[plane * range.count + i] = x * values[i / width * wide + plane * width + i % width]
    }
  }
  return scratch
}
