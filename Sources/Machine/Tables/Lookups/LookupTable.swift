import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

/// A table that answers lookups: its entries are known to the verifier, how often each is used is
/// a witness.
public protocol LookupTable: Sendable {
  var table: Table { get }
}

/// A lookup table whose entries the verifier evaluates itself, one an active row. Rows behind the
/// last entry repeat it, so that padding offers nothing that is not in the table.
public struct FixedTable: LookupTable {
  public let table: Table
  package let multiplicity: Expression

  init(_ name: String, bus: Bus) {
    let b = TableBuilder(name)
    let entry = bus.fields.map { b.fixedColumn($0, "The field \($0) of \(bus.name).") }
    multiplicity = b.column("uses", "How often the entry is used.")
    b.send(bus, times: multiplicity, entry, "entry")
    table = b.build()
  }
}

/// The entries of the fixed tables, by row.
public enum FixedEntries {
  /// The program, one instruction a row.
  public static func program(_ program: Program) -> [[Goldilocks]] {
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

  /// Constants, then public inputs, by address. A program with neither has one entry, zeros at address
  /// 0, which the loader lets nothing read.
  public static func given(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]] {
    let values = program.givenValues(publicInputs: publicInputs)
    let unread = Array(repeating: CellValue.word(0), count: program.frameStart - values.count)
    return (values + unread).enumerated().map { address, value in
      [Goldilocks(address)] + value.elements
    }
  }

  /// Every row of the Coefficients table; a program's table has those of its functions.
  public static let coefficients: [[Goldilocks]] = FunctionTables.coefficients.map { row in
    [Goldilocks(row.table), Goldilocks(row.segment)]
      + [row.c0, row.c1, row.c2, row.c3, row.c4 & 0xFFFF, row.c4 >> 16].map { Goldilocks($0) }
  }

  /// Every row of the Scales table.
  public static let scales: [[Goldilocks]] = FunctionTables.scales.map { row in
    let power = Limbs.split(1 << row.kappa, count: 4).map { Goldilocks($0) }
    return [row.function, row.table, row.isNegated ? 1 : 0, row.end, row.a]
      .map { Goldilocks($0) } + power + [Goldilocks(row.h)] + row.g.map { Goldilocks($0) }
  }
}

extension Program {
  /// The rows of the Scales and Coefficients tables that the program's functions use.
  package var functionRows: (scales: [Int], coefficients: [Int]) {
    FunctionTables.selection(Set(instructions.compactMap(\.opcode.function)))
  }
}
