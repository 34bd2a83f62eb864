import Driver
import ZKVMHashing
import ZKVMMachine
import ZKVMProtocol
import ZKVMVerifier

/// The program whose proofs are fuzzed: reveals one secret.
let program = try! Program(
  interface: Interface(
    name: "fuzz", publicInputs: [], secretInputs: [NamedFormat("x", .int)], streams: [],
    outputs: [NamedFormat("y", .int)]),
  constants: [0],
  blocks: [Block(start: 0, incoming: 0, size: 1)],
  instructions: [
    Instruction(.secret, [.none, .none, .none, .frame(0)]), Instruction(.reveal, [.frame(0)]),
    .halt(end: 3),
  ], source: .empty)

/// The checksum of the corpus's one honest proof, that the secret is 42.
let honest: UInt64 = 0x07e1_cc4a_32f4_d784

/// Proof bytes without their checksum, which is made good here: a fuzzer would not get past it.
private func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var writer = ByteWriter()
  writer.raw(bytes)
  writer.integer(xxh3(bytes))
  if xxh3(bytes) != honest, (try? Verifier(program: program).verify(writer.bytes)) != nil {
    fatalError("a proof was forged")
  }
  return 0
}

@main
struct Main {
  static func main() { runFuzzer { fuzz($0, $1) } }
}
