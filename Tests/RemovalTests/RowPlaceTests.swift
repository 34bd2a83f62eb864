import AttackSupport
import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMInspect
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// What rows do where no honest prover puts them: twice, and among the blind rows.
@Suite(.serialized) struct RowPlaceTests {
  private static let units = TableKind.allCases.filter { $0.unit != nil }

  /// Runs as small as these get `smallest` where `compact` is asked for.
  private static let parameters = ProofParameters.all.filter { $0.profile != .compact }

  /// The trace of every instruction, with one unit in two tables, and the first row of an opcode in
  /// both.
  private func duplicated(
    _ kind: TableKind, _ row: Int, _ execution: Execution, _ blindRows: Int
  ) -> Trace {
    let machine = MachineTables(program: execution.program, blindRows: blindRows)
    let sizes = machine.sizes(
      program: execution.program, rows: execution.rowCounts, maximumInstances: 1
    ).flatMap { size in
      size.kind == kind
        ? [size.logHeight + 1, size.logHeight].map { TableSize(kind, logHeight: $0) } : [size]
    }
    let trace = Trace(execution, machine: machine, sizes: sizes)
    let tables = trace.tables.filter { $0.kind == kind }
    tables[1].set(0, tables[0].row(row))
    trace.settle(execution)
    return trace
  }

  /// The first row of every opcode of a unit.
  private func firstRows(_ kind: TableKind, _ execution: Execution) -> [Int] {
    let machine = MachineTables(program: execution.program, blindRows: 1)
    let table = Trace(execution, machine: machine).table(kind)
    var seen: Set<Opcode> = []
    return (0..<table.activeRows).filter {
      seen.insert(execution.program.instructions[Int(table.main[$0, 0].value)].opcode).inserted
    }
  }

  /// An instruction that is executed in two tables takes a token that nobody sends.
  @Test func aRowInTwoInstancesIsRefused() throws {
    let execution = try Samples.everyInstructionExecution()
    var turn = 0
    for kind in RowPlaceTests.units {
      let rows = firstRows(kind, execution)
      for row in rows {
        turn += 1
        for (index, blindRows) in Layout.blindRows.enumerated()
        where isExhaustive || turn % Layout.blindRows.count == index {
          let machine = MachineTables(program: execution.program, blindRows: blindRows)
          let report = Checker(execution, machine: machine).check(
            duplicated(kind, row, execution, blindRows))
          #expect(report.constraints.isEmpty, "\(kind) row \(row)")
          #expect(
            report.buses.contains { $0.bus == Buses.token }, "\(kind) row \(row), \(blindRows)")
        }
      }
      let quick = ProofParameters.all.filter { [.fast, .standard].contains($0.profile) }
      for parameters in isExhaustive ? RowPlaceTests.parameters : [quick[turn % quick.count]] {
        let trace = duplicated(kind, rows[0], execution, parameters.blindRows)
        #expect(try refusal(execution, trace, parameters) == .unbalancedBuses, "\(kind)")
      }
    }
  }

  /// Rows that execute something, honest ones and false ones, stand in the blind rows: they change
  /// nothing, as no constraint holds there and no message counts.
  @Test(arguments: parameters)
  func whatStandsInBlindRowsChangesNothing(parameters: ProofParameters) throws {
    let execution = try Samples.tinyExecution()
    let trace = trace(execution, parameters)
    for table in trace.tables where table.kind.unit != nil {
      for row in (table.height - parameters.blindRows)..<table.height {
        var copy = table.row(row % table.activeRows)
        // Every other one is false as well: a limb, a selector or a flag.
        if row % 2 == 1 { for column in 3..<copy.count { copy[column] += 1 } }
        table.set(row, copy)
      }
    }
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    #expect(Checker(execution, machine: machine).check(trace).holds)
    #expect(try refusal(execution, trace, parameters, .keepingBlindRows) == nil)
  }

  /// A row that executes something and stands in a blind row is missing: the path has a gap.
  @Test(arguments: parameters)
  func aRowAmongTheBlindOnesIsMissed(parameters: ProofParameters) throws {
    let execution = try Samples.tinyExecution()
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let quick = [Profile.fast, .standard].contains(parameters.profile)
    for kind in machine.kinds where kind.unit != nil {
      let trace = trace(execution, parameters)
      let table = trace.table(kind)
      let padding = table.row(table.height - parameters.blindRows - 1)
      table.set(table.height - parameters.blindRows, table.row(0))
      table.set(0, padding)
      trace.settle(execution)
      let report = Checker(execution, machine: machine).check(trace)
      #expect(report.constraints.isEmpty, "\(kind)")
      #expect(report.buses.contains { $0.bus == Buses.token }, "\(kind)")
      guard quick || isExhaustive || kind == .adder else { continue }
      #expect(
        try refusal(execution, trace, parameters, .keepingBlindRows) == .unbalancedBuses,
        "\(kind)")
    }
  }

  /// The last row that counts, and the first that does not, at the verifier itself: a flag of 2 in
  /// a row that executes nothing breaks one constraint and no message.
  @Test(arguments: parameters)
  func theVerifiersDomainsEndWhereTheyShould(parameters: ProofParameters) throws {
    let execution = try Samples.tinyExecution()
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let end = trace(execution, parameters).table(.adder).height - parameters.blindRows
    for (row, isRefused) in [(0, true), (end - 1, true), (end, false)] {
      let trace = trace(execution, parameters)
      let adder = trace.table(.adder)
      if row == 0 {
        let (first, padding) = (adder.row(0), adder.row(end - 1))
        adder.set(end / 2, first)
        adder.set(0, padding)
      }
      let bit = adder.column("bit")
      #expect(bit >= CubicExtension.degree)
      adder.main[row, bit] = 2
      let report = Checker(execution, machine: machine).check(trace)
      #expect(report.constraints.map(\.row) == (isRefused ? [row] : []))
      #expect(report.buses.isEmpty)
      #expect(
        try refusal(execution, trace, parameters, .keepingBlindRows)
          == (isRefused ? .constraints : nil),
        "row \(row) of \(end)")
    }
  }
}

extension Tampering {
  /// Commits to the blind rows as they stand in the trace.
  fileprivate static var keepingBlindRows: Tampering {
    var tampering = Tampering.ignoringInvalidity
    tampering.withoutRandomness.insert(.blindRows)
    return tampering
  }
}
