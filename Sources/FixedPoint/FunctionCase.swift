/// Which case of a function's range reduction applies to an argument.
struct FunctionCase: Hashable {
  private let table: Int
  private let kappa: Int
  private var a = 0
  private var isNegated = false

  /// A case as it stands in the Scales table.
  private struct Key: Hashable {
    let function: Function
    let reduction: FunctionCase
  }

  private static let indices = Dictionary(
    uniqueKeysWithValues: FunctionTables.scales.enumerated().map { index, row in
      (
        Key(
          function: Function(rawValue: row.function)!,
          reduction: FunctionCase(
            table: row.table, kappa: row.kappa, a: row.a, isNegated: row.isNegated)), index
      )
    })

  private static let unit: UInt64 = 1 << 48

  /// The row of the Scales table that applies to x; throws where the function has no value.
  static func scaleIndex(_ function: Function, _ x: Int64) throws(ArithmeticTrap) -> Int {
    let key = Key(function: function, reduction: try reduction(function, x))
    guard let index = indices[key] else {
      preconditionFailure("no case of \(function)'s range reduction matches \(x)")
    }
    return index
  }

  private static func reduction(
    _ function: Function, _ x: Int64
  ) throws(ArithmeticTrap) -> FunctionCase {
    switch function {
    case .exp: try exp(x)
    case .ln: try ln(x)
    case .cdf: cdf(x)
    case .pdf: pdf(x)
    case .icdf: try icdf(x)
    case .erfcx: try erfcx(x)
    }
  }

  private static func exp(_ x: Int64) throws(ArithmeticTrap) -> FunctionCase {
    let whole = Int(x >> 48)
    guard whole <= 9 else { throw .overflow }
    return whole < -35
      ? FunctionCase(table: FunctionTableNumber.zero, kappa: 0, a: 35, isNegated: true)
      : FunctionCase(table: FunctionTableNumber.exp, kappa: 14, a: whole)
  }

  private static func ln(_ x: Int64) throws(ArithmeticTrap) -> FunctionCase {
    guard x > 0 else { throw .domain("a value greater than 0") }
    let table =
      x > 3
      ? FunctionTableNumber.ln : x == 3 ? FunctionTableNumber.lnThree : FunctionTableNumber.lnOne
    return FunctionCase(table: table, kappa: x.leadingZeroBitCount - 2)
  }

  private static func cdf(_ x: Int64) -> FunctionCase {
    let magnitude = x.magnitude
    if magnitude >= 8 * unit {
      return FunctionCase(table: FunctionTableNumber.one, kappa: 0, a: 8, isNegated: x < 0)
    }
    return magnitude >= 4 * unit
      ? FunctionCase(table: FunctionTableNumber.cdfFar, kappa: 11, isNegated: x < 0)
      : FunctionCase(table: FunctionTableNumber.cdfNear, kappa: 12, isNegated: x < 0)
  }

  private static func pdf(_ x: Int64) -> FunctionCase {
    let magnitude = x.magnitude
    if magnitude >= 9 * unit {
      return FunctionCase(table: FunctionTableNumber.zero, kappa: 0, a: 9, isNegated: x < 0)
    }
    if magnitude >= 5 * unit {
      return FunctionCase(table: FunctionTableNumber.pdfFar, kappa: 11, isNegated: x < 0)
    }
    if magnitude >= 2 * unit {
      return FunctionCase(table: FunctionTableNumber.pdfMiddle, kappa: 12, isNegated: x < 0)
    }
    return magnitude >= unit / 64
      ? FunctionCase(table: FunctionTableNumber.pdfNear, kappa: 13, isNegated: x < 0)
      : FunctionCase(table: FunctionTableNumber.pdfTiny, kappa: 18, isNegated: x < 0)
  }

  private static func icdf(_ x: Int64) throws(ArithmeticTrap) -> FunctionCase {
    let one = Int64(unit)
    guard x > 0, x < one else { throw .domain("a probability between 0 and 1") }
    guard x != one / 2 else { return FunctionCase(table: FunctionTableNumber.half, kappa: 46) }
    let isUpper = x > one / 2
    let p = isUpper ? one - x : x
    let octave = 63 - p.leadingZeroBitCount
    // The octave in 512 parts; the lower ones are segments of their own.
    let part = Int((Int128(p) << 9) >> octave)
    let isLow = part < FunctionTableNumber.icdfSplit(octave)
    return FunctionCase(
      table: FunctionTableNumber.icdf + 2 * octave + (isLow ? 0 : 1),
      kappa: (isLow ? 61 : 60) - octave, a: isUpper ? -1 : 0, isNegated: isUpper)
  }

  private static func erfcx(_ x: Int64) throws(ArithmeticTrap) -> FunctionCase {
    guard x >= 0 else { throw .domain("a value of at least 0") }
    guard x.magnitude >= 2 * unit else {
      return FunctionCase(table: FunctionTableNumber.erfcx, kappa: 13)
    }
    let octave = 15 - x.leadingZeroBitCount
    let kappa = FunctionTableNumber.erfcxLogCount(octave) + 4 - octave
    return FunctionCase(table: FunctionTableNumber.erfcx + octave, kappa: kappa)
  }
}
