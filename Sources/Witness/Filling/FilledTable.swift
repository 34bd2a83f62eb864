import ZKVMField
import ZKVMMachine

/// A table of the machine with what fills it, in the file of this folder that has the name of the
/// table's file in the module Machine. Every table is one; a test says so.
package protocol FilledTable: MachineTable {
  /// Made once a trace.
  var filler: TableFiller { get }
}

/// What fills a table.
package enum TableFiller {
  /// A unit's, a row an executed instruction.
  case rows(any UnitFiller)
  /// Another's, when the rows of all units are filled. Rows start as zeros.
  case whole((Matrix, FilledUnits) -> Void)
}

/// Fills the rows of a unit's table.
package protocol UnitFiller: Sendable {
  /// Writes the row of an executed instruction. Rows start as zeros.
  func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts)
  /// Writes a row that executes nothing. Rows start as zeros.
  func fillPadding(_ row: RowWriter)
}

extension UnitFiller {
  package func fillPadding(_ row: RowWriter) {}
}

extension FilledTable where Self: UnitFiller {
  package var filler: TableFiller { .rows(self) }
}

/// What the other tables are filled from.
package struct FilledUnits {
  let execution: Execution
  let blindRows: Int
  /// What the units' rows use of the tables that the verifier evaluates.
  let counts: LookupCounts
  let tables: [TableTrace]
}
