import ZKVMField
import ZKVMHashing

/// The trade between proving time and proof size. Raw values are frozen.
public enum Profile: UInt8, CaseIterable, Sendable {
  /// Rate 1/2: least proving time.
  case fast = 1
  /// Rate 1/4.
  case standard = 2
  /// Rate 1/16: small proofs; provers take ``smallest`` for runs that are small themselves.
  case compact = 3
  /// Rate 1/64: smallest proofs, for small runs.
  case smallest = 4

  public var name: String { "\(self)" }

  public init?(name: String) {
    guard let match = Profile.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }
}

/// Everything that a proof's shape and security follow from, besides the program and the heights.
public struct ProofParameters: Hashable, Sendable {
  public let profile: Profile
  /// Whether the proof hides the witness.
  public let isHiding: Bool

  public init(profile: Profile, isHiding: Bool) {
    self.profile = profile
    self.isHiding = isHiding
    precondition(
      !isHiding
        || ProofParameters.hides(
          queries: queries, blindRows: blindRows, chunkOverlap: chunkOverlap),
      "\(profile): what \(queries) queries show is not hidden")
  }

  /// Whether what a proof shows of a column, or of a quotient chunk, is less than what is uniform in it.
  ///
  /// The accumulator is opened at the queries, and the quotient there is a function of the rows next
  /// to them; at ζ and ζ·ω it is opened in the extension, three equations each: 2q + 6 equations. Its
  /// first blind row is the terminal, so h − 1 are uniform; likewise in a table's first three columns,
  /// whose last row is the accumulator's start. A chunk is opened at the queries and at ζ: q + 3.
  public static func hides(queries: Int, blindRows: Int, chunkOverlap: Int) -> Bool {
    2 * (queries + CubicExtension.degree) <= blindRows - 1
      && queries + CubicExtension.degree <= chunkOverlap
  }

  /// log2 of the inverse rate.
  public var logBlowup: Int {
    switch profile {
    case .fast: 1
    case .standard: 2
    case .compact: 4
    case .smallest: 6
    }
  }

  /// The number of FRI queries.
  public var queries: Int {
    switch profile {
    case .fast: 228
    case .standard: 114
    case .compact: 58
    case .smallest: 38
    }
  }

  /// h: the blind rows at the end of every table, more than 2·(queries + 3) (see ``hides``). Without
  /// hiding one row remains, the one that holds the lookup accumulator's terminal.
  public var blindRows: Int {
    guard isHiding else { return 1 }
    switch profile {
    case .fast: return 512
    case .standard: return 256
    case .compact, .smallest: return 128
    }
  }

  /// h_p: coefficients by which neighbouring quotient chunks overlap; at least queries + 3.
  public var chunkOverlap: Int {
    switch profile {
    case .fast: 256
    case .standard: 128
    case .compact, .smallest: 64
    }
  }

  /// Fractions in a lookup column.
  public var packing: Int { profile == .fast ? 2 : 3 }

  /// The most tables that a unit's rows are spread over: fewer cells for a longer proof.
  public var maximumInstances: Int { profile == .fast ? 3 : 1 }

  /// Chunks of the quotient: the constraints' degree.
  public var quotientChunks: Int { packing + 1 }

  /// log2 of FRI's folding arity.
  public static let logArity = 3

  /// Leading zero bits of the proof of work before the queries.
  public static let grindingBits = 16

  /// FRI stops folding below this log2 of the degree bound; the final polynomial has at most
  /// 2^(this − 1) coefficients.
  public static let logFinalLimit = 8

  /// Bytes of salt in a leaf.
  public var saltLength: Int { isHiding ? 16 : 0 }

  /// The largest log2 of a table's height: the largest coset is in the field with room to spare.
  public static let maximumLogHeight = 26

  /// log2 of the degree bounds of FRI's layers and of the final polynomial, for 2^logHeight.
  public static func friLayers(logHeight: Int) -> (layers: [Int], final: Int) {
    var layers: [Int] = []
    var log = logHeight
    while log >= logFinalLimit {
      layers.append(log)
      log -= logArity
    }
    return (layers, log)
  }

  /// What the transcript absorbs.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.byte(profile.rawValue)
    writer.byte(isHiding ? 1 : 0)
    for value in [
      logBlowup, queries, blindRows, chunkOverlap, packing, quotientChunks,
      ProofParameters.logArity, ProofParameters.grindingBits, ProofParameters.logFinalLimit,
      saltLength,
    ] {
      writer.integer(UInt32(value))
    }
    return writer.bytes
  }
}
