import ZKVMField
import ZKVMHashing

/// The hash as trees use it: with keys that keep the hashes of rows and of nodes apart.
package struct TreeHash: Sendable {
  package let hash: any ProofHash
  package let leafKey: ProofDigest
  package let nodeKey: ProofDigest

  package init(_ hash: any ProofHash) {
    self.hash = hash
    leafKey = hash.key("zkvm merkle leaf v1")
    nodeKey = hash.key("zkvm merkle node v1")
  }

  /// The next multiple of the hash's lanes.
  private func padded(_ count: Int) -> Int {
    (count + hash.laneCount - 1) / hash.laneCount * hash.laneCount
  }

  /// The hashes of rows of equal width after salts of `saltLength` bytes, a multiple of 8; at least
  /// one row.
  func rows(_ rows: [[Goldilocks]], salts: [[UInt8]], saltLength: Int) -> [ProofDigest] {
    let padded = padded(rows.count)
    let width = rows[0].count
    var words = [UInt64](repeating: 0, count: width * padded)
    for (index, row) in rows.enumerated() {
      for (column, element) in row.enumerated() { words[column * padded + index] = element.value }
    }
    var saltWords = [UInt32](repeating: 0, count: saltLength / 4 * padded)
    for (index, byte) in salts.joined().enumerated() {
      saltWords[index / 4] |= UInt32(byte) << UInt32(8 * (index % 4))
    }
    var digests = [ProofDigest](repeating: leafKey, count: padded)
    words.withUnsafeBufferPointer { words in
      saltWords.withUnsafeBufferPointer { salts in
        hash.hashRows(
          TreeRows(
            0..<padded, salts: salts.baseAddress, saltWords: saltLength / 4,
            columns: (0..<width).map { words.baseAddress! + $0 * padded }),
          key: leafKey, into: &digests)
      }
    }
    return Array(digests[..<rows.count])
  }

  /// The parents of pairs of digests.
  func nodes(
    _ pairs: [(ProofDigest, ProofDigest)], injected: [ProofDigest]?
  ) -> [ProofDigest] {
    let padded = padded(pairs.count)
    let filling = [ProofDigest](repeating: nodeKey, count: 2 * (padded - pairs.count))
    let children = pairs.flatMap { [$0.0, $0.1] } + filling
    var digests = [ProofDigest](repeating: nodeKey, count: padded)
    func hash(_ injected: UnsafePointer<ProofDigest>?) {
      self.hash.hashNodes(
        key: nodeKey, children: children, injected: injected, count: padded, into: &digests)
    }
    if let injected {
      (injected + filling).withUnsafeBufferPointer { hash($0.baseAddress) }
    } else {
      hash(nil)
    }
    return Array(digests[..<pairs.count])
  }
}
