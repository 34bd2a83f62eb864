import ZKVMAIR

/// The whole of a table that answers lookups: one entry an active row, which the verifier evaluates
/// itself, and how often it is used. Rows after the last entry repeat it, so that padding offers
/// nothing that is not in the table.
///
/// *Assumes* that the verifier evaluates the fixed columns from the table's entries.
///
/// *Constrains* what the bus offers to the entries. How often each is used is the prover's to say:
/// the balance of the bus makes it as often as they are received (claims T1 to T4 of
/// `Spec/units/tables.md`).
package struct Entries: Sendable {
  let table: Table
  package let uses: Expression

  init(_ name: String, bus: Bus) {
    let b = TableBuilder(name)
    let entry = bus.fields.map { b.fixedColumn($0, "The field \($0) of \(bus.name).") }
    uses = b.column("uses", "How often the entry is used.")
    b.send(bus, times: uses, entry, "entry")
    table = b.build()
  }
}
