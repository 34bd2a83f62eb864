import ZKVMAIR
import ZKVMField

/// The memory's cells, one a row: each holds zero since time 0, and at the end what its last access
/// left.
///
/// Every active row takes part, also behind the program's last cell: what nobody accesses cancels.
public struct RamTable: LookupTable {
  public let table: Table
  package let cell: Expression
  package let time: Expression
  package let content: Limbs
  package let blindRows: Int

  public init(blindRows: Int) {
    self.blindRows = blindRows
    let b = TableBuilder("Ram")
    cell = b.column("cell", "The cell's number.")
    time = b.column("time", "The time of the last access, 0 if there was none.")
    content = Limbs(b, "content", "What the cell holds at the end.")
    b.assertZero(cell, "the cells are numbered from 0", on: .first)
    b.assertZero(cell.next - cell - 1, "the cells are numbered", on: .transition)
    b.send(Buses.memory, times: 1, [cell, 0, 0, 0, 0, 0], "zero at time 0")
    b.receive(Buses.memory, times: 1, [cell, time] + content.limbs, "the content at the end")
    table = b.build()
  }
}
