import AttackSupport
import Foundation
import TestSupport
import Testing
import ZKVMField
import ZKVMHashing
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier

/// A hash of a few lines, without any security, and without code for many rows at once but its nodes'.
private struct ToyHash: ProofHash {
  enum Function: CaseIterable {
    case key, hash, words, firstWord, rows, nodes
  }

  /// The function that differs from the others' toy hash.
  var changed: Function?
  /// Whether all nodes have the same hash.
  var nodesCollide = false

  private func mix(_ function: Function, _ bytes: some Sequence<UInt8>) -> ProofDigest {
    var state = SIMD4<UInt64>(0, 1, 2, changed == function ? 1 : 0)
    var word: UInt64 = 0
    var count = 0
    func absorb(_ word: UInt64) {
      state[0] ^= word
      for i in 0..<4 {
        state[i] = (state[i] &+ state[(i + 1) % 4]) &* 0x9E37_79B9_7F4A_7C15
        state[i] ^= state[i] >> 29
      }
    }
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      count += 1
      if count % 8 == 0 { absorb(word) }
    }
    absorb(word)
    for _ in 0..<4 { absorb(UInt64(count)) }
    return ProofDigest(words: unsafeBitCast(state, to: BLAKE3.ChainingValue.self))
  }

  func key(_ purpose: String) -> ProofDigest { mix(.key, purpose.utf8) }

  func hash(key: ProofDigest, _ message: [UInt8]) -> ProofDigest {
    mix(.hash, key.bytes + message)
  }

  func words(key: ProofDigest, _ message: [UInt8]) -> () -> UInt64 {
    var state = mix(.words, message + key.bytes)
    return {
      state = mix(.words, state.bytes)
      return UInt64(state.words[0]) << 32 | UInt64(state.words[1])
    }
  }

  func firstWord(
    key: ProofDigest, _ message: [UInt8]
  ) -> @Sendable (_ nonce: UInt64) -> UInt64 {
    let start = mix(.firstWord, message + key.bytes)
    return { nonce in
      let end = withUnsafeBytes(of: nonce.littleEndian) { mix(.firstWord, start.bytes + $0) }
      return UInt64(end.words[0]) << 32 | UInt64(end.words[1])
    }
  }

  func hashRows(
    _ rows: TreeRows, key: ProofDigest, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    for row in rows.range {
      digests[row - rows.range.lowerBound] = mix(.rows, key.bytes + rows.message(row))
    }
  }

  func hashNodes(
    key: ProofDigest, children: UnsafePointer<ProofDigest>, injected: UnsafePointer<ProofDigest>?,
    count: Int, into digests: UnsafeMutablePointer<ProofDigest>
  ) {
    for i in 0..<count {
      let below = children[2 * i].bytes + children[2 * i + 1].bytes + (injected?[i].bytes ?? [])
      digests[i] = mix(.nodes, nodesCollide ? key.bytes : key.bytes + below)
    }
  }
}

/// Trees, transcript and proof of work have one hash, and it can be another one.
@Suite(.serialized) struct AnotherHashTests {
  private let parameters = ProofParameters(profile: .fast, isHiding: true)

  private func refusal(
    _ proof: Proof, _ hash: any ProofHash
  ) throws -> VerificationError? {
    let verifier = Verifier(program: try Samples.tinyExecution().program, hash: hash)
    do throws(VerificationError) {
      _ = try verifier.verify(ProofFormat.encode(proof))
      return nil
    } catch {
      return error
    }
  }

  /// A proof under one hash is accepted under it and refused under the other. Every function of the
  /// hash counts: with any one changed the proof is refused.
  @Test func aProofHasItsHash() throws {
    let execution = try Samples.tinyExecution()
    let toy = try Prover(parameters, hash: ToyHash()).prove(execution)
    #expect(try refusal(toy, ToyHash()) == nil)
    #expect(try refusal(toy, BLAKE3ProofHash()) != nil)
    let blake3 = try Prover(parameters).prove(execution)
    #expect(try refusal(blake3, BLAKE3ProofHash()) == nil)
    #expect(try refusal(blake3, ToyHash()) != nil)
    for function in ToyHash.Function.allCases {
      let error = try refusal(toy, ToyHash(changed: function))
      switch function {
      case .key, .hash, .words: #expect(error != nil, "\(function)")
      case .firstWord: #expect(error == .proofOfWork)
      case .rows, .nodes: #expect(error == .merkle(tree: "main"))
      }
    }
  }

  /// The functions that a hash need not have, from those that it must.
  @Test func theDefaultsAreEnough() throws {
    struct Plain: ProofHash {
      private let toy = ToyHash()
      func key(_ purpose: String) -> ProofDigest { toy.key(purpose) }
      func hash(key: ProofDigest, _ message: [UInt8]) -> ProofDigest {
        toy.hash(key: key, message)
      }
      func words(key: ProofDigest, _ message: [UInt8]) -> () -> UInt64 {
        toy.words(key: key, message)
      }
    }
    let proof = try Prover(parameters, hash: Plain()).prove(Samples.tinyExecution())
    #expect(try refusal(proof, Plain()) == nil)
    #expect(try refusal(proof, ToyHash()) != nil)
  }

  /// Nothing but the hash binds the trees: where all nodes have the same hash, a changed row leads to
  /// the root, and only the queries see that it is not what was folded.
  @Test func treesHaveNoOtherHash() throws {
    var proof = try Prover(parameters, hash: ToyHash(nodesCollide: true)).prove(
      Samples.tinyExecution())
    #expect(try refusal(proof, ToyHash(nodesCollide: true)) == nil)
    proof.mainQueries.rows[0][0][0] += 1
    #expect(
      try refusal(proof, ToyHash(nodesCollide: true)) == .foldingMismatch(layer: 0))
  }

  /// BLAKE3 by name is called where it is the hash of proofs, and for what has nothing to do with them:
  /// tables' digests and the hedge of the prover's randomness.
  @Test func nobodyGoesPastTheHash() throws {
    let allowed: Set = [
      "Protocol/ProofHash.swift", "Protocol/ProofLayout.swift", "Prover/Randomness.swift",
    ]
    let sources = repository.appendingPathComponent("Sources")
    var callers: Set<String> = []
    for module in ["Protocol", "Prover", "Verifier"] {
      let folder = sources.appendingPathComponent(module)
      let files = try #require(
        FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      for case let file as URL in files where file.pathExtension == "swift" {
        let text = try String(contentsOf: file, encoding: .utf8)
        if text.contains(/BLAKE3\.(Hasher|OutputReader|hash|hashRows|hashNodes|deriveKey)\b/) {
          callers.insert(String(file.path.dropFirst(sources.path.count + 1)))
        }
      }
    }
    #expect(callers == allowed)
  }
}
