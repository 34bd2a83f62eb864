/// A function's value at a q48 argument, with every number on the way to it.
///
/// The interpreter needs the result; the Function unit fills its row from the rest. The steps are
/// those of `Spec/Functions.md`:
///
///     u = ±x − a·2^48,  u·2^kappa = segment·2^52 + t,  tau = t − end·2^52
///     acc4 = c4,  acc_k = c_k + round(acc_(k+1)·tau_k)   k = 3, 2, 1, 0
///     result = ±round((acc0 + h)·G / 2^80), reflected for cdf of a negative argument
public struct FunctionEvaluation: Sendable {
  public let function: Function
  public let argument: Int64
  public let result: Int64
  public let scaleIndex: Int
  public let coefficientIndex: Int
  /// The 52-bit place within the segment.
  public let t: Int64
  /// acc4 … acc0, highest first; acc0 includes h.
  public let accumulators: [Int64]
  /// The rounding remainders of acc3 … acc0, highest first: below 2^48, 2^48, 2^64 and 2^64.
  public let remainders: [UInt64]
  /// The rounding remainder of the result, below 2^80.
  public let finalRemainder: UInt128

  public init(_ function: Function, _ x: Int64) throws(ArithmeticTrap) {
    try self.init(function, x, scaleIndex: FunctionCase.scaleIndex(function, x))
  }

  /// The evaluation in a given case, for audits; the argument must lie in it.
  public init(_ function: Function, _ x: Int64, scaleIndex: Int) throws(ArithmeticTrap) {
    self.function = function
    argument = x
    self.scaleIndex = scaleIndex
    let scale = FunctionTables.scales[scaleIndex]
    let u = (scale.isNegated ? -Int128(x) : Int128(x)) - Int128(scale.a) << 48
    let scaled = u << scale.kappa
    t = Int64(scaled & ((1 << 52) - 1))
    guard scaled >= 0,
      let index = FunctionTables.coefficientIndex(table: scale.table, segment: Int(scaled >> 52))
    else { preconditionFailure("the tables of \(function) do not cover \(x)") }
    coefficientIndex = index
    let row = FunctionTables.coefficients[index]

    let full = t - Int64(scale.end) << 52
    let truncated = (t >> 16) - Int64(scale.end) << 36
    let acc4 = row.c4
    let (q3, e3) = FunctionEvaluation.step(acc4, truncated, bits: 48)
    let acc3 = row.c3 + q3
    let (q2, e2) = FunctionEvaluation.step(acc3, truncated, bits: 48)
    let acc2 = row.c2 + q2
    let (q1, e1) = FunctionEvaluation.step(acc2, full, bits: 64)
    let acc1 = row.c1 + q1
    let (q0, e0) = FunctionEvaluation.step(acc1, full, bits: 64)
    let acc0 = row.c0 + scale.h + q0
    accumulators = [acc4, acc3, acc2, acc1, acc0]
    remainders = [e3, e2, e1, e0]

    let (rounded, remainder) = FunctionEvaluation.scaleResult(acc0, scale.g)
    finalRemainder = remainder
    guard let value = Word.exactly(rounded) else { throw .overflow }
    switch function {
    case .cdf where scale.isNegated: result = (1 << 48) - value
    case .icdf where scale.isNegated: result = -value
    case .exp, .ln, .cdf, .pdf, .icdf, .erfcx: result = value
    }
  }

  /// round(acc·tau·2^12 / 2^bits), ties up, and the remainder that proves it:
  /// quotient·2^bits = acc·tau·2^12 + 2^(bits−1) − remainder.
  ///
  /// The remainder's offset makes it lie in 0 ..< 2^bits.
  public static func step(_ acc: Int64, _ tau: Int64, bits: Int) -> (
    quotient: Int64, remainder: UInt64
  ) {
    let product = (Int128(acc) * Int128(tau)) << 12 + (Int128(1) << (bits - 1))
    let quotient = product >> bits
    return (Int64(quotient), UInt64(product - quotient << bits))
  }

  /// round(acc·G / 2^80), ties up, and its remainder in 0 ..< 2^80.
  static func scaleResult(_ acc: Int64, _ limbs: [Int]) -> (Int128, UInt128) {
    // acc·G has up to 148 bits: split G at 2^48.
    let low = Int128(limbs[0] | limbs[1] << 16 | limbs[2] << 32)
    let high = Int128(limbs[3] | limbs[4] << 16 | limbs[5] << 32)
    let lowProduct = Int128(acc) * low
    let lowPart = lowProduct & ((1 << 48) - 1)
    let sum = Int128(acc) * high + (lowProduct >> 48) + (1 << 31)
    let quotient = sum >> 32
    let remainder = UInt128(sum & 0xFFFF_FFFF) << 48 | UInt128(lowPart)
    return (quotient, remainder)
  }
}
