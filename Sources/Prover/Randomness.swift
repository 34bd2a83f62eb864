import Field
import Hashing
import Machine

/// The prover's randomness: the operating system's, hedged with a hash of the witness so that a
/// broken generator alone does not reveal anything.
///
/// Streams are independent by label and number, so that threads draw without sharing state.
struct HidingRandomness: Sendable {
  private let key: BLAKE3.Digest

  init(_ execution: Execution) {
    var hasher = BLAKE3.Hasher(key: BLAKE3.deriveKey(context: "zkvm hiding randomness v1"))
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<8 { hasher.update(generator.next() as UInt64) }
    hasher.update(execution.program.digest.bytes)
    for word in execution.publicInputs { hasher.update(UInt64(bitPattern: word)) }
    for step in execution.steps
    where execution.program.instructions[Int(step.pc)].opcode == .secret {
      hasher.update(UInt64(bitPattern: step.words[3]))
    }
    key = hasher.digest()
  }

  func stream(_ label: String, _ number: Int = 0) -> RandomStream {
    var hasher = BLAKE3.Hasher(key: key)
    hasher.update(UInt64(number))
    hasher.update(Array(label.utf8))
    return RandomStream(reader: hasher.outputReader())
  }
}

/// An unbounded stream of uniform values.
struct RandomStream {
  private var reader: BLAKE3.OutputReader

  init(reader: BLAKE3.OutputReader) { self.reader = reader }

  mutating func element() -> Goldilocks {
    while true {
      if let element = Goldilocks(exactly: reader.nextWord()) { return element }
    }
  }

  mutating func extensionElement() -> CubicExtension {
    CubicExtension(element(), element(), element())
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      for start in stride(from: 0, to: count, by: 8) {
        let word = reader.nextWord()
        for offset in 0..<min(8, count - start) {
          buffer[start + offset] = UInt8(truncatingIfNeeded: word >> UInt64(8 * offset))
        }
      }
      initialized = count
    }
  }
}
