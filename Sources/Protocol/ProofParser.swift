import ZKVMField
import ZKVMHashing
import ZKVMMachine

/// Reads the fields of a proof; every count is bounded by the bytes that are there.
struct ProofParser {
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
