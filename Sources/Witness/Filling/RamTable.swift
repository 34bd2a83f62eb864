import ZKVMField
import ZKVMMachine

extension RamTable: FilledTable {
  package var filler: TableFiller {
    .whole { fill($0, $1.execution, blindRows: $1.blindRows) }
  }

  private func fill(_ matrix: Matrix, _ execution: Execution, blindRows: Int) {
    let program = execution.program
    let kinds = program.arrays.flatMap { Array(repeating: $0.isDigest, count: $0.length) }
    for number in 0..<(matrix.rows - blindRows) {
      let row = RowWriter(matrix: matrix, row: number)
      row.set(cell, number)
      guard number < execution.memory.count, execution.memory[number] != .initial else { continue }
      row.set(time, execution.memory[number].time)
      content.fill(
        row, execution.elements(execution.memory[number].value, isDigest: kinds[number]))
    }
  }
}
