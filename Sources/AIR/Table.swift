import ZKVMField
import ZKVMHashing

/// A channel between tables: on every bus, each tuple is sent as often as it is received.
public struct Bus: Hashable, Sendable {
  /// Frozen: part of every message's fingerprint.
  public let number: Int
  public let name: String
  /// The fields of its messages, in order. All messages of a bus have the same fields, so no
  /// message is a prefix of another.
  public let fields: [String]

  public init(number: Int, name: String, fields: [String]) {
    precondition(number > 0)
    self.number = number
    self.name = name
    self.fields = fields
  }
}

/// A tuple that every row puts on a bus, `multiplicity` times; receiving is sending a negative
/// number of times.
public struct Message: Sendable {
  public let bus: Bus
  public let multiplicity: Expression
  public let values: [Expression]
  public let label: String
}

public struct Constraint: Sendable {
  public let label: String
  public let expression: Expression
  public let domain: ConstraintDomain

  /// The constraint on other rows, to see a domain missed.
  @_spi(Testing)
  public func on(_ domain: ConstraintDomain) -> Constraint {
    Constraint(label: label, expression: expression, domain: domain)
  }
}

public struct ColumnDescription: Sendable {
  public let name: String
  public let documentation: String
}

/// A table of the machine as data: its columns, constraints and messages.
public struct Table: Sendable {
  public let name: String
  /// Witness columns, committed in the main round.
  public let columns: [ColumnDescription]
  /// Columns that the verifier evaluates from the program and fixed tables.
  public let fixedColumns: [ColumnDescription]
  public let constraints: [Constraint]
  public let messages: [Message]

  /// The table with other constraints or messages, to see what stands in a forger's way.
  @_spi(Testing)
  public func replacing(constraints: [Constraint]? = nil, messages: [Message]? = nil) -> Table {
    Table(
      name: name, columns: columns, fixedColumns: fixedColumns,
      constraints: constraints ?? self.constraints, messages: messages ?? self.messages)
  }
}

/// Declares a table.
public final class TableBuilder {
  private let name: String
  private var columns: [ColumnDescription] = []
  private var fixedColumns: [ColumnDescription] = []
  private var constraints: [Constraint] = []
  private var messages: [Message] = []

  public init(_ name: String) { self.name = name }

  /// A new witness column.
  public func column(_ name: String, _ documentation: String) -> Expression {
    columns.append(ColumnDescription(name: name, documentation: documentation))
    return .main(columns.count - 1)
  }

  /// Several witness columns name0, name1, ….
  public func columns(_ name: String, count: Int, _ documentation: String) -> [Expression] {
    (0..<count).map { column("\(name)\($0)", documentation) }
  }

  /// A new column that the verifier evaluates itself.
  public func fixedColumn(_ name: String, _ documentation: String) -> Expression {
    fixedColumns.append(ColumnDescription(name: name, documentation: documentation))
    return .fixed(fixedColumns.count - 1)
  }

  /// Requires an expression to vanish. Constraints have degree 3 at most.
  public func assertZero(
    _ expression: Expression, _ label: String, on domain: ConstraintDomain = .everywhere
  ) {
    constraints.append(Constraint(label: label, expression: expression, domain: domain))
  }

  public func assertEqual(_ a: Expression, _ b: Expression, _ label: String) {
    assertZero(a - b, label)
  }

  /// Requires 0 or 1.
  public func assertBoolean(_ x: Expression, _ label: String) {
    assertZero(x * (x - 1), "\(label) is 0 or 1")
  }

  /// Puts a tuple on a bus `multiplicity` times. The values are linear in the columns.
  public func send(
    _ bus: Bus, times multiplicity: Expression, _ values: [Expression], _ label: String
  ) {
    precondition(values.count == bus.fields.count, "\(name): \(bus.name) takes \(bus.fields)")
    messages.append(
      Message(bus: bus, multiplicity: multiplicity, values: values, label: label))
  }

  public func receive(
    _ bus: Bus, times multiplicity: Expression, _ values: [Expression], _ label: String
  ) {
    send(bus, times: -multiplicity, values, label)
  }

  /// The finished table. The last blind row of its first three columns carries the start value of
  /// its lookup accumulator, so narrow tables get unused columns.
  public func build() -> Table {
    while columns.count < CubicExtension.degree {
      _ = column("blind\(columns.count)", "Unused; its blind rows mask the lookup accumulator.")
    }
    return Table(
      name: name, columns: columns, fixedColumns: fixedColumns, constraints: constraints,
      messages: messages)
  }
}
