import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMWitness

/// Evaluates a table's messages on all rows, a block at a time.
struct MessageSweep {
  /// A message's values in one row, read when they are asked for.
  struct Values {
    let bus: Bus
    private let columns: [UnsafePointer<Goldilocks>]
    private let row: Int

    fileprivate init(bus: Bus, columns: [UnsafePointer<Goldilocks>], row: Int) {
      (self.bus, self.columns, self.row) = (bus, columns, row)
    }

    /// The bus' number and the values.
    var key: [Goldilocks] { [Goldilocks(bus.number)] + values }

    var values: [Goldilocks] { columns.map { $0[row] } }

    /// What keys that are equal have in common, at little cost.
    var hint: Hint { Hint(bus: bus.number, first: columns[0][row]) }
  }

  struct Hint: Hashable {
    let bus: Int
    let first: Goldilocks
  }

  private let table: Table
  private let code: MessageCode
  private let evaluator: BlockEvaluator

  init(_ table: Table) {
    self.table = table
    code = MessageCode(table.messages)
    evaluator = BlockEvaluator(code.code)
  }

  /// Calls `body` with every message of the first `rows` rows: row, the message's index,
  /// multiplicity, values.
  func visit(
    _ trace: TableTrace, rows: Int, _ body: (Int, Int, Goldilocks, Values) -> Void
  ) {
    for start in stride(from: 0, to: rows, by: BlockEvaluator.blockSize) {
      evaluator.evaluate(
        main: trace.main, fixed: trace.fixed, auxiliary: nil, start: start,
        next: { ($0 + 1) & (trace.height - 1) })
      let places = zip(table.messages, code.multiplicities).map { message, output in
        (
          evaluator.output(output),
          message.values.indices.map { evaluator.output(output + 1 + $0) }
        )
      }
      for row in 0..<min(BlockEvaluator.blockSize, rows - start) {
        for (index, (multiplicity, columns)) in places.enumerated() {
          body(
            start + row, index, multiplicity[row],
            Values(bus: table.messages[index].bus, columns: columns, row: row))
        }
      }
    }
  }
}
