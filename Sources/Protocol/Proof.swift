import ZKVMField
import ZKVMHashing
import ZKVMMachine

/// The values of a table's columns at ζ^(N/n), and at its successor for columns whose next row is
/// used.
public struct TableOpening: Equatable, Sendable {
  public var main: [CubicExtension]
  /// Base columns of the lookup argument, three an extension column.
  public var auxiliary: [CubicExtension]
  /// In the order of ``AIR/ConstraintSystem/nextColumns``.
  public var mainNext: [CubicExtension]
  /// The accumulator's three base columns.
  public var auxiliaryNext: [CubicExtension]

  public init(
    main: [CubicExtension], auxiliary: [CubicExtension], mainNext: [CubicExtension],
    auxiliaryNext: [CubicExtension]
  ) {
    self.main = main
    self.auxiliary = auxiliary
    self.mainNext = mainNext
    self.auxiliaryNext = auxiliaryNext
  }
}

/// A proof that a program with given public inputs has given outputs.
public struct Proof: Equatable, Sendable {
  public var parameters: ProofParameters
  public var programDigest: BLAKE3.Digest
  public var publicInputs: [Int64]
  public var outputs: [Int64]
  /// In the order of the program's tables, a unit's instances by falling height.
  public var tables: [TableSize]
  public var mainRoot: BLAKE3.Digest
  public var auxiliaryRoot: BLAKE3.Digest
  public var terminals: [CubicExtension]
  public var quotientRoot: BLAKE3.Digest
  public var openings: [TableOpening]
  /// The quotient chunks' base columns at ζ.
  public var quotientOpening: [CubicExtension]
  public var friRoots: [BLAKE3.Digest]
  public var finalPolynomial: [CubicExtension]
  public var nonce: UInt64
  public var mainQueries: MerkleOpening
  public var auxiliaryQueries: MerkleOpening
  public var quotientQueries: MerkleOpening
  public var friQueries: [MerkleOpening]

  public init(
    parameters: ProofParameters, programDigest: BLAKE3.Digest, publicInputs: [Int64],
    outputs: [Int64], tables: [TableSize], mainRoot: BLAKE3.Digest, auxiliaryRoot: BLAKE3.Digest,
    terminals: [CubicExtension], quotientRoot: BLAKE3.Digest, openings: [TableOpening],
    quotientOpening: [CubicExtension], friRoots: [BLAKE3.Digest],
    finalPolynomial: [CubicExtension], nonce: UInt64, mainQueries: MerkleOpening,
    auxiliaryQueries: MerkleOpening, quotientQueries: MerkleOpening, friQueries: [MerkleOpening]
  ) {
    self.parameters = parameters
    self.programDigest = programDigest
    self.publicInputs = publicInputs
    self.outputs = outputs
    self.tables = tables
    self.mainRoot = mainRoot
    self.auxiliaryRoot = auxiliaryRoot
    self.terminals = terminals
    self.quotientRoot = quotientRoot
    self.openings = openings
    self.quotientOpening = quotientOpening
    self.friRoots = friRoots
    self.finalPolynomial = finalPolynomial
    self.nonce = nonce
    self.mainQueries = mainQueries
    self.auxiliaryQueries = auxiliaryQueries
    self.quotientQueries = quotientQueries
    self.friQueries = friQueries
  }
}

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
    var w = ByteWriter()
    w.raw(magic)
    w.integer(version)
    w.byte(proof.parameters.profile.rawValue)
    w.byte(proof.parameters.isHiding ? 1 : 0)
    w.raw(proof.programDigest.bytes)
    func words(_ values: [Int64]) {
      w.integer(UInt32(values.count))
      for value in values { w.integer(value) }
    }
    func elements(_ values: [CubicExtension]) {
      w.integer(UInt32(values.count))
      for value in values {
        for coordinate in value.coordinates { w.integer(coordinate.value) }
      }
    }
    func opening(_ opening: MerkleOpening) {
      w.integer(UInt32(opening.rows.count))
      for (rows, salts) in zip(opening.rows, opening.salts) {
        w.integer(UInt32(rows.count))
        w.integer(UInt32(rows.first?.count ?? 0))
        w.byte(UInt8(salts.first?.count ?? 0))
        for (row, salt) in zip(rows, salts) {
          for element in row { w.integer(element.value) }
          w.raw(salt)
        }
      }
      w.integer(UInt32(opening.siblings.count))
      for sibling in opening.siblings { w.raw(sibling.bytes) }
    }
    words(proof.publicInputs)
    words(proof.outputs)
    w.integer(UInt32(proof.tables.count))
    for table in proof.tables {
      w.byte(UInt8(table.kind.rawValue))
      w.byte(UInt8(table.logHeight))
    }
    w.raw(proof.mainRoot.bytes)
    w.raw(proof.auxiliaryRoot.bytes)
    elements(proof.terminals)
    w.raw(proof.quotientRoot.bytes)
    w.integer(UInt32(proof.openings.count))
    for table in proof.openings {
      elements(table.main)
      elements(table.auxiliary)
      elements(table.mainNext)
      elements(table.auxiliaryNext)
    }
    elements(proof.quotientOpening)
    w.integer(UInt32(proof.friRoots.count))
    for root in proof.friRoots { w.raw(root.bytes) }
    elements(proof.finalPolynomial)
    w.integer(proof.nonce)
    opening(proof.mainQueries)
    opening(proof.auxiliaryQueries)
    opening(proof.quotientQueries)
    w.integer(UInt32(proof.friQueries.count))
    for queries in proof.friQueries { opening(queries) }
    w.integer(xxh3(w.bytes))
    return w.bytes
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

