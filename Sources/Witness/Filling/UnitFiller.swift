import ZKVMMachine

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

/// A unit with what fills its rows, in the file of this folder that has the name of the unit's file
/// in the module Machine.
package protocol FilledUnit: Unit {
  /// Made once a trace.
  var filler: any UnitFiller { get }
}

extension FilledUnit where Self: UnitFiller {
  package var filler: any UnitFiller { self }
}
