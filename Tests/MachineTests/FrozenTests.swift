import Foundation
import TestSupport
import Testing
import ZKVMAIR
import ZKVMInspect
import ZKVMMachine

/// Compares with a file of the repository, or writes it if UPDATE_FROZEN is set.
func compareFrozen(_ text: String, with path: String) throws {
  let url = repository.appendingPathComponent(path)
  if ProcessInfo.processInfo.environment["UPDATE_FROZEN"] != nil {
    try text.write(to: url, atomically: true, encoding: .utf8)
  }
  #expect(try String(contentsOf: url, encoding: .utf8) == text, "\(path) is stale")
}

/// What must not drift. To change one on purpose, run the suite with UPDATE_FROZEN=1 and say why in
/// CHANGELOG.md.
@Suite struct FrozenTests {
  @Test func tablesAreDocumented() throws {
    try compareFrozen(
      TableOverview.markdown(MachineTables.all(blindRows: 256)), with: "Spec/Tables.md")
    try compareFrozen(try TableDescription(blindRows: 256).json(), with: "Spec/tables.json")
  }

  @Test func instructionsAreDocumented() throws {
    let path = "Spec/Instructions.md"
    let text = try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
    let updated = InstructionDocumentation.updated(text)
    for unit in UnitKind.allCases {
      #expect(
        updated.contains(InstructionDocumentation.table(unit)), "\(path) has no table of \(unit)")
    }
    try compareFrozen(updated, with: path)
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
    try compareFrozen(lines.joined(separator: "\n") + "\n", with: "Tests/Vectors/air-digests.txt")
  }

  @Test func programDigests() throws {
    let programs = repository.appendingPathComponent("Programs")
    let names = try FileManager.default.contentsOfDirectory(atPath: programs.path).sorted().filter {
      FileManager.default.fileExists(
        atPath: programs.appendingPathComponent("\($0)/\($0).zkasm").path)
    }
    let lines = try names.map { "\($0) \(try assemble(file: "Programs/\($0)/\($0).zkasm").digest)" }
    try compareFrozen(
      lines.joined(separator: "\n") + "\n", with: "Tests/Vectors/program-digests.txt")
  }
}
