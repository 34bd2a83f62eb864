import AttackSupport
import Foundation
import TestSupport
import Testing
import ZKVMAIR
import ZKVMAssembler
import ZKVMField
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// Forged proofs made with the real prover's own machinery; named by attack.
@Suite(.serialized) struct MaliciousProverTests {
  private let parameters = ProofParameters(profile: .standard, isHiding: true)

  // MARK: Transcript

  /// Challenges that do not depend on what is sent in a step. That nothing else is wrong with the
  /// proof shows a verifier that leaves out the same.
  @Test(arguments: ProtocolStep.allCases.filter { $0.operation == .absorb })
  func omittedAbsorption(step: ProtocolStep) throws {
    let execution = try Samples.tinyExecution()
    let hash = OmittingHash(step)
    let proof = try Prover(parameters, hash: hash).prove(execution)
    #expect(throws: VerificationError.self) {
      try Verifier(program: execution.program).verify(proof)
    }
    _ = try Verifier(program: execution.program, hash: hash).verify(proof)
  }

  // MARK: FRI

  /// A layer that is of low degree and properly committed, but not the folding of the one before.
  @Test(arguments: [
    (0, VerificationError.foldingMismatch(layer: 0)), (1, .foldingMismatch(layer: 1)),
    (2, .finalPolynomialMismatch),
  ])
  func layerThatIsNotAFolding(layer: Int, expected: VerificationError) throws {
    let execution = try Samples.tinyExecution()
    var tampering = Tampering()
    tampering.shiftedLayer = layer
    #expect(
      try refusal(execution, trace(execution, parameters), parameters, tampering) == expected)
  }

  // MARK: Lookups

  /// A constant offset of the accumulators cannot stand for a missing lookup.
  @Test func accumulatorsThatDoNotSumToZero() throws {
    let execution = try Samples.tinyExecution()
    var tampering = Tampering.ignoringInvalidity
    tampering.accumulatorExcess = CubicExtension(1, 2, 3)
    #expect(
      try refusal(execution, trace(execution, parameters), parameters, tampering)
        == .unbalancedBuses)
  }

  /// An inactive row that publishes a second value for a cell.
  @Test func multiplicityForgedInPadding() throws {
    let execution = try Samples.tinyExecution()
    let trace = trace(execution, parameters)
    let adder = trace.table(.adder)
    let row = adder.activeRows + 3
    adder.main[row, adder.column("reads")] = 1
    adder.main[row, adder.column("result_0")] = 7
    #expect(try refusal(execution, trace, parameters) != nil)
  }

  /// A limb out of range, offset by its neighbour: the word's value is right, its limbs are not.
  @Test func limbsThatBorrowFromEachOther() throws {
    let execution = try Samples.tinyExecution()
    let trace = trace(execution, parameters)
    let adder = trace.table(.adder)
    adder.main[0, adder.column("result_0")] += Goldilocks(65536)
    adder.main[0, adder.column("result_1")] -= 1
    #expect(try refusal(execution, trace, parameters) == .unbalancedBuses)
  }

  /// Fewer uses than there are lookups, in the table that answers them.
  @Test(arguments: [TableKind.limbs, .program, .given])
  func wrongUses(kind: TableKind) throws {
    let execution = try Samples.tinyExecution()
    let trace = trace(execution, parameters)
    let table = trace.table(kind)
    let column = kind == .limbs ? table.column("range_uses0") : table.column("uses")
    table.main[0, column] -= 1
    #expect(try refusal(execution, trace, parameters) == .unbalancedBuses)
  }

  // MARK: Control

  /// x = 200 is above the limit; the assertion's row is left out.
  @Test func skippedAssertion() throws {
    let honest = try Samples.tinyExecution()
    let program = honest.program
    let limit = program.instructions.firstIndex { $0.opcode == .assertLt }!
    func forged(keepingAssertion: Bool) -> Execution {
      var steps = honest.steps
      for index in steps.indices {
        switch program.instructions[Int(steps[index].pc)].opcode {
        case .secret: steps[index].words[3] = 200
        case .add: (steps[index].words[0], steps[index].words[3]) = (200, 201)
        case .assertLt: steps[index].words[0] = 201
        case .reveal: steps[index].words[0] = 201
        default: break
        }
      }
      if !keepingAssertion { steps.removeAll { Int($0.pc) == limit } }
      return Execution(
        program: program, publicInputs: honest.publicInputs, outputs: [201], steps: steps,
        unreadRecords: [])
    }
    let skipped = forged(keepingAssertion: false)
    #expect(try refusal(skipped, trace(skipped, parameters), parameters) == .unbalancedBuses)
    let failed = forged(keepingAssertion: true)
    let failedTrace = trace(failed, parameters)
    #expect(try refusal(failed, failedTrace, parameters) != nil)
    // Nor with the bit that the assertion wants.
    let adder = failedTrace.table(.adder)
    adder.main[1, adder.column("bit")] = 1
    #expect(try refusal(failed, failedTrace, parameters) != nil)
  }

  /// The reveal runs once more behind halt, or a row is there twice.
  @Test func rowsThatTheTokenNeverReaches() throws {
    let honest = try Samples.tinyExecution()
    for index in honest.steps.indices {
      var steps = honest.steps
      steps.append(honest.steps[index])
      let forged = Execution(
        program: honest.program, publicInputs: honest.publicInputs, outputs: honest.outputs,
        steps: steps, unreadRecords: [])
      #expect(try refusal(forged, trace(forged, parameters), parameters) == .unbalancedBuses)
    }
  }

  /// The order of rows means nothing: a real row behind padding is neither better nor worse.
  @Test func realRowBehindPadding() throws {
    let execution = try Samples.tinyExecution()
    let trace = trace(execution, parameters)
    let adder = trace.table(.adder)
    for column in 0..<adder.main.columns {
      adder.main[100, column] = adder.main[0, column]
      adder.main[0, column] = .zero
    }
    #expect(try refusal(execution, trace, parameters, .none) == nil)
  }

  @Test func jumpOutsideTheProgram() throws {
    let execution = try Samples.tinyExecution()
    for target in [0, 2, 77] as [Int64] {
      let trace = trace(execution, parameters)
      let control = trace.table(.control)
      control.main[0, control.column("next_pc")] = Goldilocks(target)
      #expect(try refusal(execution, trace, parameters) != nil)
    }
  }

  @Test func readsBeforeWrites() throws {
    // The loader refuses such programs; a prover that changes an address is refused as well.
    let execution = try Samples.tinyExecution()
    let trace = trace(execution, parameters)
    let adder = trace.table(.adder)
    adder.main[0, adder.column("a_address")] += 1
    #expect(try refusal(execution, trace, parameters) != nil)
  }

  // MARK: Cells

  /// Every cell of a row of every instruction, changed before lookups and commitments: all of them if
  /// the environment has EXHAUSTIVE, else every 23rd. (Without proofs, `CellTests` changes every cell
  /// of every row.)
  @Test(arguments: [TableKind.control, .adder, .product, .function, .port, .hash, .memory])
  func changedCells(kind: TableKind) throws {
    let execution = try Samples.everyInstructionExecution()
    let listed = try vectorsText("unused-cells.txt")
    let base = trace(execution, parameters).table(kind)
    let isExhaustive = ProcessInfo.processInfo.environment["EXHAUSTIVE"] != nil
    var generator = SeededGenerator(seed: 17)
    var seen: Set<Opcode> = []
    var count = 0
    for row in 0..<base.activeRows {
      let opcode = execution.program.instructions[Int(base.main[row, 0].value)].opcode
      guard seen.insert(opcode).inserted else { continue }
      for column in 0..<base.table.columns.count {
        let name = base.table.columns[column].name
        guard !listed.contains("\(base.table.name) \(opcode.mnemonic) \(name)") else { continue }
        count += 1
        guard isExhaustive || count % 23 == 0 else { continue }
        let trace = trace(execution, parameters)
        trace.table(kind).main[row, column] += Goldilocks(generator.next() | 2)
        #expect(try refusal(execution, trace, parameters) != nil, "\(kind) row \(row) \(name)")
      }
    }
    #expect(seen == Set(Opcode.allCases.filter { $0.unit == kind.unit }))
    if isExhaustive { print("\(kind): \(count) changed cells refused") }
  }

  private func vectorsText(_ name: String) throws -> Set<String> {
    let url = repository.appendingPathComponent("Tests/Vectors/\(name)")
    return Set(try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init))
  }
}
