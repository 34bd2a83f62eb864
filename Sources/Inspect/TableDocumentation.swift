import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// The tables as a document for people: every column, constraint and message, from the declarations
/// that prover and verifier interpret. `zkvm tables` prints it.
public enum TableDocumentation {
  public static func markdown(_ tables: [Table]) -> String {
    var lines = [
      "# Tables", "",
      "`x'` is x in the next row, `f:x` a column that the verifier evaluates itself. A message with a",
      "negative multiplicity is received. Lookup columns and their constraints follow from the messages,",
      "see Spec/Protocol.md.", "",
      "## Buses", "", "| number | bus | fields |", "|---|---|---|",
    ]
    for bus in Buses.all {
      lines.append("| \(bus.number) | \(bus.name) | \(bus.fields.joined(separator: ", ")) |")
    }
    for table in tables { lines += ["", "## \(table.name)", ""] + describe(table) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func describe(_ table: Table) -> [String] {
    let printer = ExpressionPrinter(table)
    var lines = ["| column | meaning |", "|---|---|"]
    for column in table.fixedColumns {
      lines.append("| f:\(column.name) | \(escape(column.documentation)) |")
    }
    for column in table.columns {
      lines.append("| \(column.name) | \(escape(column.documentation)) |")
    }
    if !table.constraints.isEmpty {
      lines += ["", "| constraint | = 0 | rows | degree |", "|---|---|---|---|"]
      for constraint in table.constraints {
        var graph = Graph()
        let node = graph.insert(constraint.expression)
        lines.append(
          "| \(escape(constraint.label)) | `\(escape(printer.print(constraint.expression)))` "
            + "| \(constraint.domain) | \(graph.degrees[node]) |")
      }
    }
    lines += ["", "| message | bus | multiplicity | values |", "|---|---|---|---|"]
    for message in table.messages {
      let values = message.values.map { "`\(escape(printer.print($0)))`" }.joined(separator: ", ")
      lines.append(
        "| \(escape(message.label)) | \(message.bus.name) "
          + "| `\(escape(printer.print(message.multiplicity)))` | \(values) |")
    }
    return lines
  }

  private static func escape(_ text: String) -> String { text.replacing("|", with: "\\|") }
}

/// Writes expressions with the names of a table's columns.
struct ExpressionPrinter {
  private let table: Table

  init(_ table: Table) { self.table = table }

  func print(_ expression: Expression) -> String { print(expression, precedence: 0) }

  /// Precedence 0: a sum may stand bare; 1: the right side of a difference; 2: a factor.
  private func print(_ expression: Expression, precedence: Int) -> String {
    switch expression {
    case .constant(let value): return constant(value)
    case .main(let i): return table.columns[i].name
    case .mainNext(let i): return table.columns[i].name + "'"
    case .fixed(let i): return "f:" + table.fixedColumns[i].name
    case .auxiliary(let i): return "aux\(i)"
    case .auxiliaryNext(let i): return "aux\(i)'"
    case .parameter(let i): return "parameter\(i)"
    case .sum(let a, let b):
      let text = "\(print(a, precedence: 0)) + \(print(b, precedence: 0))"
      return precedence > 0 ? "(\(text))" : text
    case .difference(let a, let b):
      let right = print(b, precedence: 1)
      let text: String
      if case .constant(.zero) = a {
        text = "−\(right)"
      } else {
        text = "\(print(a, precedence: 0)) − \(right)"
      }
      return precedence > 0 ? "(\(text))" : text
    case .product(let a, let b):
      return "\(print(a, precedence: 2))·\(print(b, precedence: 2))"
    }
  }

  private func constant(_ value: Goldilocks) -> String {
    var power = Goldilocks.two.power(10)
    for exponent in 10...80 {
      if power == value { return "2^\(exponent)" }
      power *= .two
    }
    let signed = value.signedValue
    return signed < 0 ? "(\(signed))" : "\(signed)"
  }
}
