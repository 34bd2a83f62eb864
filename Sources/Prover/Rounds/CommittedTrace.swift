import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// After steps up to 8: the witness columns with their blind rows, extended and committed.
struct CommittedTrace {
  struct Columns {
    let table: ProvingTable
    let main: Matrix
    let extended: ExtendedColumns
  }

  private(set) var tables: [Columns]
  let tree: MerkleTree

  /// The trace's blind rows are overwritten.
  init(_ trace: consuming Trace, _ session: ProvingSession) {
    let witnesses = trace.tables.enumerated().map { number, table in
      (ProvingTable(table, number: number, session.layout), table.main)
    }
    CommittedTrace.fillBlindRows(witnesses, session)
    tables = witnesses.map { table, main in
      Columns(
        table: table, main: main,
        extended: table.extend(
          main, logBlowup: table.logExtension, next: Set(table.system.nextColumns)))
    }
    tree = session.commit(
      tables.map { ($0.extended.large, $0.table.logHeight) }, round: "main")
  }

  /// Hands over the tables' columns, so that whoever takes them alone holds them.
  consuming func takeTables() -> [Columns] {
    var taken: [Columns] = []
    swap(&taken, &tables)
    return taken
  }

  /// Uniform elements. The last row of a table's first three columns is the start of its lookup
  /// accumulator; the starts sum to zero.
  private static func fillBlindRows(
    _ witnesses: [(ProvingTable, Matrix)], _ session: ProvingSession
  ) {
    if let randomness = session.randomness(for: .blindRows) {
      for (table, main) in witnesses {
        parallel(main.columns) { column in
          var stream = randomness.stream("main \(table.number)", column)
          stream.fill(main.column(column) + table.activeRows, count: table.blindRows)
        }
      }
    }
    let randomness = session.randomness(for: .terminals)
    var left = session.strategy.startsTotal
    for (table, main) in witnesses {
      let isLast = table.number == witnesses.count - 1
      var stream = randomness?.stream("terminal", table.number)
      let start = isLast ? left : stream?.extensionElement() ?? .zero
      left -= start
      for (column, coordinate) in start.coordinates.enumerated() {
        main[table.height - 1, column] = coordinate
      }
    }
  }
}
