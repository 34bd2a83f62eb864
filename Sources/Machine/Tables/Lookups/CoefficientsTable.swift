import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let coefficients = TableKind(number: 7, name: "coefficients")
}

/// The pieces of the polynomials that a program's functions use.
public struct CoefficientsTable: MachineTable {
  public static let kind = TableKind.coefficients
  package let content = Entries("Coefficients", bus: Buses.coefficients)

  public init(blindRows _: Int) {}

  public var table: Table { content.table }

  public static func isPresent(in program: Program) -> Bool { FunctionUnit.isPresent(in: program) }

  public static func entryCount(_ program: Program) -> Int {
    program.functionRows.coefficients.count
  }

  public static func entries(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]] {
    program.functionRows.coefficients.map { all[$0] }
  }

  /// The pieces of all functions.
  static let all: [[Goldilocks]] = FunctionTables.coefficients.map { row in
    [Goldilocks(row.table), Goldilocks(row.segment)]
      + [row.c0, row.c1, row.c2, row.c3, row.c4 & 0xFFFF, row.c4 >> 16].map { Goldilocks($0) }
  }
}
