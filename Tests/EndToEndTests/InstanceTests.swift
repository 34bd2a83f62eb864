import AttackSupport
import TestSupport
import Testing
import ZKVMAssembler
import ZKVMField
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// Units whose rows are spread over several tables.
@Suite struct InstanceTests {
  private static let source = """
    .secret rounds: int
    .output total: int
    set left, rounds
    set sum, 0
    next:
    mul product, left, left
    add sum, sum, product
    sub left, left, 1
    gt more, left, 0
    branch more, next, done
    done:
    reveal total, sum
    halt
    """

  /// A loop of so many rounds.
  static func execution(_ rounds: Int64) throws -> Execution {
    try Interpreter.run(
      assemble(snippet: InstanceTests.source).program,
      ProgramInputs(publicInputs: [], secretInputs: [rounds], streams: []))
  }

  /// Adder and Product in three tables each, smaller ones than a prover would choose.
  private func split(_ execution: Execution, _ machine: MachineTables) -> [TableSize] {
    machine.sizes(
      program: execution.program, rows: execution.rowCounts, maximumInstances: 1
    ).flatMap { size in
      switch size.kind {
      case .adder: [12, 11, 10].map { TableSize(.adder, logHeight: $0) }
      case .product: [11, 10].map { TableSize(.product, logHeight: $0) }
      default: [size]
      }
    }
  }

  @Test(arguments: [Profile.fast, .standard], [true, false])
  func spreadRowsProve(profile: Profile, hiding: Bool) throws {
    let parameters = ProofParameters(profile: profile, isHiding: hiding)
    let execution = try InstanceTests.execution(1300)
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let trace = Trace(execution, machine: machine, sizes: split(execution, machine))
    #expect(trace.tables.filter { $0.kind == .adder }.map(\.logHeight) == [12, 11, 10])
    let proof = try Prover(parameters).prove(execution, trace: trace)
    let verdict = try Verifier(program: execution.program).verify(ProofFormat.encode(proof))
    #expect(verdict.outputs == execution.outputs)
    #expect(ProofEstimate(execution, parameters: parameters).layout.tables != proof.tables)
    // The blind rows of two instances are drawn apart; the prover has filled them in the trace.
    let blind = trace.tables.filter { $0.kind == .adder }.flatMap { table in
      ((1 << table.logHeight) - parameters.blindRows..<(1 << table.logHeight) - 1).map {
        table.main[$0, 3]
      }
    }
    #expect(blind.count == 3 * (parameters.blindRows - 1))
    #expect(Set(blind).count == blind.count)
  }

  /// A row of a second instance is bound like any other.
  @Test func aForgedRowOfAnInstanceIsRefused() throws {
    let parameters = ProofParameters(profile: .standard, isHiding: true)
    let execution = try InstanceTests.execution(1300)
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let trace = Trace(execution, machine: machine, sizes: split(execution, machine))
    let second = trace.tables.filter { $0.kind == .adder }[1]
    let column = second.table.columns.firstIndex { $0.name == "result_0" }!
    second.main[5, column] += 1
    let forged = try Prover(parameters).prove(
      execution, trace: trace, Tampering.ignoringInvalidity)
    #expect(throws: VerificationError.self) {
      try Verifier(program: execution.program).verify(ProofFormat.encode(forged))
    }
  }

  /// Heights have room for all rows, fall, and are one where nothing is saved.
  @Test func sizesFit() throws {
    let program = try assemble(snippet: InstanceTests.source).program
    let machine = MachineTables(program: program, blindRows: 512)
    for rows in [0, 1, 500, 20_000, 33_000, 65_000, 190_000, 210_000, 262_000, 1_000_000] {
      for maximum in 1...4 {
        let logs = machine.sizes(
          program: program, rows: [.adder: rows], maximumInstances: maximum
        ).filter { $0.kind == .adder }.map(\.logHeight)
        #expect((1...maximum).contains(logs.count))
        #expect(logs.reduce(0) { $0 + 1 << $1 - 512 } >= rows)
        #expect(zip(logs, logs.dropFirst()).allSatisfy { $0 > $1 })
      }
    }
    func logs(_ rows: Int) -> [Int] {
      machine.sizes(program: program, rows: [.adder: rows], maximumInstances: 3)
        .filter { $0.kind == .adder }.map(\.logHeight)
    }
    #expect(logs(190_000) == [17, 16])
    #expect(logs(210_000) == [17, 16, 14])
    #expect(logs(262_000 - 512) == [18])
    #expect(logs(1000) == [11])
  }
}
