import AttackSupport
import Testing
@_spi(Testing) import ZKVMAIR
import ZKVMField
import ZKVMInspect
import ZKVMMachine

/// Constraints whose domain lacks a row: each row of a domain has a forged trace that only this row
/// refuses.
@Suite struct DomainTests {
  /// The constraints that do not hold everywhere: on their first row, on one in the middle and on the
  /// last. What moves `first` to row 1 is among them.
  @Test(arguments: Layout.blindRows)
  func everyRowOfAnOrderCounts(blindRows: Int) throws {
    let forgeries = try Forgeries.everything().all
    var kinds: Set<TableKind> = []
    for kind in TableKind.allCases where kind.unit == nil {
      for (table, constraint, height) in constraints(of: kind, forgeries, blindRows) {
        kinds.insert(kind)
        let last = height - blindRows - 2
        let expected = constraint.domain == .first ? [0] : [0, last / 2, last]
        #expect([.first, .transition].contains(constraint.domain))
        var refused: Set<Int> = []
        for forgery in forgeries where forgery.kind == kind {
          let report = forgery.report(omitting: nil, in: Layout(blindRows: blindRows))
          guard report.constraints.allSatisfy({ $0.label == constraint.label }) else { continue }
          // All that fails is this row: without it the domain would let the trace pass.
          guard report.constraints.count == 1, report.buses.isEmpty else { continue }
          refused.insert(report.constraints[0].row)
        }
        #expect(refused.isSuperset(of: expected), "\(table.name): \(constraint.label)")
      }
    }
    #expect(kinds == [.limbs, .ram])
  }

  private func constraints(
    of kind: TableKind, _ forgeries: [Forgery], _ blindRows: Int
  ) -> [(Table, Constraint, height: Int)] {
    guard let bench = forgeries.first(where: { $0.kind == kind })?.bench else { return [] }
    let table = bench.trace(blindRows: blindRows).table(kind)
    return table.table.constraints.map { (table.table, $0, table.height) }
  }
}

extension Forgery {
  /// Expects that a unit's constraint refuses the forged row also as row 0 and as row n − h − 1, and
  /// there it alone: were its domain `transition`, the trace would pass.
  func expectEveryRowCounts(_ blindRows: Int) {
    guard case .constraint(let index) = item, kind.unit != nil else { return }
    let machine = bench.machine(blindRows)
    let constraint = machine.table(kind).constraints[index]
    #expect(constraint.domain == .everywhere, "\(constraint.label)")
    let failures = report(omitting: nil, in: Layout(blindRows: blindRows)).constraints
    guard failures.count == 1 else {
      Issue.record("\(name) fails on the rows \(failures.map(\.row)), expected one")
      return
    }
    for placement in [Placement.first, .last] {
      let layout = Layout(blindRows: blindRows, placement: placement)
      var (execution, trace) = forged(omitting: nil, in: layout, focus: (kind, failures[0].row))
      let checker = Checker(execution, machine: machine)
      let row = placement == .first ? 0 : trace.table(kind).height - blindRows - 1
      let report = checker.check(trace)
      #expect(report.constraints.map(\.row) == [row], "\(name); \(layout)")
      #expect(report.constraints.map(\.label) == [constraint.label], "\(name); \(layout)")
      #expect(report.buses.isEmpty, "\(name); \(layout)")
      trace.judge(kind) { table in
        var constraints = table.constraints
        constraints[index] = constraint.on(.transition)
        return table.replacing(constraints: constraints)
      }
      #expect(
        checker.check(trace).holds == (placement == .last), "\(name), weakened; \(layout)")
    }
  }
}
