import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMWitness

/// Asks whether a change of one cell of an honest trace would be caught.
///
/// In an honest trace every bus balances, so a change of one row is caught exactly if a constraint
/// fails on the row, or on the row before by its next-row columns, or if what the row puts on some
/// bus changes.
struct CellProbe {
  private struct Tuple: Hashable {
    let bus: Int
    let values: [Goldilocks]
  }

  private let trace: TableTrace
  private let blindRows: Int
  private var graph = Graph()
  private let constraints: [(node: Int, domain: ConstraintDomain)]
  private let messages: [(bus: Int, multiplicity: Int, values: [Int])]
  private let usesNextRow: Bool

  init(_ trace: TableTrace, blindRows: Int) {
    self.trace = trace
    self.blindRows = blindRows
    var graph = Graph()
    constraints = trace.table.constraints.map { (graph.insert($0.expression), $0.domain) }
    messages = trace.table.messages.map { message in
      (
        message.bus.number, graph.insert(message.multiplicity),
        message.values.map { graph.insert($0) }
      )
    }
    usesNextRow = graph.nodes.contains { if case .mainNext = $0 { true } else { false } }
    self.graph = graph
  }

  /// Whether replacing a cell's value is caught. The cell has its old value afterwards.
  func catches(row: Int, column: Int, _ value: Goldilocks) -> Bool {
    let old = trace.main[row, column]
    let before = tuples(evaluate(row))
    trace.main[row, column] = value
    defer { trace.main[row, column] = old }
    let values = evaluate(row)
    if fails(values, row) || tuples(values) != before { return true }
    return usesNextRow && row > 0 && fails(evaluate(row - 1), row - 1)
  }

  private func applies(_ domain: ConstraintDomain, _ row: Int) -> Bool {
    switch domain {
    case .everywhere: row < trace.height - blindRows
    case .transition: row < trace.height - blindRows - 1
    case .first: row == 0
    case .terminal: row == trace.height - blindRows
    case .last: row == trace.height - 1
    }
  }

  private func fails(_ values: [Goldilocks], _ row: Int) -> Bool {
    constraints.contains { applies($0.domain, row) && values[$0.node] != .zero }
  }

  private func tuples(_ values: [Goldilocks]) -> [Tuple: Goldilocks] {
    var totals: [Tuple: Goldilocks] = [:]
    for message in messages where values[message.multiplicity] != .zero {
      let tuple = Tuple(bus: message.bus, values: message.values.map { values[$0] })
      let total = totals[tuple, default: .zero] + values[message.multiplicity]
      totals[tuple] = total == .zero ? nil : total
    }
    return totals
  }

  private func evaluate(_ row: Int) -> [Goldilocks] {
    let next = (row + 1) & (trace.height - 1)
    var values: [Goldilocks] = []
    values.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let value: Goldilocks =
        switch node {
        case .constant(let constant): constant
        case .main(let i): trace.main[row, i]
        case .mainNext(let i): trace.main[next, i]
        case .fixed(let i): trace.fixed[row, i]
        case .sum(let a, let b): values[a] + values[b]
        case .difference(let a, let b): values[a] - values[b]
        case .product(let a, let b): values[a] * values[b]
        case .auxiliary, .auxiliaryNext, .parameter:
          preconditionFailure("a table's own constraints are over the base field")
        }
      values.append(value)
    }
    return values
  }
}
