import ZKVMAIR
import ZKVMField

/// The number and name of a table; frozen, they order a proof's tables. Each table names its own, in
/// its file.
public struct TableKind: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  public let rawValue: Int
  public let description: String

  init(number: Int, name: String) {
    rawValue = number
    description = name
  }

  /// `nil` if no table has this number.
  public init?(rawValue: Int) {
    guard MachineTables.list.indices.contains(rawValue) else { return nil }
    self = MachineTables.list[rawValue].kind
  }

  /// In the order of the numbers.
  public static let allCases = MachineTables.list.map { $0.kind }

  /// What declares the table.
  var declaration: any MachineTable.Type { MachineTables.list[rawValue] }

  /// The unit that the table belongs to.
  public var unit: UnitKind? { declaration.unit }
}

/// A table of the machine, declared in a file of its own and listed in ``MachineTables/list``. The
/// prover's half fills it in a file of the same name.
public protocol MachineTable: Sendable {
  static var kind: TableKind { get }

  /// The unit whose instructions its rows execute; `nil` for a table that no run changes the height
  /// of.
  static var unit: UnitKind? { get }

  /// Whether its columns, constraints and messages depend on the number of blind rows.
  static var knowsBlindRows: Bool { get }

  /// Declares its columns, constraints and messages, for tables with this many blind rows.
  init(blindRows: Int)

  var table: Table { get }

  /// Whether a program's proofs have it.
  static func isPresent(in program: Program) -> Bool

  /// The rows that the program fixes, for the height of a table without a unit.
  static func entryCount(_ program: Program) -> Int

  /// The values of its fixed columns by row, empty if it has none.
  static func entries(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]]

  /// log2 of its height where that is the same for every program.
  static var fixedLogHeight: Int? { get }
}

extension MachineTable {
  public static var unit: UnitKind? { nil }
  public static var knowsBlindRows: Bool { false }
  public static func isPresent(in program: Program) -> Bool {
    unit.map { unit in program.instructions.contains { $0.opcode.unit == unit } } ?? true
  }
  public static func entryCount(_ program: Program) -> Int { 0 }
  public static func entries(_ program: Program, publicInputs: [Int64]) -> [[Goldilocks]] { [] }
  public static var fixedLogHeight: Int? { nil }
}
