import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMWitness

extension Trace {
  /// Recomputes what the prover is free to choose once the rows of the units stand: how often each
  /// entry of a lookup table is used, and how often each result is read.
  ///
  /// `publishers` are the unit rows with a result; another row that publishes keeps its number.
  func settle(_ execution: Execution) {
    var received: [[Goldilocks]: Goldilocks] = [:]
    var publishers: [(table: TableTrace, row: Int, column: Int, key: [Goldilocks])] = []
    for table in tables where table.kind.unit != nil {
      MessageSweep(table.table).visit(table, rows: table.height - blindRows) {
        row, index, multiplicity, values in
        let message = table.table.messages[index]
        guard message.bus.isSettled else { return }
        if case .main(let column) = message.multiplicity,
          isPublisher(table, row, message, execution)
        {
          publishers.append((table, row, column, values.key))
        } else if multiplicity != .zero {
          received[values.key, default: .zero] -= multiplicity
        }
      }
    }
    for publisher in publishers {
      publisher.table.main[publisher.row, publisher.column] = received[publisher.key] ?? .zero
      received[publisher.key] = nil
    }
    for table in tables where table.kind.unit == nil { settle(table, &received) }
  }

  /// Whether a row's multiplicity is free: an executed instruction's result.
  private func isPublisher(
    _ table: TableTrace, _ row: Int, _ message: Message, _ execution: Execution
  ) -> Bool {
    guard message.bus == Buses.value, row < table.activeRows else { return false }
    let pc = table.main[row, 0].value
    guard pc < UInt64(execution.program.instructions.count) else { return false }
    let opcode = execution.program.instructions[Int(pc)].opcode
    guard let destination = opcode.writes else { return false }
    return opcode.unit != .product || message.label == (destination == 0 ? "X" : "Z")
  }

  /// A table that answers lookups: every entry takes what is still asked for.
  private func settle(_ table: TableTrace, _ received: inout [[Goldilocks]: Goldilocks]) {
    let wanted = Set(received.keys.map { MessageSweep.Hint(bus: Int($0[0].value), first: $0[1]) })
    MessageSweep(table.table).visit(table, rows: table.height - blindRows) {
      row, index, _, values in
      let message = table.table.messages[index]
      guard case .main(let column) = message.multiplicity, message.bus.isSettled else { return }
      table.main[row, column] =
        wanted.contains(values.hint) ? received.removeValue(forKey: values.key) ?? .zero : .zero
    }
  }
}

extension Bus {
  /// Whether the prover may choose how often its tuples are sent.
  fileprivate var isSettled: Bool { self != Buses.token && self != Buses.output }
}
