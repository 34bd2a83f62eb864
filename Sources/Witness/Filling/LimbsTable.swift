import ZKVMAIR
import ZKVMField
import ZKVMMachine

extension LimbsTable: FilledTable {
  package var filler: TableFiller {
    .whole { matrix, units in
      let uses = LimbUses(of: units.tables)
      fill(matrix, range: uses.range, top: uses.top)
    }
  }

  /// `range[v]` and `top[v + 16383]` say how often a limb is used.
  private func fill(_ matrix: Matrix, range: [Int64], top: [Int64]) {
    for row in 0..<activeRows { RowWriter(matrix: matrix, row: row).set(counter, row) }
    func spread(_ counts: [Int64], first: Int, _ offsets: [Int], _ uses: [Expression]) {
      for (index, count) in counts.enumerated() where count != 0 {
        let value = first + index
        let window = offsets.lastIndex { $0 <= value }!
        RowWriter(matrix: matrix, row: value - offsets[window]).set(uses[window], count)
      }
    }
    spread(range, first: 0, rangeOffsets, rangeUses)
    spread(top, first: -16383, topOffsets, topUses)
  }
}

/// How often each value of the Limbs table is looked up.
private struct LimbUses: Sendable {
  var range = [Int64](repeating: 0, count: 1 << 16)
  var top = [Int64](repeating: 0, count: 32767)

  init() {}

  /// What the units look up, by evaluating their messages.
  init(of tables: [TableTrace]) {
    for trace in tables where trace.kind.unit != nil {
      let tasks = min(8, (trace.activeRows + 1023) / 1024)
      for part in inParallel(tasks, { trace.limbUses(task: $0, of: tasks) }) { add(part) }
    }
  }

  private mutating func add(_ other: LimbUses) {
    for i in range.indices { range[i] += other.range[i] }
    for i in top.indices { top[i] += other.top[i] }
  }
}

extension TableTrace {
  /// Of one of `tasks` parts of the rows.
  fileprivate func limbUses(task: Int, of tasks: Int) -> LimbUses {
    var uses = LimbUses()
    let messages = table.messages.filter { $0.bus == Buses.range || $0.bus == Buses.top }
    var graph = Graph()
    let outputs = messages.flatMap { [graph.insert($0.multiplicity), graph.insert($0.values[0])] }
    let evaluator = BlockEvaluator(BlockCode(graph: graph, outputs: outputs))
    let size = BlockEvaluator.blockSize
    let blocks = (activeRows + size - 1) / size
    for block in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
      let start = block * size
      evaluator.evaluate(main: main, fixed: fixed, auxiliary: nil, start: start, next: { $0 })
      for (index, message) in messages.enumerated() {
        let multiplicities = evaluator.output(2 * index)
        let values = evaluator.output(2 * index + 1)
        let isRange = message.bus == Buses.range
        for row in 0..<min(size, activeRows - start) where multiplicities[row] != .zero {
          // A receive has multiplicity −1. A value outside the table stays uncounted: the
          // checker and the verifier report it.
          let count = -multiplicities[row].signedValue
          let value = values[row].signedValue
          if isRange, (0..<65536).contains(value) {
            uses.range[Int(value)] += count
          } else if !isRange, (-16383...16383).contains(value) {
            uses.top[Int(value + 16383)] += count
          }
        }
      }
    }
    return uses
  }
}
