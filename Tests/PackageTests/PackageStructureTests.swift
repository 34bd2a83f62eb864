import Foundation
import Testing

/// Data flows one way; what the verifier trusts is small.
@Suite struct PackageStructureTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The modules that each module's sources import, transitively: what really is linked.
  private func imports(of module: String) throws -> Set<String> {
    var seen: Set<String> = []
    var pending = [module]
    while let next = pending.popLast() {
      let path = next.hasPrefix("ZKVM") ? String(next.dropFirst("ZKVM".count)) : next
      let folder = PackageStructureTests.root.appendingPathComponent("Sources/\(path)")
      guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      else { continue }
      for case let file as URL in files where file.pathExtension == "swift" {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        where line.hasPrefix("import ") {
          let name = String(line.dropFirst("import ".count))
          if seen.insert(name).inserted { pending.append(name) }
        }
      }
    }
    return seen
  }

  /// The targets that a target depends on, transitively, in Package.swift.
  private func dependencies(of target: String) throws -> Set<String> {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", PackageStructureTests.root.path, "--scratch-path",
      FileManager.default.temporaryDirectory.appendingPathComponent("zkvm-dump-package").path,
      "dump-package",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let package = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var graph: [String: [String]] = [:]
    for entry in package["targets"] as? [[String: Any]] ?? [] {
      let names = (entry["dependencies"] as? [[String: Any]] ?? []).compactMap { dependency in
        (dependency["byName"] as? [Any])?.first as? String
      }
      graph[entry["name"] as? String ?? ""] = names
    }
    var seen: Set<String> = []
    var pending = [target]
    while let next = pending.popLast() {
      for name in graph[next] ?? [] where seen.insert(name).inserted { pending.append(name) }
    }
    return seen
  }

  @Test(arguments: ["ZKVMVerifier", "ZKVMVerifierReport", "zkvm-verify"])
  func verifierLinksNeitherInterpreterNorProver(target: String) throws {
    let forbidden: Set = [
      "ZKVMAssembler", "ZKVMInterpreter", "ZKVMProver", "ZKVMInspect", "ZKVMInputFiles",
      "TestSupport", "ZKVMAudit",
      "ZKVMReference", "CZKVMGMP",
    ]
    let declared = try dependencies(of: target)
    #expect(declared.contains("ZKVMMachine"))
    #expect(declared.isDisjoint(with: forbidden))
    #expect(try imports(of: target).isDisjoint(with: forbidden))
  }

  /// Users need no GMP: its functions are the audit's reference and nothing else.
  @Test(arguments: ["zkvm", "zkvm-verify"])
  func onlyTheAuditLinksGMP(target: String) throws {
    let audit: Set = ["ZKVMAudit", "ZKVMReference", "CZKVMGMP"]
    #expect(try dependencies(of: "zkvm-audit").isSuperset(of: audit))
    #expect(try dependencies(of: target).isDisjoint(with: audit))
    #expect(try imports(of: target).isDisjoint(with: audit))
  }

  @Test func constraintsKnowNoMachine() throws {
    let allowed: Set = [
      "ZKVMField", "ZKVMHashing", "CZKVMKernels", "CZKVMXXHash", "Synchronization", "Dispatch",
      "Glibc",
    ]
    #expect(try imports(of: "ZKVMAIR").isSubset(of: allowed))
    #expect(try dependencies(of: "ZKVMAIR").isSubset(of: allowed))
  }

  @Test func proverKnowsNoSource() throws {
    #expect(
      try dependencies(of: "ZKVMProver").isDisjoint(with: [
        "ZKVMAssembler", "ZKVMInterpreter", "ZKVMVerifier",
      ]))
  }

  @Test func fieldStandsAlone() throws {
    #expect(try dependencies(of: "ZKVMField") == ["CZKVMKernels"])
  }
}
