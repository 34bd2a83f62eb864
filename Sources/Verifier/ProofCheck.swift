import ZKVMAIR
import ZKVMField
import ZKVMHashing
import ZKVMMachine
import ZKVMProtocol

/// The protocol's checks on a proof of the right shape, in the order of the transcript: V6 to V10 of
/// `Spec/Protocol.md`, between its steps. (``Verifier`` makes V1 to V5.)
struct ProofCheck {
  let proof: Proof
  let layout: ProofLayout

  func run() throws(VerificationError) {
    // Steps 1 to 7: the statement. A proof of another program, of other public values or of other
    // heights has other challenges from here on.
    var transcript = ProtocolTranscript(
      layout, publicInputs: proof.publicInputs, outputs: proof.outputs)

    // Steps 8 to 10: the trace is committed before the lookup argument's challenges are drawn.
    let lookups = transcript.mainRound(root: proof.mainRoot)

    // Steps 11 to 13.
    let lambda = transcript.lookupRound(root: proof.auxiliaryRoot, terminals: proof.terminals)
    try checkBalance(lookups)

    // Steps 14 and 15.
    let zeta = transcript.quotientRound(root: proof.quotientRoot)
    try checkConstraints(lookups, lambda: lambda, zeta: zeta)

    // Steps 16 to 21: the openings are fixed before they are weighed.
    let gamma = transcript.openings(proof.openings, quotient: proof.quotientOpening)

    // Steps 22 and 23, for each layer, and 24: a layer is fixed before it is folded.
    let folds = proof.friRoots.map { transcript.foldingLayer(root: $0) }
    transcript.finalPolynomial(proof.finalPolynomial)

    // Step 25, V8. To draw other positions takes other work.
    guard transcript.workTest(proof.nonce) else { throw .proofOfWork }

    // Steps 26 and 27.
    let positions = uniqueSorted(transcript.queries(nonce: proof.nonce))
    try checkRoots(positions)
    try checkQueries(positions, zeta: zeta, gamma: gamma, folds: folds)
  }

  /// V6. Every tuple is sent as often as it is received: the terminals, which are the tables' sums of
  /// fractions, and the verifier's own messages sum to zero. The outputs, the start and the halt of
  /// the run enter here and nowhere else.
  private func checkBalance(_ challenges: LookupChallenges) throws(VerificationError) {
    let total = layout.balance(
      terminals: proof.terminals, outputs: proof.outputs, challenges)
    guard total.isZero else { throw .unbalancedBuses }
  }

  /// V7. The openings satisfy all constraints: their combination by powers of λ, divided by what
  /// vanishes on their rows, is the committed quotient's value at ζ. That the openings are the
  /// committed columns' values is left to V10.
  private func checkConstraints(
    _ challenges: LookupChallenges, lambda: CubicExtension, zeta: CubicExtension
  ) throws(VerificationError) {
    let identity = QuotientIdentity(
      layout: layout, publicInputs: proof.publicInputs, terminals: proof.terminals,
      challenges: challenges, lambda: lambda)
    guard
      identity.quotient(at: zeta, proof.openings)
        == identity.quotient(at: zeta, chunks: proof.quotientOpening)
    else { throw .constraints }
  }

  // MARK: Queries

  /// V9. Every opening has exactly the rows and siblings that the positions need and leads to its
  /// tree's root, so that the rows are those that were committed.
  private func checkRoots(_ positions: [Int]) throws(VerificationError) {
    let hash = TreeHash(layout.hash)
    func check(
      _ tree: String, _ shape: MerkleShape, _ positions: [Int], _ opening: MerkleOpening,
      _ root: ProofDigest
    ) throws(VerificationError) {
      guard shape.root(opening: positions, opening, hash) == root else {
        throw .merkle(tree: tree)
      }
    }
    try check("main", layout.mainShape, positions, proof.mainQueries, proof.mainRoot)
    try check(
      "lookup", layout.auxiliaryShape, positions, proof.auxiliaryQueries, proof.auxiliaryRoot)
    try check(
      "quotient", layout.quotientShape, positions, proof.quotientQueries, proof.quotientRoot)
    var positions = positions
    for (layer, root) in proof.friRoots.enumerated() {
      positions = uniqueSorted(positions.map { $0 >> ProofParameters.logArity })
      try check(
        "FRI layer \(layer)", layout.friShape(layer: layer), positions, proof.friQueries[layer],
        root)
    }
  }

