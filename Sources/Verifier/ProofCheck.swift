import ZKVMAIR
import ZKVMField
import ZKVMHashing
import ZKVMMachine
import ZKVMProtocol

/// The protocol's checks on a proof of the right shape, in the order of the transcript.
struct ProofCheck {
  let proof: Proof
  let layout: ProofLayout
  private var transcript: Transcript

  init(proof: Proof, layout: ProofLayout) {
    self.proof = proof
    self.layout = layout
    transcript = layout.startTranscript(
      publicInputs: proof.publicInputs, outputs: proof.outputs)
  }

  mutating func run() throws(VerificationError) {
    transcript.absorb("main root", proof.mainRoot)
    let alpha = transcript.challenge("alpha")
    let beta = transcript.challenge("beta")
    transcript.absorb("lookup root", proof.auxiliaryRoot)
    transcript.absorb("terminals", proof.terminals)
    try checkBalance(alpha: alpha, beta: beta)
    let lambda = transcript.challenge("lambda")
    transcript.absorb("quotient root", proof.quotientRoot)
    var zeta = transcript.challenge("zeta")
    while !layout.isOutsideDomains(zeta) { zeta = transcript.challenge("zeta") }
    try checkConstraints(alpha: alpha, beta: beta, lambda: lambda, zeta: zeta)
    absorb(proof.openings, proof.quotientOpening, into: &transcript)
    let gamma = transcript.challenge("gamma")
    var folds: [CubicExtension] = []
    for root in proof.friRoots {
      transcript.absorb("FRI root", root)
      folds.append(transcript.challenge("FRI fold"))
    }
    transcript.absorb("final polynomial", proof.finalPolynomial)
    guard transcript.accepts(nonce: proof.nonce, bits: ProofParameters.grindingBits) else {
      throw .proofOfWork
    }
    transcript.absorb("nonce", withUnsafeBytes(of: proof.nonce.littleEndian) { Array($0) })
    let positions = uniqueSorted(
      transcript.indices(
        "queries", count: layout.parameters.queries, bits: layout.logDomain))
    try checkRoots(positions)
    try checkQueries(positions, zeta: zeta, gamma: gamma, folds: folds)
  }

  /// The terminals and the verifier's own messages sum to zero.
  private func checkBalance(
    alpha: CubicExtension, beta: CubicExtension
  ) throws(VerificationError) {
    var total = proof.terminals.reduce(.zero, +)
    for message in VerifierMessages.all(program: layout.program, outputs: proof.outputs) {
      let fingerprint = ConstraintSystem.fingerprint(
        bus: message.bus, message.values, alpha: alpha, beta: beta)
      total += fingerprint.inverse * message.multiplicity
    }
    guard total.isZero else { throw .unbalancedBuses }
  }

  /// The openings satisfy the constraints.
  private func checkConstraints(
    alpha: CubicExtension, beta: CubicExtension, lambda: CubicExtension, zeta: CubicExtension
  ) throws(VerificationError) {
    let identity = QuotientIdentity(
      layout: layout, publicInputs: proof.publicInputs, terminals: proof.terminals, alpha: alpha,
      beta: beta, lambda: lambda)
    guard
      identity.quotient(at: zeta, proof.openings)
        == identity.quotient(at: zeta, chunks: proof.quotientOpening)
    else { throw .constraints }
  }

  // MARK: Queries

  private func checkRoots(_ positions: [Int]) throws(VerificationError) {
    guard layout.mainShape.root(opening: positions, proof.mainQueries) == proof.mainRoot else {
      throw .merkle(tree: "main")
    }
    guard
      layout.auxiliaryShape.root(opening: positions, proof.auxiliaryQueries) == proof.auxiliaryRoot
    else { throw .merkle(tree: "lookup") }
    guard layout.quotientShape.root(opening: positions, proof.quotientQueries) == proof.quotientRoot
    else { throw .merkle(tree: "quotient") }
    var layerPositions = positions
    for layer in proof.friRoots.indices {
      layerPositions = uniqueSorted(layerPositions.map { $0 >> ProofParameters.logArity })
      let root = layout.friShape(layer: layer).root(
        opening: layerPositions, proof.friQueries[layer])
      guard root == proof.friRoots[layer] else { throw .merkle(tree: "FRI layer \(layer)") }
    }
  }

  private func checkQueries(
    _ positions: [Int], zeta: CubicExtension, gamma: CubicExtension, folds: [CubicExtension]
  ) throws(VerificationError) {
    let weights = BatchWeights(layout, gamma: gamma)
    let batch = BatchReader(layout: layout, proof: proof, positions: positions)
    let zetaNext = zeta * Goldilocks.rootOfUnity(logOrder: layout.logHeight)
    var hereValue = dot(weights.quotient, proof.quotientOpening)
    var nextValue = CubicExtension.zero
    for (w, opening) in zip(weights.tables, proof.openings) {
      hereValue += dot(w.main, opening.main) + dot(w.auxiliary, opening.auxiliary)
      nextValue += dot(w.mainNext, opening.mainNext) + dot(w.auxiliaryNext, opening.auxiliaryNext)
    }
    var expected: [Int: CubicExtension] = [:]
    for position in positions {
      let x = CubicExtension(layout.point(at: position))
      let sums = batch.sums(at: position, weights)
      expected[position] =
        sums.mask + (sums.here - hereValue) * (x - zeta).inverse
        + (sums.next - nextValue) * (x - zetaNext).inverse
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
        values[group] = (0..<arity).map {
          CubicExtension(row[3 * $0], row[3 * $0 + 1], row[3 * $0 + 2])
        }
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
      auxiliaryOffset[height] = firstAuxiliary + 3 * system.auxiliaryColumns
    }
    let quotient = proof.quotientQueries.rows[0][quotientRows[position]!]
    for (column, weight) in weights.quotient.enumerated() { here += weight * quotient[column] }
    let first = layout.quotientColumns
    let mask =
      layout.parameters.isHiding
      ? CubicExtension(quotient[first], quotient[first + 1], quotient[first + 2]) : .zero
    return (here, next, mask)
  }
}
