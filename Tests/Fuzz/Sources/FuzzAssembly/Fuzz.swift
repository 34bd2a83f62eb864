import Driver
import ZKVMAssembler
import ZKVMMachine

/// Repeats multiply: without a bound a few inputs would take most of the time.
private let expandedLines = 300

/// Sources: diagnostics or a program that validates, and whose listing has the same digest.
private func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  if let result = try? Assembler.assemble(text, expandedLines: expandedLines),
    result.program.instructions.count < 200
  {
    let listing = MachineListing.print(result.program)
    guard let again = try? Assembler.assemble(listing).program,
      again.digest == result.program.digest
    else { fatalError("the listing does not assemble to the same digest") }
  }
  return 0
}

@main
struct Main {
  static func main() { runFuzzer { fuzz($0, $1) } }
}
