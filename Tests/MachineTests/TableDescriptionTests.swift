import Foundation
import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMInspect
import ZKVMMachine

/// What `zkvm tables --json` prints says the same as the declarations that prover and verifier use.
@Suite struct TableDescriptionTests {
  private struct Document: Decodable {
    struct Message: Decodable {
      let label: String
      let bus: Int
      let multiplicity: Int
      let values: [Int]
    }

    struct Constraint: Decodable {
      let label: String
      let domain: String
      let node: Int
    }

    struct Node: Decodable {
      let constant: UInt64?
      let column: Int?
      let next: Int?
      let fixed: Int?
      let sum: [Int]?
      let difference: [Int]?
      let product: [Int]?
    }

    struct Column: Decodable {
      let name: String
    }

    struct Table: Decodable {
      let name: String
      let logHeight: Int?
      let columns: [Column]
      let fixedColumns: [Column]
      let nodes: [Node]
      let constraints: [Constraint]
      let messages: [Message]
    }

    struct Opcode: Decodable {
      let number: Int
      let name: String
      let unit: String
      let reads: [Int]
      let writes: Int?
    }

    struct Run: Decodable {
      let table: Int64
      let first: Int64
      let last: Int64
      let minimum: [Int64]
      let maximum: [Int64]
    }

    let modulus: UInt64
    let blindRows: Int
    let tables: [Table]
    let opcodes: [Opcode]
    let scales: [[Int64]]
    let coefficients: [Run]
  }

  /// A row, the next one and the fixed columns.
  private struct Rows {
    let main: [Goldilocks]
    let next: [Goldilocks]
    let fixed: [Goldilocks]

    func value(_ expression: ZKVMAIR.Expression) -> Goldilocks {
      switch expression {
      case .constant(let value): value
      case .main(let i): main[i]
      case .mainNext(let i): next[i]
      case .fixed(let i): fixed[i]
      case .sum(let a, let b): value(a) + value(b)
      case .difference(let a, let b): value(a) - value(b)
      case .product(let a, let b): value(a) * value(b)
      case .auxiliary, .auxiliaryNext, .parameter:
        preconditionFailure("only the lookup argument has extension columns")
      }
    }

    func values(_ nodes: [Document.Node]) -> [Goldilocks] {
      var values: [Goldilocks] = []
      for node in nodes {
        if let value = node.constant.flatMap({ Goldilocks(exactly: $0) }) {
          values.append(value)
        } else if let i = node.column {
          values.append(main[i])
        } else if let i = node.next {
          values.append(next[i])
        } else if let i = node.fixed {
          values.append(fixed[i])
        } else if let pair = node.sum {
          values.append(values[pair[0]] + values[pair[1]])
        } else if let pair = node.difference {
          values.append(values[pair[0]] - values[pair[1]])
        } else if let pair = node.product {
          values.append(values[pair[0]] * values[pair[1]])
        } else {
          Issue.record("a node is of no known kind")
        }
      }
      return values
    }
  }

  private static func document(blindRows: Int) throws -> Document {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(TableDescription(blindRows: blindRows))
    #expect(data == (try encoder.encode(TableDescription(blindRows: blindRows))), "deterministic")
    return try JSONDecoder().decode(Document.self, from: data)
  }

  @Test(arguments: [1, 256, 512]) func expressionsHaveTheirValues(blindRows: Int) throws {
    let document = try TableDescriptionTests.document(blindRows: blindRows)
    let tables = MachineTables.all(blindRows: blindRows)
    #expect(document.modulus == Goldilocks.modulus)
    #expect(document.blindRows == blindRows)
    #expect(document.tables.map(\.name) == tables.map(\.name))
    var generator = SystemRandomNumberGenerator()
    func elements(_ count: Int) -> [Goldilocks] {
      (0..<count).map { _ in Goldilocks(Int64.random(in: .min ... .max, using: &generator)) }
    }
    for (described, table) in zip(document.tables, tables) {
      #expect(described.columns.map(\.name) == table.columns.map(\.name))
      #expect(described.fixedColumns.map(\.name) == table.fixedColumns.map(\.name))
      #expect(described.constraints.map(\.label) == table.constraints.map(\.label))
      #expect(described.constraints.map(\.domain) == table.constraints.map { "\($0.domain)" })
      #expect(described.messages.map(\.label) == table.messages.map(\.label))
      #expect(described.messages.map(\.bus) == table.messages.map(\.bus.number))
      let rows = Rows(
        main: elements(table.columns.count), next: elements(table.columns.count),
        fixed: elements(table.fixedColumns.count))
      let values = rows.values(described.nodes)
      for (entry, constraint) in zip(described.constraints, table.constraints) {
        #expect(values[entry.node] == rows.value(constraint.expression), "\(entry.label)")
      }
      for (entry, message) in zip(described.messages, table.messages) {
        #expect(values[entry.multiplicity] == rows.value(message.multiplicity), "\(entry.label)")
        #expect(
          entry.values.map { values[$0] } == message.values.map { rows.value($0) },
          "\(entry.label)")
      }
    }
  }

  @Test func opcodesAndFixedEntriesAreComplete() throws {
    let document = try TableDescriptionTests.document(blindRows: 256)
    #expect(document.opcodes.map(\.number) == Opcode.allCases.map { Int($0.rawValue) })
    for (entry, opcode) in zip(document.opcodes, Opcode.allCases) {
      #expect(entry.unit == opcode.unit.rawValue)
      #expect(entry.reads == opcode.reads)
      #expect(entry.writes == opcode.writes)
      let table = document.tables.first { $0.name == entry.unit }
      #expect(table?.columns.contains { $0.name == "is_\(entry.name)" } == true)
    }
    #expect(document.scales == FixedEntries.scales.map { $0.map(\.signedValue) })
    let runs = document.coefficients
    #expect(
      runs.reduce(0) { $0 + $1.last - $1.first + 1 } == Int64(FixedEntries.coefficients.count))
    for row in FixedEntries.coefficients.map({ $0.map(\.signedValue) }) {
      let run = runs.first { $0.table == row[0] && ($0.first...$0.last).contains(row[1]) }
      guard let run else {
        Issue.record("segment \(row[1]) of table \(row[0]) is in no run")
        continue
      }
      for (index, value) in row[2...].enumerated() {
        #expect((run.minimum[index]...run.maximum[index]).contains(value))
      }
    }
  }
}
