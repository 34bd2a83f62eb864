import TestSupport
import Testing
import ZKVMMachine
import ZKVMWitness

/// The one list of tables.
@Suite struct TableListTests {
  @Test func aTablesNumberIsItsPlace() {
    for (place, kind) in TableKind.allCases.enumerated() {
      #expect(kind.rawValue == place)
      #expect(TableKind(rawValue: place) == kind)
    }
    #expect(TableKind(rawValue: -1) == nil)
    #expect(TableKind(rawValue: TableKind.allCases.count) == nil)
    #expect(Set(TableKind.allCases.map(\.description)).count == TableKind.allCases.count)
  }

  @Test func everyUnitHasOneTable() {
    #expect(
      TableKind.allCases.compactMap(\.unit).sorted { $0.rawValue < $1.rawValue }
        == UnitKind.allCases.sorted { $0.rawValue < $1.rawValue })
  }

  /// A program with every instruction has every table, and the prover's half fills each.
  @Test func everyTableIsFilled() throws {
    let program = try Samples.everyInstructionExecution().program
    let machine = MachineTables(program: program, blindRows: 1)
    #expect(machine.kinds == TableKind.allCases)
    for kind in machine.kinds {
      #expect(machine.declaration(kind) is any FilledTable, "nothing fills \(kind)")
    }
  }
}
