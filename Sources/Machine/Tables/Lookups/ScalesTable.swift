import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let scales = TableKind(number: 8, name: "scales")
}

/// The cases of the range reductions of a program's functions.
public struct ScalesTable: MachineTable {
  public static let kind = TableKind.scales
  package let content = Entries("Scales", bus: Buses.scales)

  public init(blindRows _: Int) {}

  public var table: Table { content.table }

  public static func isPresent(in program: Program) -> Bool { FunctionUnit.isPresent(in: program) }

  public static func entryCount(_ program: Program) -> Int { program.functionRows.scales.count }

  public static func entries(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]] {
    program.functionRows.scales.map { all[$0] }
  }

  /// The cases of all functions.
  static let all: [[Goldilocks]] = FunctionTables.scales.map { row in
    let power = Limbs.split(1 << row.kappa, count: 4).map { Goldilocks($0) }
    return [row.function, row.table, row.isNegated ? 1 : 0, row.end, row.a]
      .map { Goldilocks($0) } + power + [Goldilocks(row.h)] + row.g.map { Goldilocks($0) }
  }
}
