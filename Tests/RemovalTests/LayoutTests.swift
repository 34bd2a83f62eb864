import AttackSupport
import Foundation
import Testing
import ZKVMProtocol

/// Whether all combinations are tried, which takes too long for every change.
let isExhaustive = ProcessInfo.processInfo.environment["EXHAUSTIVE"] != nil

/// The written forgeries in the tables of every profile, hiding and not, and with the forged rows
/// elsewhere.
@Suite struct LayoutTests {
  /// Each is refused, and accepted without its item: with its rows in one of the places in turn, or
  /// in all of them if the environment has EXHAUSTIVE.
  @Test(arguments: Layout.blindRows)
  func everyForgeryStandsAlone(blindRows: Int) throws {
    let forgeries = try Forgeries.everything()
    #expect(forgeries.mistakes == [])
    let turn = Layout.blindRows.firstIndex(of: blindRows)!
    let places = Placement.allCases
    var count = 0
    for (index, forgery) in forgeries.all.enumerated() {
      for placement in isExhaustive ? places : [places[(index + turn) % places.count]] {
        forgery.expectStandsAlone(in: Layout(blindRows: blindRows, placement: placement))
        count += 1
      }
    }
    print("\(count) forged traces with \(blindRows) blind rows stand alone")
  }
}

extension Forgery {
  /// Expects that the machine refuses the forged trace and would accept it without the item.
  func expectStandsAlone(in layout: Layout = .written) {
    #expect(!report(omitting: nil, in: layout).holds, "\(name) is refused; \(layout)")
    let report = report(omitting: item, in: layout)
    let table = bench.machine(layout.blindRows).table(kind)
    #expect(
      report.holds,
      """
      \(name) is accepted without \(item.label(in: table)); \(layout): \
      \(report.constraints.first.map(\.description) ?? "") \
      \(report.buses.first.map(\.description) ?? "")
      """)
  }
}
