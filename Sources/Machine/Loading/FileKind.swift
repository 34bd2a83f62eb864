/// What a file is read as, and how long it may be. Every reader holds to these limits, which
/// Spec/Security.md lists: a file's size is looked at before anything of it is kept.
public struct FileKind: Sendable {
  /// With its article, for messages: "a proof".
  public let name: String
  /// In bytes.
  public let limit: Int
  /// What to do about a file that is longer.
  public let remedy: String

  public init(name: String, limit: Int, remedy: String) {
    self.name = name
    self.limit = limit
    self.remedy = remedy
  }

  /// No honest proof comes near it.
  public static let proof = FileKind(
    name: "a proof", limit: 1 << 26, remedy: "name the file that \"zkvm prove\" wrote")

  /// An assembled program.
  public static let program = FileKind(
    name: "a program", limit: 1 << 26, remedy: "name a source or what \"zkvm assemble\" wrote")

  /// A source, and also all sources of a program together: 64 bytes for each of the lines that a
  /// program may have.
  public static let source = FileKind(
    name: "a source with all that it includes", limit: 64 * Limits.instructions,
    remedy: "write a loop with labels and branch, and give tables of numbers as a stream")

  /// Inputs as JSON, and a stream's records as CSV, some millions of records.
  public static let inputs = FileKind(
    name: "a file of inputs", limit: 1 << 27,
    remedy: "give records as CSV, which is shorter, or split the run")

  /// What an example of a contract must do: outputs.json and trap.txt.
  public static let expectation = FileKind(
    name: "an example's expectation", limit: 1 << 20, remedy: "name the outputs alone")
}
