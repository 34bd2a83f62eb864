/// The machine's word: a signed integer in −16383·2^48 … 2^62 − 1, kept in an `Int64`.
///
/// In a trace it is four limbs, V = l0 + 2^16·l1 + 2^32·l2 + 2^48·l3, with l0, l1, l2 in
/// 0 ..< 2^16 and a signed top limb l3 in −16383 … 16383.
public enum Word {
  public static let minimum: Int64 = -16383 << 48
  public static let maximum: Int64 = (1 << 62) - 1
  public static let limbBits = 16

  public static func isValid(_ value: Int64) -> Bool { minimum <= value && value <= maximum }

  /// The word, or `nil` if the integer is out of range.
  public static func exactly(_ value: Int128) -> Int64? {
    guard Int128(minimum) <= value, value <= Int128(maximum) else { return nil }
    return Int64(value)
  }

  /// l0, l1, l2 and the signed l3.
  public static func limbs(_ value: Int64) -> [Int] {
    [
      Int(value & 0xFFFF), Int(value >> 16 & 0xFFFF), Int(value >> 32 & 0xFFFF), Int(value >> 48),
    ]
  }
}

/// How an inexact result becomes a word.
public enum Rounding: String, CaseIterable, Sendable {
  /// To the nearest word; a tie goes up, towards +∞.
  case nearest
  /// Towards −∞.
  case floor
  /// Towards +∞.
  case ceil
}

/// The format of a value: how many of a word's bits are a fraction. Known to the assembler alone;
/// the hardware sees integers.
public enum Format: UInt8, CaseIterable, Sendable, CustomStringConvertible {
  case int = 0
  case q16 = 16
  case q32 = 32
  case q48 = 48
  /// A flag, 0 or 1; usable wherever an `int` is.
  case bool = 1
  /// Four field elements: a commitment or a Merkle node. No arithmetic, only hashing and equality.
  case digest = 2

  public var fractionBits: Int { self == .bool || self == .digest ? 0 : Int(rawValue) }

  /// The numbers that a word of the format can be, for messages: "from -16383 to below 16384".
  public var range: String {
    let least = Word.minimum >> Int64(fractionBits)
    let bound = (Int128(Word.maximum) + 1) >> Int128(fractionBits)
    return "from \(least) to below \(bound)"
  }

  public init?(name: some StringProtocol) {
    guard let match = Format.allCases.first(where: { $0.description == name }) else { return nil }
    self = match
  }

  public var description: String {
    switch self {
    case .int: "int"
    case .q16: "q16"
    case .q32: "q32"
    case .q48: "q48"
    case .bool: "bool"
    case .digest: "digest"
    }
  }
}