/// Reads the fields of a proof; every count is bounded by the bytes that are there.
private struct ProofParser {
  var reader: ByteReader

  mutating func digest(_ what: String) throws(DecodingError) -> BLAKE3.Digest {
    var words = BLAKE3.ChainingValue()
    for pair in 0..<4 {
      let word = try reader.unsigned(size: 8, what)
      words[2 * pair] = UInt32(truncatingIfNeeded: word)
      words[2 * pair + 1] = UInt32(truncatingIfNeeded: word >> 32)
    }
    return BLAKE3.Digest(words: words)
  }

  mutating func digests(_ what: String) throws(DecodingError) -> [BLAKE3.Digest] {
    let count = try reader.count(what, limit: 1 << 20, minimumSize: 32)
    var digests: [BLAKE3.Digest] = []
    digests.reserveCapacity(count)
    for _ in 0..<count { digests.append(try digest(what)) }
    return digests
  }

  mutating func element(_ what: String) throws(DecodingError) -> Goldilocks {
    let value = try reader.integer(what, as: UInt64.self)
    guard let element = Goldilocks(exactly: value) else {
      throw reader.failure("\(what): \(value) is not below p")
    }
    return element
  }

  mutating func elements(_ what: String) throws(DecodingError) -> [CubicExtension] {
    let count = try reader.count(what, limit: 1 << 20, minimumSize: 24)
    var elements: [CubicExtension] = []
    elements.reserveCapacity(count)
    for _ in 0..<count {
      elements.append(CubicExtension(try element(what), try element(what), try element(what)))
    }
    return elements
  }

  mutating func words(_ what: String) throws(DecodingError) -> [Int64] {
    let count = try reader.count(what, limit: Limits.words, minimumSize: 8)
    var words: [Int64] = []
    for _ in 0..<count { words.append(Int64(bitPattern: try reader.integer(what))) }
    return words
  }

