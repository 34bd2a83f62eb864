import Foundation
import Testing

/// Data flows one way; what the verifier trusts is small.
@Suite struct PackageStructureTests {
  /// The modules of the prover's half, and those that only its tools and tests use.
  static let proversHalf: Set = [
    "ZKVMWitness", "ZKVMAssembler", "ZKVMInterpreter", "ZKVMProver", "ZKVMInspect",
    "ZKVMInputFiles", "ZKVMAudit", "ZKVMCommandLine", "ZKVMReference", "CZKVMGMP", "TestSupport",
    "AttackSupport",
  ]

  private static let verifiers = ["ZKVMVerifier", "ZKVMVerifierReport", "zkvm-verify"]

  /// The module that a line imports, whatever stands before the word: attributes such as
  /// `@_spi(Testing)` and `@testable`, or an access level.
  private static func importedModule(_ line: some StringProtocol) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
      words[..<index].allSatisfy({
        $0.hasPrefix("@")
          || ["public", "package", "internal", "fileprivate", "private"].contains($0)
      })
    else { return nil }
    // import struct Module.Name
    let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    let name =
      kinds.contains(String(words[index + 1])) ? words.dropFirst(index + 2).first : words[index + 1]
    return name.map { String($0.prefix { $0 != "." && $0 != ";" }) }
  }

  /// The modules that each module's sources import, transitively: what really is linked.
  private func imports(of module: String) throws -> Set<String> {
    var seen: Set<String> = []
    var pending = [module]
    while let next = pending.popLast() {
      let path = next.hasPrefix("ZKVM") ? String(next.dropFirst("ZKVM".count)) : next
      let folder = PackageGraph.root.appendingPathComponent("Sources/\(path)")
      guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      else { continue }
      for case let file as URL in files where file.pathExtension == "swift" {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          guard let name = PackageStructureTests.importedModule(line) else { continue }
          if seen.insert(name).inserted { pending.append(name) }
        }
      }
    }
    return seen
  }

  /// The targets that a target depends on, transitively, in Package.swift.
  private func dependencies(of target: String) throws -> Set<String> {
    let graph = try PackageGraph.targets()
    var seen: Set<String> = []
    var pending = [target]
    while let next = pending.popLast() {
      for name in graph[next] ?? [] where seen.insert(name).inserted { pending.append(name) }
    }
    return seen
  }

  @Test(arguments: verifiers)
  func verifierDependsOnNothingOfTheProversHalf(target: String) throws {
    let declared = try dependencies(of: target)
    #expect(declared.contains("ZKVMMachine"))
    #expect(declared.isDisjoint(with: PackageStructureTests.proversHalf))
    let imported = try imports(of: target)
    #expect(imported.contains("ZKVMMachine"))
    #expect(imported.isDisjoint(with: PackageStructureTests.proversHalf))
  }

  /// Whatever the verifier does not need is of the prover's half: a new module is put into the list.
  @Test func everyModuleIsOfOneHalf() throws {
    let commands: Set = ["zkvm", "zkvm-verify", "zkvm-audit"]
    let needed = try dependencies(of: "zkvm-verify")
    #expect(
      Set(try PackageGraph.targets().keys).subtracting(needed).subtracting(commands)
        == PackageStructureTests.proversHalf)
  }

  /// What was linked, not what was declared. The demangled names say a symbol's module.
  @Test func verifyHoldsNoSymbolOfTheProversHalf() throws {
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let command = try #require(
      [folder, folder.appendingPathComponent("../../..").standardizedFileURL]
        .map { $0.appendingPathComponent("zkvm-verify") }
        .first { FileManager.default.fileExists(atPath: $0.path) },
      "expected zkvm-verify beside the tests, in \(folder.path): build all products first")
    let names = String(decoding: try PackageGraph.output(["nm", command.path]), as: UTF8.self)
      .split(separator: "\n").compactMap { $0.split(separator: " ").last }
    let list = FileManager.default.temporaryDirectory
      .appendingPathComponent("zkvm-symbols-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: list) }
    try names.joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
    let demangled = String(
      decoding: try PackageGraph.output(
        ["swift", "demangle", "--compact"], input: FileHandle(forReadingFrom: list)),
      as: UTF8.self)
    let words = Set(
      demangled.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    #expect(words.contains("ZKVMMachine") && words.contains("ZKVMVerifier"))
    #expect(words.intersection(PackageStructureTests.proversHalf) == [])
  }

  @Test(arguments: [
    ("import A", "A"), ("@_spi(Testing) import A", "A"), ("public import A", "A"),
    ("package import A", "A"), ("internal import A", "A"), ("@testable import A", "A"),
    ("@preconcurrency public import A", "A"), ("import struct A.B", "A"),
    ("// import A", nil), ("let import A", nil),
  ])
  func everyWayToImportIsSeen(line: String, module: String?) {
    #expect(PackageStructureTests.importedModule(line) == module)
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
