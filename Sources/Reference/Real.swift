/// A real number as a multiple of 2^-``Real/bits``: the reference's arithmetic.
///
/// Sums are exact; every other operation is off by at most one unit more than its operands make it,
/// so that results of some hundred operations on numbers below 2^16 keep far more than 256 bits.
public struct Real: Sendable, Comparable {
  /// Fractional bits.
  public static let bits = 384

  public let units: BigInteger

  public init(units: BigInteger) { self.units = units }

  public init(_ value: Int) { units = BigInteger(value) << Real.bits }

  /// `numerator`·2^-`bits`, exactly.
  public init(_ numerator: BigInteger, bits: Int) { units = numerator << (Real.bits - bits) }

  /// `numerator`·2^-`bits`, exactly.
  public init(_ numerator: Int, bits: Int) { self.init(BigInteger(numerator), bits: bits) }

  public static let zero = Real(0)
  public static let one = Real(1)

  public static func + (a: Real, b: Real) -> Real { Real(units: a.units + b.units) }
  public static func - (a: Real, b: Real) -> Real { Real(units: a.units - b.units) }
  public static prefix func - (a: Real) -> Real { Real(units: -a.units) }

  public static func * (a: Real, b: Real) -> Real {
    Real(units: (a.units * b.units).rounded(bits: bits))
  }

  public static func * (a: Real, b: Int) -> Real { Real(units: a.units * b) }
  public static func / (a: Real, b: Real) -> Real { Real(units: (a.units << bits) / b.units) }
  public static func / (a: Real, b: Int) -> Real { Real(units: a.units / b) }

  /// Times 2^`exponent`.
  public func scaled(_ exponent: Int) -> Real { Real(units: units << exponent) }

  public var squareRoot: Real { Real(units: (units << Real.bits).squareRoot) }
  public var magnitude: Real { Real(units: units.magnitude) }
  public var isZero: Bool { units == .zero }

  public static func == (a: Real, b: Real) -> Bool { a.units == b.units }
  public static func < (a: Real, b: Real) -> Bool { a.units < b.units }

  /// The nearest multiple of 2^-`bits`, in those units, ties up.
  public func rounded(bits: Int) -> BigInteger { units.rounded(bits: Real.bits - bits) }

  public var double: Double { units.double(bits: Real.bits) }

  /// Decimal digits, rounded to nearest, with `digits` behind the point.
  public func decimal(digits: Int) -> String {
    let power = (0..<digits).reduce(BigInteger.one) { value, _ in value * 10 }
    let scaled = (units.magnitude * power).rounded(bits: Real.bits).description
    let padded = String(repeating: "0", count: max(0, digits + 1 - scaled.count)) + scaled
    let sign = units < .zero ? "-" : ""
    return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }
}
