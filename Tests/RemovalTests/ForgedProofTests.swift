import AttackSupport
import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// The same attacks, committed and proved: the trace is forged before the lookups, and the real
/// prover goes on with it.
@Suite(.serialized) struct ForgedProofTests {
  /// Every profile, hiding and not, by turns; those whose proofs take seconds come less often.
  private static let turns: [ProofParameters] = {
    let quick = ProofParameters.all.filter { [.fast, .standard].contains($0.profile) }
    let slow = ProofParameters.all.filter { !quick.contains($0) }
    return slow.flatMap { quick + quick + quick + [$0] }
  }()

  /// Every written forgery at one of the profiles, with its rows in one of the places, in turn; with
  /// EXHAUSTIVE in the environment at all profiles.
  @Test func everyForgeryIsRefused() throws {
    let turns = ForgedProofTests.turns
    #expect(Set(turns) == Set(ProofParameters.all))
    let forgeries = try Forgeries.everything().all
    for (number, parameters) in ProofParameters.all.enumerated() {
      var count = 0
      for (index, forgery) in forgeries.enumerated()
      where isExhaustive || turns[index % turns.count] == parameters {
        let places = Placement.allCases
        let place = places[(index + index / turns.count + number) % places.count]
        let refusal = try refusal(forgery, parameters, place)
        #expect(
          refusal == .constraints || refusal == .unbalancedBuses,
          "\(forgery.name), \(parameters.label), \(place): \(refusal.map { "\($0)" } ?? "accepted")"
        )
        count += 1
      }
      print("\(count) forged proofs refused, \(parameters.label)")
    }
  }

  private func refusal(
    _ forgery: Forgery, _ parameters: ProofParameters, _ place: Placement
  ) throws -> VerificationError? {
    let layout = Layout(blindRows: parameters.blindRows, placement: place)
    var (execution, trace) = forgery.forged(omitting: nil, in: layout)
    if parameters.profile == .compact { trace = trace.raised(execution, parameters) }
    let proof = try Prover(parameters).prove(
      execution, trace: trace, Tampering.ignoringInvalidity)
    #expect(proof.parameters == parameters)
    do throws(VerificationError) {
      _ = try Verifier(program: execution.program).verify(ProofFormat.encode(proof))
      return nil
    } catch {
      return error
    }
  }

  /// A limb is used once less than it is looked up, and each constraint of the lookup argument in
  /// turn is broken to make up for it, in its first row or its last. Without that constraint the
  /// proof would be accepted.
  @Test(arguments: [Profile.fast, .standard])
  func everyConstraintOfTheLookupArgumentIsMissed(profile: Profile) throws {
    let execution = try Samples.everyInstructionExecution()
    func prove(_ parameters: ProofParameters, _ fault: LookupFault?) throws -> VerificationError? {
      let trace = trace(execution, parameters)
      let limbs = trace.table(.limbs)
      limbs.main[1, limbs.table.columns.firstIndex { $0.name == "range_uses0" }!] -= 1
      var tampering = Tampering.ignoringInvalidity
      tampering.lookupFault = fault
      return try AttackSupport.refusal(execution, trace, parameters, tampering)
    }
    let choices = [true, false].map { ProofParameters(profile: profile, isHiding: $0) }
    for parameters in choices { #expect(try prove(parameters, nil) == .unbalancedBuses) }
    var turn = 0
    for table in trace(execution, choices[0]).tables {
      let system = ConstraintSystem(table.table, packing: choices[0].packing)
      let groups = system.groups.indices.map { LookupFault.Place.group($0) }
      for place in groups + [.start, .terminal] {
        turn += 1
        guard isExhaustive || profile == .standard || turn % 3 == 0 else { continue }
        for parameters in isExhaustive ? choices : [choices[turn % 2]] {
          let height = trace(execution, parameters).table(table.kind).height
          let row = turn / 2 % 2 == 0 ? 0 : height - parameters.blindRows - 1
          #expect(
            try prove(parameters, LookupFault(table.kind, place, row: row)) == .constraints,
            "\(table.kind) \(place) row \(row), \(parameters.label)")
        }
      }
    }
  }
}

extension Trace {
  /// The same rows with more that execute nothing: so many that `compact` is not replaced by
  /// `smallest`, as it is for small runs.
  fileprivate func raised(_ execution: Execution, _ parameters: ProofParameters) -> Trace {
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let control = tables.firstIndex { $0.kind == .control }!
    let result = Trace(
      execution, machine: machine,
      sizes: tables.enumerated().map { index, table in
        TableSize(table.kind, logHeight: index == control ? 16 : table.logHeight)
      })
    for (source, target) in zip(tables, result.tables) {
      for row in 0..<(source.height - blindRows) { target.set(row, source.row(row)) }
    }
    return result
  }
}
