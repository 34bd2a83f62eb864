import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// Why no proof was made.
public enum ProverError: Error, Equatable, CustomStringConvertible {
  /// The trace does not satisfy the constraints; the checker names which.
  case unsatisfied(String)
  case tooLarge(table: String, logHeight: Int)
  case insufficientSecurity(bits: Int)

  public var description: String {
    switch self {
    case .unsatisfied(let what):
      "the trace is not valid: \(what); \"zkvm check\" names the constraint and row"
    case .tooLarge(let table, let log):
      "the table \(table) needs 2^\(log) rows, at most 2^\(ProofParameters.maximumLogHeight) fit; "
        + "split the run into several proofs"
    case .insufficientSecurity(let bits):
      "a proof of this size would have \(bits) bits of security, 128 are required; "
        + "use another profile"
    }
  }
}

/// The prover's phases, in order.
public enum ProverPhase: String, CaseIterable, Sendable {
  case trace = "Laying out the trace"
  case main = "Committing to the trace"
  case lookups = "Committing to the lookups"
  case quotient = "Computing the quotient"
  case openings = "Opening at the challenge"
  case fri = "Folding"
  case queries = "Answering the queries"
}

/// Makes proofs of executions.
public struct Prover: Sendable {
  public let parameters: ProofParameters
  private let hash: any ProofHash
  private let progress: @Sendable (ProverPhase) -> Void

  public init(
    _ parameters: ProofParameters, progress: @escaping @Sendable (ProverPhase) -> Void = { _ in }
  ) {
    self.init(parameters, hash: BLAKE3ProofHash(), progress: progress)
  }

  /// A prover whose proofs have another hash in trees and transcript.
  package init(
    _ parameters: ProofParameters, hash: any ProofHash,
    progress: @escaping @Sendable (ProverPhase) -> Void = { _ in }
  ) {
    self.parameters = parameters
    self.hash = hash
    self.progress = progress
  }

  public func prove(_ execution: Execution) throws(ProverError) -> Proof {
    progress(.trace)
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let trace = Trace(
      execution, machine: machine, maximumInstances: parameters.maximumInstances)
    return try prove(execution, trace: consume trace)
  }

  /// Proves a given trace of the execution. The trace's blind rows are overwritten.
  public func prove(_ execution: Execution, trace: consuming Trace) throws(ProverError) -> Proof {
    try prove(execution, trace: trace, HonestStrategy())
  }

  /// Proves a trace, deciding what is left to a prover by the strategy.
  package func prove(
    _ execution: Execution, trace: consuming Trace, _ strategy: some ProvingStrategy
  ) throws(ProverError) -> Proof {
    let layout = try layout(execution, trace)
    let session = ProvingSession(layout, execution, strategy)
    var transcript = ProtocolTranscript(
      layout, publicInputs: execution.publicInputs, outputs: execution.outputs)

    progress(.main)
    let main = CommittedTrace(trace, session)
    let challenges = transcript.mainRound(root: main.tree.root)

    progress(.lookups)
    let lookups = try CommittedLookups(consume main, challenges, session)
    let lambda = transcript.lookupRound(
      root: lookups.tree.root, terminals: lookups.terminals)

    progress(.quotient)
    let quotient = try CommittedQuotient(consume lookups, challenges, lambda: lambda, session)
    let zeta = transcript.quotientRound(root: quotient.tree.root)

    progress(.openings)
    let opened = OpenedColumns(consume quotient, zeta: zeta, layout)
    let gamma = transcript.openings(opened.tables, quotient: opened.quotient)

    progress(.fri)
    let folded = try FoldedBatch(consume opened, gamma: gamma, session, &transcript)
    let nonce = transcript.grind()
    let positions = strategy.positions(transcript.queries(nonce: nonce), layout)
    layout.assertOpeningsAreHidden(positions)

    progress(.queries)
    return folded.proof(session, nonce: nonce, positions: positions)
  }

  /// The proof's layout, if there can be a proof of the trace's size.
  private func layout(
    _ execution: Execution, _ trace: borrowing Trace
  ) throws(ProverError) -> ProofLayout {
    for table in trace.tables where table.logHeight > ProofParameters.maximumLogHeight {
      throw .tooLarge(table: table.table.name, logHeight: table.logHeight)
    }
    let layout = ProofLayout.forProving(
      execution.program, parameters,
      tables: trace.tables.map { TableSize($0.kind, logHeight: $0.logHeight) }, hash: hash)
    let security = layout.security.wholeBits
    guard security >= 128 else { throw .insufficientSecurity(bits: security) }
    return layout
  }
}

extension ProofLayout {
  /// The layout that a proof gets: `compact` becomes `smallest` where the columns' extension at rate
  /// 1/64 has at most 2^26 elements. Both have the same blind rows, hence the same trace.
  static func forProving(
    _ program: Program, _ parameters: ProofParameters, tables: [TableSize],
    hash: any ProofHash = BLAKE3ProofHash()
  ) -> ProofLayout {
    let layout = ProofLayout(
      program: program, parameters: parameters, tables: tables, hash: hash)
    let smallest = ProofParameters(profile: .smallest, isHiding: parameters.isHiding)
    guard parameters.profile == .compact, layout.committedCells << smallest.logBlowup <= 1 << 26
    else { return layout }
    return ProofLayout(program: program, parameters: smallest, tables: tables, hash: hash)
  }

  /// Witness columns, those of the lookup argument included, times heights.
  var committedCells: Int {
    zip(systems, logHeights).reduce(0) {
      $0 + ($1.0.table.columns.count + $1.0.auxiliaryBaseColumns) << $1.1
    }
  }

  /// What is shown of a column is uniform if it is at most as much as its uniform blind rows, of
  /// which the accumulator has h − 1: each row at a position gives an equation, so does each row next
  /// to one, as the quotient at the position is a function of it, and each of the two points of the
  /// extension gives three.
  fileprivate func assertOpeningsAreHidden(_ positions: [Int]) {
    guard parameters.isHiding else { return }
    for (system, log) in zip(systems, logHeights) {
      let rows = Set(positions.map { $0 >> (logHeight - log) })
      let shown = rows.union(rows.map { nextRow($0, logHeight: log) }).count
      precondition(
        shown + 2 * CubicExtension.degree <= parameters.blindRows - 1,
        "\(system.table.name) shows \(shown) rows, its blind rows do not hide them")
    }
    let chunkRows = Set(positions).count
    precondition(
      chunkRows + CubicExtension.degree <= parameters.chunkOverlap,
      "the quotient's chunks are opened at \(chunkRows) positions, their overlaps do not hide them")
  }
}
