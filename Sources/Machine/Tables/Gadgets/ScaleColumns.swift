import ZKVMAIR
import ZKVMFixedPoint

/// The columns of a row of the Scales table.
///
/// *Assumes* nothing.
///
/// *Constrains* nothing by itself: the unit looks ``all`` up on the bus of scales, together with
/// the function's number, and then they are a row of the verifier's table, with the ranges that
/// ``declare(in:)`` says (claim F2 of `Spec/units/function.md`).
package struct ScaleColumns: Sendable {
  package let table: Expression
  package let negated: Expression
  package let end: Expression
  package let a: Expression
  package let power: Limbs
  package let h: Expression
  package let g: Limbs

  init(_ b: TableBuilder) {
    table = b.column("coefficient_table", "The coefficient table of this case.")
    negated = b.column("negated", "1 if −x takes the place of x.")
    end = b.column("end", "The end of the segment that the offset counts from, 0 or 1.")
    a = b.column("a", "What the reduction subtracts from the argument, in units of 2^48.")
    power = Limbs(b, "power", "2^kappa.")
    h = b.column("h", "What is added to the polynomial.")
    g = Limbs(b, "g", count: 6, "The factor of the result, in units of 2^-80.")
  }

  var all: [Expression] { [table, negated, end, a] + power.limbs + [h] + g.limbs }

  func declare(in ranges: inout ColumnRanges) {
    ranges.declareBits([negated, end])
    ranges.declare(a, of: FunctionTables.scales.map { Int128($0.a) })
    ranges.declareUnsigned(power)
    ranges.declareUnsigned(g)
  }
}
