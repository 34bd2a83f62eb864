import ZKVMField

/// Absorbs all opened values, table by table, then the quotient's.
public func absorb(
  _ openings: [TableOpening], _ quotient: [CubicExtension], into transcript: inout Transcript
) {
  for opening in openings {
    transcript.absorb("main openings", opening.main)
    transcript.absorb("lookup openings", opening.auxiliary)
    transcript.absorb("next main openings", opening.mainNext)
    transcript.absorb("next lookup openings", opening.auxiliaryNext)
  }
  transcript.absorb("quotient openings", quotient)
}

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
        main: next(system.table.columns.count), auxiliary: next(3 * system.auxiliaryColumns),
        mainNext: next(system.nextColumns.count), auxiliaryNext: next(3))
    }
    quotient = next(layout.quotientColumns)
  }
}

/// Σ weights_i·values_i.
public func dot(_ weights: [CubicExtension], _ values: [CubicExtension]) -> CubicExtension {
  zip(weights, values).reduce(.zero) { $0 + $1.0 * $1.1 }
}
