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
    try compare(
      TableDocumentation.markdown(MachineTables.all(blindRows: 256)), with: "Spec/Tables.md")
  }

  @Test func airDigests() throws {
    var lines: [String] = []
    // The packings and blind rows of the profiles, hiding and not.
    for (packing, blindRows) in [(2, 512), (3, 256), (3, 128), (2, 1), (3, 1)] {
      for table in MachineTables.all(blindRows: blindRows) {
        let digest = ConstraintSystem(table, packing: packing).digest
        lines.append("\(table.name),\(packing),\(blindRows),\(digest)")
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
