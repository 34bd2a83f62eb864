import ZKVMField
import ZKVMHashing

/// The Fiat–Shamir transcript: a chain of hashes.
///
/// What is absorbed carries a label and both carry their lengths, so no two different sequences of
/// absorptions are the same bytes. What is absorbed and drawn in a proof, and in which order, says
/// ``ProtocolTranscript``.
package struct Transcript: Sendable {
  package private(set) var state: ProofDigest
  private let hash: any ProofHash

  /// What a message under the state is for: its first byte.
  private enum Purpose: UInt8 {
    case absorb = 0
    case draw = 1
    case moveOn = 2
    case proveWork = 3
  }

  package init(_ hash: any ProofHash = BLAKE3ProofHash()) {
    self.hash = hash
    state = hash.key("zkvm transcript v1")
  }

  private func message(_ purpose: Purpose, _ label: String) -> ByteWriter {
    var writer = ByteWriter()
    writer.byte(purpose.rawValue)
    writer.integer(UInt64(label.utf8.count))
    writer.raw(label.utf8)
    return writer
  }

  package mutating func absorb(_ label: String, _ bytes: [UInt8]) {
    var message = message(.absorb, label)
    message.integer(UInt64(bytes.count))
    message.raw(bytes)
    state = hash.hash(key: state, message.bytes)
  }

  /// Draws from the state and moves it on.
  private mutating func draw(_ label: String) -> () -> UInt64 {
    let words = hash.words(key: state, message(.draw, label).bytes)
    state = hash.hash(key: state, message(.moveOn, label).bytes)
    return words
  }

  /// A uniform element of the extension: coordinates by rejection of values ≥ p.
  package mutating func challenge(_ label: String) -> CubicExtension {
    let word = draw(label)
    func next() -> Goldilocks {
      while true {
        if let element = Goldilocks(exactly: word()) { return element }
      }
    }
    return CubicExtension(next(), next(), next())
  }

  /// `count` uniform integers below 2^bits.
  package mutating func indices(_ label: String, count: Int, bits: Int) -> [Int] {
    let word = draw(label)
    return (0..<count).map { _ in Int(word() & ((1 << UInt64(bits)) - 1)) }
  }

  /// Whether a proof-of-work nonce is good: the hash of state and nonce has `bits` leading zeros. The
  /// state stays.
  package func workTest(
    _ label: String, bits: Int
  ) -> @Sendable (_ nonce: UInt64) -> Bool {
    guard bits > 0 else { return { _ in true } }
    let word = hash.firstWord(key: state, message(.proveWork, label).bytes)
    return { word($0) >> UInt64(64 - bits) == 0 }
  }
}
