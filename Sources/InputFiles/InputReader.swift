import SwiftCSV
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine

/// An input that cannot be used: where, what was expected and what was found.
public struct InputError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// A stream given as a CSV file.
public struct StreamFile: Sendable {
  public let stream: String
  public let path: String
  public let text: String

  /// Whether the one record was written as an option's value, and the header is not its writer's.
  public let isOneRecord: Bool

  public init(stream: String, path: String, text: String, isOneRecord: Bool = false) {
    self.stream = stream
    self.path = path
    self.text = text
    self.isOneRecord = isOneRecord
  }

  /// A place in the file as its writer finds it; rows count from 1, the header's.
  func place(row: Int, column: String? = nil) -> String {
    if isOneRecord { return path + (column.map { ", \($0)" } ?? "") }
    return "\(path): row \(row)" + (column.map { ", column \($0)" } ?? "")
  }
}

/// Reads a program's inputs from JSON, `{"public": {name: value}, "secret": {name: value}}`, and
/// CSV streams. Numbers are read exactly as written.
public struct InputReader {
  private let interface: Interface
  private let path: String
  private var publics: [String: JSONValue] = [:]
  private var secrets: [String: JSONValue] = [:]

  /// All inputs of a program; `json` is `nil` if there is no JSON file.
  public static func read(
    _ interface: Interface, json: (path: String, bytes: [UInt8])?, streams: [StreamFile] = []
  ) throws(InputError) -> ProgramInputs {
    var reader = InputReader(interface, path: json?.path ?? "the inputs")
    if let json { try reader.load(json.bytes) }
    return try reader.inputs(streams)
  }

  private init(_ interface: Interface, path: String) {
    self.interface = interface
    self.path = path
  }

  private func at(_ value: JSONValue) -> String { "\(path):\(value.line):\(value.column)" }

