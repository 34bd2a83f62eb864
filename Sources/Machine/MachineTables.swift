import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMHashing

/// The numbers of the tables; frozen, they order a proof's tables.
public enum TableKind: Int, CaseIterable, Sendable {
  case control = 0
  case adder
  case product
  case function
  case port
  case program
  case given
  case coefficients
  case scales
  case limbs
  case hash
  case memory
  case ram
}

/// A table of a proof and the log2 of its height.
public struct TableSize: Hashable, Sendable {
  public let kind: TableKind
  public let logHeight: Int

  public init(_ kind: TableKind, logHeight: Int) {
    self.kind = kind
    self.logHeight = logHeight
  }
}

/// The tables of a program's proofs: a function of the program alone, not of a run. A unit that no
/// instruction of the program uses is left out. Only how many instances a unit has, each a table of its
/// own height, depends on the run.
public struct MachineTables: Sendable {
  public let blindRows: Int
  public let units: [UnitKind: any Unit]
  public let limbs: LimbsTable
  /// If the program has memory.
  public let ram: RamTable?
  public let kinds: [TableKind]

  private static let fixed: [TableKind: FixedTable] = [
    .program: FixedTable("Program", bus: Buses.program),
    .given: FixedTable("Given", bus: Buses.value),
    .coefficients: FixedTable("Coefficients", bus: Buses.coefficients),
    .scales: FixedTable("Scales", bus: Buses.scales),
  ]

  private static let allUnits: [UnitKind: any Unit] = [
    .control: ControlUnit(), .adder: AdderUnit(), .product: ProductUnit(),
    .function: FunctionUnit(), .port: PortUnit(), .hash: HashUnit(), .memory: MemoryUnit(),
  ]

  public init(program: Program, blindRows: Int) {
    self.blindRows = blindRows
    let used = Set(program.instructions.map(\.opcode.unit))
    units = MachineTables.allUnits.filter { used.contains($0.key) }
    limbs = LimbsTable(blindRows: blindRows)
    ram = used.contains(.memory) ? RamTable(blindRows: blindRows) : nil
    kinds = TableKind.allCases.filter { kind in
      switch kind {
      case .coefficients, .scales: used.contains(.function)
      case .ram: used.contains(.memory)
      default: kind.unit.map { used.contains($0) } ?? true
      }
    }
  }

  /// Every table in order, for documentation and digests. Only Limbs and Ram know the blind rows.
  public static func all(blindRows: Int) -> [Table] {
    TableKind.allCases.map { kind in
      switch kind {
      case .limbs: LimbsTable(blindRows: blindRows).table
      case .ram: RamTable(blindRows: blindRows).table
      default: kind.unit.map { allUnits[$0]!.table } ?? fixed[kind]!.table
      }
    }
  }

  public func table(_ kind: TableKind) -> Table {
    if let unit = kind.unit { return units[unit]!.table }
    switch kind {
    case .limbs: return limbs.table
    case .ram: return ram!.table
    default: return MachineTables.fixed[kind]!.table
    }
  }

  public func fixedTable(_ kind: TableKind) -> FixedTable? { MachineTables.fixed[kind] }

  /// The entries of a table's fixed columns by row, empty if it has none.
  public static func fixedEntries(
    _ kind: TableKind, program: Program, publicInputs: [Int64]
  ) -> [[Goldilocks]] {
    switch kind {
    case .program: FixedEntries.program(program)
    case .given: FixedEntries.given(program, publicInputs: publicInputs)
    case .coefficients: program.functionRows.coefficients.map { FixedEntries.coefficients[$0] }
    case .scales: program.functionRows.scales.map { FixedEntries.scales[$0] }
    default: []
    }
  }

  /// The number of entries that the program fixes, for heights.
  public static func fixedEntryCount(_ kind: TableKind, program: Program) -> Int {
    switch kind {
    case .program: program.instructions.count
    case .given: program.frameStart
    case .coefficients: program.functionRows.coefficients.count
    case .scales: program.functionRows.scales.count
    case .ram: program.memorySize
    default: 0
    }
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
    if kind == .limbs { return LimbsTable.logHeight }
    let active =
      kind.unit == nil ? MachineTables.fixedEntryCount(kind, program: program) : rows
    return max(
      MachineTables.minimumLogHeight(blindRows: blindRows),
      MachineTables.logHeight(rows: active + blindRows))
  }

  /// The tables of a run whose units execute `rows` instructions: one of each kind or, if a unit may
  /// have several instances, where that saves rows enough.
  public func sizes(
    program: Program, rows: [UnitKind: Int], maximumInstances: Int
  ) -> [TableSize] {
    kinds.flatMap { kind in
      let count = kind.unit.map { rows[$0] ?? 0 } ?? 0
      let single = logHeight(kind, program: program, rows: count)
      let logs =
        kind.unit == nil
        ? [single] : instances(rows: count, single: single, maximum: maximumInstances)
      return logs.map { TableSize(kind, logHeight: $0) }
    }
  }

  /// An instance more must save this many rows: its openings make the proof longer.
  static let leastSaving = 1 << 14

  /// Falling heights with room for the rows, as few cells as possible.
  private func instances(rows: Int, single: Int, maximum: Int) -> [Int] {
    let minimum = MachineTables.minimumLogHeight(blindRows: blindRows)
    func cost(_ logs: [Int]) -> Int {
      logs.reduce(0) { $0 + 1 << $1 } + logs.count * MachineTables.leastSaving
    }
    var best = [single]
    // Larger instances first; the last one takes what is left.
    var open = [[Int]()]
    for _ in 0..<max(0, maximum - 1) {
      open = open.flatMap { logs in
        (minimum..<(logs.last ?? single)).reversed().map { logs + [$0] }
      }
      for logs in open {
        let left = rows - logs.reduce(0) { $0 + 1 << $1 - blindRows }
        let last = max(minimum, MachineTables.logHeight(rows: max(0, left) + blindRows))
        guard left > 0, last < logs.last! else { continue }
        let all = logs + [last]
        if cost(all) < cost(best) { best = all }
      }
    }
    return best
  }

  /// The height of a table that the program fixes; `nil` for units.
  public func fixedLogHeight(_ kind: TableKind, program: Program) -> Int? {
    kind.unit == nil ? logHeight(kind, program: program, rows: 0) : nil
  }
}

extension TableKind {
  /// The unit that the table belongs to.
  public var unit: UnitKind? {
    switch self {
    case .control: .control
    case .adder: .adder
    case .product: .product
    case .function: .function
    case .port: .port
    case .hash: .hash
    case .memory: .memory
    default: nil
    }
  }
}