  mutating func opening(_ what: String) throws(DecodingError) -> MerkleOpening {
    let groups = try reader.count("groups of \(what)", limit: 64, minimumSize: 9)
    var opening = MerkleOpening(rows: [], salts: [], siblings: [])
    for _ in 0..<groups {
      let count = Int(try reader.integer("the number of rows of \(what)", as: UInt32.self))
      let width = Int(try reader.integer("the width of \(what)", as: UInt32.self))
      let saltLength = Int(try reader.integer("the salt length of \(what)", as: UInt8.self))
      guard count <= 1 << 16, width <= 1 << 16, count * (8 * width + saltLength) <= reader.remaining
      else {
        throw reader.failure(
          "\(count) rows of \(width) elements of \(what), found \(reader.remaining) bytes")
      }
      guard (count > 0) == (width > 0), count > 0 || saltLength == 0 else {
        throw reader.failure("\(count) rows of \(width) elements of \(what)")
      }
      var rows: [[Goldilocks]] = []
      var salts: [[UInt8]] = []
      for _ in 0..<count {
        var row: [Goldilocks] = []
        row.reserveCapacity(width)
        for _ in 0..<width { row.append(try element(what)) }
        rows.append(row)
        salts.append(Array(try reader.raw(saltLength, "a salt of \(what)")))
      }
      opening.rows.append(rows)
      opening.salts.append(salts)
    }
    opening.siblings = try digests("siblings of \(what)")
    return opening
  }

  mutating func tables() throws -> [TableSize] {
    let count = try reader.count("tables", limit: 64, minimumSize: 2)
    var tables: [TableSize] = []
    for _ in 0..<count {
      let number = try reader.integer("table number", as: UInt8.self)
      guard let kind = TableKind(rawValue: Int(number)) else {
        throw reader.failure("\(number) is not the number of a table")
      }
      tables.append(TableSize(kind, logHeight: Int(try reader.integer("height", as: UInt8.self))))
    }
    return tables
  }

  mutating func proof() throws -> Proof {
    _ = try reader.raw(4, "magic")
    let version = try reader.integer("version", as: UInt32.self)
    guard version == ProofFormat.version else { throw ProofFormatError.version(version) }
    let profileNumber = try reader.integer("profile", as: UInt8.self)
    guard let profile = Profile(rawValue: profileNumber) else {
      throw reader.failure("\(profileNumber) is not the number of a profile")
    }
    let hiding = try reader.integer("hiding flag", as: UInt8.self)
    guard hiding <= 1 else { throw reader.failure("hiding flag \(hiding), expected 0 or 1") }
    let programDigest = try digest("program digest")
    let publicInputs = try words("public inputs")
    let outputs = try words("outputs")
    let tables = try self.tables()
    let mainRoot = try digest("main root")
    let auxiliaryRoot = try digest("lookup root")
    let terminals = try elements("terminals")
    let quotientRoot = try digest("quotient root")
    let openingCount = try reader.count("opened tables", limit: 64, minimumSize: 16)
    var openings: [TableOpening] = []
    for _ in 0..<openingCount {
      openings.append(
        TableOpening(
          main: try elements("main openings"), auxiliary: try elements("lookup openings"),
          mainNext: try elements("next-row openings"),
          auxiliaryNext: try elements("next-row lookup openings")))
    }
    let quotientOpening = try elements("quotient openings")
    let friRoots = try digests("FRI roots")
    let finalPolynomial = try elements("final coefficients")
    let nonce = try reader.integer("nonce", as: UInt64.self)
    let mainQueries = try opening("main queries")
    let auxiliaryQueries = try opening("lookup queries")
    let quotientQueries = try opening("quotient queries")
    let friCount = try reader.count("FRI layers", limit: 64, minimumSize: 8)
    var friQueries: [MerkleOpening] = []
    for _ in 0..<friCount { friQueries.append(try opening("FRI queries")) }
    try reader.finish()
    return Proof(
      parameters: ProofParameters(profile: profile, isHiding: hiding == 1),
      programDigest: programDigest, publicInputs: publicInputs, outputs: outputs,
      tables: tables, mainRoot: mainRoot, auxiliaryRoot: auxiliaryRoot,
      terminals: terminals, quotientRoot: quotientRoot, openings: openings,
      quotientOpening: quotientOpening, friRoots: friRoots, finalPolynomial: finalPolynomial,
      nonce: nonce, mainQueries: mainQueries, auxiliaryQueries: auxiliaryQueries,
      quotientQueries: quotientQueries, friQueries: friQueries)
  }
}
