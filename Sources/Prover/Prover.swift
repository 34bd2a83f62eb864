import Foundation
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
    return try prove(execution, trace: trace)
  }

  /// Proves a given trace of the execution. The trace's blind rows are overwritten.
  public func prove(_ execution: Execution, trace: consuming Trace) throws(ProverError) -> Proof {
    try prove(execution, trace: trace, tampering: .none)
  }

  /// Proves a trace that a test may have changed, by a prover that may cheat.
  @_spi(Testing)
  public func prove(
    _ execution: Execution, trace: consuming Trace, tampering: Tampering
  ) throws(ProverError) -> Proof {
    for table in trace.tables where table.logHeight > ProofParameters.maximumLogHeight {
      throw .tooLarge(table: table.table.name, logHeight: table.logHeight)
    }
    let layout = ProofLayout.forProving(
      execution.program, parameters,
      tables: trace.tables.map { TableSize($0.kind, logHeight: $0.logHeight) }, hash: hash)
    let security = layout.security
    guard security.wholeBits >= 128 else {
      throw .insufficientSecurity(bits: security.wholeBits)
    }
    var session = ProvingSession(
      layout: layout, execution: execution, trace: trace, tampering: tampering,
      progress: progress)
    return try session.run()
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
      $0 + ($1.0.table.columns.count + 3 * $1.0.auxiliaryColumns) << $1.1
    }
  }
}

/// One proof in the making.
private struct ProvingSession {
  let layout: ProofLayout
  let execution: Execution
  let tables: [TableProver]
  let tampering: Tampering
  let progress: @Sendable (ProverPhase) -> Void
  let randomness: HidingRandomness?
  var transcript: ProtocolTranscript

  var parameters: ProofParameters { layout.parameters }
  var logN: Int { layout.logHeight }
  var n: Int { 1 << layout.logHeight }

  init(
    layout: ProofLayout, execution: Execution, trace: consuming Trace, tampering: Tampering,
    progress: @escaping @Sendable (ProverPhase) -> Void
  ) {
    self.layout = layout
    self.execution = execution
    self.tampering = tampering
    self.progress = progress
    tables = trace.tables.enumerated().map { index, table in
      TableProver(
        table, number: index, system: layout.systems[index], parameters: layout.parameters,
        shift: layout.shift(logHeight: table.logHeight))
    }
    randomness =
      layout.parameters.isHiding
      ? HidingRandomness(
        execution, layout, entropy: tampering.entropy ?? HidingRandomness.systemEntropy()) : nil
    transcript = ProtocolTranscript(
      layout, publicInputs: execution.publicInputs, outputs: execution.outputs)
  }

  /// The randomness for one ingredient of hiding; `nil` if the proof goes without it.
  private func randomness(for ingredient: HidingIngredients) -> HidingRandomness? {
    tampering.ingredients.contains(ingredient) ? randomness : nil
  }

  mutating func run() throws(ProverError) -> Proof {
    progress(.main)
    randomize()
    for table in tables { table.extendMain() }
    let mainTree = commit(tables.map { ($0.mainExtension, $0.logHeight) }, "main")
    let challenges = transcript.mainRound(root: mainTree.root)
    let (alpha, beta) = (challenges.alpha, challenges.beta)

    progress(.lookups)
    for table in tables {
      table.fillAuxiliary(
        alpha: alpha, beta: beta, randomness: randomness(for: .blindRows))
    }
    try checkBalance(challenges)
    for table in tables { table.extendAuxiliary() }
    let auxiliaryTree = commit(tables.map { ($0.auxiliaryExtension, $0.logHeight) }, "lookups")
    let terminals = tables.map(\.terminal)
    let lambda = transcript.lookupRound(root: auxiliaryTree.root, terminals: terminals)

    progress(.quotient)
    let chunks = try quotientChunks(alpha: alpha, beta: beta, lambda: lambda)
    let quotientExtension = extendChunks(chunks)
    let quotientTree = commit([(quotientExtension, logN)], "quotient")
    let zeta = transcript.quotientRound(root: quotientTree.root)

    progress(.openings)
    let openings = tables.map { open($0, zeta) }
    let quotientOpening = openChunks(chunks, zeta)
    let gamma = transcript.openings(openings, quotient: quotientOpening)

    progress(.fri)
    let codeword = DeepCombination(
      layout: layout, tables: tables, chunks: chunks, quotient: quotientExtension,
      openings: openings,
      quotientOpening: quotientOpening
    ).codeword(zeta: zeta, gamma: gamma)
    let (layers, finalPolynomial) = fold(codeword)
    guard let final = finalPolynomial ?? (tampering.ignoresInvalidity ? [] : nil) else {
      throw .unsatisfied("the batch is not of low degree")
    }
    transcript.finalPolynomial(final)
    let nonce = transcript.grind()
    let drawn = transcript.queries(nonce: nonce)
    let positions = tampering.positions?(drawn, layout) ?? drawn

    assertOpeningsAreHidden(positions)

    progress(.queries)
    var friQueries: [MerkleOpening] = []
    var layerPositions = positions
    for layer in layers {
      layerPositions = layerPositions.map { $0 >> ProofParameters.logArity }
      friQueries.append(layer.tree.open(layerPositions))
    }
    return Proof(
      parameters: parameters, programDigest: execution.program.digest,
      publicInputs: execution.publicInputs, outputs: execution.outputs,
      tables: layout.tables, mainRoot: mainTree.root, auxiliaryRoot: auxiliaryTree.root,
      terminals: terminals, quotientRoot: quotientTree.root, openings: openings,
      quotientOpening: quotientOpening, friRoots: layers.map(\.tree.root),
      finalPolynomial: final, nonce: nonce, mainQueries: mainTree.open(positions),
      auxiliaryQueries: auxiliaryTree.open(positions),
      quotientQueries: quotientTree.open(positions), friQueries: friQueries)
  }

