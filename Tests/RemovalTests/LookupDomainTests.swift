import AttackSupport
import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// The domains of the lookup argument's constraints, row by row, in every table at every packing and
/// every count of blind rows. With h = 1 the row of the terminal is the last one.
@Suite struct LookupDomainTests {
  private typealias Failure = LookupColumns.Failure
  private let amount = CubicExtension(3, 5, 7)

  @Test(arguments: Layout.blindRows)
  func everyRowOfTheLookupArgumentCounts(blindRows: Int) throws {
    let execution = try Samples.everyInstructionExecution()
    let machine = MachineTables(program: execution.program, blindRows: blindRows)
    let packings = Set(ProofParameters.all.map(\.packing)).sorted()
    for trace in Trace(execution, machine: machine).tables {
      // What executes first stands in the last row that counts.
      let last = trace.height - blindRows - 1
      if trace.kind.unit != nil {
        let (first, padding) = (trace.row(0), trace.row(last))
        trace.set(last, first)
        trace.set(0, padding)
      }
      for packing in packings {
        let honest = LookupColumns(trace, blindRows: blindRows, packing: packing)
        #expect(honest.failures() == [])
        expectGroups(honest, trace.kind)
        expectEnds(honest, trace.kind)
        if blindRows > 1 { expectMovedEnds(honest, trace.kind) }
      }
    }
  }

  /// A group's fractions that are wrong in one row hide any imbalance, and fail in this row alone.
  private func expectGroups(_ honest: LookupColumns, _ kind: TableKind) {
    let last = honest.height - honest.blindRows - 1
    for group in honest.system.groups.indices {
      #expect(honest.system.constraints[group].domain == .everywhere)
      for row in isExhaustive ? [0, last / 2, last] : [0, last] {
        var columns = honest
        columns.falsify(.group(group), row: row, by: amount)
        #expect(
          columns.failures() == [Failure(constraint: group, row: row)], "\(kind) \(group) \(row)")
      }
    }
  }

  private func expectEnds(_ honest: LookupColumns, _ kind: TableKind) {
    var columns = honest
    columns.falsify(.start, by: amount)
    #expect(
      columns.failures() == [
        Failure(constraint: honest.startConstraint, row: honest.height - 1)
      ], "\(kind)")
    columns = honest
    columns.falsify(.terminal, by: amount)
    #expect(
      columns.failures() == [
        Failure(constraint: honest.terminalConstraint, row: honest.height - honest.blindRows)
      ], "\(kind)")
  }

  /// One row beside its place, an end lets something pass.
  private func expectMovedEnds(_ honest: LookupColumns, _ kind: TableKind) {
    let (start, terminal) = (honest.startConstraint, honest.terminalConstraint)
    let (n, h) = (honest.height, honest.blindRows)
    // The start: any accumulator, if blind rows elsewhere must agree.
    var columns = honest
    columns.falsify(.start, by: amount)
    columns.auxiliary[0][n - 1] = columns.start(row: n - 2)
    #expect(columns.failures(moved: [start: n - 2]) == [], "\(kind)")
    #expect(columns.failures() == [Failure(constraint: start, row: n - 1)], "\(kind)")
    // The terminal a row later: any, as that row's accumulator is free.
    columns = honest
    columns.falsify(.terminal, by: amount)
    columns.auxiliary[0][n - h + 1] = columns.terminal
    #expect(columns.failures(moved: [terminal: n - h + 1]) == [], "\(kind)")
    #expect(columns.failures() == [Failure(constraint: terminal, row: n - h)], "\(kind)")
    // A row earlier: the last row's messages do not count.
    columns = honest
    columns.terminal = columns.auxiliary[0][n - h - 1]
    guard columns.terminal != honest.terminal else {
      #expect(kind.unit == nil, "\(kind) has messages in its last row")
      return
    }
    #expect(columns.failures(moved: [terminal: n - h - 1]) == [], "\(kind)")
    #expect(columns.failures() == [Failure(constraint: terminal, row: n - h)], "\(kind)")
  }
}
