/// Why an instruction has no result.
public enum ArithmeticTrap: Error, Equatable, Sendable {
  /// The exact result is outside the word's range.
  case overflow
  case divisionByZero
  /// ``Arithmetic/divide(_:by:shift:_:)`` or ``Arithmetic/squareRoot(_:shift:_:)`` by a value
  /// so close to 2^62 that the remainder's bound is no 63-bit number.
  case remainderOutOfRange
  /// The argument is outside the function's domain.
  case domain(String)
}

/// The reference arithmetic: what every instruction computes, over exact integers.
///
/// Words stand for value·2^f; `shift` is the scale s in Z·2^s = X·Y (see `Spec/Instructions.md`).
public enum Arithmetic {
  /// Remainder bounds are 63-bit numbers below this: a top limb of at most 32766.
  public static let remainderLimit: Int128 = 32767 << 48

  static func word(_ value: Int128) throws(ArithmeticTrap) -> Int64 {
    guard let word = Word.exactly(value) else { throw .overflow }
    return word
  }

  public static func add(_ a: Int64, _ b: Int64) throws(ArithmeticTrap) -> Int64 {
    try word(Int128(a) + Int128(b))
  }

  public static func subtract(_ a: Int64, _ b: Int64) throws(ArithmeticTrap) -> Int64 {
    try word(Int128(a) - Int128(b))
  }

  /// |a − b|.
  public static func absoluteDifference(
    _ a: Int64, _ b: Int64
  ) throws(ArithmeticTrap) -> Int64 {
    try word(abs(Int128(a) - Int128(b)))
  }

  /// max(a − b, 0), the intrinsic value.
  public static func positivePart(_ a: Int64, _ b: Int64) throws(ArithmeticTrap) -> Int64 {
    try word(max(Int128(a) - Int128(b), 0))
  }

  /// round(x·y / 2^shift) + w.
  public static func multiply(
    _ x: Int64, _ y: Int64, plus w: Int64, shift: Int, _ rounding: Rounding
  ) throws(ArithmeticTrap) -> Int64 {
    let product = Int128(x) * Int128(y)
    let one: Int128 = 1
    let bias: Int128 =
      switch rounding {
      case .floor: 0
      case .ceil: (one << shift) - 1
      case .nearest: shift == 0 ? 0 : one << (shift - 1)
      }
    return try word(((product + bias) >> shift) + Int128(w))
  }

  /// The number U in 0 ..< 2^shift whose being one proves a product z correct: the distance of the
  /// exact product from the end of the interval that rounds to z.
  public static func multiplicationRemainder(
    _ x: Int64, _ y: Int64, plus w: Int64, _ z: Int64, shift: Int, _ rounding: Rounding
  ) -> Int128 {
    let error = ((Int128(z) - Int128(w)) << shift) - Int128(x) * Int128(y)
    switch rounding {
    case .floor: return -error
    case .ceil: return error
    case .nearest: return (Int128(1) << shift) / 2 - error
    }
  }

  /// round(z·2^shift / y).
  public static func divide(
    _ z: Int64, by y: Int64, shift: Int, _ rounding: Rounding
  ) throws(ArithmeticTrap) -> Int64 {
    guard y != 0 else { throw .divisionByZero }
    let numerator = (Int128(z) << shift) * (y < 0 ? -1 : 1)
    let divisor = Int128(y.magnitude)
    let quotient: Int128
    switch rounding {
    case .floor: quotient = floorDivide(numerator, divisor)
    case .ceil: quotient = -floorDivide(-numerator, divisor)
    case .nearest: quotient = floorDivide(numerator + divisor / 2, divisor)
    }
    let result = try word(quotient)
    let (low, high) = divisionBounds(z, y, result, shift: shift, rounding)
    guard low < remainderLimit, high < remainderLimit else { throw .remainderOutOfRange }
    return result
  }

  /// The two numbers U and G whose being non-negative 63-bit numbers proves a quotient x correct:
  /// U is the distance of the remainder from one end of its interval, G from the other.
  public static func divisionBounds(
    _ z: Int64, _ y: Int64, _ x: Int64, shift: Int, _ rounding: Rounding
  ) -> (u: Int128, g: Int128) {
    let sign: Int128 = y < 0 ? -1 : 1
    let magnitude = Int128(y.magnitude)
    let error = ((Int128(z) << shift) - Int128(x) * Int128(y)) * sign
    switch rounding {
    case .floor: return (error, magnitude - 1 - error)
    case .ceil: return (-error, magnitude - 1 + error)
    case .nearest:
      let u = 2 * error + magnitude
      return (u, 2 * magnitude - 1 - u)
    }
  }

  /// round(√(z·2^shift)).
  public static func squareRoot(
    _ z: Int64, shift: Int, _ rounding: Rounding
  ) throws(ArithmeticTrap) -> Int64 {
    guard z >= 0 else { throw .domain("a value of at least 0") }
    let radicand = UInt128(z) << shift
    var root = integerSquareRoot(radicand)
    switch rounding {
    case .floor: break
    case .ceil: if root * root != radicand { root += 1 }
    case .nearest: if radicand - root * root > root { root += 1 }
    }
    guard root <= UInt128(Word.maximum) else { throw .overflow }
    let result = Int64(root)
    let (low, high) = squareRootBounds(z, result, shift: shift, rounding)
    guard low < remainderLimit, high < remainderLimit else { throw .remainderOutOfRange }
    return result
  }

  /// As ``divisionBounds(_:_:_:shift:_:)``, for a root x of z·2^shift.
  public static func squareRootBounds(
    _ z: Int64, _ x: Int64, shift: Int, _ rounding: Rounding
  ) -> (u: Int128, g: Int128) {
    let error = (Int128(z) << shift) - Int128(x) * Int128(x)
    let x = Int128(x)
    let zero: Int128 = x == 0 ? 1 : 0
    switch rounding {
    case .floor: return (error, 2 * x - error)
    case .ceil: return (-error, 2 * x - 2 + 2 * zero + error)
    case .nearest:
      let u = error + x - 1 + zero
      return (u, 2 * x - 1 + zero - u)
    }
  }

  static func floorDivide(_ a: Int128, _ b: Int128) -> Int128 {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? quotient - 1 : quotient
  }

  static func integerSquareRoot(_ n: UInt128) -> UInt128 {
    guard n > 0 else { return 0 }
    var root: UInt128 = 0
    var bit: UInt128 = 1 << ((127 - UInt128(n.leadingZeroBitCount)) & ~1)
    var rest = n
    while bit != 0 {
      if rest >= root + bit {
        rest -= root + bit
        root = (root >> 1) + bit
      } else {
        root >>= 1
      }
      bit >>= 2
    }
    return root
  }
}
