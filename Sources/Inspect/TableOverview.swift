import ZKVMAIR
import ZKVMMachine

/// The tables on a page for people: how large they are and which bus joins which. `Spec/Tables.md` is
/// its output; a test keeps it so.
public enum TableOverview {
  public static func markdown(_ tables: [Table]) -> String {
    let lines =
      [
        "# Tables", "",
        "Generated from the declarations that prover and verifier interpret; a test compares. Every",
        "column, constraint and message stands in [tables.json](tables.json), for programs, in the format",
        "that [Machine](Machine.md#tables-as-json) describes; `zkvm tables` prints them for people, and",
        "[units](units/README.md) argues why they suffice.", "",
        "## Buses", "",
        "A bus carries messages of one form. Whatever is sent must be received, as often; the verifier",
        "sends the first token and receives the last one and every output. Where a table's rows do either,",
        "it stands on both sides.", "",
        "| number | bus | fields | sent by | received by |", "|---|---|---|---|---|",
      ] + Buses.all.map { line($0, tables) }
      + ["", "```mermaid", "flowchart LR"] + Buses.all.flatMap { edges($0, tables) } + ["```", ""]
      + [
        "## Sizes", "",
        "Of one table with 256 blind rows. Witness columns are committed; the verifier evaluates the fixed",
        "ones itself. The lookup argument adds columns and constraints, which follow from the messages",
        "([Protocol](Protocol.md)).", "",
        "| table | witness columns | fixed columns | constraints | highest degree | messages |",
        "|---|---|---|---|---|---|",
      ] + tables.map(line)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ table: Table) -> String {
    var graph = Graph()
    let nodes = table.constraints.map { graph.insert($0.expression) }
    let degrees = nodes.map { graph.degrees[$0] }
    return "| \(table.name) | \(table.columns.count) | \(table.fixedColumns.count) "
      + "| \(table.constraints.count) | \(degrees.max().map(String.init) ?? "") "
      + "| \(table.messages.count) |"
  }

  /// The names of the tables that send on a bus, and of those that receive.
  private static func ends(
    _ bus: Bus, _ tables: [Table]
  ) -> (senders: [String], receivers: [String]) {
    func names(but direction: Table.Direction) -> [String] {
      tables.filter { table in
        table.messages.contains { $0.bus == bus && table.direction($0) != direction }
      }.map(\.name)
    }
    return (names(but: .receives), names(but: .sends))
  }

  private static func line(_ bus: Bus, _ tables: [Table]) -> String {
    let (senders, receivers) = ends(bus, tables)
    return "| \(bus.number) | \(bus.name) | \(bus.fields.joined(separator: ", ")) "
      + "| \(senders.joined(separator: ", ")) | \(receivers.joined(separator: ", ")) |"
  }

  private static func edges(_ bus: Bus, _ tables: [Table]) -> [String] {
    let (senders, receivers) = ends(bus, tables)
    return ["  bus\(bus.number)([\(bus.name)])"]
      + senders.map { "  \($0) --> bus\(bus.number)" }
      + receivers.map { "  bus\(bus.number) --> \($0)" }
  }
}

extension Table {
  fileprivate enum Direction {
    case sends
    case receives
    /// As the row says.
    case either
  }

  /// By the form of the multiplicity: −x is received. A column may have any sign, and is −1 in the
  /// rows where a constraint has it so.
  fileprivate func direction(_ message: Message) -> Direction {
    switch message.multiplicity {
    case .difference(.constant(.zero), _): .receives
    case .constant(let value): value.signedValue < 0 ? .receives : .sends
    case .main:
      constraints.contains { $0.expression.contains(message.multiplicity + 1) } ? .either : .sends
    case .mainNext, .fixed, .auxiliary, .auxiliaryNext, .parameter, .sum, .difference, .product:
      .sends
    }
  }
}

extension Expression {
  fileprivate func contains(_ part: Expression) -> Bool {
    if self == part { return true }
    switch self {
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b):
      return a.contains(part) || b.contains(part)
    case .constant, .main, .mainNext, .fixed, .auxiliary, .auxiliaryNext, .parameter: return false
    }
  }
}
