/// An element of the prime field of order p = 2^64 − 2^32 + 1 ("Goldilocks").
///
/// The stored value is always canonical, in `0 ..< p`, so equality of elements is equality of
/// values. Reduction uses 2^64 ≡ 2^32 − 1 and 2^96 ≡ −1 (mod p).
@frozen
public struct Goldilocks: Hashable, Sendable {
  /// The canonical representative, below ``modulus``.
  public let value: UInt64

  /// p = 2^64 − 2^32 + 1.
  @inlinable public static var modulus: UInt64 { 0xFFFF_FFFF_0000_0001 }

  /// 2^64 − p = 2^32 − 1, the correction for one wrap of 64-bit arithmetic.
  @inlinable static var epsilon: UInt64 { 0xFFFF_FFFF }

  /// The largest k for which the field has a root of unity of order 2^k.
  public static let twoAdicity = 32

  /// A generator of the multiplicative group, hence outside every proper subgroup.
  public static let generator = Goldilocks(canonical: 7)

  @inlinable public static var zero: Goldilocks { Goldilocks(canonical: 0) }
  @inlinable public static var one: Goldilocks { Goldilocks(canonical: 1) }
  @inlinable public static var two: Goldilocks { Goldilocks(canonical: 2) }

  /// Trusts that `canonical` is below p; for constants and kernels.
  @inlinable
  public init(canonical: UInt64) {
    assert(canonical < Goldilocks.modulus)
    value = canonical
  }

  /// Reduces any 64-bit value modulo p.
  @inlinable
  public init(_ any: UInt64) {
    value = any >= Goldilocks.modulus ? any &- Goldilocks.modulus : any
  }

  /// The residue of a signed integer.
  @inlinable
  public init(_ signed: Int64) {
    let magnitude = Goldilocks(signed.magnitude)
    self = signed < 0 ? -magnitude : magnitude
  }

  @inlinable
  public init(_ signed: Int) { self.init(Int64(signed)) }

  /// The residue of a signed 128-bit integer.
  @inlinable
  public init(_ wide: Int128) {
    let magnitude = wide.magnitude
    let element = Goldilocks.reduce(
      high: UInt64(truncatingIfNeeded: magnitude >> 64), low: UInt64(truncatingIfNeeded: magnitude))
    self = wide < 0 ? -element : element
  }

  /// Accepts only canonical encodings; `nil` for values ≥ p.
  @inlinable
  public init?(exactly encoded: UInt64) {
    guard encoded < Goldilocks.modulus else { return nil }
    value = encoded
  }

  /// The representative in (−p/2, p/2), for values that stand for small signed integers.
  @inlinable
  public var signedValue: Int64 {
    value > Goldilocks.modulus / 2
      ? Int64(bitPattern: value &- Goldilocks.modulus) : Int64(bitPattern: value)
  }

  /// high·2^64 + low modulo p.
  @inlinable @inline(__always)
  static func reduce(high: UInt64, low: UInt64) -> Goldilocks {
    // high = a·2^32 + b: high·2^64 ≡ b·(2^32 − 1) − a.
    var (difference, borrow) = low.subtractingReportingOverflow(high >> 32)
    if borrow { difference = difference &- epsilon }
    let product = (high & epsilon) &* epsilon
    let (sum, carry) = difference.addingReportingOverflow(product)
    return Goldilocks(carry ? sum &+ epsilon : sum)
  }

  @inlinable @inline(__always)
  public static func + (a: Goldilocks, b: Goldilocks) -> Goldilocks {
    let (sum, carry) = a.value.addingReportingOverflow(b.value)
    return carry ? Goldilocks(canonical: sum &+ epsilon) : Goldilocks(sum)
  }

  @inlinable @inline(__always)
  public static func - (a: Goldilocks, b: Goldilocks) -> Goldilocks {
    let (difference, borrow) = a.value.subtractingReportingOverflow(b.value)
    return Goldilocks(canonical: borrow ? difference &+ modulus : difference)
  }

  @inlinable
  public static prefix func - (a: Goldilocks) -> Goldilocks {
    a.value == 0 ? a : Goldilocks(canonical: modulus &- a.value)
  }

  @inlinable @inline(__always)
  public static func * (a: Goldilocks, b: Goldilocks) -> Goldilocks {
    let (high, low) = a.value.multipliedFullWidth(by: b.value)
    return reduce(high: high, low: low)
  }

  @inlinable public static func += (a: inout Goldilocks, b: Goldilocks) { a = a + b }
  @inlinable public static func -= (a: inout Goldilocks, b: Goldilocks) { a = a - b }
  @inlinable public static func *= (a: inout Goldilocks, b: Goldilocks) { a = a * b }

  /// Square-and-multiply exponentiation.
  @inlinable
  public func power(_ exponent: UInt64) -> Goldilocks {
    var result = Goldilocks.one
    var base = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      base *= base
      rest >>= 1
    }
    return result
  }

  /// The multiplicative inverse by Fermat's theorem; the inverse of zero is defined as zero.
  @inlinable
  public var inverse: Goldilocks { power(Goldilocks.modulus &- 2) }

  /// A primitive root of unity of order 2^`logOrder`; successive orders are squares of each other.
  ///
  /// The root of order 2^32 is 7^((p−1)/2^32) = 1753635133440165772, as in Plonky2.
  public static func rootOfUnity(logOrder: Int) -> Goldilocks {
    precondition((0...twoAdicity).contains(logOrder), "no root of unity of order 2^\(logOrder)")
    return rootsOfUnity[logOrder]
  }

  private static let rootsOfUnity: [Goldilocks] = {
    var roots = [Goldilocks(canonical: 1_753_635_133_440_165_772)]
    for _ in 0..<twoAdicity { roots.append(roots.last! * roots.last!) }
    return roots.reversed()
  }()
}

extension Goldilocks: ExpressibleByIntegerLiteral {
  @inlinable public init(integerLiteral value: Int64) { self.init(value) }
}

extension Goldilocks: CustomStringConvertible {
  public var description: String { String(signedValue) }
}
