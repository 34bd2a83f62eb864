import ZKVMField
import ZKVMHashing

/// What a hash of trees and transcript gives: 32 bytes, whichever hash it is.
public typealias ProofDigest = BLAKE3.Digest

/// The hash that a proof rests on: of its trees, its transcript and its proof of work, and of nothing
/// else. (Digests of programs and tables are BLAKE3 whatever hash a proof uses.)
///
/// All of them call these functions, so that another hash is one more conformance. Trees are hashed by
/// many rows or nodes a call, which is where vector code comes in; a hash without any needs only the
/// first three.
package protocol ProofHash: Sendable {
  /// A key for one purpose, from a text that is unique to it.
  func key(_ purpose: String) -> ProofDigest

  /// The hash of a message under a key.
  func hash(key: ProofDigest, _ message: [UInt8]) -> ProofDigest

  /// An unbounded stream of uniform words from a key and a message, other than its ``hash``.
  func words(key: ProofDigest, _ message: [UInt8]) -> () -> UInt64

  /// For a nonce the first of the ``words`` of `message` ‖ nonce (8 bytes, little-endian).
  func firstWord(key: ProofDigest, _ message: [UInt8]) -> @Sendable (_ nonce: UInt64) -> UInt64

  /// How many rows or nodes are hashed side by side. Callers give ``hashRows`` a multiple of it.
  var laneCount: Int { get }

  /// The hashes of rows: each of its salt, then a 64-bit word a column, all little-endian.
  func hashRows(_ rows: TreeRows, key: ProofDigest, into: UnsafeMutablePointer<ProofDigest>)

  /// The hashes of `count` pairs of neighbours in `children`, or of triples with the digests of
  /// `injected`: left ‖ right ‖ injected.
  func hashNodes(
    key: ProofDigest, children: UnsafePointer<ProofDigest>, injected: UnsafePointer<ProofDigest>?,
    count: Int, into: UnsafeMutablePointer<ProofDigest>)
}

/// Some rows of a column-major matrix of 64-bit words, with their salts.
package struct TreeRows {
  package let range: Range<Int>
  /// `saltWords` words of 32 bits a row, from row 0; `nil` if there are none.
  package let salts: UnsafePointer<UInt32>?
  /// An even number.
  package let saltWords: Int
  package let columns: [UnsafePointer<UInt64>]

  package init(
    _ range: Range<Int>, salts: UnsafePointer<UInt32>?, saltWords: Int,
    columns: [UnsafePointer<UInt64>]
  ) {
    precondition(saltWords % 2 == 0)
    self.range = range
    self.salts = salts
    self.saltWords = saltWords
    self.columns = columns
  }

  /// The bytes that are hashed of a row.
  package func message(_ row: Int) -> [UInt8] {
    var writer = ByteWriter()
    for index in 0..<saltWords { writer.integer(salts![row * saltWords + index]) }
    for column in columns { writer.integer(column[row]) }
    return writer.bytes
  }
}

extension ProofHash {
  package var laneCount: Int { 1 }

  package func firstWord(
    key: ProofDigest, _ message: [UInt8]
  ) -> @Sendable (_ nonce: UInt64) -> UInt64 {
    { nonce in
      var writer = ByteWriter()
      writer.raw(message)
      writer.integer(nonce)
      return words(key: key, writer.bytes)()
    }
  }

  package func hashRows(
    _ rows: TreeRows, key: ProofDigest, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    for row in rows.range {
      digests[row - rows.range.lowerBound] = hash(key: key, rows.message(row))
    }
  }

  package func hashNodes(
    key: ProofDigest, children: UnsafePointer<ProofDigest>, injected: UnsafePointer<ProofDigest>?,
    count: Int, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    for i in 0..<count {
      let below = children[2 * i].bytes + children[2 * i + 1].bytes
      digests[i] = hash(key: key, below + (injected?[i].bytes ?? []))
    }
  }
}

/// BLAKE3: its derive-key mode for keys, its keyed mode for hashes, its extendable output for words.
package struct BLAKE3ProofHash: ProofHash {
  package init() {}

  package func key(_ purpose: String) -> ProofDigest { BLAKE3.deriveKey(context: purpose) }

  private func hasher(_ key: ProofDigest, _ message: [UInt8]) -> BLAKE3.Hasher {
    var hasher = BLAKE3.Hasher(key: key)
    hasher.update(message)
    return hasher
  }

  package func hash(key: ProofDigest, _ message: [UInt8]) -> ProofDigest {
    hasher(key, message).digest()
  }

  package func words(key: ProofDigest, _ message: [UInt8]) -> () -> UInt64 {
    var reader = hasher(key, message).outputReader()
    return { reader.nextWord() }
  }

  package func firstWord(
    key: ProofDigest, _ message: [UInt8]
  ) -> @Sendable (_ nonce: UInt64) -> UInt64 {
    nonisolated(unsafe) let word = hasher(key, message).firstWords()
    return { word($0) }
  }

  package var laneCount: Int { BLAKE3.laneCount }

  package func hashRows(
    _ rows: TreeRows, key: ProofDigest, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    BLAKE3.hashRows(
      rows.range, key: key, salts: rows.salts, saltWords: rows.saltWords, columns: rows.columns,
      into: digests)
  }

  package func hashNodes(
    key: ProofDigest, children: UnsafePointer<ProofDigest>, injected: UnsafePointer<ProofDigest>?,
    count: Int, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    BLAKE3.hashNodes(
      key: key, children: children, injected: injected, count: count, into: digests)
  }
}
