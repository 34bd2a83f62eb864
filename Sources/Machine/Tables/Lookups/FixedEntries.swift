import ZKVMField
import ZKVMFixedPoint

/// The entries of the tables that the verifier evaluates, by row.
public enum FixedEntries {
  /// The program, one instruction a row.
  public static func program(_ program: Program) -> [[Goldilocks]] {
    ProgramTable.entries(program, publicInputs: [])
  }

  /// Every row of the Coefficients table; a program's table has those of its functions.
  public static var coefficients: [[Goldilocks]] { CoefficientsTable.all }

  /// Every row of the Scales table.
  public static var scales: [[Goldilocks]] { ScalesTable.all }
}

extension Program {
  /// The rows of the Scales and Coefficients tables that the program's functions use.
  package var functionRows: (scales: [Int], coefficients: [Int]) {
    FunctionTables.selection(Set(instructions.compactMap(\.opcode.function)))
  }
}
