import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine
import ZKVMWitness

/// A constraint that does not hold on a row.
public struct ConstraintFailure: Sendable, CustomStringConvertible {
  public let table: String
  public let row: Int
  public let label: String
  public let value: Goldilocks
  /// Where the row's instruction comes from, if it executes one.
  public let source: String?
  /// The columns that the constraint uses, with their values in the row.
  public let cells: [(column: String, value: Goldilocks)]

  public var description: String {
    let shown = cells.map { "\($0.column) = \($0.value)" }.joined(separator: ", ")
    return "\(table) row \(row)" + (source.map { " (\($0))" } ?? "")
      + ": \"\(label)\" is \(value), expected 0; \(shown)"
  }
}

/// A tuple that is not sent as often as it is received.
public struct BusFailure: Sendable, CustomStringConvertible {
  public let bus: Bus
  public let values: [Goldilocks]
  /// Times sent less times received.
  public let excess: Int64
  /// Who put it on the bus: table, row, message and multiplicity.
  public let parties: [String]

  public var description: String {
    let fields = zip(bus.fields, values).map { "\($0) \($1)" }.joined(separator: ", ")
    let what =
      excess > 0
      ? "sent \(excess) times more than received" : "received \(-excess) times more than sent"
    return "bus \(bus.name) (\(fields)): \(what); " + parties.joined(separator: "; ")
  }
}

/// Checks a raw trace: every constraint on every row and every bus, all failures at once.
///
/// The mock prover: it needs no commitments and names what a proof's refusal cannot.
public struct Checker {
  public struct Report: Sendable {
    public var constraints: [ConstraintFailure] = []
    public var buses: [BusFailure] = []
    public var holds: Bool { constraints.isEmpty && buses.isEmpty }
  }

  private let execution: Execution
  private let machine: MachineTables

  public init(_ execution: Execution, machine: MachineTables) {
    self.execution = execution
    self.machine = machine
  }

  /// Checks a trace of the execution that the checker was made for; at most `limit` failures of
  /// each kind are described.
  public func check(_ trace: Trace, limit: Int = 100) -> Report {
    var report = Report()
    var balance = BusBalance(limit: limit)
    for table in trace.tables {
      checkConstraints(table, blindRows: trace.blindRows, limit: limit, &report)
      balance.add(table, blindRows: trace.blindRows)
    }
    addVerifierMessages(&balance)
    report.buses = balance.failures(trace)
    return report
  }

  /// What the verifier puts on the buses: start, halt and the outputs.
  private func addVerifierMessages(_ balance: inout BusBalance) {
    for message in VerifierMessages.all(
      program: execution.program, outputs: execution.outputs)
    {
      balance.add(message.bus, message.values, message.multiplicity)
    }
  }

  private func checkConstraints(
    _ trace: TableTrace, blindRows: Int, limit: Int, _ report: inout Report
  ) {
    var graph = Graph()
    let constraints = trace.table.constraints
    let outputs = constraints.map { graph.insert($0.expression) }
    guard !outputs.isEmpty else { return }
    let evaluator = BlockEvaluator(BlockCode(graph: graph, outputs: outputs))
    let height = trace.height
    for start in stride(from: 0, to: height, by: BlockEvaluator.blockSize) {
      evaluator.evaluate(
        main: trace.main, fixed: trace.fixed, auxiliary: nil, start: start,
        next: { ($0 + 1) & (height - 1) })
      for (index, constraint) in constraints.enumerated() {
        let values = evaluator.output(index)
        let rows = constraint.domain.rows(height: height, blindRows: blindRows)
        for offset in 0..<BlockEvaluator.blockSize where values[offset] != .zero {
          let row = start + offset
          guard rows.contains(row) else { continue }
          if report.constraints.count < limit {
            report.constraints.append(failure(trace, row, constraint, values[offset]))
          }
        }
      }
    }
  }

