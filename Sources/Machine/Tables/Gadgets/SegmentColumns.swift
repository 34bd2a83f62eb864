import ZKVMAIR
import ZKVMFixedPoint

/// The columns of a row of the Coefficients table.
///
/// *Assumes* nothing.
///
/// *Constrains* nothing by itself: the unit looks ``all`` up on the bus of coefficients, together
/// with the table's number, and then they are a row of the verifier's table, with the ranges that
/// ``declare(in:)`` says (claim F2 of `Spec/units/function.md`).
package struct SegmentColumns: Sendable {
  package let segment: Expression
  /// c0 … c3.
  package let c: [Expression]
  /// c4 in two limbs, the higher one signed.
  package let c4: [Expression]

  init(_ b: TableBuilder) {
    segment = b.column("segment", "The polynomial's number in its table.")
    c = b.columns("c", count: 4, "A coefficient.")
    c4 = b.columns("c4_", count: 2, "A limb of the highest coefficient.")
  }

  var all: [Expression] { [segment] + c + c4 }

  func declare(in ranges: inout ColumnRanges) {
    let rows = FunctionTables.coefficients
    ranges.declare(segment, of: rows.map { Int128($0.segment) })
    ranges.declare(c4[0], 0...0xFFFF)
    ranges.declare(c4[1], of: rows.map { Int128($0.c4 >> 16) })
  }
}
