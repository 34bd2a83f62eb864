import ZKVMAIR

/// The columns of an operand's address: m·fp + offset, with m from the program.
///
/// *Assumes* that the row fetches (m, offset) in the operand's slot, and that fp is the token's.
///
/// *Constrains* the address to the cell that the instruction names (claim U3 of
/// `Spec/units/README.md`). What stands there is the business of the message that reads it.
package struct Operand: Sendable {
  package let m: Expression
  package let offset: Expression
  package let address: Expression

  init(_ builder: TableBuilder, _ name: String, framePointer: Expression) {
    m = builder.column("\(name)_m", "1 if \(name)'s offset counts from fp.")
    offset = builder.column("\(name)_offset", "\(name)'s offset.")
    address = builder.column("\(name)_address", "\(name)'s address.")
    builder.assertEqual(address, m * framePointer + offset, "\(name)'s address is m·fp + offset")
  }

  var fields: [Expression] { [m, offset] }
}
