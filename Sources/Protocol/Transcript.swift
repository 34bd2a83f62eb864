import ZKVMField
import ZKVMHashing

/// The Fiat–Shamir transcript, used alike by both sides.
///
/// A chain of BLAKE3 hashes: what is absorbed carries a label and both carry their lengths, so no
/// two different sequences of absorptions are the same bytes.
public struct Transcript: Sendable {
  public private(set) var state: BLAKE3.Digest

  /// A label that a dishonest prover leaves out; tests show that this is noticed.
  private var omitted: String?

  public init() { state = BLAKE3.deriveKey(context: "zkvm transcript v1") }

  /// A transcript that leaves everything with one label out, for attacks in tests.
  @_spi(Testing)
  public init(omitting label: String?) {
    self.init()
    omitted = label
  }

  private func hasher(_ kind: UInt8, _ label: String) -> BLAKE3.Hasher {
    var hasher = BLAKE3.Hasher(key: state)
    hasher.update([kind])
    hasher.update(UInt64(label.utf8.count))
    hasher.update(Array(label.utf8))
    return hasher
  }

  public mutating func absorb(_ label: String, _ bytes: [UInt8]) {
    if label == omitted { return }
    var hasher = hasher(0, label)
    hasher.update(UInt64(bytes.count))
    hasher.update(bytes)
    state = hasher.digest()
  }

  public mutating func absorb(_ label: String, _ digest: BLAKE3.Digest) {
    absorb(label, digest.bytes)
  }

  public mutating func absorb(_ label: String, _ elements: [CubicExtension]) {
    var writer = ByteWriter()
    for element in elements {
      for coordinate in element.coordinates { writer.integer(coordinate.value) }
    }
    absorb(label, writer.bytes)
  }

  /// Draws from the state and moves it on.
  private mutating func draw(_ label: String) -> BLAKE3.OutputReader {
    let reader = hasher(1, label).outputReader()
    state = hasher(2, label).digest()
    return reader
  }

  /// A uniform element of the extension: coordinates by rejection of values ≥ p.
  public mutating func challenge(_ label: String) -> CubicExtension {
    var reader = draw(label)
    func next() -> Goldilocks {
      while true {
        if let element = Goldilocks(exactly: reader.nextWord()) { return element }
      }
    }
    return CubicExtension(next(), next(), next())
  }

  /// `count` uniform integers below 2^bits.
  public mutating func indices(_ label: String, count: Int, bits: Int) -> [Int] {
    var reader = draw(label)
    return (0..<count).map { _ in Int(reader.nextWord() & ((1 << UInt64(bits)) - 1)) }
  }

  /// Whether a proof-of-work nonce is good: the hash of state and nonce has `bits` leading zeros.
  public func accepts(nonce: UInt64, bits: Int) -> Bool {
    bits == 0 || hasher(3, "grind").firstWords()(nonce) >> UInt64(64 - bits) == 0
  }

  /// The least good nonce, on all cores.
  public func grind(bits: Int) -> UInt64 {
    guard bits > 0 else { return 0 }
    let (tasks, grain) = (8, 512)
    nonisolated(unsafe) let word = hasher(3, "grind").firstWords()
    var first: UInt64 = 0
    while true {
      let start = first
      let found = [UInt64](unsafeUninitializedCapacity: tasks) { buffer, initialized in
        nonisolated(unsafe) let target = buffer
        parallel(tasks) { task in
          let begin = start + UInt64(task * grain)
          target[task] =
            (begin..<(begin + UInt64(grain))).first { word($0) >> UInt64(64 - bits) == 0 } ?? .max
        }
        initialized = tasks
      }
      if let nonce = found.min(), nonce != .max { return nonce }
      first += UInt64(tasks * grain)
    }
  }
}
