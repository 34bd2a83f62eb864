import ZKVMAIR
import ZKVMField

/// Evaluates expressions over the integers that a row holds, its elements taken as the signed
/// numbers nearest to 0: what a constraint says of a column is written once, and fills it.
///
/// Arithmetic is modulo 2^64, so a result is exact where it is below 2^63 in magnitude, however
/// large the numbers on the way to it are.
package struct RowFormulas: Sendable {
  private struct Operation {
    enum Kind { case sum, difference, product }
    let kind: Kind
    let left: Int
    let right: Int
  }

  /// The values in order: constants, then columns, then the operations' results.
  private let constants: [Int64]
  private let columns: [Int]
  private let operations: [Operation]
  private let outputs: [Int]

  /// Traps if an expression has other values than this row's witness columns.
  package init(_ expressions: [Expression]) {
    var graph = Graph()
    let roots = expressions.map { graph.insert($0) }
    var constants: [Int64] = []
    var columns: [Int] = []
    var inner: [(node: Int, kind: Operation.Kind, left: Int, right: Int)] = []
    var constantNodes: [Int] = []
    var columnNodes: [Int] = []
    for (index, node) in graph.nodes.enumerated() {
      switch node {
      case .constant(let value):
        constants.append(value.signedValue)
        constantNodes.append(index)
      case .main(let column):
        columns.append(column)
        columnNodes.append(index)
      case .sum(let a, let b): inner.append((index, .sum, a, b))
      case .difference(let a, let b): inner.append((index, .difference, a, b))
      case .product(let a, let b): inner.append((index, .product, a, b))
      case .mainNext, .fixed, .auxiliary, .auxiliaryNext, .parameter:
        preconditionFailure("\(node) is not a witness column of this row")
      }
    }
    var places = [Int](repeating: 0, count: graph.nodes.count)
    for (place, node) in (constantNodes + columnNodes + inner.map(\.node)).enumerated() {
      places[node] = place
    }
    self.constants = constants
    self.columns = columns
    operations = inner.map {
      Operation(kind: $0.kind, left: places[$0.left], right: places[$0.right])
    }
    outputs = roots.map { places[$0] }
  }

  /// Calls `body` with the value of each expression on a row, by its index.
  package func evaluate(_ row: RowWriter, _ body: (_ value: (Int) -> Int64) -> Void) {
    let count = constants.count + columns.count + operations.count
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) { values in
      var next = 0
      for constant in constants {
        values[next] = constant
        next += 1
      }
      for column in columns {
        values[next] = row.signedValue(column)
        next += 1
      }
      for operation in operations {
        let (a, b) = (values[operation.left], values[operation.right])
        switch operation.kind {
        case .sum: values[next] = a &+ b
        case .difference: values[next] = a &- b
        case .product: values[next] = a &* b
        }
        next += 1
      }
      body { values[outputs[$0]] }
    }
  }
}
