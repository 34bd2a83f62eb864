import AIR
import AttackSupport
import Field
import Interpreter
import Machine
import Protocol
@_spi(Testing) import Prover
import TestSupport
import Testing
import Verifier

/// The same attacks, committed and proved: the trace is forged before the lookups, and the real
/// prover goes on with it.
@Suite(.serialized) struct ForgedProofTests {
  private let parameters = ProofParameters(profile: .standard, isHiding: true)

  @Test func everyForgeryIsRefused() throws {
    #expect(parameters.blindRows == Bench.blindRows)
    for forgery in try Forgeries.everything().all {
      let (execution, trace) = forgery.forged(omitting: nil)
      #expect(try refusal(execution, trace, parameters) != nil, "\(forgery.name)")
    }
  }

  /// A limb is used once less than it is looked up, and each constraint of the lookup argument in
  /// turn is broken to make up for it. Without that constraint the proof would be accepted.
  @Test func everyConstraintOfTheLookupArgumentIsMissed() throws {
    let execution = try Samples.everyInstructionExecution()
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    func prove(_ fault: LookupFault?) throws -> VerificationError? {
      let trace = Trace(execution, machine: machine)
      let limbs = trace.table(.limbs)
      limbs.main[1, limbs.table.columns.firstIndex { $0.name == "range_uses0" }!] -= 1
      var tampering = Tampering.ignoringInvalidity
      tampering.lookupFault = fault
      return try refusal(execution, trace, parameters, tampering)
    }
    #expect(try prove(nil) == .unbalancedBuses)
    for kind in machine.kinds {
      let system = ConstraintSystem(machine.table(kind), packing: parameters.packing)
      let groups = system.groups.indices.map { LookupFault.Place.group($0) }
      for place in groups + [.start, .terminal] {
        #expect(
          try prove(LookupFault(kind, place)) == .constraints, "\(kind) \(place)")
      }
    }
  }
}
