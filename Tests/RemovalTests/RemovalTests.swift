import AttackSupport
import Foundation
import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMInspect
import ZKVMMachine

private let smallChange = "a small change"

/// Takes away every constraint and every message of every table in turn, and shows a trace that is
/// then accepted and was refused before, or an honest trace that is then refused.
@Suite struct RemovalTests {
  fileprivate struct Key: Hashable {
    let kind: TableKind
    let item: Item
  }

  /// Every item has a forgery that somebody wrote, but for those that are listed: in
  /// `items-without-forgery.txt` what stands against small changes or honest runs only, in
  /// `redundant-items.txt` what nothing misses. Neither list may grow.
  @Test func everyNewConstraintAndMessageHasAForgery() throws {
    let attacks = Set(try Forgeries.everything().all.map(\.key))
    let bench = Bench(try Samples.everyInstructionExecution())
    var without: [String] = []
    for kind in TableKind.allCases {
      let table = bench.trace.table(kind).table
      without += Item.all(table).filter { !attacks.contains(Key(kind: kind, item: $0)) }.map {
        $0.label(in: table)
      }
    }
    let redundant = try ShrinkingList("redundant-items.txt")
    #expect(redundant.lines.count == ListLength.redundant, "\(ListLength.advice)")
    let list = try ShrinkingList("items-without-forgery.txt")
    #expect(list.lines.count == ListLength.withoutForgery, "\(ListLength.advice)")
    let (unlisted, outdated) = try list.compare(without.filter { !redundant.lines.contains($0) })
    #expect(
      unlisted == [],
      """
      no written forgery is refused by these alone, and Tests/Vectors/items-without-forgery.txt, \
      where they are missing, may not grow: write a forgery in Tests/RemovalTests for each
      """)
    #expect(
      outdated == [],
      "these have a forgery or are gone: remove the lines, or let UPDATE_FROZEN do it")
  }

  private enum ListLength {
    static let withoutForgery = 249
    static let redundant = 7
    static let advice = "the list only shrinks: lower the number in the test, never raise it"
  }

  @Test func everyConstraintAndMessageIsMissed() throws {
    let forgeries = try Forgeries.everything()
    #expect(forgeries.mistakes == [])
    var found = Dictionary(grouping: forgeries.all, by: \.key)
    let attacks = Set(found.keys)
    for forgery in try RemovalTests.smallChanges(except: attacks) {
      found[forgery.key] = [forgery]
    }
    let honest = try RemovalTests.honestRuns()
    var (needed, survivors): (Int, [String]) = (0, [])
    var turn = 0
    for kind in TableKind.allCases {
      let table = honest[0].trace.table(kind).table
      for item in Item.all(table) {
        if let forgeries = found[Key(kind: kind, item: item)] {
          for forgery in forgeries where forgery.name != smallChange {
            forgery.expectStandsAlone()
          }
          turn += 1
          for (index, blindRows) in Layout.blindRows.enumerated()
          where isExhaustive || index == turn % Layout.blindRows.count {
            forgeries[0].expectEveryRowCounts(blindRows)
          }
        } else if honest.contains(where: {
          !Forgery("nothing", kind, item, $0, { _ in }).report(omitting: item).holds
        }) {
          needed += 1
        } else {
          survivors.append(item.label(in: table))
        }
      }
    }
    print(
      "\(found.count) constraints and messages stand alone against a forged trace, "
        + "\(attacks.count) of them against an attack; honest traces need \(needed) more; "
        + "\(survivors.count) survive")
    let (unlisted, outdated) = try ShrinkingList("redundant-items.txt").compare(survivors)
    #expect(
      unlisted == [],
      "nothing misses these: write a forgery in Tests/RemovalTests for each, or take it away")
    #expect(outdated == [], "these are missed: remove the lines, or let UPDATE_FROZEN do it")
  }

  /// Every instruction, and top limbs from every window of the Limbs table.
  private static func honestRuns() throws -> [Bench] {
    let tops = [-12000, -6000, 0, 6000, 12000].map { "\($0 << 48)" }
    return [Bench(try Samples.everyInstructionExecution())]
      + (try tops.map { try single("add x, a, b", $0, "1", formats: ("int", "int")) })
  }

  /// A small change that an item alone refuses, by item; the row's judge knows one row only, so the
  /// whole trace decides.
  private static func smallChanges(except attacks: Set<Key>) throws -> [Forgery] {
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
            guard !attacks.contains(key), found[key] == nil, attempts[key, default: 0] < 5 else {
              return
            }
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

extension Forgery {
  fileprivate var key: RemovalTests.Key { RemovalTests.Key(kind: kind, item: item) }
}