  /// Fills the blind rows; the accumulators' starts sum to zero.
  private func randomize() {
    if let randomness = randomness(for: .blindRows) {
      for table in tables { table.randomizeMain(randomness) }
    }
    for table in tables {
      var stream = randomness(for: .terminals)?.stream("terminal", table.number)
      table.accumulatorStart = stream?.extensionElement() ?? .zero
    }
    let others = tables.dropLast().reduce(CubicExtension.zero) { $0 + $1.accumulatorStart }
    tables.last!.accumulatorStart = tampering.accumulatorExcess - others
  }

  private func commit(_ columns: [(Matrix, Int)], _ round: String) -> MerkleTree {
    let randomness = randomness(for: .salts)
    return MerkleTree(
      columns.map { .init($0.0, logRows: $0.1 + parameters.logBlowup) }, hash: layout.hash,
      saltLength: parameters.saltLength
    ) { group, count in
      var stream = randomness?.stream("salt \(round)", group)
      return stream?.words(count) ?? [UInt32](repeating: 0, count: count)
    }
  }

  private func checkBalance(_ challenges: LookupChallenges) throws(ProverError) {
    let total = layout.balance(
      terminals: tables.map(\.terminal), outputs: execution.outputs, challenges)
    if let fault = tampering.lookupFault {
      tables.first { $0.kind == fault.table }?.falsify(fault, by: -total)
    }
    guard total.isZero || tampering.ignoresInvalidity else {
      throw .unsatisfied("a bus does not balance")
    }
  }

  // MARK: Quotient

  /// The accumulated quotient, split into overlapping chunks of N coefficients, and the mask:
  /// three base columns each.
  private func quotientChunks(
    alpha: CubicExtension, beta: CubicExtension, lambda: CubicExtension
  ) throws(ProverError) -> Matrix {
    var powers: [CubicExtension] = [.one]
    while powers.count < layout.constraintCount { powers.append(powers.last! * lambda) }
    let quotient = AccumulatedQuotient(layout)
    var first = 0
    for table in tables {
      let count = table.system.constraints.count
      let (coefficients, isExact) = TableQuotient(
        table, lambdaPowers: powers[first..<(first + count)],
        parameters: ConstraintSystem.parameters(
          alpha: alpha, beta: beta, terminal: table.terminal, width: table.system.messageWidth)
      ).coefficients()
      guard isExact || tampering.ignoresInvalidity else {
        throw .unsatisfied("a constraint does not hold")
      }
      first += count
      quotient.add(coefficients, height: table.height)
    }
    guard quotient.fitsChunks || tampering.ignoresInvalidity else {
      throw .unsatisfied("a constraint does not hold")
    }
    let (overlaps, mask) = (randomness(for: .chunks), randomness(for: .mask))
    let chunks = quotient.chunks { coordinate in
      (overlaps?.stream("chunks", coordinate), mask?.stream("mask", coordinate))
    }
    tampering.chunksObserver?(chunks)
    return chunks
  }

