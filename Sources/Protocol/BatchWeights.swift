import ZKVMField

/// The powers of γ that weigh the columns of the batch: for each table its main columns, lookup
/// columns, next-row main columns and the accumulator's next-row columns, then the quotient's
/// columns. The mask has weight 1, so the first column has weight γ.
public struct BatchWeights: Sendable {
  public struct TableWeights: Sendable {
    public let main: [CubicExtension]
    public let auxiliary: [CubicExtension]
    public let mainNext: [CubicExtension]
    public let auxiliaryNext: [CubicExtension]
  }

  public let tables: [TableWeights]
  public let quotient: [CubicExtension]

  public init(_ layout: ProofLayout, gamma: CubicExtension) {
    var power = CubicExtension.one
    func next(_ count: Int) -> [CubicExtension] {
      (0..<count).map { _ in
        power *= gamma
        return power
      }
    }
    tables = layout.systems.map { system in
      TableWeights(
        main: next(system.table.columns.count), auxiliary: next(system.auxiliaryBaseColumns),
        mainNext: next(system.nextColumns.count), auxiliaryNext: next(CubicExtension.degree))
    }
    quotient = next(layout.quotientColumns)
  }

  /// What the weighted columns have to be at ζ and, those whose next row is opened, at ζ·ω: the
  /// weighted sums of the openings.
  package func claims(
    _ openings: [TableOpening], quotient opening: [CubicExtension]
  ) -> (here: CubicExtension, next: CubicExtension) {
    var here = dot(quotient, opening)
    var next = CubicExtension.zero
    for (weights, opening) in zip(tables, openings) {
      here += dot(weights.main, opening.main) + dot(weights.auxiliary, opening.auxiliary)
      next +=
        dot(weights.mainNext, opening.mainNext) + dot(weights.auxiliaryNext, opening.auxiliaryNext)
    }
    return (here, next)
  }
}

/// Σ weights_i·values_i.
private func dot(_ weights: [CubicExtension], _ values: [CubicExtension]) -> CubicExtension {
  zip(weights, values).reduce(.zero) { $0 + $1.0 * $1.1 }
}
