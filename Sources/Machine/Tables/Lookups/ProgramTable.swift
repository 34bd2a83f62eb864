import ZKVMAIR
import ZKVMField

extension TableKind {
  public static let program = TableKind(number: 5, name: "program")
}

/// The program, one instruction a row.
public struct ProgramTable: MachineTable {
  public static let kind = TableKind.program
  package let content = Entries("Program", bus: Buses.program)

  public init(blindRows _: Int) {}

  public var table: Table { content.table }

  public static func entryCount(_ program: Program) -> Int { program.instructions.count }

  public static func entries(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]] {
    program.instructions.enumerated().map { pc, instruction in
      var row = [Goldilocks(pc), Goldilocks(Int(instruction.opcode.rawValue))]
      for slot in instruction.slots {
        row.append(slot.isFrameRelative ? .one : .zero)
        row.append(Goldilocks(Int(slot.offset)))
      }
      row.append(Goldilocks(Int(instruction.extra)))
      return row
    }
  }
}
