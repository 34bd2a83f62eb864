import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
@_spi(Testing) import ZKVMProver
import ZKVMVerifier

/// The challenges of a proof, as the verifier draws them.
struct Challenges {
  let layout: ProofLayout
  let alpha: CubicExtension
  let beta: CubicExtension
  let lambda: CubicExtension
  let zeta: CubicExtension
  let positions: [Int]

  init(_ proof: Proof, _ program: Program) {
    layout = ProofLayout(
      program: program, parameters: proof.parameters, tables: proof.tables)
    var transcript = layout.startTranscript(
      publicInputs: proof.publicInputs, outputs: proof.outputs)
    transcript.absorb("main root", proof.mainRoot)
    alpha = transcript.challenge("alpha")
    beta = transcript.challenge("beta")
    transcript.absorb("lookup root", proof.auxiliaryRoot)
    transcript.absorb("terminals", proof.terminals)
    lambda = transcript.challenge("lambda")
    transcript.absorb("quotient root", proof.quotientRoot)
    zeta = transcript.challenge("zeta")
    absorb(proof.openings, proof.quotientOpening, into: &transcript)
    _ = transcript.challenge("gamma")
    for root in proof.friRoots {
      transcript.absorb("FRI root", root)
      _ = transcript.challenge("FRI fold")
    }
    transcript.absorb("final polynomial", proof.finalPolynomial)
    transcript.absorb("nonce", withUnsafeBytes(of: proof.nonce.littleEndian) { Array($0) })
    positions = transcript.indices(
      "queries", count: proof.parameters.queries, bits: layout.logDomain)
  }
}
