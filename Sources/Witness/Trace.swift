import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// The witness columns of one table.
public struct TableTrace: Sendable {
  public let kind: TableKind
  public let table: Table
  public let logHeight: Int
  /// Rows that execute an instruction or hold an entry.
  public let activeRows: Int
  /// Column-major, 2^logHeight rows; blind rows are zero.
  public let main: Matrix
  /// The verifier's columns; blind rows repeat the last entry.
  public let fixed: Matrix

  public var height: Int { 1 << logHeight }

  /// The same columns under another table's constraints and messages.
  package func judged(by table: Table) -> TableTrace {
    TableTrace(
      kind: kind, table: table, logHeight: logHeight, activeRows: activeRows, main: main,
      fixed: fixed)
  }
}

/// The raw trace of an execution: what is true before any randomness is added.
public struct Trace: Sendable {
  public let blindRows: Int
  public var tables: [TableTrace]

  /// Lays an execution out in tables, a unit's rows in up to `maximumInstances` of them.
  public init(_ execution: Execution, machine: MachineTables, maximumInstances: Int = 1) {
    let sizes = machine.sizes(
      program: execution.program, rows: execution.rowCounts, maximumInstances: maximumInstances)
    self.init(execution, machine: machine, sizes: sizes)
  }

  /// Lays an execution out in tables of these sizes, which have room for it.
  package init(_ execution: Execution, machine: MachineTables, sizes: [TableSize]) {
    blindRows = machine.blindRows
    var counts = LookupCounts(execution)
    var left = Trace.steps(execution).mapValues { $0[...] }
    var wholes: [(matrix: Matrix, fill: (Matrix, FilledUnits) -> Void)] = []
    var tables: [TableTrace] = []
    for size in sizes {
      let table = machine.table(size.kind)
      let rows = 1 << size.logHeight - machine.blindRows
      let steps = size.kind.unit.flatMap { left[$0]?.prefix(rows) } ?? []
      let entries = MachineTables.fixedEntries(
        size.kind, program: execution.program, publicInputs: execution.publicInputs)
      let main = Matrix(rows: 1 << size.logHeight, columns: table.columns.count)
      switch Trace.filler(size.kind, machine) {
      case .rows(let unit): Trace.fill(main, rows: rows, unit, execution, steps, &counts)
      case .whole(let fill): wholes.append((main, fill))
      }
      if let unit = size.kind.unit { left[unit]?.removeFirst(steps.count) }
      tables.append(
        TableTrace(
          kind: size.kind, table: table, logHeight: size.logHeight,
          activeRows: max(steps.count, entries.count), main: main,
          fixed: Trace.fixedMatrix(entries, table: table, logHeight: size.logHeight)))
    }
    precondition(left.values.allSatisfy(\.isEmpty), "the tables have too few rows")
    self.tables = tables
    let units = FilledUnits(
      execution: execution, blindRows: blindRows, counts: counts, tables: tables)
    for (matrix, fill) in wholes { fill(matrix, units) }
  }

  /// The numbers of the steps that each unit executes.
  private static func steps(_ execution: Execution) -> [UnitKind: [Int]] {
    let units = execution.program.instructions.map {
      UnitKind.allCases.firstIndex(of: $0.opcode.unit)!
    }
    var steps = [[Int]](repeating: [], count: UnitKind.allCases.count)
    for (index, step) in execution.steps.enumerated() { steps[units[Int(step.pc)]].append(index) }
    return Dictionary(uniqueKeysWithValues: zip(UnitKind.allCases, steps))
  }

  private static func filler(_ kind: TableKind, _ machine: MachineTables) -> TableFiller {
    guard let table = machine.declaration(kind) as? any FilledTable else {
      preconditionFailure("nothing in the folder Filling fills the table \(kind)")
    }
    return table.filler
  }

  /// Fills a unit's rows, in ranges on all cores.
  private static func fill(
    _ main: Matrix, rows: Int, _ unit: any UnitFiller, _ execution: Execution,
    _ steps: ArraySlice<Int>,
    _ counts: inout LookupCounts
  ) {
    let tasks = min(8, (rows + 1023) / 1024)
    let empty = counts.withoutFunctionUses()
    let uses = inParallel(tasks) { task in
      var uses = empty
      for row in (rows * task / tasks)..<(rows * (task + 1) / tasks) {
        let writer = RowWriter(matrix: main, row: row)
        guard row < steps.count else {
          unit.fillPadding(writer)
          continue
        }
        let step = execution.steps[steps[steps.startIndex + row]]
        unit.fill(
          writer, step, execution.program.instructions[Int(step.pc)], of: execution, &uses)
      }
      return uses
    }
    for part in uses { counts.addFunctionUses(part) }
  }

  static func fixedMatrix(_ entries: [[Goldilocks]], table: Table, logHeight: Int) -> Matrix {
    let matrix = Matrix(rows: 1 << logHeight, columns: table.fixedColumns.count)
    guard let last = entries.last else { return matrix }
    for column in 0..<matrix.columns {
      let target = matrix.column(column)
      for row in 0..<matrix.rows {
        target[row] = row < entries.count ? entries[row][column] : last[column]
      }
    }
    return matrix
  }
}
