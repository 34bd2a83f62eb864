import CZKVMGMP

/// An integer of any size, by GMP.
public struct BigInteger: Sendable {
  private final class Storage: @unchecked Sendable {
    let value = UnsafeMutablePointer<__mpz_struct>.allocate(capacity: 1)

    init() { __gmpz_init(value) }

    deinit {
      __gmpz_clear(value)
      value.deallocate()
    }
  }

  // Never written after the initializer that fills it, hence safe to share.
  private let storage: Storage

  private init(_ body: (UnsafeMutablePointer<__mpz_struct>) -> Void) {
    storage = Storage()
    body(storage.value)
  }

  private func with<T>(_ body: (UnsafePointer<__mpz_struct>) -> T) -> T {
    withExtendedLifetime(storage) { body(UnsafePointer(storage.value)) }
  }

  public init(_ value: Int) { self.init { __gmpz_set_si($0, value) } }

  public init(_ value: Int128) {
    let high = BigInteger(Int(value >> 64))
    let low = UInt64(truncatingIfNeeded: value)
    self = (high << 64) + (BigInteger(Int(low >> 32)) << 32) + BigInteger(Int(low & 0xFFFF_FFFF))
  }

  /// A decimal number; `nil` if the text is none.
  public init?(_ decimal: String) {
    var isNumber = true
    self.init { isNumber = __gmpz_set_str($0, decimal, 10) == 0 }
    if !isNumber { return nil }
  }

  public static let zero = BigInteger(0)
  public static let one = BigInteger(1)

  public static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { r in a.with { x in b.with { __gmpz_add(r, x, $0) } } }
  }

  public static func - (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { r in a.with { x in b.with { __gmpz_sub(r, x, $0) } } }
  }

  public static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { r in a.with { x in b.with { __gmpz_mul(r, x, $0) } } }
  }

  public static func * (a: BigInteger, b: Int) -> BigInteger {
    BigInteger { r in a.with { __gmpz_mul_si(r, $0, b) } }
  }

  public static prefix func - (a: BigInteger) -> BigInteger { zero - a }

  /// The quotient rounded down.
  public static func / (a: BigInteger, b: BigInteger) -> BigInteger {
    BigInteger { r in a.with { x in b.with { __gmpz_fdiv_q(r, x, $0) } } }
  }

  public static func / (a: BigInteger, b: Int) -> BigInteger { a / BigInteger(b) }

  public static func << (a: BigInteger, bits: Int) -> BigInteger {
    bits < 0 ? a >> -bits : BigInteger { r in a.with { __gmpz_mul_2exp(r, $0, UInt(bits)) } }
  }

  /// Divided by 2^`bits`, rounded down.
  public static func >> (a: BigInteger, bits: Int) -> BigInteger {
    bits < 0 ? a << -bits : BigInteger { r in a.with { __gmpz_fdiv_q_2exp(r, $0, UInt(bits)) } }
  }

  /// Divided by 2^`bits` and rounded to nearest, ties up.
  public func rounded(bits: Int) -> BigInteger {
    bits <= 0 ? self << -bits : (self + (BigInteger.one << (bits - 1))) >> bits
  }

  public var squareRoot: BigInteger { BigInteger { r in with { __gmpz_sqrt(r, $0) } } }

  public var magnitude: BigInteger { self < .zero ? -self : self }

  /// The number of bits of the magnitude; 1 for zero.
  public var bitWidth: Int { with { Int(__gmpz_sizeinbase($0, 2)) } }

  /// As a 128-bit number; `nil` if it is none.
  public var int128: Int128? {
    guard bitWidth <= 126 else { return nil }
    let low = self - ((self >> 62) << 62)
    let high = self >> 62
    return Int128(high.with { __gmpz_get_si($0) }) << 62 + Int128(low.with { __gmpz_get_si($0) })
  }

  /// The value times 2^-`bits`, to nearest or one unit beside it.
  public func double(bits: Int) -> Double {
    var exponent = 0
    let mantissa = with { __gmpz_get_d_2exp(&exponent, $0) }
    return scalbn(mantissa, exponent - bits)
  }

  private func scalbn(_ mantissa: Double, _ exponent: Int) -> Double {
    Double(sign: .plus, exponent: max(-1000, min(1000, exponent)), significand: mantissa)
  }
}

extension BigInteger: Comparable {
  public static func == (a: BigInteger, b: BigInteger) -> Bool {
    a.with { x in b.with { __gmpz_cmp(x, $0) } } == 0
  }

  public static func < (a: BigInteger, b: BigInteger) -> Bool {
    a.with { x in b.with { __gmpz_cmp(x, $0) } } < 0
  }
}

extension BigInteger: CustomStringConvertible {
  public var description: String {
    let count = with { Int(__gmpz_sizeinbase($0, 10)) } + 2
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count) { buffer in
      _ = with { __gmpz_get_str(buffer.baseAddress!, 10, $0) }
      return String(cString: buffer.baseAddress!)
    }
  }
}
