import Foundation
import Testing

/// `Spec/Modules.md` shows the modules of Package.swift and nothing else.
@Suite struct ModuleDiagramTests {
  private let graph: [String: [String]]

  init() throws {
    let tests: Set = ["TestSupport", "AttackSupport"]
    graph = try PackageGraph.targets().filter { !tests.contains($0.key) }
  }

  private func reached(from target: String) -> Set<String> {
    (graph[target] ?? []).reduce(into: []) { $0.formUnion(reached(from: $1).union([$1])) }
  }

  /// Dependencies that no other one brings along.
  private func direct(_ target: String) -> [String] {
    let all = Set(graph[target] ?? []).filter { graph[$0] != nil }
    return all.filter { name in
      !all.contains { $0 != name && reached(from: $0).contains(name) }
    }.sorted()
  }

  private func label(_ target: String) -> String {
    target.hasPrefix("ZKVM") ? String(target.dropFirst("ZKVM".count)) : target
  }

  private func diagram() -> String {
    let names = graph.keys.sorted()
    let verifier = reached(from: "zkvm-verify").union(["zkvm-verify"])
    func members(_ matches: (String) -> Bool) -> [String] {
      names.filter(matches).map { "    \($0)[\(label($0))]" }
    }
    let lines =
      [
        "# Modules", "",
        "Generated from Package.swift; a test compares. An arrow leads from a module to what it needs;",
        "what another dependency brings along has no arrow of its own. The verifier's half is all that",
        "`zkvm-verify` links. In Swift the names have the prefix ZKVM, in `Sources` they have not.",
        "",
        "```mermaid", "flowchart TB", "  subgraph verifier[what a verifier needs]",
      ] + members(verifier.contains) + ["  end", "  subgraph prover[what else there is]"]
      + members { !verifier.contains($0) } + ["  end"]
      + names.flatMap { name in direct(name).map { "  \(name) --> \($0)" } } + ["```"]
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func theDiagramIsThePackages() throws {
    let url = PackageGraph.root.appendingPathComponent("Spec/Modules.md")
    let text = diagram()
    if ProcessInfo.processInfo.environment["UPDATE_FROZEN"] != nil {
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == text, "Spec/Modules.md is stale")
  }
}
