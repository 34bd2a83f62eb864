import Testing
import ZKVMFixedPoint
import ZKVMInputFiles
import ZKVMInterpreter
import ZKVMMachine

@Suite struct InputFilesTests {
  private let interface = Interface(
    name: "test", publicInputs: [NamedFormat("spot", .q32)], secretInputs: [NamedFormat("n", .int)],
    streams: [ZKVMMachine.Stream("rows", [NamedFormat("size", .int), NamedFormat("price", .q48)])],
    outputs: [])

  private func read(_ json: String?, csv: String? = nil) throws(InputError) -> ProgramInputs {
    try InputReader.read(
      interface, json: json.map { ("in.json", Array($0.utf8)) },
      streams: csv.map { [StreamFile(stream: "rows", path: "rows.csv", text: $0)] } ?? [])
  }

  private func failure(_ json: String?, csv: String? = nil) -> String {
    do throws(InputError) {
      _ = try read(json, csv: csv)
      return "none"
    } catch {
      return error.description
    }
  }

  @Test func readsNumbersAndStringsExactly() throws {
    let inputs = try read(
      #"{"public": {"spot": 0.1}, "secret": {"n": "12", "rows": [{"price": 1e-3, "size": -4}]}}"#)
    #expect(inputs.publicInputs == [429_496_730])
    #expect(inputs.secretInputs == [12])
    #expect(inputs.streams == [[[-4, 281_474_976_711]]])
  }

  @Test func readsCSVInAnyColumnOrder() throws {
    let inputs = try read(
      #"{"public": {"spot": 1}, "secret": {"n": 1}}"#,
      csv: "price,size\n0.5,3\n\"-0.25\", 4\n\n")
    #expect(inputs.streams == [[[3, 1 << 47], [4, -(1 << 46)]]])
    let empty = try read(#"{"public": {"spot": 1}, "secret": {"n": 1}}"#, csv: "size,price\n")
    #expect(empty.streams == [[]])
  }

  @Test(arguments: [
    ("{", "in.json:1:2: expected a name in quotes, found the end of the file"),
    (
      "{\"public\": {\"spot\": \"x\"}}",
      "in.json:1:21: spot: expected a decimal number such as -12.5 or 1e-3, found \"x\""
    ),
    (
      "{\"public\": {\"spto\": 1}}",
      "in.json:1:21: the program has no public input spto; it has spot"
    ),
    ("{\"public\": {\"spot\": 1, \"spot\": 2}}", "in.json:1:24: the name \"spot\" stands twice"),
    (
      "{\"public\": {\"spot\": 1}}",
      "in.json: the secret input n (int) is missing; write {\"secret\": {\"n\": \"…\"}}"
    ),
    (
      "{\"public\": {\"spot\": 1},\n\"secret\": {\"n\": true}}",
      "in.json:2:17: n is a int, expected a number, found true"
    ),
    (
      "{\"public\": {\"spot\": 1}, \"secret\": {\"n\": 1}}",
      "in.json: the stream rows is missing; give an array of records under \"secret\" or --stream rows=FILE.csv"
    ),
    (
      "{\"public\": {\"spot\": 1}, \"secret\": {\"n\": 1, \"rows\": [{\"size\": 1}]}}",
      "in.json:1:53: record 1 of rows has no price"
    ),
    (
      "{\"public\": {\"spot\": 1e9999}}",
      "in.json:1:21: spot: expected a decimal number such as -12.5 or 1e-3, found \"1e9999\""
    ),
    ("{\"other\": 1}", "in.json:1:11: expected \"public\" or \"secret\", found \"other\""),
    (
      "{\"public\": {\"spot\": 1e-9223372036854775808}}",
      "in.json:1:21: spot: expected a decimal number such as -12.5 or 1e-3, found \"1e-9223372036854775808\""
    ),
    ("{\"\\u+123\": 1}", "in.json:1:5: expected four hexadecimal digits"),
    ("{\"\\ud83d\\u-001\": 1}", "in.json:1:11: expected four hexadecimal digits"),
    ("{\"\\ud83d\": 1}", "in.json:1:9: half a surrogate pair"),
    ("[1]", "in.json:1:1: expected an object with \"public\" and \"secret\", found an array"),
  ])
  func namesWhatIsWrong(json: String, expected: String) {
    #expect(failure(json) == expected)
  }

  @Test(arguments: [
    ("size\n1\n", "rows.csv: row 1: the column price is missing; found size"),
    (
      "size,price,extra\n1,2,3\n", "rows.csv: row 1: expected 2 columns, found 3; rows has no extra"
    ),
    ("size,price\n1,2\n3\n", "rows.csv: row 3: expected 2 values, found 1"),
    (
      "size,price\n1,2\n3,99999\n",
      "rows.csv: row 3, column price: 99999 is out of range for q48, which holds numbers from -16383 to below 16384"
    ),
    (
      "size,price\n1.5,2\n",
      "rows.csv: row 2, column size: 1.5 is not a whole number, as int requires"
    ),
    ("", "rows.csv: expected a header size,price"),
    ("\n1,2\n", "rows.csv: expected a header size,price"),
    ("size,price,size\n1,2,3\n", "rows.csv: row 1: there are two columns size, expected one"),
    (
      "size,price\n1,1e-9223372036854775808\n",
      "rows.csv: row 2, column price: expected a decimal number such as -12.5 or 1e-3, found \"1e-9223372036854775808\""
    ),
    (
      "size,price\n" + String(repeating: ",", count: 2_097_153),
      "rows.csv: line 2 has more than 2097152 bytes, expected a record"
    ),
  ])
  func namesRowAndColumn(csv: String, expected: String) {
    #expect(failure(#"{"public": {"spot": 1}, "secret": {"n": 1}}"#, csv: csv) == expected)
  }

  @Test func hostileJSONNeverTraps() {
    let seed = Array(
      #"{"public": {"spot": 0.1}, "secret": {"n": "1\u00e9\ud83d\ude00", "rows": [{"price": 1e-3}]}}"#
        .utf8)
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 24)
      }
      _ = try? JSONParser.parse(bytes)
      _ = try? InputReader.read(interface, json: ("x", bytes))
    }
    _ = try? JSONParser.parse(Array(String(repeating: "[", count: 100_000).utf8))
  }

  @Test func hostileCSVNeverTraps() {
    let seed = Array("size,price\n1,\"2.5\"\n-3,1e-3\r\n\n\"4\",5\n".utf8)
    let alphabet = Array("\"\",,\n\r \t-+.eE01_;'\u{FEFF}\u{e9}\u{2028}".utf8)
    var state: UInt64 = 2
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = alphabet[Int(state >> 24 & 0xFF) % alphabet.count]
      }
      let text = String(decoding: bytes, as: UTF8.self)
      _ = try? InputReader.records(
        interface.streams[0], StreamFile(stream: "rows", path: "rows.csv", text: text))
    }
  }
}
