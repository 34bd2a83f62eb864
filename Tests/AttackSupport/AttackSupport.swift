import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// A trace of an execution as the prover of `parameters` lays it out.
package func trace(_ execution: Execution, _ parameters: ProofParameters) -> Trace {
  Trace(
    execution,
    machine: MachineTables(program: execution.program, blindRows: parameters.blindRows))
}

extension Trace {
  package func table(_ kind: TableKind) -> TableTrace { tables.first { $0.kind == kind }! }
}

extension TableTrace {
  package func column(_ name: String) -> Int { table.columns.firstIndex { $0.name == name }! }
}

/// Proves whatever the trace says and asks the honest verifier.
package func refusal(
  _ execution: Execution, _ trace: Trace, _ parameters: ProofParameters,
  _ tampering: Tampering = .ignoringInvalidity
) throws -> VerificationError? {
  let proof = try Prover(parameters).prove(execution, trace: trace, tampering)
  do throws(VerificationError) {
    _ = try Verifier(program: execution.program).verify(ProofFormat.encode(proof))
    return nil
  } catch {
    return error
  }
}
