import ZKVMAIR
import ZKVMField

/// Writes one row of a trace. The matrix must outlive it: a reference that is counted for each cell
/// would take longer than the cell.
package struct RowWriter {
  private let row: UnsafeMutablePointer<Goldilocks>
  private let stride: Int
  private let columns: Int

  package init(matrix: Matrix, row: Int) {
    precondition((0..<matrix.rows).contains(row) && matrix.columns > 0)
    self.row = matrix.column(0) + row
    stride = matrix.stride
    columns = matrix.columns
  }

  package func set(_ column: Expression, _ value: Goldilocks) {
    let index = column.columnIndex
    precondition((0..<columns).contains(index))
    row[index * stride] = value
  }

  package func set(_ column: Expression, _ value: Int64) { set(column, Goldilocks(value)) }

  package func set(_ column: Expression, _ value: Int) { set(column, Goldilocks(value)) }

  package func set(_ column: Expression, _ value: Bool) {
    set(column, value ? Goldilocks.one : Goldilocks.zero)
  }

  /// What a column holds, as the signed number nearest to 0.
  func signedValue(_ column: Int) -> Int64 {
    precondition((0..<columns).contains(column))
    return row[column * stride].signedValue
  }
}
