import ZKVMAIR
import ZKVMField

extension TableKind {
  public static let ram = TableKind(number: 12, name: "ram")
}

/// The memory's cells, one a row: each holds zero since time 0, and at the end what its last access
/// left.
///
/// Every active row takes part, also after the program's last cell: what nobody accesses cancels.
public struct RamTable: MachineTable {
  public static let kind = TableKind.ram
  public let table: Table
  package let cell: Expression
  package let time: Expression
  package let content: Limbs

  public init(blindRows _: Int) {
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

  public static func isPresent(in program: Program) -> Bool { MemoryUnit.isPresent(in: program) }

  public static func entryCount(_ program: Program) -> Int { program.memorySize }
}
