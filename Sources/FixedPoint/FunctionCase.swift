/// Which case of a function's range reduction applies to an argument.
enum FunctionCase {
  private struct Key: Hashable {
    let function: Function
    let table: Int
    let isNegated: Bool
    let a: Int
    let kappa: Int
  }

  private static let indices = Dictionary(
    uniqueKeysWithValues: FunctionTables.scales.enumerated().map { index, row in
      (
        Key(
          function: Function(rawValue: row.function)!, table: row.table, isNegated: row.isNegated,
          a: row.a, kappa: row.kappa), index
      )
    })

  private static let unit: UInt64 = 1 << 48

  static func scaleIndex(_ function: Function, _ x: Int64) throws(ArithmeticTrap) -> Int {
    let magnitude = x.magnitude
    func index(_ table: Int, kappa: Int, a: Int = 0, negated: Bool = false) -> Int {
      let key = Key(function: function, table: table, isNegated: negated, a: a, kappa: kappa)
      guard let index = indices[key] else {
        preconditionFailure("no case of \(function)'s range reduction matches \(x)")
      }
      return index
    }
    switch function {
    case .exp:
      let whole = Int(x >> 48)
      guard whole <= 9 else { throw .overflow }
      return whole < -35
        ? index(FunctionTableNumber.zero, kappa: 0, a: 35, negated: true)
        : index(FunctionTableNumber.exp, kappa: 14, a: whole)
    case .ln:
      guard x > 0 else { throw .domain("a value greater than 0") }
      let table =
        x > 3
        ? FunctionTableNumber.ln : x == 3 ? FunctionTableNumber.lnThree : FunctionTableNumber.lnOne
      return index(table, kappa: x.leadingZeroBitCount - 2)
    case .cdf:
      if magnitude >= 8 * unit {
        return index(FunctionTableNumber.one, kappa: 0, a: 8, negated: x < 0)
      }
      return magnitude >= 4 * unit
        ? index(FunctionTableNumber.cdfFar, kappa: 11, negated: x < 0)
        : index(FunctionTableNumber.cdfNear, kappa: 12, negated: x < 0)
    case .pdf:
      if magnitude >= 9 * unit {
        return index(FunctionTableNumber.zero, kappa: 0, a: 9, negated: x < 0)
      }
      if magnitude >= 5 * unit {
        return index(FunctionTableNumber.pdfFar, kappa: 11, negated: x < 0)
      }
      if magnitude >= 2 * unit {
        return index(FunctionTableNumber.pdfMiddle, kappa: 12, negated: x < 0)
      }
      return magnitude >= unit / 64
        ? index(FunctionTableNumber.pdfNear, kappa: 13, negated: x < 0)
        : index(FunctionTableNumber.pdfTiny, kappa: 18, negated: x < 0)
    case .icdf:
      guard x > 0, x < Int64(unit) else { throw .domain("a probability between 0 and 1") }
      let half = Int64(unit / 2)
      guard x != half else { return index(FunctionTableNumber.half, kappa: 46) }
      let isUpper = x > half
      let p = isUpper ? Int64(unit) - x : x
      let octave = 63 - p.leadingZeroBitCount
      // The octave in 512 parts; the lower ones are segments of their own.
      let part = Int((Int128(p) << 9) >> octave)
      let isLow = part < FunctionTableNumber.icdfSplit(octave)
      return index(
        FunctionTableNumber.icdf + 2 * octave + (isLow ? 0 : 1), kappa: (isLow ? 61 : 60) - octave,
        a: isUpper ? -1 : 0, negated: isUpper)
    case .erfcx:
      guard x >= 0 else { throw .domain("a value of at least 0") }
      guard magnitude >= 2 * unit else { return index(FunctionTableNumber.erfcx, kappa: 13) }
      let octave = 15 - x.leadingZeroBitCount
      let kappa = FunctionTableNumber.erfcxLogCount(octave) + 4 - octave
      return index(FunctionTableNumber.erfcx + octave, kappa: kappa)
    }
  }
}
