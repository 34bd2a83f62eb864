import ZKVMField
import ZKVMMachine

extension Entries {
  /// How often each entry is used, by row.
  func fill(_ matrix: Matrix, uses counts: [Int64]) {
    for (row, count) in counts.enumerated() {
      RowWriter(matrix: matrix, row: row).set(uses, count)
    }
  }
}
