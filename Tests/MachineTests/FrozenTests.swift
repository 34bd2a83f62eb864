import AIR
import Foundation
import Inspect
import Machine
import TestSupport
import Testing

/// What must not drift. To change one on purpose, run the suite with UPDATE_FROZEN=1 and say why in
/// CHANGELOG.md.
@Suite struct FrozenTests {
  private func compare(_ text: String, with path: String) throws {
    let url = repository.appendingPathComponent(path)
    if ProcessInfo.processInfo.environment["UPDATE_FROZEN"] != nil {
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == text, "\(path) is stale")
  }

  @Test func tablesAreDocumented() throws {
    try compare(TableDocumentation.markdown(MachineTables.all), with: "Spec/Tables.md")
  }

  @Test func airDigests() throws {
    var lines: [String] = []
    for packing in [2, 3] {
      for table in MachineTables.all {
        lines.append("\(table.name) packing \(packing) \(ConstraintSystem(table, packing: packing).digest)")
      }
    }
    try compare(lines.joined(separator: "\n") + "\n", with: "Tests/Vectors/air-digests.txt")
  }

  @Test func programDigests() throws {
    let names = ["black-scholes", "book"]
    let lines = try names.map { "\($0) \(try assemble(file: "Programs/\($0)/\($0).zkasm").digest)" }
    try compare(lines.joined(separator: "\n") + "\n", with: "Tests/Vectors/program-digests.txt")
  }
}
