import ZKVMAIR
import ZKVMField

/// The tables of a program's proofs: a function of the program alone, not of a run. A unit that no
/// instruction of the program uses is left out. Only how many instances a unit has, each a table of its
/// own height, depends on the run.
public struct MachineTables: Sendable {
  /// Every table in the order of the numbers, which are their places here. A new table is a line at
  /// the end and a file that declares it.
  static let list: [any MachineTable.Type] = [
    ControlUnit.self,
    AdderUnit.self,
    ProductUnit.self,
    FunctionUnit.self,
    PortUnit.self,
    ProgramTable.self,
    GivenTable.self,
    CoefficientsTable.self,
    ScalesTable.self,
    LimbsTable.self,
    HashUnit.self,
    MemoryUnit.self,
    RamTable.self,
  ]

  public let blindRows: Int
  /// Those of the program.
  public let kinds: [TableKind]
  private let declared: [TableKind: any MachineTable]

  /// What is declared once for all blind rows.
  private static let shared: [TableKind: any MachineTable] = Dictionary(
    uniqueKeysWithValues: list.filter { !$0.knowsBlindRows }.map {
      ($0.kind, $0.init(blindRows: 0))
    })

  private static func declare(_ kind: TableKind, blindRows: Int) -> any MachineTable {
    shared[kind] ?? kind.declaration.init(blindRows: blindRows)
  }

  public init(program: Program, blindRows: Int) {
    self.blindRows = blindRows
    kinds = TableKind.allCases.filter { $0.declaration.isPresent(in: program) }
    declared = Dictionary(
      uniqueKeysWithValues: kinds.map {
        ($0, MachineTables.declare($0, blindRows: blindRows))
      })
  }

  /// Every table in order, for documentation and digests. Only Limbs knows the blind rows.
  public static func all(blindRows: Int) -> [Table] {
    TableKind.allCases.map { declare($0, blindRows: blindRows).table }
  }

  /// A table of the program.
  public func table(_ kind: TableKind) -> Table { declared[kind]!.table }

  /// What declares a table of the program, for what fills it.
  package func declaration(_ kind: TableKind) -> any MachineTable { declared[kind]! }

  /// The entries of a table's fixed columns by row, empty if it has none.
  public static func fixedEntries(
    _ kind: TableKind, program: Program, publicInputs: [Int64]
  ) -> [[Goldilocks]] {
    kind.declaration.entries(program, publicInputs: publicInputs)
  }

  /// The number of entries that the program fixes, for heights.
  public static func fixedEntryCount(_ kind: TableKind, program: Program) -> Int {
    kind.declaration.entryCount(program)
  }

  /// The least height of any table: room for the blind rows and as many others, and a whole
  /// evaluation block.
  public static func minimumLogHeight(blindRows: Int) -> Int {
    logHeight(rows: max(2 * blindRows, BlockEvaluator.blockSize))
  }

  static func logHeight(rows: Int) -> Int {
    rows <= 1 ? 0 : Int.bitWidth - (rows - 1).leadingZeroBitCount
  }

  /// log2 of a table's height when its unit executes `rows` instructions.
  public func logHeight(_ kind: TableKind, program: Program, rows: Int) -> Int {
    if let fixed = kind.declaration.fixedLogHeight { return fixed }
    let active = kind.unit == nil ? kind.declaration.entryCount(program) : rows
    return max(
      MachineTables.minimumLogHeight(blindRows: blindRows),
      MachineTables.logHeight(rows: active + blindRows))
  }

  /// The height of a table that the program fixes; `nil` for units.
  public func fixedLogHeight(_ kind: TableKind, program: Program) -> Int? {
    kind.unit == nil ? logHeight(kind, program: program, rows: 0) : nil
  }
}
