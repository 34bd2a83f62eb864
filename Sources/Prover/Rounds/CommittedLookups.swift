import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol

/// One table's columns of the lookup argument: the accumulator, then the fractions of each group of
/// messages but the first.
package struct FilledLookups: Sendable {
  let table: ProvingTable
  fileprivate let main: ExtendedColumns
  package let columns: ExtensionMatrix
  /// The accumulator's value in the first blind row.
  package var terminal: CubicExtension

  package var kind: TableKind { table.kind }
  /// The rows that are not blind.
  package var activeRows: Int { table.activeRows }

  /// Of the trace's columns only the extension is kept.
  fileprivate init(
    _ trace: consuming CommittedTrace.Columns, _ challenges: LookupChallenges,
    _ randomness: HidingRandomness?
  ) {
    let table = trace.table
    let (activeRows, height) = (table.activeRows, table.height)
    let columns = ExtensionMatrix(rows: height, columns: table.system.auxiliaryColumns)
    let rowSums = LookupFractions(table.system, challenges).fill(
      columns, main: trace.main, table)
    let last = trace.main.row(height - 1).prefix(CubicExtension.degree)
    main = trace.extended
    var accumulator = CubicExtension(coordinates: last)
    for row in 0...activeRows {
      columns[row] = accumulator
      accumulator += rowSums[row]
    }
    terminal = columns[activeRows]
    self.table = table
    self.columns = columns
    guard let randomness else { return }
    let base = columns.base
    parallel(base.columns) { column in
      var stream = randomness.stream("lookup \(table.number)", column)
      // The accumulator's first blind row is its terminal.
      let first = column < CubicExtension.degree ? activeRows + 1 : activeRows
      stream.fill(base.column(column) + first, count: height - first)
    }
  }

  fileprivate consuming func extended() -> CommittedLookups.Columns {
    CommittedLookups.Columns(
      table: table, main: main,
      lookups: table.extend(
        columns.base, logBlowup: table.logExtension, next: Set(CubicExtension.planes)),
      terminal: terminal)
  }
}

/// After steps up to 12: the columns of the lookup argument, extended and committed. The trace's own
/// columns are gone but for their extension.
struct CommittedLookups {
  struct Columns {
    let table: ProvingTable
    let main: ExtendedColumns
    /// An extension column is three base columns.
    let lookups: ExtendedColumns
    let terminal: CubicExtension
  }

  let tables: [Columns]
  let mainTree: MerkleTree
  let tree: MerkleTree

  var terminals: [CubicExtension] { tables.map(\.terminal) }

  init(
    _ trace: consuming CommittedTrace, _ challenges: LookupChallenges, _ session: ProvingSession
  ) throws(ProverError) {
    mainTree = trace.tree
    let randomness = session.randomness(for: .blindRows)
    var filled = replaceEach(trace.takeTables()) {
      FilledLookups($0, challenges, randomness)
    }
    let balance = session.layout.balance(
      terminals: filled.map(\.terminal), outputs: session.execution.outputs, challenges)
    session.strategy.finish(&filled, balance: balance)
    try session.require(balance.isZero, "a bus does not balance")
    tables = replaceEach(consume filled) { $0.extended() }
    tree = session.commit(
      tables.map { ($0.lookups.large, $0.table.logHeight) }, round: "lookups")
  }
}
