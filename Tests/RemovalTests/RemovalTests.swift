import AIR
import AttackSupport
import Field
import Foundation
import Inspect
import Machine
import TestSupport
import Testing

private let smallChange = "a small change"

/// Takes away every constraint and every message of every table in turn, and shows a trace that is
/// then accepted and was refused before, or an honest trace that is then refused.
@Suite struct RemovalTests {
  private struct Key: Hashable {
    let kind: TableKind
    let item: Item
  }

  @Test func everyConstraintAndMessageIsMissed() throws {
    let forgeries = try Forgeries.everything()
    #expect(forgeries.mistakes == [])
    var found = Dictionary(grouping: forgeries.all) { Key(kind: $0.kind, item: $0.item) }
    let attacks = found.count
    for forgery in try RemovalTests.smallChanges() {
      found[Key(kind: forgery.kind, item: forgery.item), default: []].append(forgery)
    }

    // Every instruction, and top limbs from every window of the Limbs table.
    let tops = [-12000, -6000, 0, 6000, 12000].map { "\($0 << 48)" }
    let honest =
      [Bench(try Samples.everyInstructionExecution())]
      + (try tops.map { try single("add x, a, b", $0, "1", formats: ("int", "int")) })
    var survivors: [String] = []
    var sends = 0
    for kind in TableKind.allCases {
      let table = honest[0].trace.table(kind).table
      for item in Item.all(table) {
        if let forgeries = found[Key(kind: kind, item: item)] {
          for forgery in forgeries where forgery.name != smallChange {
            #expect(!forgery.report(omitting: nil).holds, "\(forgery.name) is refused")
            let report = forgery.report(omitting: item)
            #expect(
              report.holds,
              "\(forgery.name) is accepted without \(item.label(in: table)): \(report.constraints.first.map(\.description) ?? "") \(report.buses.first.map(\.description) ?? "")"
            )
          }
        } else if honest.contains(where: {
          !Forgery("nothing", kind, item, $0, { _ in }).report(omitting: item).holds
        }) {
          sends += 1
        } else {
          survivors.append(item.label(in: table))
        }
      }
    }
    print(
      "\(found.count) constraints and messages stand alone against a forged trace, \(attacks) of "
        + "them against an attack; honest traces need \(sends) more; \(survivors.count) survive")
    let url = repository.appendingPathComponent("Tests/Vectors/redundant-items.txt")
    if ProcessInfo.processInfo.environment["UPDATE_FROZEN"] != nil {
      try (survivors.joined(separator: "\n") + "\n").write(
        to: url, atomically: true, encoding: .utf8)
    }
    let listed = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(survivors == listed, "redundant items are explained in Spec/Security.md")
  }

  /// A small change that an item alone refuses, by item; the row's judge knows one row only, so the
  /// whole trace decides.
  private static func smallChanges() throws -> [Forgery] {
    var found: [Key: Forgery] = [:]
    var attempts: [Key: Int] = [:]
    for bench in try Benches.all() {
      for kind in [TableKind.control, .adder, .product, .function, .port, .hash, .memory] {
        guard let table = bench.trace.tables.first(where: { $0.kind == kind }) else { continue }
        let forger = RowForger(table.table)
        for (index, honest) in bench.rows(kind).enumerated() {
          let judge = RowJudge(
            table: table.table, honest: honest, program: bench.execution.program,
            published: bench.published, evaluator: forger.evaluator)
          SmallChanges.visit(honest, forger) { row in
            let items = judge.refusals(row, limit: 1)
            guard items.count == 1 else { return }
            let key = Key(kind: kind, item: items[0])
            guard found[key] == nil, attempts[key, default: 0] < 5 else { return }
            attempts[key, default: 0] += 1
            let forgery = Forgery(smallChange, kind, items[0], bench) {
              $0.table(kind).set(index, row)
            }
            if forgery.standsAlone { found[key] = forgery }
          }
        }
      }
    }
    return Array(found.values)
  }
}
