import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// The tables as data for other programs: all that prover and verifier know of them, so that a tool
/// which reasons about the constraints needs no copy of them. `zkvm tables --json` prints it.
///
/// Every number is a whole one and up to 64 bits wide, which a reader must keep exactly. `format` grows
/// when the meaning of a field changes.
public struct TableDescription: Encodable, Sendable {
  /// 1: as described here.
  public let format: Int
  /// The field's characteristic p.
  public let modulus: UInt64
  /// The last rows of every table, on which nothing but the lookup accumulator is constrained.
  public let blindRows: Int
  public let buses: [BusEntry]
  public let opcodes: [OpcodeEntry]
  /// In the order of the tables' numbers.
  public let tables: [TableEntry]
  /// Every entry of the Scales table, as signed numbers in the order of the bus' fields.
  public let scales: [[Int64]]
  /// The Coefficients table in runs of successive segments.
  public let coefficients: [CoefficientRun]

  public struct BusEntry: Encodable, Sendable {
    public let number: Int
    public let name: String
    public let fields: [String]
  }

  public struct OpcodeEntry: Encodable, Sendable {
    public let number: Int
    /// Its selector is the column `is_NAME` of the unit's table.
    public let name: String
    public let mnemonic: String
    /// The table that executes it.
    public let unit: String
    /// The slots whose cells it reads, and the one whose cell it publishes.
    public let reads: [Int]
    public let writes: Int?
    /// Every slot that it uses.
    public let slots: [SlotEntry]
    /// The rule of its immediate number, see ``ImmediateRule``.
    public let immediate: String
    /// The operands in a source; absent if no source has the instruction.
    public let syntax: String?
    public let result: String
    public let traps: String
  }

  public struct SlotEntry: Encodable, Sendable {
    public let slot: Int
    public let name: String
    /// `reads`, `publishes` or `immediate`.
    public let use: String
    /// What the cell holds, see ``CellContent``; absent for an immediate.
    public let content: String?
  }

  public struct ColumnEntry: Encodable, Sendable {
    public let name: String
    public let documentation: String
  }

  public struct ConstraintEntry: Encodable, Sendable {
    public let label: String
    /// The rows on which the node is 0, see ``ConstraintDomain``.
    public let domain: String
    public let node: Int
  }

  public struct MessageEntry: Encodable, Sendable {
    public let label: String
    /// The bus' number.
    public let bus: Int
    /// The node that says how often the tuple is sent; negative where it is received.
    public let multiplicity: Int
    /// The nodes of the tuple, one a field of the bus.
    public let values: [Int]
  }

  /// An expression whose operands are nodes before it: `{"constant": 5}` (0 ..< p), `{"column": 3}`
  /// (a witness column), `{"next": 3}` (the same in the next row), `{"fixed": 0}` (a column that the
  /// verifier evaluates), `{"sum": [7, 9]}`, `{"difference": [7, 9]}` or `{"product": [7, 9]}`.
  public struct NodeEntry: Encodable, Sendable {
    public let node: Node

    private enum Key: String, CodingKey {
      case constant, column, next, fixed, sum, difference, product
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      switch node {
      case .constant(let value): try container.encode(value.value, forKey: .constant)
      case .main(let column): try container.encode(column, forKey: .column)
      case .mainNext(let column): try container.encode(column, forKey: .next)
      case .fixed(let column): try container.encode(column, forKey: .fixed)
      case .sum(let a, let b): try container.encode([a, b], forKey: .sum)
      case .difference(let a, let b): try container.encode([a, b], forKey: .difference)
      case .product(let a, let b): try container.encode([a, b], forKey: .product)
      case .auxiliary, .auxiliaryNext, .parameter:
        throw EncodingError.invalidValue(
          node,
          .init(
            codingPath: encoder.codingPath,
            debugDescription: "a table declares \(node), which only the lookup argument has"))
      }
    }
  }

