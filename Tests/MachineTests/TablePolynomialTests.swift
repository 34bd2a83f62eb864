import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMHashing
import ZKVMMachine

/// What the tables say, whatever the shape of the expressions that say it.
///
/// Two polynomials of degree 3 that agree at one uniform point of the extension differ with probability
/// 3/2^192. So a change of how a formula is written leaves the vector as it is, though it moves the
/// tables' digests; a change of what is proved does not.
@Suite struct TablePolynomialTests {
  /// Uniform elements that follow from a name.
  private static func points(_ name: String, count: Int) -> [CubicExtension] {
    var hasher = BLAKE3.Hasher(key: BLAKE3.deriveKey(context: "zkvm table polynomials"))
    hasher.update(Array(name.utf8))
    var reader = hasher.outputReader()
    func element() -> Goldilocks { Goldilocks(reader.nextWord() % Goldilocks.modulus) }
    return (0..<count).map { _ in CubicExtension(element(), element(), element()) }
  }

  private struct Point {
    let main: [CubicExtension]
    let next: [CubicExtension]
    let fixed: [CubicExtension]

    init(_ table: Table) {
      main = points("\(table.name), this row", count: table.columns.count)
      next = points("\(table.name), next row", count: table.columns.count)
      fixed = points("\(table.name), fixed", count: table.fixedColumns.count)
    }

    /// What all columns are at the point, each value by the graph's node.
    func values(_ graph: Graph) -> [CubicExtension] {
      var values: [CubicExtension] = []
      for node in graph.nodes {
        switch node {
        case .constant(let constant): values.append(CubicExtension(constant))
        case .main(let i): values.append(main[i])
        case .mainNext(let i): values.append(next[i])
        case .fixed(let i): values.append(fixed[i])
        case .sum(let a, let b): values.append(values[a] + values[b])
        case .difference(let a, let b): values.append(values[a] - values[b])
        case .product(let a, let b): values.append(values[a] * values[b])
        case .auxiliary, .auxiliaryNext, .parameter:
          preconditionFailure("a table declares nothing about the lookup argument's columns")
        }
      }
      return values
    }
  }

  /// One line a column, constraint and message.
  private static func lines(_ table: Table) -> [String] {
    var graph = Graph()
    let constraints = table.constraints.map { graph.insert($0.expression) }
    let messages = table.messages.map { message in
      (graph.insert(message.multiplicity), message.values.map { graph.insert($0) })
    }
    let values = Point(table).values(graph)
    func hexadecimal(_ nodes: [Int]) -> String {
      nodes.map { String(values[$0].a.value, radix: 16) }.joined(separator: " ")
    }
    var lines = table.columns.map { "\(table.name),column,\"\($0.name)\"" }
    lines += table.fixedColumns.map { "\(table.name),fixed column,\"\($0.name)\"" }
    lines += zip(table.constraints, constraints).map {
      "\(table.name),\($0.domain),\"\($0.label)\",\(hexadecimal([$1]))"
    }
    lines += zip(table.messages, messages).map { message, nodes in
      "\(table.name),\(message.bus.name),\"\(message.label)\",\(hexadecimal([nodes.0] + nodes.1))"
    }
    return lines
  }

  @Test func everyTableSaysTheSame() throws {
    let lines = MachineTables.all(blindRows: 256).flatMap(TablePolynomialTests.lines)
    try compareFrozen(
      lines.joined(separator: "\n") + "\n", with: "Tests/Vectors/table-polynomials.csv")
  }

  /// A formula in another shape is the same polynomial, another formula is not.
  @Test func shapeDoesNotMatterButMeaningDoes() {
    func lines(_ expression: (Expression, Expression) -> Expression) -> [String] {
      let b = TableBuilder("Small")
      let (x, y) = (b.column("x", "x"), b.column("y", "y"))
      b.assertZero(expression(x, y), "the formula")
      return TablePolynomialTests.lines(b.build())
    }
    let product = lines { x, y in (x - y) * (x + y) }
    #expect(product == lines { x, y in x * x - y * y })
    #expect(product != lines { x, y in x * x + y * y })
  }
}