  /// What is shown of a column is uniform if it is at most as much as its uniform blind rows, of
  /// which the accumulator has h − 1: each row at a position gives an equation, so does each row next
  /// to one, as the quotient at the position is a function of it, and each of the two points of the
  /// extension gives three.
  private func assertOpeningsAreHidden(_ positions: [Int]) {
    guard parameters.isHiding else { return }
    for table in tables {
      let rows = Set(positions.map { $0 >> (logN - table.logHeight) })
      let shown = rows.union(rows.map { layout.nextRow($0, logHeight: table.logHeight) }).count
      precondition(
        shown + 2 * CubicExtension.degree <= parameters.blindRows - 1,
        "\(table.table.name) shows \(shown) rows, its blind rows do not hide them")
    }
    let chunkRows = Set(positions).count
    precondition(
      chunkRows + CubicExtension.degree <= parameters.chunkOverlap,
      "the quotient's chunks are opened at \(chunkRows) positions, their overlaps do not hide them")
  }

  private func extendChunks(_ chunks: Matrix) -> Matrix {
    let output = Matrix(rows: n << parameters.logBlowup, columns: chunks.columns)
    let (logN, logBlowup) = (logN, parameters.logBlowup)
    parallel(chunks.columns) { column in
      evaluateOnCoset(
        coefficients: chunks.column(column), logSize: logN, logBlowup: logBlowup,
        blocks: 1 << logBlowup, shift: Goldilocks.generator, into: output.column(column))
    }
    return output
  }

  // MARK: Openings

  private func open(_ table: TableProver, _ zeta: CubicExtension) -> TableOpening {
    let point = layout.lifted(zeta, logHeight: table.logHeight)
    let here = table.open(
      at: point, mainColumns: Array(0..<table.mainExtension.columns),
      auxiliaryColumns: Array(0..<(3 * table.system.auxiliaryColumns)))
    let next = table.open(
      at: point * Goldilocks.rootOfUnity(logOrder: table.logHeight),
      mainColumns: table.system.nextColumns, auxiliaryColumns: [0, 1, 2])
    return TableOpening(
      main: here.main, auxiliary: here.auxiliary, mainNext: next.main,
      auxiliaryNext: next.auxiliary)
  }

  /// The chunks' values at ζ from their coefficients, by ranges of which each is a sum of
  /// coefficients times the same powers of ζ.
  private func openChunks(_ chunks: Matrix, _ zeta: CubicExtension) -> [CubicExtension] {
    let grain = min(1024, n)
    var powers = [Goldilocks](repeating: .zero, count: 3 * grain)
    var power = CubicExtension.one
    for i in 0..<grain {
      for (plane, coordinate) in power.coordinates.enumerated() {
        powers[plane * grain + i] = coordinate
      }
      power *= zeta
    }
    return (0..<layout.quotientColumns).map { column in
      stride(from: n - grain, through: 0, by: -grain).reduce(CubicExtension.zero) { total, start in
        total * power
          + BlockKernels.dot(
            weights: powers, stride: grain, chunks.column(column) + start, grain)
      }
    }
  }

  // MARK: FRI

  private struct Layer {
    let tree: MerkleTree
  }

  /// Commits to every layer and folds it; the final polynomial is `nil` if the last layer is not
  /// of low degree.
  private mutating func fold(
    _ codeword: Matrix
  ) -> (layers: [Layer], final: [CubicExtension]?) {
    var current = codeword
    var shift = Goldilocks.generator
    var layers: [Layer] = []
    func tamper(_ layer: Int) {
      guard tampering.shiftedLayer == layer else { return }
      for row in 0..<current.rows { current[row, 0] += .one }
    }
    for (layer, logDegree) in layout.fri.layers.enumerated() {
      tamper(layer)
      let logSize = logDegree + parameters.logBlowup
      let leaves = FRI.leaves(of: current)
      let tree = MerkleTree(
        [.init(leaves, logRows: logSize - ProofParameters.logArity)], hash: layout.hash,
        saltLength: 0
      ) { _, _ in [] }
      layers.append(Layer(tree: tree))
      let beta = transcript.foldingLayer(root: tree.root)
      current = FRI.foldLayer(leaves, logSize: logSize, shift: shift, beta: beta)
      shift = FRI.nextShift(shift)
    }
    tamper(layers.count)
    return (layers, interpolateFinal(current, shift: shift))
  }

  private func interpolateFinal(_ values: Matrix, shift: Goldilocks) -> [CubicExtension]? {
    let transform = Transform(logSize: layout.fri.final + parameters.logBlowup)
    for coordinate in 0..<3 { transform.inverse(values.column(coordinate), shift: shift) }
    let coefficients = (0..<values.rows).map {
      CubicExtension(values[$0, 0], values[$0, 1], values[$0, 2])
    }
    let bound = 1 << layout.fri.final
    let isLow = coefficients[bound...].allSatisfy(\.isZero)
    return isLow || tampering.ignoresInvalidity ? Array(coefficients[..<bound]) : nil
  }
}
