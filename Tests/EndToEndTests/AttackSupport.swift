import AIR
import Field
import Machine
import Protocol
@_spi(Testing) import Prover
import TestSupport
import Verifier

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
      program: program, parameters: proof.parameters, logHeights: proof.logHeights)
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

/// A trace of an execution as the prover of `parameters` lays it out.
func trace(_ execution: Execution, _ parameters: ProofParameters) -> Trace {
  Trace(
    execution,
    machine: MachineTables(program: execution.program, blindRows: parameters.blindRows))
}

extension Trace {
  func table(_ kind: TableKind) -> TableTrace { tables.first { $0.kind == kind }! }
}

extension TableTrace {
  func column(_ name: String) -> Int { table.columns.firstIndex { $0.name == name }! }
}

/// Proves whatever the trace says and asks the honest verifier.
func refusal(
  _ execution: Execution, _ trace: Trace, _ parameters: ProofParameters,
  _ tampering: Tampering = .ignoringInvalidity
) throws -> VerificationError? {
  let proof = try Prover(parameters).prove(execution, trace: trace, tampering: tampering)
  do throws(VerificationError) {
    _ = try Verifier(program: execution.program).verify(ProofFormat.encode(proof))
    return nil
  } catch {
    return error
  }
}
