import ZKVMField
import ZKVMProtocol

/// After steps up to 24: the batch, folded layer by layer to the final polynomial.
struct FoldedBatch {
  let opened: OpenedColumns
  let layers: [MerkleTree]
  let finalPolynomial: [CubicExtension]

  /// Folding takes a challenge for each layer that is committed.
  init(
    _ opened: consuming OpenedColumns, gamma: CubicExtension, _ session: ProvingSession,
    _ transcript: inout ProtocolTranscript
  ) throws(ProverError) {
    self.opened = opened
    let layout = session.layout
    var current = DeepCombination(layout: layout, opened: self.opened).codeword(gamma: gamma)
    var shift = Goldilocks.generator
    var layers: [MerkleTree] = []
    for (layer, logDegree) in layout.fri.layers.enumerated() {
      session.strategy.finish(current, ofLayer: layer)
      let logSize = logDegree + layout.parameters.logBlowup
      let leaves = FRI.leaves(of: current)
      let tree = MerkleTree(
        [.init(leaves.base, logRows: logSize - ProofParameters.logArity)], hash: layout.hash,
        saltLength: 0
      ) { _, _ in [] }
      layers.append(tree)
      let beta = transcript.foldingLayer(root: tree.root)
      current = FRI.foldLayer(leaves, logSize: logSize, shift: shift, beta: beta)
      shift = FRI.nextShift(shift)
    }
    session.strategy.finish(current, ofLayer: layers.count)
    let coefficients = FoldedBatch.interpolate(
      current, logSize: layout.fri.final + layout.parameters.logBlowup, shift: shift)
    let bound = 1 << layout.fri.final
    try session.require(
      coefficients[bound...].allSatisfy(\.isZero), "the batch is not of low degree")
    finalPolynomial = Array(coefficients[..<bound])
    transcript.finalPolynomial(finalPolynomial)
    self.layers = layers
  }

  private static func interpolate(
    _ values: ExtensionMatrix, logSize: Int, shift: Goldilocks
  ) -> [CubicExtension] {
    let transform = Transform(logSize: logSize)
    for plane in CubicExtension.planes { transform.inverse(values.plane(plane), shift: shift) }
    return (0..<values.rows).map { values[$0] }
  }

  /// The proof: everything that was committed, opened at the positions.
  func proof(_ session: ProvingSession, nonce: UInt64, positions: [Int]) -> Proof {
    let committed = opened.committed
    let execution = session.execution
    var layerPositions = positions
    let friQueries = layers.map { layer in
      layerPositions = layerPositions.map { $0 >> ProofParameters.logArity }
      return layer.open(layerPositions)
    }
    return Proof(
      parameters: session.parameters, programDigest: execution.program.digest,
      publicInputs: execution.publicInputs, outputs: execution.outputs,
      tables: session.layout.tables, mainRoot: committed.mainTree.root,
      auxiliaryRoot: committed.lookupTree.root, terminals: committed.terminals,
      quotientRoot: committed.tree.root, openings: opened.tables,
      quotientOpening: opened.quotient, friRoots: layers.map(\.root),
      finalPolynomial: finalPolynomial, nonce: nonce,
      mainQueries: committed.mainTree.open(positions),
      auxiliaryQueries: committed.lookupTree.open(positions),
      quotientQueries: committed.tree.open(positions), friQueries: friQueries)
  }
}
