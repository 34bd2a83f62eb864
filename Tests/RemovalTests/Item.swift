@_spi(Testing) import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// A constraint or a message of a table: what could be forgotten.
enum Item: Hashable {
  case constraint(Int)
  case message(Int)

  static func all(_ table: Table) -> [Item] {
    table.constraints.indices.map { .constraint($0) } + table.messages.indices.map { .message($0) }
  }

  func omitted(from table: Table) -> Table {
    switch self {
    case .constraint(let index):
      var constraints = table.constraints
      constraints.remove(at: index)
      return table.replacing(constraints: constraints)
    case .message(let index):
      var messages = table.messages
      messages.remove(at: index)
      return table.replacing(messages: messages)
    }
  }

  /// What the item is called; no two of a table are called the same.
  func label(in table: Table) -> String {
    let (labels, index) =
      switch self {
      case .constraint(let index): (table.constraints.map(\.label), index)
      case .message(let index):
        (table.messages.map { "\($0.bus.name) message \"\($0.label)\"" }, index)
      }
    let number = labels[...index].count { $0 == labels[index] }
    return "\(table.name): \(labels[index])" + (number > 1 ? " no. \(number)" : "")
  }
}

/// Judges one row of a unit by everything that the machine asks of it.
///
/// A row that could stand in an accepted trace satisfies the table's constraints; what it looks up
/// is in the tables; the words that it reads are those that some row publishes; and the rest of what
/// it takes and gives is what the honest row takes and gives.
struct RowJudge {
  let table: Table
  let honest: [Goldilocks]
  private let honestTuples: [[Goldilocks]]
  private let evaluator: RowEvaluator
  private let program: Set<[Goldilocks]>
  private let published: Set<[Goldilocks]>

  /// `published` are the tuples of the value bus that the trace offers.
  init(
    table: Table, honest: [Goldilocks], program: Program, published: Set<[Goldilocks]>,
    evaluator: RowEvaluator
  ) {
    self.table = table
    self.honest = honest
    self.evaluator = evaluator
    self.published = published
    self.program = Set(FixedEntries.program(program))
    let values = evaluator.evaluate(honest)
    honestTuples = table.messages.indices.map { evaluator.tuple($0, values) }
  }

  private static let coefficients = Set(FixedEntries.coefficients)
  private static let scales = Set(FixedEntries.scales)

  /// The items that refuse a row, at most `limit` and one more.
  func refusals(_ row: [Goldilocks], limit: Int = .max - 1) -> [Item] {
    let values = evaluator.evaluate(row)
    var items: [Item] = []
    for (index, node) in evaluator.constraints.enumerated() where values[node] != .zero {
      items.append(.constraint(index))
      if items.count > limit { return items }
    }
    for index in table.messages.indices {
      let tuple = evaluator.tuple(index, values)
      if !accepts(index, tuple) { items.append(.message(index)) }
      if items.count > limit { return items }
    }
    return items
  }

  /// A tuple starts with its multiplicity, zero tuples are empty.
  private func accepts(_ index: Int, _ tuple: [Goldilocks]) -> Bool {
    let message = table.messages[index]
    guard let first = tuple.dropFirst().first else {
      // A publisher whose result nobody reads, and a lookup that is not made.
      return message.bus != Buses.token && message.bus != Buses.output
        || honestTuples[index].isEmpty
    }
    switch message.bus {
    case Buses.value where tuple[0] == -.one:
      return published.contains(Array(tuple.dropFirst()))
    case Buses.range: return first.value < 65536
    case Buses.top: return (-16383...16383).contains(first.signedValue)
    case Buses.program: return program.contains(Array(tuple.dropFirst()))
    case Buses.coefficients: return RowJudge.coefficients.contains(Array(tuple.dropFirst()))
    case Buses.scales: return RowJudge.scales.contains(Array(tuple.dropFirst()))
    default: return tuple == honestTuples[index]
    }
  }
}

/// Evaluates a table's constraints and messages on one row.
struct RowEvaluator {
  private let nodes: [Node]
  let constraints: [Int]
  private let messages: [(multiplicity: Int, values: [Int])]

  init(_ table: Table) {
    var graph = Graph()
    constraints = table.constraints.map { graph.insert($0.expression) }
    messages = table.messages.map { message in
      (graph.insert(message.multiplicity), message.values.map { graph.insert($0) })
    }
    nodes = graph.nodes
  }

  func evaluate(
    _ row: [Goldilocks], fixed: [Goldilocks] = [], next: [Goldilocks] = []
  ) -> [Goldilocks] {
    var values: [Goldilocks] = []
    values.reserveCapacity(nodes.count)
    for node in nodes {
      let value: Goldilocks =
        switch node {
        case .constant(let constant): constant
        case .main(let index): row[index]
        case .mainNext(let index): next[index]
        case .fixed(let index): fixed[index]
        case .sum(let a, let b): values[a] + values[b]
        case .difference(let a, let b): values[a] - values[b]
        case .product(let a, let b): values[a] * values[b]
        default: preconditionFailure("only the lookup argument has extension columns")
        }
      values.append(value)
    }
    return values
  }

  /// A message's multiplicity and values; nothing if the multiplicity is zero.
  func tuple(_ index: Int, _ values: [Goldilocks]) -> [Goldilocks] {
    let message = messages[index]
    let multiplicity = values[message.multiplicity]
    return multiplicity == .zero ? [] : [multiplicity] + message.values.map { values[$0] }
  }
}
