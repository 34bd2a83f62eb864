import ZKVMHashing
import ZKVMMachine

/// Why bytes are not a proof that could be checked.
public enum ProofFormatError: Error, Equatable, CustomStringConvertible {
  case notAProof
  case version(UInt32)
  case corrupted(expected: UInt64, found: UInt64)
  case malformed(DecodingError)

  public var description: String {
    switch self {
    case .notAProof: "expected a zkvm proof (first bytes \"ZKVP\")"
    case .version(let found): "expected proof format version \(ProofFormat.version), found \(found)"
    case .corrupted(let expected, let found):
      "the proof is damaged: its checksum is \(String(found, radix: 16)), expected "
        + String(expected, radix: 16)
    case .malformed(let error): "malformed proof \(error)"
    }
  }
}

/// The proof file; `Spec/ProofFormat.md` describes every field. Every proof has one encoding.
public enum ProofFormat {
  public static let magic: [UInt8] = Array("ZKVP".utf8)
  public static let version: UInt32 = 2
  /// In bytes; see ``Machine/FileKind/proof``.
  public static let maximumLength = FileKind.proof.limit

  public static func encode(_ proof: Proof) -> [UInt8] {
    var writer = ProofWriter()
    writer.proof(proof)
    return writer.sealed
  }

  public static func decode(_ bytes: [UInt8]) throws(ProofFormatError) -> Proof {
    guard bytes.starts(with: magic), bytes.count >= 16 else { throw .notAProof }
    guard bytes.count <= maximumLength else {
      throw .malformed(
        DecodingError(
          offset: maximumLength,
          reason: "\(bytes.count) bytes, at most \(maximumLength) are allowed")
      )
    }
    let stored = bytes.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let computed = xxh3(bytes.dropLast(8))
    guard stored == computed else { throw .corrupted(expected: stored, found: computed) }
    do {
      var parser = ProofParser(reader: ByteReader(bytes.dropLast(8)))
      return try parser.proof()
    } catch let error as DecodingError {
      throw .malformed(error)
    } catch let error as ProofFormatError {
      throw error
    } catch {
      throw .notAProof
    }
  }
}
