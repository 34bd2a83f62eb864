import Foundation
import Testing
import ZKVMProtocol

/// The steps of the code are those of the document, by number, operation and label.
@Suite struct ProtocolStepTests {
  @Test func theStepsAreTheDocuments() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appendingPathComponent("Spec/Protocol.md"), encoding: .utf8)
    let documented = text.split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^\| ([0-9]+) \| ([a-z]+) \| `([^`]+)` \|/).map {
        "\($0.1) \($0.2) \($0.3)"
      }
    }
    let steps = ProtocolStep.allCases.map {
      "\($0.rawValue) \($0.operation.rawValue) \($0.label)"
    }
    #expect(documented == steps)
  }
}
