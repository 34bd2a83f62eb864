/// Why a decimal text is not a value of a format.
public enum DecimalError: Error, Equatable, CustomStringConvertible {
  case malformed(String)
  case outOfRange(String, Format)
  case notAnInteger(String, Format)
  case malformedDigest(String)

  public var description: String {
    switch self {
    case .malformed(let text):
      "expected a decimal number such as -12.5 or 1e-3, found \"\(text)\""
    case .outOfRange(let text, let format):
      "\(text) is out of range for \(format), which holds "
        + (format == .bool ? "0 and 1" : "numbers \(format.range)")
    case .notAnInteger(let text, let format):
      "\(text) is not a whole number, as \(format) requires"
    case .malformedDigest(let text):
      "expected a digest, 0x and 64 hexadecimal digits with every 16 below 2^64 − 2^32 + 1, found "
        + "\"\(text)\""
    }
  }
}

/// Exact reading and printing of decimal numbers.
public enum Decimal {
  /// Bytes of a number; a longer text is refused, as no value of a format needs it.
  public static let maximumLength = 256
  /// The largest exponent of ten and, negated, the least.
  public static let maximumExponent = 1000

  /// The word nearest to the number as it is written; ties go away from zero. `int` and `bool`
  /// accept whole numbers only.
  public static func parse(
    _ text: some StringProtocol, as format: Format
  ) throws(DecimalError) -> Int64 {
    let shown = String(text.prefix(80))
    var bytes = ArraySlice(Array(text.utf8))
    guard bytes.count <= maximumLength else { throw .malformed(shown + "…") }
    var negative = false
    if let sign = bytes.first, sign == 0x2D || sign == 0x2B {
      negative = sign == 0x2D
      bytes = bytes.dropFirst()
    }
    var digits: [UInt8] = []
    var fractionDigits = 0
    var seenPoint = false
    var seenDigit = false
    var previousDigit = false
    while let byte = bytes.first {
      if (0x30...0x39).contains(byte) {
        digits.append(byte - 0x30)
        seenDigit = true
        previousDigit = true
        if seenPoint { fractionDigits += 1 }
      } else if byte == 0x2E && !seenPoint {
        seenPoint = true
        previousDigit = false
      } else if byte == 0x5F && previousDigit {
        previousDigit = false
      } else {
        break
      }
      bytes = bytes.dropFirst()
    }
    guard seenDigit, previousDigit || (seenPoint && fractionDigits == 0) else {
      throw .malformed(shown)
    }
    var exponent = 0
    if let e = bytes.first, e == 0x65 || e == 0x45 {
      guard let value = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)),
        (-maximumExponent...maximumExponent).contains(value)
      else { throw .malformed(shown) }
      exponent = value
      bytes = []
    }
    guard bytes.isEmpty else { throw .malformed(shown) }
    return try convert(
      digits, exponent: exponent - fractionDigits, negative: negative, format, shown)
  }

  private static func convert(
    _ digits: [UInt8], exponent: Int, negative: Bool, _ format: Format, _ shown: String
  ) throws(DecimalError) -> Int64 {
    var number = Natural()
    for digit in digits { number.multiplyAdd(10, UInt32(digit)) }
    guard !number.isZero else { return 0 }
    if exponent > 40 { throw .outOfRange(shown, format) }
    for _ in 0..<max(0, exponent) { number.multiplyAdd(10, 0) }
    // One bit more than the format keeps decides the rounding.
    for _ in 0..<(format.fractionBits + 1) { number.multiplyAdd(2, 0) }
    var inexact = false
    for _ in 0..<max(0, -exponent) where number.divide(10) != 0 { inexact = true }
    guard let doubled = number.asUInt128 else { throw .outOfRange(shown, format) }
    let isWhole = !inexact && doubled & 1 == 0
    if format.fractionBits == 0 && !isWhole { throw .notAnInteger(shown, format) }
    let magnitude = (doubled >> 1) + (doubled & 1)
    guard magnitude <= 1 << 63,
      let word = Word.exactly(negative ? -Int128(magnitude) : Int128(magnitude)),
      format != .bool || (0...1).contains(word)
    else { throw .outOfRange(shown, format) }
    return word
  }

  /// The exact decimal expansion of a word: at most 48 digits after the point.
  public static func string(_ word: Int64, _ format: Format) -> String {
    let bits = UInt64(format.fractionBits)
    let magnitude = word.magnitude
    var text = (word < 0 ? "-" : "") + String(magnitude >> bits)
    var fraction = bits == 0 ? 0 : magnitude & ((1 << bits) - 1)
    if fraction != 0 { text += "." }
    while fraction != 0 {
      fraction *= 10
      text += String(fraction >> bits)
      fraction &= (1 << bits) - 1
    }
    return text
  }
}

/// A natural number of any size, with the few operations that reading decimals needs.
struct Natural {
  /// Little-endian digits to the base 2^32, without leading zeros.
  private var digits: [UInt32] = []

  var isZero: Bool { digits.isEmpty }

  mutating func multiplyAdd(_ factor: UInt32, _ addend: UInt32) {
    var carry = UInt64(addend)
    for index in digits.indices {
      carry += UInt64(digits[index]) * UInt64(factor)
      digits[index] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { digits.append(UInt32(carry)) }
  }

  /// Divides in place and returns the remainder.
  mutating func divide(_ divisor: UInt32) -> UInt32 {
    var remainder: UInt64 = 0
    for index in digits.indices.reversed() {
      remainder = remainder << 32 | UInt64(digits[index])
      digits[index] = UInt32(remainder / UInt64(divisor))
      remainder %= UInt64(divisor)
    }
    while digits.last == 0 { digits.removeLast() }
    return UInt32(remainder)
  }

  var asUInt128: UInt128? {
    guard digits.count <= 4 else { return nil }
    return digits.reversed().reduce(0) { $0 << 32 | UInt128($1) }
  }
}
