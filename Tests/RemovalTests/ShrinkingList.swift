import Foundation
import TestSupport

/// A list in Tests/Vectors of what lacks a test. Lines may go, none may come: an update removes those
/// that are no longer needed, and does not add any.
struct ShrinkingList {
  private let url: URL
  let lines: [String]

  init(_ name: String) throws {
    url = repository.appendingPathComponent("Tests/Vectors/\(name)")
    lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// What of `found` is not listed, and what is listed and was not found; with UPDATE_FROZEN in the
  /// environment, the latter goes from the file.
  func compare(_ found: [String]) throws -> (unlisted: [String], outdated: [String]) {
    let current = Set(found)
    let kept = lines.filter { current.contains($0) }
    if ProcessInfo.processInfo.environment["UPDATE_FROZEN"] != nil, kept != lines {
      try kept.map { $0 + "\n" }.joined().write(to: url, atomically: true, encoding: .utf8)
    }
    let listed = Set(lines)
    return (found.filter { !listed.contains($0) }, lines.filter { !current.contains($0) })
  }
}