  /// V10. At every position the batch of the opened rows is the value in FRI layer 0, each folded leaf
  /// the value in the next layer and the last the final polynomial's: what was folded is the batch,
  /// and close to a polynomial of low degree only if the openings are the columns' values.
  private func checkQueries(
    _ positions: [Int], zeta: CubicExtension, gamma: CubicExtension, folds: [CubicExtension]
  ) throws(VerificationError) {
    let weights = BatchWeights(layout, gamma: gamma)
    let batch = BatchReader(layout: layout, proof: proof, positions: positions)
    let zetaNext = zeta * Goldilocks.rootOfUnity(logOrder: layout.logHeight)
    let claims = weights.claims(proof.openings, quotient: proof.quotientOpening)
    var expected: [Int: CubicExtension] = [:]
    for position in positions {
      let x = CubicExtension(layout.point(at: position))
      let sums = batch.sums(at: position, weights)
      expected[position] =
        sums.mask + (sums.here - claims.here) * (x - zeta).inverse
        + (sums.next - claims.next) * (x - zetaNext).inverse
    }
    try checkFolding(expected, folds)
  }

  /// Follows every queried value through the layers to the final polynomial.
  private func checkFolding(
    _ first: [Int: CubicExtension], _ folds: [CubicExtension]
  ) throws(VerificationError) {
    var expected = first
    var shift = Goldilocks.generator
    let arity = 1 << ProofParameters.logArity
    for (layer, logDegree) in layout.fri.layers.enumerated() {
      let logSize = logDegree + layout.parameters.logBlowup
      let groups = uniqueSorted(expected.keys.map { $0 >> ProofParameters.logArity })
      var values: [Int: [CubicExtension]] = [:]
      for (group, row) in zip(groups, proof.friQueries[layer].rows[0]) {
        values[group] = CubicExtension.elements(ofCoordinates: row)
      }
      for (position, value) in expected {
        guard values[position >> ProofParameters.logArity]![position & (arity - 1)] == value else {
          throw .foldingMismatch(layer: layer)
        }
      }
      expected = [:]
      for (group, leaf) in values {
        expected[group] = FRI.foldGroup(
          leaf, group: group, logSize: logSize, shift: shift, beta: folds[layer])
      }
      shift = FRI.nextShift(shift)
    }
    let logSize = layout.fri.final + layout.parameters.logBlowup
    let root = Goldilocks.rootOfUnity(logOrder: logSize)
    for (position, value) in expected {
      let x = shift * root.power(UInt64(reverseBits(position, count: logSize)))
      guard FRI.evaluate(proof.finalPolynomial, at: x) == value else {
        throw .finalPolynomialMismatch
      }
    }
  }
}

/// Finds the opened rows of a query in the three trees and sums their columns by weight.
private struct BatchReader {
  private let layout: ProofLayout
  private let proof: Proof
  /// By group of the trees: the index of a short row among the opened ones.
  private let mainRows: [[Int: Int]]
  private let quotientRows: [Int: Int]
  private let groupByHeight: [Int: Int]

  init(layout: ProofLayout, proof: Proof, positions: [Int]) {
    self.layout = layout
    self.proof = proof
    let shape = layout.mainShape
    mainRows = shape.groups.map { group in
      let shift = shape.depth - group.logRows
      return Dictionary(
        uniqueKeysWithValues: uniqueSorted(positions.map { $0 >> shift }).enumerated().map {
          ($1, $0)
        })
    }
    quotientRows = Dictionary(
      uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
    groupByHeight = Dictionary(
      uniqueKeysWithValues: shape.groups.enumerated().map {
        ($1.logRows - layout.parameters.logBlowup, $0)
      })
  }

  func sums(
    at position: Int, _ weights: BatchWeights
  ) -> (here: CubicExtension, next: CubicExtension, mask: CubicExtension) {
    var here = CubicExtension.zero
    var next = CubicExtension.zero
    // A group's row holds the columns of its tables in order.
    var mainOffset: [Int: Int] = [:]
    var auxiliaryOffset: [Int: Int] = [:]
    for (index, system) in layout.systems.enumerated() {
      let height = layout.logHeights[index]
      let group = groupByHeight[height]!
      let row = mainRows[group][position >> (layout.logHeight - height)]!
      let main = proof.mainQueries.rows[group][row]
      let auxiliary = proof.auxiliaryQueries.rows[group][row]
      let firstMain = mainOffset[height, default: 0]
      let firstAuxiliary = auxiliaryOffset[height, default: 0]
      let w = weights.tables[index]
      for (column, weight) in w.main.enumerated() { here += weight * main[firstMain + column] }
      for (column, weight) in w.auxiliary.enumerated() {
        here += weight * auxiliary[firstAuxiliary + column]
      }
      for (column, weight) in zip(system.nextColumns, w.mainNext) {
        next += weight * main[firstMain + column]
      }
      for (column, weight) in w.auxiliaryNext.enumerated() {
        next += weight * auxiliary[firstAuxiliary + column]
      }
      mainOffset[height] = firstMain + system.table.columns.count
      auxiliaryOffset[height] = firstAuxiliary + system.auxiliaryBaseColumns
    }
    let quotient = proof.quotientQueries.rows[0][quotientRows[position]!]
    for (column, weight) in weights.quotient.enumerated() { here += weight * quotient[column] }
    let mask =
      layout.parameters.isHiding
      ? CubicExtension(coordinates: quotient[layout.quotientColumns...]) : .zero
    return (here, next, mask)
  }
}
