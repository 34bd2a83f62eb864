import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

/// Fills a Function row from numbers that an honest evaluation would not use.
struct FunctionForger {
  let forger: RowForger
  /// The names of the rounding steps, in order.
  static let steps = ["acc3", "acc2", "acc1", "acc0", "result"]

  /// What is added to a step's quotient and remainder.
  struct Slip {
    var quotient: Int128 = 0
    var remainder: Int128 = 0
  }

  /// Sets the columns of a case of the range reduction.
  func setScale(_ row: inout [Goldilocks], _ scale: ScaleRow) {
    row[forger.column("coefficient_table")] = Goldilocks(scale.table)
    row[forger.column("negated")] = scale.isNegated ? 1 : 0
    row[forger.column("end")] = Goldilocks(scale.end)
    row[forger.column("a")] = Goldilocks(scale.a)
    forger.set(&row, "power", 1 << Int128(scale.kappa))
    row[forger.column("h")] = Goldilocks(scale.h)
    for (limb, column) in zip(scale.g, forger.limbs("g")) { row[column] = Goldilocks(limb) }
  }

  /// Sets segment and place for a reduced argument, and the segment's coefficients, or those of the
  /// table's first segment if there is none of that number.
  func setPlace(_ row: inout [Goldilocks], _ table: Int, _ reduced: Int128) {
    let segment = Int(reduced >> 52)
    let index =
      FunctionTables.coefficientIndex(table: table, segment: segment)
      ?? FunctionTables.rows[table]!.lowerBound
    setSegment(&row, FunctionTables.coefficients[index])
    row[forger.column("segment")] = Goldilocks(segment)
    forger.set(&row, "t", reduced & (1 << 52 - 1))
  }

  func setSegment(_ row: inout [Goldilocks], _ values: CoefficientRow) {
    row[forger.column("segment")] = Goldilocks(values.segment)
    for (index, value) in [values.c0, values.c1, values.c2, values.c3].enumerated() {
      row[forger.column("c\(index)")] = Goldilocks(value)
    }
    forger.set(&row, "c4", Int128(values.c4))
  }

  /// Recomputes all rounding steps from the offset and the coefficients in the row, with slips.
  func recompute(_ row: inout [Goldilocks], _ slips: [String: Slip] = [:]) {
    func column(_ name: String) -> Int128 { Int128(row[forger.column(name)].signedValue) }
    let end = column("end")
    let offset = forger.value(row, "t") - end << 52
    let truncated = (column("t_1") + column("t_2") << 16 + column("t_3") << 32) - end << 36
    let constants = [column("c3"), column("c2"), column("c1"), column("c0") + column("h")]
    var accumulator = forger.value(row, "c4")
    for (index, name) in FunctionForger.steps.dropLast().enumerated() {
      let bits: Int128 = index < 2 ? 48 : 64
      let product =
        (accumulator * (index < 2 ? truncated : offset)) << 12 + (Int128(1) << (bits - 1))
      let slip = slips[name] ?? Slip()
      let quotient = product >> bits
      forger.set(&row, "\(name)_rest", product - quotient << bits + slip.remainder)
      accumulator = constants[index] + quotient + slip.quotient
      forger.set(&row, name, accumulator)
    }
    // The product with G has up to 160 bits: G in two halves.
    let g = forger.limbs("g").map { Int128(row[$0].signedValue) }
    let low = accumulator * (g[0] + g[1] << 16 + g[2] << 32)
    let sum = accumulator * (g[3] + g[4] << 16 + g[5] << 32) + (low >> 48) + (1 << 31)
    let slip = slips["result"] ?? Slip()
    let rest = (sum & 0xFFFF_FFFF) << 48 + low & (1 << 48 - 1)
    forger.set(&row, "result_rest", rest + slip.remainder)
    let magnitude = sum >> 32 + slip.quotient
    let isReflected = column("negated") == 1 && column("is_cdf") == 1
    forger.set(&row, "result", isReflected ? 1 << 48 - magnitude : magnitude)
    forger.solveCarries(&row)
  }
}
