import ZKVMAIR
import ZKVMField
import ZKVMMachine

extension LimbsTable {
  /// `range[v]` and `top[v + 16383]` say how often a limb is used.
  package func fill(_ matrix: Matrix, range: [Int64], top: [Int64]) {
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
