import ArgumentParser
import Foundation
import ZKVMAlgebraicHash
import ZKVMCommandLine
import ZKVMFixedPoint
import ZKVMInputFiles
import ZKVMMachine

struct Commit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute the commitments, Merkle root and paths that a program expects.",
    discussion: """
      Each record's fields are hashed in the order of --fields, as "hash h, field, …" does; with a \
      --blind the commitment is "compress c, h, blind", else h itself. The root is that of the \
      Merkle tree over the commitments in order ("merkle"), its missing leaves zeros. The chain \
      starts with the hash of the number of records and compresses the commitments into it one \
      after the other.
      """)

  @Argument(help: "Records as CSV with a header; columns that are no field are passed over.")
  var records: String?

  @Option(
    help: ArgumentHelp("What is hashed, in this order.", valueName: "name:format,…"))
  var fields: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "One record in place of a file, its fields and blind in order.", valueName: "value,…"))
  var record: String?

  @Option(help: ArgumentHelp("The column of digests that blind the records.", valueName: "column"))
  var blind: String?

  @Option(
    help: ArgumentHelp(
      "Write the records there with random digests in the column of --blind.", valueName: "file.csv"
    ))
  var drawBlinds: String?

  @Option(
    help: ArgumentHelp(
      "Close the chain with this blind, as lib/sealed.zkasm does; \"random\" draws one.",
      valueName: "digest"))
  var seal: String?

  @Option(help: "The tree's depth; by default the least that has room.")
  var depth: Int?

  @Option(
    help: ArgumentHelp(
      "Print the path of the record with this number, from 0.", valueName: "number"))
  var path: Int?

  @Flag(help: "Print one JSON object, with every commitment.") var json = false

  private struct Document: Encodable {
    let root: String
    let chain: String
    let seal: String?
    let sealBlind: String?
    let depth: Int
    let commitments: [String]
    let path: [PathStep]?
  }

  private struct PathStep: Encodable {
    let right: Int
    let sibling: String
  }

  func run() throws {
    let words = try parsedFields()
    let blinding = blind.map { NamedFormat($0, .digest) }
    let stream = ZKVMMachine.Stream("records", words + (blinding.map { [$0] } ?? []))
    let file = try source(stream)
    let rows: [[Int64]]
    do throws(InputError) {
      rows = try InputReader.records(stream, file, passingOver: true)
    } catch {
      throw Failure.unusable(error.description)
    }
    let commitments = rows.map { row in
      let hash = Digest.hash(Array(row.prefix(words.count)))
      guard blinding != nil else { return hash }
      return Digest.compress(hash, Digest(words: row.suffix(Digest.count))!)
    }
    let least = DigestTree.depth(leaves: commitments.count)
    let depth = self.depth ?? least
    guard (least...DigestTree.maximumDepth).contains(depth) else {
      throw Failure.unusable(
        "--depth \(depth): expected \(least) to \(DigestTree.maximumDepth) for "
          + "\(commitments.count) records")
    }
    let tree = DigestTree(commitments, depth: depth)
    let chain = commitments.reduce(Digest.hash([Int64(commitments.count)])) { .compress($0, $1) }
    if let path, !(0..<commitments.count).contains(path) {
      let there =
        commitments.isEmpty
        ? "there are no records" : "there are the records 0 … \(commitments.count - 1)"
      throw Failure.unusable("--path \(path): \(there)")
    }
    let closing = try seal.map { text in
      guard let blind = text == "random" ? Digest.random() : Digest(text) else {
        throw Failure.unusable("--seal \(text): \(DecimalError.malformedDigest(text))")
      }
      return (seal: Digest.compress(chain, blind), blind: blind)
    }
    let steps = path.map { number in
      tree.path(number).map { PathStep(right: $0.isRight ? 1 : 0, sibling: "\($0.sibling)") }
    }
    if json {
      try printJSON(
        Document(
          root: "\(tree.root)", chain: "\(chain)", seal: closing.map { "\($0.seal)" },
          sealBlind: closing.map { "\($0.blind)" }, depth: depth,
          commitments: commitments.map(\.description), path: steps))
      return
    }
    print("root   \(tree.root)")
    print("chain  \(chain)")
    if let closing { print("seal   \(closing.seal)\nblind  \(closing.blind)") }
    print("\(commitments.count) records, depth \(depth)")
    if commitments.count == 1 { print("commitment  \(commitments[0])") }
    if let steps {
      print("right,sibling\n" + steps.map { "\($0.right),\($0.sibling)" }.joined(separator: "\n"))
    }
  }

  private func parsedFields() throws -> [NamedFormat] {
    let parsed = try fields.split(separator: ",").map { text in
      let parts = text.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2, let format = Format(name: parts[1]), format != .digest,
        format != .bool
      else {
        throw Failure.unusable(
          "--fields \(text): expected name:format with a format int, q16, q32 or q48")
      }
      return NamedFormat(parts[0], format)
    }
    guard !parsed.isEmpty, Set(parsed.map(\.name)).count == parsed.count else {
      throw Failure.unusable("--fields \(fields): expected different names, at least one")
    }
    return parsed
  }

  /// The records as CSV, with blinds where they are to be drawn.
  private func source(_ stream: ZKVMMachine.Stream) throws -> StreamFile {
    var path = "--record"
    var text: String
    switch (records, record) {
    case (let file?, nil):
      (path, text) = (file, try readText(file, .inputs))
    case (nil, let values?):
      var names = stream.fields.map(\.name)
      if drawBlinds != nil { names.removeLast() }
      text = names.joined(separator: ",") + "\n" + values + "\n"
    default: throw Failure.unusable("expected either a file of records or --record")
    }
    if let output = drawBlinds {
      guard let blind else {
        throw Failure.unusable("--draw-blinds needs the name of the column: --blind")
      }
      let target = try OutputFile(
        output, "the records with their blinds", sparing: records.map { [$0] } ?? [])
      text = try drawingBlinds(text, column: blind, path: path)
      try target.write(Array(text.utf8))
    }
    return StreamFile(
      stream: stream.name, path: path, text: text, isOneRecord: record != nil)
  }

  /// The text with a column more: digests of the operating system's randomness.
  private func drawingBlinds(_ text: String, column: String, path: String) throws -> String {
    var lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard let header = lines.first else { throw Failure.unusable("\(path): expected a header") }
    guard
      !header.split(separator: ",").contains(where: {
        $0.trimmingCharacters(in: .whitespaces) == column
      })
    else {
      throw Failure.unusable(
        "\(path): there is a column \(column) already; leave out --draw-blinds to use it")
    }
    lines[0] = header + ",\(column)"
    for index in lines.indices.dropFirst() { lines[index] += ",\(Digest.random())" }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Digest {
  /// Four elements from the operating system.
  fileprivate static func random() -> Digest {
    var words: [Int64] = []
    while words.count < count {
      let word = Int64(bitPattern: UInt64.random(in: .min ... .max))
      if Digest(words: [word, 0, 0, 0]) != nil { words.append(word) }
    }
    return Digest(words: words)!
  }
}
