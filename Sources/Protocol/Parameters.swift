import ZKVMField
import ZKVMHashing

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

  public var logBlowup: Int { profile.logBlowup }
  public var queries: Int { profile.queries }

  /// h: the blind rows at the end of every table. Without hiding one row remains, the one that holds
  /// the lookup accumulator's terminal.
  public var blindRows: Int { isHiding ? profile.blindRows : 1 }
  public var chunkOverlap: Int { profile.chunkOverlap }
  public var packing: Int { profile.packing }
  public var maximumInstances: Int { profile.maximumInstances }

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
