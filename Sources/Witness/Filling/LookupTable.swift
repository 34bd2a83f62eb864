import ZKVMField
import ZKVMMachine

extension FixedTable {
  package func fill(_ matrix: Matrix, uses: [Int64]) {
    for (row, count) in uses.enumerated() {
      RowWriter(matrix: matrix, row: row).set(multiplicity, count)
    }
  }
}
