import Driver
import ZKVMHashing
import ZKVMMachine

/// Bytecode without its checksum, which is made good here. What decodes must encode to the same
/// bytes.
private func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var writer = ByteWriter()
  writer.raw(bytes)
  writer.integer(xxh3(bytes))
  if let program = try? Bytecode.decode(writer.bytes) {
    guard Bytecode.encode(program) == writer.bytes else { fatalError("two encodings") }
  }
  return 0
}

@main
struct Main {
  static func main() { runFuzzer { fuzz($0, $1) } }
}
