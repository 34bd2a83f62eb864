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

  /// Fills `count` places.
  mutating func fill(_ target: UnsafeMutablePointer<Goldilocks>, count: Int) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: RandomStream.batch) { words in
      var filled = 0
      while filled < count {
        // Whole blocks, at most a batch of them.
        let wanted = min(RandomStream.batch, (count - filled + 7) & ~7)
        reader.nextBlocks(into: words.baseAddress!, count: wanted)
        for word in words[..<wanted] where filled < count {
          guard let element = Goldilocks(exactly: word) else { continue }
          target[filled] = element
          filled += 1
        }
      }
    }
  }

  /// `count` words of 32 bits, an even number.
  mutating func words(_ count: Int) -> [UInt32] {
    guard count > 0 else { return [] }
    let rounded = (count + 15) & ~15
    return [UInt32](unsafeUninitializedCapacity: rounded) { buffer, initialized in
      UnsafeMutableRawPointer(buffer.baseAddress!).withMemoryRebound(
        to: UInt64.self, capacity: rounded / 2
      ) { reader.nextBlocks(into: $0, count: rounded / 2) }
      initialized = count
    }
  }

  private static let batch = 1024
}