  public struct TableEntry: Encodable, Sendable {
    public let name: String
    /// log2 of the number of rows where it is the same for every program.
    public let logHeight: Int?
    public let columns: [ColumnEntry]
    public let fixedColumns: [ColumnEntry]
    public let nodes: [NodeEntry]
    public let constraints: [ConstraintEntry]
    public let messages: [MessageEntry]
  }

  /// Segments `first` … `last` of a coefficient table, with the least and greatest value that each of
  /// the bus' fields from c0 on takes in them, signed.
  public struct CoefficientRun: Encodable, Sendable {
    public let table: Int64
    public let first: Int64
    public internal(set) var last: Int64
    public internal(set) var minimum: [Int64]
    public internal(set) var maximum: [Int64]
  }

  public init(blindRows: Int) {
    format = 1
    modulus = Goldilocks.modulus
    self.blindRows = blindRows
    buses = Buses.all.map { BusEntry(number: $0.number, name: $0.name, fields: $0.fields) }
    opcodes = Opcode.allCases.map { opcode in
      OpcodeEntry(
        number: Int(opcode.rawValue), name: "\(opcode)", mnemonic: opcode.mnemonic,
        unit: opcode.unit.rawValue, reads: opcode.reads, writes: opcode.writes,
        slots: opcode.row.slots.map { SlotEntry($0.slot, $0.use) },
        immediate: "\(opcode.row.immediate)", syntax: opcode.row.syntax.usage,
        result: opcode.meaning.result, traps: opcode.meaning.traps)
    }
    let all = MachineTables.all(blindRows: blindRows)
    tables = zip(TableKind.allCases, all).map { kind, table in
      TableEntry(table, logHeight: kind == .limbs ? LimbsTable.logHeight : nil)
    }
    scales = FixedEntries.scales.map { $0.map(\.signedValue) }
    coefficients = CoefficientRun.runs(of: FixedEntries.coefficients)
  }
}

extension TableDescription.SlotEntry {
  init(_ slot: Slot, _ use: SlotUse) {
    self.slot = slot.index
    name = slot.name
    switch use {
    case .reads(let content): (self.use, self.content) = ("reads", "\(content)")
    case .publishes(let content): (self.use, self.content) = ("publishes", "\(content)")
    case .immediate: (self.use, content) = ("immediate", nil)
    }
  }
}

extension TableDescription.TableEntry {
  /// A table's description.
  public init(_ table: Table, logHeight: Int?) {
    func entries(_ columns: [ColumnDescription]) -> [TableDescription.ColumnEntry] {
      columns.map { .init(name: $0.name, documentation: $0.documentation) }
    }
    var graph = Graph()
    name = table.name
    self.logHeight = logHeight
    columns = entries(table.columns)
    fixedColumns = entries(table.fixedColumns)
    constraints = table.constraints.map {
      .init(label: $0.label, domain: "\($0.domain)", node: graph.insert($0.expression))
    }
    messages = table.messages.map { message in
      .init(
        label: message.label, bus: message.bus.number,
        multiplicity: graph.insert(message.multiplicity),
        values: message.values.map { graph.insert($0) })
    }
    nodes = graph.nodes.map { .init(node: $0) }
  }
}

extension TableDescription.CoefficientRun {
  /// The runs of rows (table, segment, c0, …).
  static func runs(of rows: [[Goldilocks]]) -> [Self] {
    var runs: [Self] = []
    for row in rows {
      let entry = row.map(\.signedValue)
      let values = Array(entry[2...])
      if let run = runs.last, run.table == entry[0], run.last + 1 == entry[1] {
        let index = runs.count - 1
        runs[index].last = entry[1]
        runs[index].minimum = zip(run.minimum, values).map { min($0, $1) }
        runs[index].maximum = zip(run.maximum, values).map { max($0, $1) }
      } else {
        runs.append(
          Self(table: entry[0], first: entry[1], last: entry[1], minimum: values, maximum: values))
      }
    }
    return runs
  }
}
