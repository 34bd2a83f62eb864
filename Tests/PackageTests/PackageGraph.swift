import Foundation
import Testing

/// Package.swift as data.
enum PackageGraph {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What a command prints.
  static func output(_ arguments: [String], input: FileHandle = .nullDevice) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardInput = input
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " ")) failed")
    return data
  }

  private static let dumped = Result { try dump() }

  /// The dependencies of every target but the tests.
  static func targets() throws -> [String: [String]] { try dumped.get() }

  private static func dump() throws -> [String: [String]] {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("zkvm-dump-package")
    let data = try output([
      "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path,
      "dump-package",
    ])
    let package = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var graph: [String: [String]] = [:]
    for entry in package["targets"] as? [[String: Any]] ?? []
    where entry["type"] as? String != "test" {
      let names = (entry["dependencies"] as? [[String: Any]] ?? []).compactMap { dependency in
        (dependency["byName"] as? [Any])?.first as? String
      }
      graph[entry["name"] as? String ?? ""] = names
    }
    return graph
  }
}
