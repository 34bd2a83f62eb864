/// The trade between proving time and proof size: a row of the table ``allCases``.
public struct Profile: Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Frozen: part of every proof.
  public let rawValue: UInt8
  public let name: String
  /// log2 of the inverse rate.
  public let logBlowup: Int
  /// The number of FRI queries.
  public let queries: Int
  /// h with hiding: more than 2·(queries + 3) (see ``ProofParameters/hides(queries:blindRows:chunkOverlap:)``).
  public let blindRows: Int
  /// h_p: coefficients by which neighbouring quotient chunks overlap; at least queries + 3.
  public let chunkOverlap: Int
  /// Fractions in a lookup column.
  public let packing: Int
  /// The most tables that a unit's rows are spread over: fewer cells for a longer proof.
  public let maximumInstances: Int

  /// Rates 1/2 (least proving time), 1/4, 1/16 (small proofs; provers take `smallest` for runs that are
  /// small themselves) and 1/64 (smallest proofs, for small runs).
  public static let allCases: [Profile] = [
    .init(1, "fast", rate: 1, queries: 228, blind: 512, overlap: 256, packing: 2, instances: 3),
    .init(2, "standard", rate: 2, queries: 114, blind: 256, overlap: 128, packing: 3, instances: 1),
    .init(3, "compact", rate: 4, queries: 58, blind: 128, overlap: 64, packing: 3, instances: 1),
    .init(4, "smallest", rate: 6, queries: 38, blind: 128, overlap: 64, packing: 3, instances: 1),
  ]

  private init(
    _ rawValue: UInt8, _ name: String, rate logBlowup: Int, queries: Int, blind blindRows: Int,
    overlap chunkOverlap: Int, packing: Int, instances maximumInstances: Int
  ) {
    self.rawValue = rawValue
    self.name = name
    self.logBlowup = logBlowup
    self.queries = queries
    self.blindRows = blindRows
    self.chunkOverlap = chunkOverlap
    self.packing = packing
    self.maximumInstances = maximumInstances
  }

  /// The profile of a number; `nil` if there is none.
  public init?(rawValue: UInt8) {
    guard let match = Profile.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = match
  }

  /// The profile of a name; `nil` if there is none.
  public init?(name: String) {
    guard let match = Profile.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  public var description: String { name }
}

/// The profiles that code names.
extension Profile {
  public static let fast = Profile(name: "fast")!
  public static let standard = Profile(name: "standard")!
  public static let compact = Profile(name: "compact")!
  public static let smallest = Profile(name: "smallest")!
}
