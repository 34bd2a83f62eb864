import Foundation
import TestSupport
import Testing
import ZKVMAIR
import ZKVMAssembler
import ZKVMField
import ZKVMFixedPoint
import ZKVMInspect
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// Every cell of every table, changed one at a time.
@Suite struct CellTests {
  static let blindRows = 256

  @Test func honestTraceHolds() throws {
    let execution = try Samples.everyInstructionExecution()
    let used = Set(execution.steps.map { execution.program.instructions[Int($0.pc)].opcode })
    #expect(used == Set(Opcode.allCases), "the sample executes every instruction")
    let machine = MachineTables(program: execution.program, blindRows: CellTests.blindRows)
    let report = Checker(execution, machine: machine).check(Trace(execution, machine: machine))
    #expect(report.constraints.isEmpty)
    #expect(report.buses.isEmpty)
  }

  /// A change that nothing catches must be listed in Tests/Vectors/unused-cells.txt, as
  /// "table opcode column", and everything listed must be found.
  @Test func everyChangedCellIsCaughtOrListed() throws {
    let execution = try Samples.everyInstructionExecution()
    let program = execution.program
    let machine = MachineTables(program: program, blindRows: CellTests.blindRows)
    let trace = Trace(execution, machine: machine)
    let lock = NSLock()
    nonisolated(unsafe) var unused: Set<String> = []
    let tables = trace.tables
    DispatchQueue.concurrentPerform(iterations: tables.count) { index in
      let table = tables[index]
      var generator = SeededGenerator(seed: UInt64(index))
      let probe = CellProbe(table, blindRows: CellTests.blindRows)
      var found: Set<String> = []
      let last = table.height - CellTests.blindRows - 1
      let rows =
        table.kind == .limbs
        ? Array(0...last) : Array(0..<table.activeRows) + [table.activeRows, last]
      for row in rows {
        var name = "-"
        if table.kind.unit != nil {
          let pc = Int(table.main[row, 0].value)
          name = row < table.activeRows ? program.instructions[pc].opcode.mnemonic : "inactive"
        }
        for column in 0..<table.table.columns.count {
          let old = table.main[row, column]
          var values = [old + 1, old - 1, 1 - old, -old, old + Goldilocks(1 << 16)]
          values.append(Goldilocks(generator.next()))
          if values.contains(where: {
            $0 != old && !probe.catches(row: row, column: column, $0)
          }) {
            found.insert("\(table.table.name) \(name) \(table.table.columns[column].name)")
          }
        }
      }
      lock.withLock { unused.formUnion(found) }
    }
    let url = repository.appendingPathComponent("Tests/Vectors/unused-cells.txt")
    if ProcessInfo.processInfo.environment["UPDATE_FROZEN"] != nil {
      try (unused.sorted().joined(separator: "\n") + "\n").write(
        to: url, atomically: true, encoding: .utf8)
    }
    let listed = Set(
      try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init))
    #expect(unused.subtracting(listed).sorted() == [], "changes that nothing catches")
    #expect(listed.subtracting(unused).sorted() == [], "listed, but caught")
  }

  /// The checker names table, row, source line and values.
  @Test func checkerNamesWhatIsWrong() throws {
    let execution = try Samples.everyInstructionExecution()
    let machine = MachineTables(program: execution.program, blindRows: CellTests.blindRows)
    let trace = Trace(execution, machine: machine)
    let adder = trace.tables.first { $0.kind == .adder }!
    let column = adder.table.columns.firstIndex { $0.name == "result_0" }!
    adder.main[0, column] += 1
    let report = Checker(execution, machine: machine).check(trace)
    #expect(report.constraints.count == 1)
    #expect(
      report.constraints[0].description.contains(
        "Adder row 0 (program.zkasm:13:5): \"add is a + b\""))
    #expect(report.constraints[0].description.contains("result_0 = "))
    let value = report.buses.filter { $0.bus == Buses.value }
    #expect(value.count == 2)
    #expect(value.contains { $0.description.contains("Adder row 0 \"publish the result\"") })
    #expect(report.buses.contains { $0.bus == Buses.range })
  }
}
