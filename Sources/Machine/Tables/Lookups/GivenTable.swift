import ZKVMAIR
import ZKVMField

extension TableKind {
  public static let given = TableKind(number: 6, name: "given")
}

/// The cells of constants, then of public inputs, by address. A program with neither has one entry,
/// zeros at address 0, which the loader lets nothing read.
public struct GivenTable: MachineTable {
  public static let kind = TableKind.given
  package let content = Entries("Given", bus: Buses.value)

  public init(blindRows _: Int) {}

  public var table: Table { content.table }

  public static func entryCount(_ program: Program) -> Int { program.frameStart }

  public static func entries(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]] {
    let values = program.givenValues(publicInputs: publicInputs)
    let unread = Array(repeating: CellValue.word(0), count: program.frameStart - values.count)
    return (values + unread).enumerated().map { address, value in
      [Goldilocks(address)] + value.elements
    }
  }
}
