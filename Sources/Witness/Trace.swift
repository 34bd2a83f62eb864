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
    let program = execution.program
    blindRows = machine.blindRows
    var counts = LookupCounts(execution)
    let unitNumbers = program.instructions.map { UnitKind.allCases.firstIndex(of: $0.opcode.unit)! }
    var steps = [[Int]](repeating: [], count: UnitKind.allCases.count)
    for (index, step) in execution.steps.enumerated() {
      steps[unitNumbers[Int(step.pc)]].append(index)
    }
    let rows = Dictionary(uniqueKeysWithValues: zip(UnitKind.allCases, steps))
    var tables: [TableTrace] = []
    var filled: [UnitKind: Int] = [:]
    for size in sizes {
      let kind = size.kind
      let logHeight = size.logHeight
      var stepIndices: ArraySlice<Int> = []
      if let unit = kind.unit, let all = rows[unit] {
        let first = filled[unit, default: 0]
        stepIndices = all[first..<min(all.count, first + 1 << logHeight - machine.blindRows)]
        filled[unit] = stepIndices.endIndex
      }
      let entries = MachineTables.fixedEntries(
        kind, program: program, publicInputs: execution.publicInputs)
      let table = machine.table(kind)
      let main = Matrix(rows: 1 << logHeight, columns: table.columns.count)
      if let unit = kind.unit.flatMap({ (machine.units[$0] as? any FilledUnit)?.filler }) {
        Trace.fill(
          main, rows: (1 << logHeight) - machine.blindRows, unit, execution, stepIndices, &counts)
      }
      if let ram = machine.ram, kind == .ram { ram.fill(main, execution) }
      tables.append(
        TableTrace(
          kind: kind, table: table, logHeight: logHeight,
          activeRows: max(stepIndices.count, entries.count), main: main,
          fixed: Trace.fixedMatrix(entries, table: table, logHeight: logHeight)))
    }
    precondition(
      filled.allSatisfy { rows[$0.key]!.count == $0.value }, "the tables have too few rows")
    self.tables = tables
    fillUses(counts, program, machine)
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

  /// Fills the multiplicities of the lookup tables from what the units use.
  private func fillUses(_ counts: LookupCounts, _ program: Program, _ machine: MachineTables) {
    for table in tables {
      guard let fixed = machine.fixedTable(table.kind) else { continue }
      switch table.kind {
      case .program: fixed.fill(table.main, uses: counts.program)
      case .given:
        fixed.fill(table.main, uses: Array(counts.reads.prefix(program.frameStart)))
      case .coefficients:
        fixed.fill(
          table.main, uses: program.functionRows.coefficients.map { counts.coefficients[$0] })
      case .scales:
        fixed.fill(table.main, uses: program.functionRows.scales.map { counts.scales[$0] })
      default: break
      }
    }
    guard let limbs = tables.first(where: { $0.kind == .limbs }) else { return }
    let uses = limbUses()
    machine.limbs.fill(limbs.main, range: uses.range, top: uses.top)
  }

  /// Counts what the units look up in the Limbs table, by evaluating their messages.
  private func limbUses() -> LimbUses {
    var total = LimbUses()
    for trace in tables where trace.kind.unit != nil {
      let tasks = min(8, (trace.activeRows + 1023) / 1024)
      for part in inParallel(tasks, { trace.limbUses(task: $0, of: tasks) }) { total.add(part) }
    }
    return total
  }
}

/// How often each value of the Limbs table is looked up.
private struct LimbUses: Sendable {
  var range = [Int64](repeating: 0, count: 1 << 16)
  var top = [Int64](repeating: 0, count: 32767)

  mutating func add(_ other: LimbUses) {
    for i in range.indices { range[i] += other.range[i] }
    for i in top.indices { top[i] += other.top[i] }
  }
}

extension TableTrace {
  /// Of one of `tasks` parts of the rows.
  fileprivate func limbUses(task: Int, of tasks: Int) -> LimbUses {
    var uses = LimbUses()
    let messages = table.messages.filter { $0.bus == Buses.range || $0.bus == Buses.top }
    var graph = Graph()
    let outputs = messages.flatMap { [graph.insert($0.multiplicity), graph.insert($0.values[0])] }
    let evaluator = BlockEvaluator(BlockCode(graph: graph, outputs: outputs))
    let size = BlockEvaluator.blockSize
    let blocks = (activeRows + size - 1) / size
    for block in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
      let start = block * size
      evaluator.evaluate(main: main, fixed: fixed, auxiliary: nil, start: start, next: { $0 })
      for (index, message) in messages.enumerated() {
        let multiplicities = evaluator.output(2 * index)
        let values = evaluator.output(2 * index + 1)
        let isRange = message.bus == Buses.range
        for row in 0..<min(size, activeRows - start) where multiplicities[row] != .zero {
          // A receive has multiplicity −1. A value outside the table stays uncounted: the
          // checker and the verifier report it.
          let count = -multiplicities[row].signedValue
          let value = values[row].signedValue
          if isRange, (0..<65536).contains(value) {
            uses.range[Int(value)] += count
          } else if !isRange, (-16383...16383).contains(value) {
            uses.top[Int(value + 16383)] += count
          }
        }
      }
    }
    return uses
  }
}
