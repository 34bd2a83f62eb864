import ZKVMHashing
import ZKVMProtocol

/// BLAKE3 under which a transcript leaves out what is absorbed in one step: with it, a prover's
/// challenges do not depend on what it sends there.
package struct OmittingHash: ProofHash {
  private let base = BLAKE3ProofHash()
  /// What the message of such an absorption begins with.
  private let prefix: [UInt8]

  package init(_ step: ProtocolStep) {
    precondition(step.operation == .absorb)
    var writer = ByteWriter()
    writer.byte(0)
    writer.integer(UInt64(step.label.utf8.count))
    writer.raw(step.label.utf8)
    prefix = writer.bytes
  }

  package var laneCount: Int { base.laneCount }

  package func key(_ purpose: String) -> ProofDigest { base.key(purpose) }

  package func hash(key: ProofDigest, _ message: [UInt8]) -> ProofDigest {
    message.starts(with: prefix) ? key : base.hash(key: key, message)
  }

  package func words(key: ProofDigest, _ message: [UInt8]) -> () -> UInt64 {
    base.words(key: key, message)
  }

  package func firstWord(
    key: ProofDigest, _ message: [UInt8]
  ) -> @Sendable (_ nonce: UInt64) -> UInt64 {
    base.firstWord(key: key, message)
  }

  package func hashRows(
    _ rows: TreeRows, key: ProofDigest, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    base.hashRows(rows, key: key, into: digests)
  }

  package func hashNodes(
    key: ProofDigest, children: UnsafePointer<ProofDigest>, injected: UnsafePointer<ProofDigest>?,
    count: Int, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    base.hashNodes(key: key, children: children, injected: injected, count: count, into: digests)
  }
}
