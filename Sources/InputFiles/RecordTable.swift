import ZKVMFixedPoint
import ZKVMMachine

/// Turns the rows of a CSV file, header first, into a stream's records.
struct RecordTable {
  private let stream: ZKVMMachine.Stream
  private let file: StreamFile
  private let passesOver: Bool
  /// Rows so far, the header and empty ones included.
  private var rows = 0
  private var columns = 0
  /// The column of each field.
  private var positions: [Int] = []
  private var records: [[Int64]] = []

  /// `passesOver` says that columns which are no field are passed over.
  init(stream: ZKVMMachine.Stream, file: StreamFile, passesOver: Bool) {
    self.stream = stream
    self.file = file
    self.passesOver = passesOver
  }

  mutating func take(_ row: [String]) throws(InputError) {
    rows += 1
    if rows == 1 { return try takeHeader(row.map(RecordTable.trim)) }
    if row.count == 1, RecordTable.trim(row[0]).isEmpty { return }
    guard row.count == columns else {
      throw InputError("\(file.place(row: rows)): expected \(columns) values, found \(row.count)")
    }
    var record: [Int64] = []
    for (field, position) in zip(stream.fields, positions) {
      do throws(DecimalError) {
        record += try field.format.words(RecordTable.trim(row[position]))
      } catch {
        throw InputError("\(file.place(row: rows, column: field.name)): \(error)")
      }
    }
    records.append(record)
  }

  func finish() throws(InputError) -> [[Int64]] {
    guard rows > 0 else { throw missingHeader }
    return records
  }

  private var missingHeader: InputError {
    InputError(
      "\(file.path): expected a header \(stream.fields.map(\.name).joined(separator: ","))")
  }

  private mutating func takeHeader(_ header: [String]) throws(InputError) {
    guard header != [""] else { throw missingHeader }
    for field in stream.fields {
      guard let position = header.firstIndex(of: field.name) else {
        throw InputError(
          "\(file.place(row: 1)): the column \(field.name) is missing; found "
            + header.joined(separator: ", ").prefix(1000)
            + (header.count == 1 && header[0].contains { ";\t|".contains($0) }
              ? "; columns are separated by commas" : ""))
      }
      guard header.lastIndex(of: field.name) == position else {
        throw InputError("\(file.place(row: 1)): there are two columns \(field.name), expected one")
      }
      positions.append(position)
    }
    guard passesOver || header.count == stream.fields.count else {
      let extra = header.filter { name in !stream.fields.contains { $0.name == name } }
      let reason =
        extra.contains("")
        ? "; a column has no name: write the file without an index"
        : extra.isEmpty
          ? "" : "; \(stream.name) has no \(extra.joined(separator: ", ").prefix(1000))"
      throw InputError(
        "\(file.place(row: 1)): expected \(stream.fields.count) columns, found \(header.count)"
          + reason)
    }
    columns = header.count
  }

  private static func trim(_ text: String) -> String {
    guard let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace
    else { return text }
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