  private mutating func load(_ bytes: [UInt8]) throws(InputError) {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONParser.parse(bytes)
    } catch {
      throw InputError("\(path):\(error)")
    }
    for (key, value) in try members(root, "an object with \"public\" and \"secret\"") {
      switch key {
      case "public":
        publics = try section(value, interface.publicInputs.map(\.name), "public input")
      case "secret":
        secrets = try section(
          value, interface.secretInputs.map(\.name) + interface.streams.map(\.name),
          "secret input or stream")
      default:
        throw InputError("\(at(value)): expected \"public\" or \"secret\", found \"\(key)\"")
      }
    }
  }

  private func members(
    _ value: JSONValue, _ expected: String
  ) throws(InputError) -> [(key: String, value: JSONValue)] {
    guard case .object(let members) = value.content else {
      throw InputError("\(at(value)): expected \(expected), found \(value.kind)")
    }
    return members
  }

  private func section(
    _ value: JSONValue, _ names: [String], _ what: String
  ) throws(InputError) -> [String: JSONValue] {
    var result: [String: JSONValue] = [:]
    for (key, value) in try members(value, "an object of inputs by name") {
      guard names.contains(key) else {
        let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
        throw InputError(
          "\(at(value)): the program has no \(what) \(key); \(known)\(otherSection(key, names))")
      }
      result[key] = value
    }
    return result
  }

  /// Where an input that stands in the wrong section belongs.
  private func otherSection(_ name: String, _ names: [String]) -> String {
    let isPublic = interface.publicInputs.contains { $0.name == name }
    let isSecret =
      interface.secretInputs.contains { $0.name == name }
      || interface.streams.contains { $0.name == name }
    return isPublic
      ? "; \(name) is a public input, which stands under \"public\""
      : isSecret ? "; \(name) is secret, which stands under \"secret\"" : ""
  }

  private func words(_ value: JSONValue, _ field: NamedFormat) throws(InputError) -> [Int64] {
    let text: String
    switch value.content {
    case .string(let string): text = string
    case .number(let number): text = number
    default:
      throw InputError(
        "\(at(value)): \(field.name) is a \(field.format), expected "
          + (field.format == .digest ? "its digits in quotes" : "a number")
          + ", found \(value.kind)")
    }
    do throws(DecimalError) {
      return try field.format.words(text)
    } catch {
      throw InputError("\(at(value)): \(field.name): \(error)")
    }
  }

  private func inputs(_ files: [StreamFile]) throws(InputError) -> ProgramInputs {
    var result = ProgramInputs(publicInputs: [], secretInputs: [], streams: [])
    for field in interface.publicInputs {
      guard let value = publics[field.name] else { throw missing("public", field) }
      result.publicInputs += try words(value, field)
    }
    for field in interface.secretInputs {
      guard let value = secrets[field.name] else { throw missing("secret", field) }
      result.secretInputs += try words(value, field)
    }
    for file in files where !interface.streams.contains(where: { $0.name == file.stream }) {
      let names = interface.streams.map(\.name).joined(separator: ", ")
      throw InputError(
        "--stream \(file.stream): the program has no such stream"
          + (names.isEmpty ? "" : "; it has \(names)"))
    }
    for stream in interface.streams {
      let matching = files.filter { $0.stream == stream.name }
      guard matching.count + (secrets[stream.name] == nil ? 0 : 1) <= 1 else {
        throw InputError("the stream \(stream.name) is given twice")
      }
      if let file = matching.first {
        result.streams.append(try InputReader.records(stream, file))
      } else if let value = secrets[stream.name] {
        result.streams.append(try records(stream, value))
      } else {
        throw InputError(
          "\(path): the stream \(stream.name) is missing; give an array of records under "
            + "\"secret\" or --stream \(stream.name)=FILE.csv")
      }
    }
    return result
  }

  private func missing(_ section: String, _ field: NamedFormat) -> InputError {
    InputError(
      "\(path): the \(section) input \(field.name) (\(field.format)) is missing; write "
        + "{\"\(section)\": {\"\(field.name)\": \"…\"}}")
  }

  // MARK: Streams

  private func records(
    _ stream: ZKVMMachine.Stream, _ value: JSONValue
  ) throws(InputError) -> [[Int64]] {
    guard case .array(let items) = value.content else {
      throw InputError("\(at(value)): expected an array of records, found \(value.kind)")
    }
    var records: [[Int64]] = []
    for (number, item) in items.enumerated() {
      let members = try members(item, "a record of \(stream.name)")
      if let unknown = members.first(where: { member in
        !stream.fields.contains { $0.name == member.key }
      }) {
        throw InputError("\(at(unknown.value)): a record of \(stream.name) has no \(unknown.key)")
      }
      var record: [Int64] = []
      for field in stream.fields {
        guard let member = members.first(where: { $0.key == field.name }) else {
          throw InputError(
            "\(at(item)): record \(number + 1) of \(stream.name) has no \(field.name)")
        }
        record += try words(member.value, field)
      }
      records.append(record)
    }
    return records
  }

  /// Rows of a CSV file whose header names the fields, in any order; other columns are an error unless
  /// they are to be passed over.
  public static func records(
    _ stream: ZKVMMachine.Stream, _ file: StreamFile, passingOver others: Bool = false
  ) throws(InputError) -> [[Int64]] {
    try checkLines(file)
    // Each row becomes words at once: a book's texts need several times the memory of its words.
    var table = RecordTable(stream: stream, file: file, passesOver: others)
    var problem: InputError?
    do {
      let csv = try EnumeratedCSV(
        string: file.text, delimiter: .comma, loadColumns: false, rowLimit: 1)
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { row in
        guard problem == nil else { return }
        do throws(InputError) { try table.take(row) } catch { problem = error }
      }
    } catch {
      throw InputError("\(file.path): not a CSV file: \(error)")
    }
    if let problem { throw problem }
    return try table.finish()
  }

  /// A line of commas alone would become a text for each; no record is as long as this.
  private static let longestLine = 1 << 21

  private static func checkLines(_ file: StreamFile) throws(InputError) {
    var (line, length) = (1, 0)
    for byte in file.text.utf8 {
      length += 1
      if byte == UInt8(ascii: "\n") { (line, length) = (line + 1, 0) }
      guard length <= longestLine else {
        throw InputError(
          "\(file.path): line \(line) has more than \(longestLine) bytes, expected a record")
      }
    }
  }
}
