import AttackSupport
import TestSupport
@_spi(Testing) import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMWitness

/// One table's lookup argument on the rows themselves, as a prover fills it in, or a forger: what
/// the verifier's domains must refuse can be seen row by row.
struct LookupColumns {
  struct Failure: Equatable {
    /// Of the system's constraints, which are those of the lookup argument alone: its groups, then
    /// the start, then the terminal.
    let constraint: Int
    let row: Int
  }

  let system: ConstraintSystem
  let height: Int
  let blindRows: Int
  var terminal: CubicExtension
  /// By column and row; column 0 is the accumulator.
  var auxiliary: [[CubicExtension]]
  private let main: [[CubicExtension]]
  private let fixed: [[CubicExtension]]
  private let alpha: CubicExtension
  private let beta: CubicExtension

  /// Fills the columns in as an honest prover does; blind rows become random.
  init(_ trace: TableTrace, blindRows: Int, packing: Int) {
    system = ConstraintSystem(trace.table.replacing(constraints: []), packing: packing)
    height = trace.height
    self.blindRows = blindRows
    var generator = SeededGenerator(seed: UInt64(blindRows))
    func element() -> CubicExtension {
      CubicExtension(
        Goldilocks(generator.next()), Goldilocks(generator.next()), Goldilocks(generator.next()))
    }
    let (alpha, beta, active) = (element(), element(), trace.height - blindRows)
    (self.alpha, self.beta) = (alpha, beta)
    main = (0..<trace.height).map { row in
      row < active
        ? trace.row(row).map { CubicExtension($0) }
        : trace.table.columns.map { _ in CubicExtension(Goldilocks(generator.next())) }
    }
    fixed = (0..<trace.height).map { trace.fixedRow($0).map { CubicExtension($0) } }
    let groups = system.groups
    var columns = groups.map { _ in
      (0..<trace.height).map { $0 < active ? CubicExtension.zero : element() }
    }
    var sums = [CubicExtension](repeating: .zero, count: active)
    let groupOf = groups.enumerated().flatMap { group, range in range.map { _ in group } }
    MessageSweep(trace.table).visit(trace, rows: active) { row, message, multiplicity, values in
      guard multiplicity != .zero else { return }
      let denominator = ConstraintSystem.fingerprint(
        bus: values.bus, values.values, alpha: alpha, beta: beta)
      let fraction = denominator.inverse * multiplicity
      sums[row] += fraction
      if groupOf[message] > 0 { columns[groupOf[message]][row] += fraction }
    }
    columns[0][0] = LookupColumns.start(main[height - 1])
    for row in 0..<active { columns[0][row + 1] = columns[0][row] + sums[row] }
    terminal = columns[0][active]
    auxiliary = columns
  }

  private static func start(_ row: [CubicExtension]) -> CubicExtension {
    CubicExtension(row[0].a, row[1].a, row[2].a)
  }

  /// The blind that the accumulator would start at if it stood in this row.
  func start(row: Int) -> CubicExtension { LookupColumns.start(main[row]) }

  var startConstraint: Int { system.groups.count }
  var terminalConstraint: Int { system.groups.count + 1 }

  /// Adds to the terminal by breaking one constraint, as the prover's tampering does.
  mutating func falsify(_ place: LookupFault.Place, row: Int = 0, by amount: CubicExtension) {
    terminal += amount
    var first = row + 1
    switch place {
    case .terminal: return
    case .start: first = 0
    case .group(let group): if group > 0 { auxiliary[group][row] += amount }
    }
    for row in first...(height - blindRows) { auxiliary[0][row] += amount }
  }

  /// All failures on the declared domains, or on those that `moved` gives to a constraint: the row of
  /// one that holds on one row.
  func failures(moved: [Int: Int] = [:]) -> [Failure] {
    let parameters = ConstraintSystem.parameters(
      alpha: alpha, beta: beta, terminal: terminal, width: system.messageWidth)
    var failures: [Failure] = []
    for row in 0..<height {
      let next = (row + 1) % height
      let values = system.evaluate(
        main: main[row], mainNext: main[next], fixed: fixed[row],
        auxiliary: auxiliary.map { $0[row] }, auxiliaryNext: auxiliary.map { $0[next] },
        parameters: parameters)
      for (index, constraint) in system.constraints.enumerated() where !values[index].isZero {
        let applies =
          moved[index].map { $0 == row }
          ?? constraint.domain.rows(height: height, blindRows: blindRows).contains(row)
        if applies { failures.append(Failure(constraint: index, row: row)) }
      }
    }
    return failures
  }
}
