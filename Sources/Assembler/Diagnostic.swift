/// A place in a source file; lines and columns count from 1.
public struct SourceLocation: Hashable, Sendable {
  public let file: String
  public let line: Int
  public let column: Int
  public let length: Int

  public init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
  }
}

/// What the assembler says about a place in the source.
public struct Diagnostic: Equatable, Sendable {
  public enum Severity: String, Sendable {
    case error
    case warning
  }

  public let severity: Severity
  public let location: SourceLocation
  /// What was expected and what was found.
  public let message: String
  /// How to mend it.
  public let suggestion: String?

  /// "file:line:column: error: …", the line with a caret below, and the suggestion.
  public func render(sources: [String: String]) -> String {
    let l = location
    var text = "\(l.file):\(l.line):\(l.column): \(severity.rawValue): \(message)"
    if let source = sources[l.file] {
      let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
      if l.line >= 1, l.line <= lines.count {
        let line = String(lines[l.line - 1]).replacing("\t", with: " ")
        let caret = String(repeating: " ", count: max(0, l.column - 1))
        let tail = String(
          repeating: "~", count: max(0, min(l.length, line.count - l.column + 1) - 1))
        text += "\n    \(line)\n    \(caret)^\(tail)"
      }
    }
    if let suggestion { text += "\n    help: \(suggestion)" }
    return text
  }
}

/// All errors of a program, in the order of the source.
public struct AssemblyError: Error, Sendable, CustomStringConvertible {
  public let diagnostics: [Diagnostic]
  public let sources: [String: String]

  public var description: String {
    let count = diagnostics.filter { $0.severity == .error }.count
    return diagnostics.map { $0.render(sources: sources) }.joined(separator: "\n")
      + "\n\(count) error\(count == 1 ? "" : "s")"
  }
}

/// Collects diagnostics while the assembler goes on.
final class Diagnostics {
  private(set) var all: [Diagnostic] = []
  private static let limit = 100

  var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// Whether more would be dropped, so that looking for them is in vain.
  var isFull: Bool { all.count >= Diagnostics.limit }

  func error(_ location: SourceLocation, _ message: String, help: String? = nil) {
    add(Diagnostic(severity: .error, location: location, message: message, suggestion: help))
  }

  func warning(_ location: SourceLocation, _ message: String, help: String? = nil) {
    add(Diagnostic(severity: .warning, location: location, message: message, suggestion: help))
  }

  private func add(_ diagnostic: Diagnostic) {
    guard !isFull, !all.contains(diagnostic) else { return }
    all.append(diagnostic)
  }
}

/// The candidate that differs least from `name`, if it is close: a spelling suggestion.
///
/// Generated names and very many candidates are left aside: a suggestion is not worth seconds.
func closest(to name: String, among candidates: some Collection<String>) -> String? {
  guard candidates.count <= 4096, name.utf8.count <= 64 else { return nil }
  let scored = candidates.lazy.filter { !$0.hasPrefix("$") && $0.utf8.count <= 64 }
    .map { ($0, distance(name, $0)) }
  guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }), best.1 <= max(1, name.count / 3)
  else { return nil }
  return best.0
}

private func distance(_ a: String, _ b: String) -> Int {
  let a = Array(a.utf8)
  let b = Array(b.utf8)
  var row = Array(0...b.count)
  for i in a.indices {
    var previous = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substitution = previous + (a[i] == b[j] ? 0 : 1)
      previous = row[j + 1]
      row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
