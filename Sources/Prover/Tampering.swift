import ZKVMField
import ZKVMMachine
import ZKVMProtocol

/// What makes a proof hide its witness. All are used; tests take one away to see it missed.
@_spi(Testing)
public struct HidingIngredients: OptionSet, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Uniform blind rows in every witness column.
  public static let blindRows = HidingIngredients(rawValue: 1)
  /// Uniform starts of the lookup accumulators.
  public static let terminals = HidingIngredients(rawValue: 2)
  /// Uniform overlaps of the quotient chunks.
  public static let chunks = HidingIngredients(rawValue: 4)
  /// The uniform mask of the batch.
  public static let mask = HidingIngredients(rawValue: 8)
  /// Uniform salts in the leaves.
  public static let salts = HidingIngredients(rawValue: 16)

  public static let all: HidingIngredients = [.blindRows, .terminals, .chunks, .mask, .salts]
}

/// How a prover departs from the protocol, in tests of the verifier and of hiding.
@_spi(Testing)
public struct Tampering: Sendable {
  /// Goes on where the honest prover would notice that the trace is invalid.
  public var ignoresInvalidity = false
  public var ingredients = HidingIngredients.all
  /// Stands in for the operating system's randomness, of which only the hedge is left then.
  public var entropy: [UInt64]?
  /// Added to the sum of the accumulators' starts, which should be zero.
  public var accumulatorExcess = CubicExtension.zero
  /// Mends unbalanced buses by breaking one constraint of the lookup argument.
  public var lookupFault: LookupFault?
  /// A FRI layer, or the number of layers for the final polynomial, to whose values 1 is added before
  /// they are committed.
  public var shiftedLayer: Int?
  /// Answers queries at other positions than the transcript's.
  public var positions: (@Sendable ([Int], ProofLayout) -> [Int])?
  /// Sees the quotient chunks' coefficients before they are committed.
  public var chunksObserver: (@Sendable (Matrix) -> Void)?

  public init() {}

  public static let none = Tampering()
  public static var ignoringInvalidity: Tampering {
    var tampering = Tampering()
    tampering.ignoresInvalidity = true
    return tampering
  }
}

/// A constraint of the lookup argument that a cheating prover breaks, and no other, so that the
/// terminals sum to what the verifier expects.
@_spi(Testing)
public struct LookupFault: Sendable {
  public enum Place: Sendable {
    /// The fractions of a group of messages; group 0 is the accumulator's step.
    case group(Int)
    /// The accumulator starts beside the blind.
    case start
    /// The published terminal is not the accumulator's.
    case terminal
  }

  public let table: TableKind
  public let place: Place
  /// The row on which a group's constraint is broken, below n − h.
  public let row: Int

  public init(_ table: TableKind, _ place: Place, row: Int = 0) {
    self.table = table
    self.place = place
    self.row = row
  }
}
