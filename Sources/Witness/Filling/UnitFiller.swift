import ZKVMMachine

/// Fills the rows of a unit's table. The file with the unit's name in this folder does it for the
/// unit that the module Machine declares in a file of that name.
package protocol UnitFiller: Unit {
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
