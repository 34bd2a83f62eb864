import ZKVMAIR

/// The columns of a published result: its frame offset and how often it is read.
///
/// *Assumes* that the row fetches (publishes, offset) in the result's slot, and that what it
/// publishes is constrained by the unit.
///
/// *Constrains* a row without a result to publish nothing. A row with one publishes it at
/// fp + offset, as often as the prover says; as the loader lets no two instructions publish the
/// same cell, every reader receives this row's result (claims U4, U6 and U7 of
/// `Spec/units/README.md`).
package struct Destination: Sendable {
  package let offset: Expression
  package let multiplicity: Expression

  init(_ builder: TableBuilder, when publishes: Expression) {
    offset = builder.column("result_offset", "The result's offset from fp.")
    multiplicity = builder.column("reads", "How often the result is read.")
    builder.assertZero((1 - publishes) * multiplicity, "only a result is published")
  }

  /// The fetched (m, offset): m is 1 exactly when there is a result.
  func fields(when publishes: Expression) -> [Expression] { [publishes, offset] }

  func send(
    _ builder: TableBuilder, framePointer: Expression, limbs: [Expression]
  ) {
    builder.send(
      Buses.value, times: multiplicity, [framePointer + offset] + limbs, "publish the result")
  }
}
