import ZKVMMachine

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
  /// How to put it right.
  public let suggestion: String?

  /// "file:line:column: error: …", the line with a caret below, and the suggestion.
  public func render(sources: [String: String]) -> String {
    let l = location
    var text = "\(l.file):\(l.line):\(l.column): \(severity.rawValue): \(message)"
    if let line = sources[l.file].flatMap({ Diagnostic.line(l.line, of: $0) }),
      !line.isEmpty
    {
      let caret = String(repeating: " ", count: max(0, l.column - 1))
      let tail = String(
        repeating: "~", count: max(0, min(l.length, line.unicodeScalars.count - l.column + 1) - 1))
      text += "\n    \(line)\n    \(caret)^\(tail)"
    }
    if let suggestion { text += "\n    help: \(suggestion)" }
    return text
  }

  /// A line of a source, counted from 1, unless it is too long to show.
  private static func line(_ number: Int, of source: String) -> String? {
    var rest = source.utf8[...]
    for _ in 1..<max(1, number) {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      rest = rest[rest.index(after: end)...]
    }
    let line = rest.prefix { $0 != UInt8(ascii: "\n") }
    guard line.count <= 1000 else { return nil }
    // One place a scalar, so that the caret is below what it means, and nothing moves the cursor.
    let shown = Substring(line).unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar == "\t" ? " " : scalar.isHidden ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(shown))
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
  private var errors = 0
  private static let limit = 100

  var hasErrors: Bool { errors > 0 }

  /// Whether more errors would be dropped, so that looking for them is in vain.
  var isFull: Bool { errors >= Diagnostics.limit }

  /// Message and help are worked out only if they are kept.
  func error(
    _ location: SourceLocation, _ message: @autoclosure () -> String,
    help: @autoclosure () -> String? = nil
  ) {
    guard !isFull else { return }
    let diagnostic = Diagnostic(
      severity: .error, location: location, message: message(), suggestion: help())
    guard !all.contains(diagnostic) else { return }
    errors += 1
    all.append(diagnostic)
  }

  /// Warnings never crowd out an error.
  func warning(_ location: SourceLocation, _ message: String, help: String? = nil) {
    let diagnostic = Diagnostic(
      severity: .warning, location: location, message: message, suggestion: help)
    guard all.count - errors < Diagnostics.limit, !all.contains(diagnostic) else { return }
    all.append(diagnostic)
  }
}

/// The candidate that differs least from `name`, if it is close: a spelling suggestion.
///
/// Generated names and very many candidates are left aside: a suggestion is not worth seconds.
func closest(to name: String, among candidates: some Collection<String>) -> String? {
  guard candidates.count <= 4096, name.utf8.count <= 64 else { return nil }
  let lowercased = name.lowercased()
  if let same = candidates.filter({ $0.lowercased() == lowercased }).min() { return same }
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
