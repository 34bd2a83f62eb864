import ZKVMAIR
import ZKVMField
import ZKVMProtocol

/// After steps up to 14: the quotient of all constraints, in overlapping chunks beside the mask,
/// extended and committed.
struct CommittedQuotient {
  /// A table's committed columns, as far as they are opened and folded.
  struct Columns {
    let table: ProvingTable
    let main: Matrix
    let lookups: Matrix
  }

  let tables: [Columns]
  let terminals: [CubicExtension]
  /// The chunks by N coefficients, then the mask.
  let chunks: ExtensionMatrix
  /// Their extension.
  let extended: ExtensionMatrix
  let mainTree: MerkleTree
  let lookupTree: MerkleTree
  let tree: MerkleTree

  init(
    _ lookups: consuming CommittedLookups, _ challenges: LookupChallenges,
    lambda: CubicExtension, _ session: ProvingSession
  ) throws(ProverError) {
    let layout = session.layout
    chunks = try CommittedQuotient.chunks(lookups.tables, challenges, lambda, session)
    session.strategy.finish(chunks: chunks)
    extended = CommittedQuotient.extend(chunks, layout)
    tree = session.commit([(extended.base, layout.logHeight)], round: "quotient")
    terminals = lookups.terminals
    mainTree = lookups.mainTree
    lookupTree = lookups.tree
    tables = lookups.tables.map {
      Columns(table: $0.table, main: $0.main.large, lookups: $0.lookups.large)
    }
  }

  private static func chunks(
    _ tables: [CommittedLookups.Columns], _ challenges: LookupChallenges,
    _ lambda: CubicExtension, _ session: ProvingSession
  ) throws(ProverError) -> ExtensionMatrix {
    let powers = lambda.powers(count: session.layout.constraintCount)
    let quotient = AccumulatedQuotient(session.layout)
    var first = 0
    for columns in tables {
      let count = columns.table.system.constraints.count
      let (coefficients, isExact) = TableQuotient(
        columns, challenges, weights: Array(powers[first..<(first + count)])
      ).coefficients()
      try session.require(isExact, "a constraint does not hold")
      first += count
      quotient.add(coefficients, height: columns.table.height)
    }
    try session.require(quotient.fitsChunks, "a constraint does not hold")
    let overlaps = session.randomness(for: .chunks)
    let mask = session.randomness(for: .mask)
    return quotient.chunks { plane in
      (overlaps?.stream("chunks", plane), mask?.stream("mask", plane))
    }
  }

  private static func extend(_ chunks: ExtensionMatrix, _ layout: ProofLayout) -> ExtensionMatrix {
    let logBlowup = layout.parameters.logBlowup
    let output = ExtensionMatrix(rows: 1 << layout.logDomain, columns: chunks.columns)
    parallel(chunks.base.columns) { column in
      evaluateOnCoset(
        coefficients: chunks.base.column(column), logSize: layout.logHeight, logBlowup: logBlowup,
        blocks: 1 << logBlowup, shift: Goldilocks.generator, into: output.base.column(column))
    }
    return output
  }
}