  private func failure(
    _ trace: TableTrace, _ row: Int, _ constraint: Constraint, _ value: Goldilocks
  ) -> ConstraintFailure {
    var columns: [Int] = []
    func collect(_ expression: Expression) {
      switch expression {
      case .main(let index): if !columns.contains(index) { columns.append(index) }
      case .sum(let a, let b), .difference(let a, let b), .product(let a, let b):
        collect(a)
        collect(b)
      case .constant, .mainNext, .fixed, .auxiliary, .auxiliaryNext, .parameter: break
      }
    }
    collect(constraint.expression)
    return ConstraintFailure(
      table: trace.table.name, row: row, label: constraint.label, value: value,
      source: source(trace, row),
      cells: columns.map { (trace.table.columns[$0].name, trace.main[row, $0]) })
  }

  /// The source location of a unit's row: its pc column comes first.
  private func source(_ trace: TableTrace, _ row: Int) -> String? {
    guard trace.kind.unit != nil, row < trace.activeRows else { return nil }
    let pc = trace.main[row, 0].value
    guard pc < UInt64(execution.program.instructions.count) else { return nil }
    return execution.program.source.location(of: Int(pc))
  }
}

/// Sums multiplicities by tuple.
struct BusBalance {
  private struct Key: Hashable {
    let bus: Int
    let values: [Goldilocks]
  }

  private var totals: [Key: Goldilocks] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func add(_ bus: Bus, _ values: [Goldilocks], _ multiplicity: Goldilocks) {
    guard multiplicity != .zero else { return }
    let key = Key(bus: bus.number, values: values)
    let total = totals[key, default: .zero] + multiplicity
    totals[key] = total == .zero ? nil : total
  }

  mutating func add(_ trace: TableTrace, blindRows: Int) {
    BusBalance.visit(trace, blindRows: blindRows) { _, message, values, multiplicity in
      add(message.bus, values, multiplicity)
    }
  }

  /// Calls `body` with every message of every row that has a multiplicity.
  private static func visit(
    _ trace: TableTrace, blindRows: Int,
    _ body: (Int, Message, [Goldilocks], Goldilocks) -> Void
  ) {
    let code = MessageCode(trace.table.messages)
    let evaluator = BlockEvaluator(code.code)
    let active = trace.height - blindRows
    for start in stride(from: 0, to: active, by: BlockEvaluator.blockSize) {
      evaluator.evaluate(
        main: trace.main, fixed: trace.fixed, auxiliary: nil, start: start,
        next: { ($0 + 1) & (trace.height - 1) })
      let count = min(BlockEvaluator.blockSize, active - start)
      for (message, position) in zip(trace.table.messages, code.multiplicities) {
        let multiplicities = evaluator.output(position)
        for row in 0..<count where multiplicities[row] != .zero {
          let values = (0..<message.values.count).map { evaluator.output(position + 1 + $0)[row] }
          body(start + row, message, values, multiplicities[row])
        }
      }
    }
  }

  /// The tuples that do not balance, with everybody who put them on the bus.
  func failures(_ trace: Trace) -> [BusFailure] {
    guard !totals.isEmpty else { return [] }
    let shown = totals.sorted {
      ($0.key.bus, $0.key.values.map(\.value).description)
        < ($1.key.bus, $1.key.values.map(\.value).description)
    }.prefix(limit)
    var parties: [Key: [String]] = [:]
    let keys = Set(shown.map(\.key))
    for table in trace.tables {
      BusBalance.visit(table, blindRows: trace.blindRows) { row, message, values, multiplicity in
        let key = Key(bus: message.bus.number, values: values)
        guard keys.contains(key), parties[key, default: []].count < 8 else { return }
        parties[key, default: []].append(
          "\(table.table.name) row \(row) \"\(message.label)\" × \(multiplicity)")
      }
    }
    return shown.map { key, total in
      BusFailure(
        bus: Buses.all.first { $0.number == key.bus }!, values: key.values,
        excess: total.signedValue, parties: parties[key] ?? ["the verifier"])
    }
  }
}
