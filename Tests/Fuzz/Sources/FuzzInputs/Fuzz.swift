import Driver
import ZKVMInputFiles
import ZKVMMachine

let interface = Interface(
  name: "fuzz", publicInputs: [NamedFormat("spot", .q32)], secretInputs: [NamedFormat("n", .int)],
  streams: [ZKVMMachine.Stream("rows", [NamedFormat("size", .int), NamedFormat("price", .q48)])],
  outputs: [])

/// JSON inputs; behind a first zero byte, a CSV stream.
private func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let files = parts.dropFirst().map {
    StreamFile(stream: "rows", path: "rows.csv", text: String(decoding: $0, as: UTF8.self))
  }
  _ = try? InputReader.read(interface, json: ("in.json", Array(parts[0])), streams: files)
  return 0
}

@main
struct Main {
  static func main() { runFuzzer { fuzz($0, $1) } }
}
