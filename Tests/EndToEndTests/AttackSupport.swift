import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMVerifier

/// The challenges of a proof, as the verifier draws them.
struct Challenges {
  let layout: ProofLayout
  let lookups: LookupChallenges
  let lambda: CubicExtension
  let zeta: CubicExtension
  let positions: [Int]

  init(_ proof: Proof, _ program: Program) {
    layout = ProofLayout(
      program: program, parameters: proof.parameters, tables: proof.tables)
    var transcript = ProtocolTranscript(
      layout, publicInputs: proof.publicInputs, outputs: proof.outputs)
    lookups = transcript.mainRound(root: proof.mainRoot)
    lambda = transcript.lookupRound(root: proof.auxiliaryRoot, terminals: proof.terminals)
    zeta = transcript.quotientRound(root: proof.quotientRoot)
    _ = transcript.openings(proof.openings, quotient: proof.quotientOpening)
    for root in proof.friRoots { _ = transcript.foldingLayer(root: root) }
    transcript.finalPolynomial(proof.finalPolynomial)
    positions = transcript.queries(nonce: proof.nonce)
  }
}
