import ZKVMField
import ZKVMHashing
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// The prover's randomness: the operating system's, hedged with a hash of the statement, the witness
/// and the proof's shape, so that a broken generator alone does not reveal anything.
///
/// Streams are independent by label and number, so that threads draw without sharing state.
struct HidingRandomness: Sendable {
  private let key: BLAKE3.Digest

  /// Two proofs with the same `entropy` have the same key only if they are of the same program, public
  /// values, secrets, parameters and heights.
  init(_ execution: Execution, _ layout: ProofLayout, entropy: [UInt64]) {
    var hasher = BLAKE3.Hasher(key: BLAKE3.deriveKey(context: "zkvm hiding randomness v2"))
    func absorb(_ words: some Collection<Int64>) {
      hasher.update(UInt64(words.count))
      for word in words { hasher.update(UInt64(bitPattern: word)) }
    }
    hasher.update(UInt64(entropy.count))
    for word in entropy { hasher.update(word) }
    hasher.update(layout.parameters.encoded)
    absorb(layout.tables.flatMap { [Int64($0.kind.rawValue), Int64($0.logHeight)] })
    hasher.update(execution.program.digest.bytes)
    absorb(execution.publicInputs)
    absorb(execution.outputs)
    // The run is a function of these. Of a secret digest the step names its place among the digests.
    let isSecret = execution.program.instructions.map {
      $0.opcode == .secret || $0.opcode == .secretDigest
    }
    absorb(execution.steps.lazy.filter { isSecret[Int($0.pc)] }.map { $0[Slot.Port.result] })
    for digest in execution.digests { absorb(digest.words) }
    for cell in execution.memory { absorb([cell.time, cell.value]) }
    key = hasher.digest()
  }

  /// Eight words of the operating system's randomness.
  static func systemEntropy() -> [UInt64] {
    var generator = SystemRandomNumberGenerator()
    return (0..<8).map { _ in generator.next() }
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
