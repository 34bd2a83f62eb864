import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

/// `exp`, `ln`, `cdf`, `pdf`, `icdf` and `erfcx`: a range reduction, a polynomial of degree 4 by Horner's rule and
/// a final scaling (`Spec/Functions.md`; the arithmetic is ``FunctionEvaluation``).
///
/// Every rounding step Q·2^k = product + 2^(k−1) − e is checked modulo 2^k, which fixes e in
/// 0 ..< 2^k, and modulo p, which then fixes Q modulo p: 2^k is invertible. As the tables keep
/// every true Q below p/2 in magnitude, the committed Q is the true one.
public struct FunctionUnit: Unit {
  public let kind = UnitKind.function
  public let table: Table
  private let fetch: Fetch
  private let operand: Operand
  private let x: Limbs
  private let destination: Destination
  private let result: Limbs
  private let scale: ScaleColumns
  private let segment: SegmentColumns
  private let t: Limbs
  private let reduction: CarryChain
  private let steps: [HornerStep]
  private let scaling: ScalingStep

  public init() {
    let b = TableBuilder("Function")
    let fetch = Fetch(b, .function)
    self.fetch = fetch
    operand = Operand(b, "x", framePointer: fetch.framePointer)
    let x = Limbs(b, "x", "The argument.")
    destination = Destination(b, when: fetch.active)
    result = Limbs(b, "result", "The published word.")
    let scale = ScaleColumns(b)
    let segment = SegmentColumns(b)
    let t = Limbs(b, "t", "The low 52 bits of u·2^kappa: the place within the segment.")
    let active = fetch.active
    var ranges = ColumnRanges()
    ranges.declareWord(x)
    ranges.declareUnsigned(t)
    // Its multiple by 4096 is looked up as well.
    ranges.declare(t.limbs[3], 0...15)
    ranges.declareBits(fetch.selectors.values)
    scale.declare(in: &ranges)
    segment.declare(in: &ranges)

    // u·2^kappa = segment·2^52 + t with u = ±x − a·2^48: below 2^125, so exact modulo p and 2^64.
    // A segment is a number of a coefficient table, hence not negative.
    let sign = 1 - 2 * scale.negated
    let u = (0..<4).map { sign * x.limbs[$0] - ($0 == 3 ? scale.a : 0) }
    b.assertEqual(
      (sign * x.value - powerOfTwo(48) * scale.a) * scale.power.value,
      powerOfTwo(52) * segment.segment + t.value, "the reduction modulo p")
    let reduced = convolution(u, scale.power.limbs, count: 4)
    reduction = CarryChain(
      b, "reduction",
      positions: (0..<4).map { j in
        reduced[j] - t.limbs[j] - (j == 3 ? 16 * segment.segment : 0)
      }, in: ranges, when: active, "the reduction modulo 2^64")

    // Horner, with the offset counted from one end of the segment.
    let full = [t.limbs[0], t.limbs[1], t.limbs[2], t.limbs[3] - 16 * scale.end]
    let truncated = Array(full[1...])
    let step3 = HornerStep(
      b, "acc3", of: segment.c4, times: truncated, plus: segment.c[3], limbs: 3, in: &ranges,
      when: active)
    let step2 = HornerStep(
      b, "acc2", of: step3.accumulator.limbs, times: truncated, plus: segment.c[2], limbs: 3,
      in: &ranges, when: active)
    let step1 = HornerStep(
      b, "acc1", of: step2.accumulator.limbs, times: full, plus: segment.c[1], limbs: 4,
      in: &ranges, when: active)
    let step0 = HornerStep(
      b, "acc0", of: step1.accumulator.limbs, times: full, plus: segment.c[0] + scale.h, limbs: 4,
      in: &ranges, when: active)
    steps = [step3, step2, step1, step0]
    scaling = ScalingStep(
      b, of: step0.accumulator, times: scale.g,
      equals: result.value * (1 - 2 * scale.negated * (fetch[.cdf] + fetch[.icdf]))
        + powerOfTwo(48) * (scale.negated * fetch[.cdf]), in: &ranges, when: active)

    fetch.receive(
      b,
      slots: [
        operand.fields, Fetch.unusedSlot, Fetch.unusedSlot, destination.fields(when: active),
      ])
    fetch.sendNext(b)
    b.receive(Buses.value, times: active, [operand.address] + x.limbs, "read the argument")
    destination.send(b, framePointer: fetch.framePointer, limbs: result.limbs)
    result.assertWord(b, when: active, "the result is a word")
    let number = sum(
      fetch.opcodes.map { .constant(Goldilocks($0.function!.rawValue)) * fetch[$0] })
    b.receive(Buses.scales, times: active, [number] + scale.all, "range reduction")
    b.receive(Buses.coefficients, times: active, [scale.table] + segment.all, "coefficients")
    t.assertUnsigned(b, when: active, "the offset")
    b.receive(
      Buses.range, times: active, [4096 * t.limbs[3]], "the offset's highest limb has 4 bits")
    self.x = x
    self.scale = scale
    self.segment = segment
    self.t = t
    table = b.build()
  }

  public func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    guard let function = instruction.opcode.function,
      let evaluation = try? FunctionEvaluation(function, step.words[0])
    else { preconditionFailure("the execution contains a function call that traps") }
    fetch.fill(row, step, instruction.opcode)
    operand.fill(row, instruction.slots[0], step)
    x.fill(row, Int128(step.words[0]))
    destination.fill(row, instruction.slots[3], step, counts)
    result.fill(row, Int128(step.words[3]))
    let scaleRow = FunctionTables.scales[evaluation.scaleIndex]
    let coefficients = FunctionTables.coefficients[evaluation.coefficientIndex]
    counts.scales[evaluation.scaleIndex] += 1
    counts.coefficients[evaluation.coefficientIndex] += 1
    scale.fill(row, scaleRow)
    segment.fill(row, coefficients)
    t.fill(row, Int128(evaluation.t))

    let sign: Int128 = scaleRow.isNegated ? -1 : 1
    var u = Limbs.split(Int128(step.words[0]), count: 4).map { sign * $0 }
    u[3] -= Int128(scaleRow.a)
    let tLimbs = Limbs.split(Int128(evaluation.t), count: 4)
    let reduced = convolution(
      u, Limbs.split(Int128(1) << scaleRow.kappa, count: 4), count: 4)
    reduction.fill(
      row,
      positions: (0..<4).map { j in
        reduced[j] - tLimbs[j] - (j == 3 ? 16 * Int128(coefficients.segment) : 0)
      })

    let full = [tLimbs[0], tLimbs[1], tLimbs[2], tLimbs[3] - 16 * Int128(scaleRow.end)]
    var factor = Limbs.split(Int128(evaluation.accumulators[0]), count: 2)
    for (index, step) in steps.enumerated() {
      let accumulator = Int128(evaluation.accumulators[index + 1])
      step.fill(
        row, of: factor, times: index < 2 ? Array(full[1...]) : full, accumulator: accumulator,
        remainder: Int128(evaluation.remainders[index]))
      factor = Limbs.split(accumulator, count: step.accumulator.limbs.count)
    }
    scaling.fill(
      row, of: factor, times: scaleRow.g.map { Int128($0) },
      remainder: Int128(evaluation.finalRemainder))
  }

  public func fillPadding(_ row: RowWriter) {
    reduction.fillPadding(row)
    for step in steps { step.fillPadding(row) }
    scaling.fillPadding(row)
  }

  /// The reference semantics.
  static func evaluate(
    _ instruction: Instruction, _ words: SIMD8<Int64>
  ) throws(ArithmeticTrap) -> Int64 {
    guard let function = instruction.opcode.function else {
      preconditionFailure("\(instruction.opcode) is no function")
    }
    return try FunctionEvaluation(function, words[0]).result
  }
}

/// The columns of a row of the Scales table.
private struct ScaleColumns {
  let table: Expression
  let negated: Expression
  let end: Expression
  let a: Expression
  let power: Limbs
  let h: Expression
  let g: Limbs

  init(_ b: TableBuilder) {
    table = b.column("coefficient_table", "The coefficient table of this case.")
    negated = b.column("negated", "1 if −x takes the place of x.")
    end = b.column("end", "The end of the segment that the offset counts from, 0 or 1.")
    a = b.column("a", "What the reduction subtracts from the argument, in units of 2^48.")
    power = Limbs(b, "power", "2^kappa.")
    h = b.column("h", "What is added to the polynomial.")
    g = Limbs(b, "g", count: 6, "The factor of the result, in units of 2^-80.")
  }

  var all: [Expression] { [table, negated, end, a] + power.limbs + [h] + g.limbs }

  func declare(in ranges: inout ColumnRanges) {
    ranges.declareBits([negated, end])
    ranges.declare(a, of: FunctionTables.scales.map { Int128($0.a) })
    ranges.declareUnsigned(power)
    ranges.declareUnsigned(g)
  }

  func fill(_ row: RowWriter, _ values: ScaleRow) {
    row.set(table, values.table)
    row.set(negated, values.isNegated)
    row.set(end, values.end)
    row.set(a, values.a)
    power.fill(row, 1 << values.kappa)
    row.set(h, values.h)
    for (limb, value) in zip(g.limbs, values.g) { row.set(limb, value) }
  }
}

/// The columns of a row of the Coefficients table.
private struct SegmentColumns {
  let segment: Expression
  /// c0 … c3.
  let c: [Expression]
  /// c4 in two limbs, the higher one signed.
  let c4: [Expression]

  init(_ b: TableBuilder) {
    segment = b.column("segment", "The polynomial's number in its table.")
    c = b.columns("c", count: 4, "A coefficient.")
    c4 = b.columns("c4_", count: 2, "A limb of the highest coefficient.")
  }

  var all: [Expression] { [segment] + c + c4 }

  func declare(in ranges: inout ColumnRanges) {
    let rows = FunctionTables.coefficients
    ranges.declare(segment, of: rows.map { Int128($0.segment) })
    ranges.declare(c4[0], 0...0xFFFF)
    ranges.declare(c4[1], of: rows.map { Int128($0.c4 >> 16) })
  }

  func fill(_ row: RowWriter, _ values: CoefficientRow) {
    row.set(segment, values.segment)
    for (column, value) in zip(c, [values.c0, values.c1, values.c2, values.c3]) {
      row.set(column, value)
    }
    row.set(c4[0], values.c4 & 0xFFFF)
    row.set(c4[1], values.c4 >> 16)
  }
}

/// acc = c + round(factor·offset·2^12 / 2^k), k = 16 times the number of the offset's limbs.
private struct HornerStep {
  let accumulator: Limbs
  private let remainder: Limbs
  private let chain: CarryChain

  init(
    _ b: TableBuilder, _ name: String, of factor: [Expression], times offset: [Expression],
    plus constant: Expression, limbs: Int, in ranges: inout ColumnRanges,
    when active: Expression
  ) {
    let count = offset.count
    accumulator = Limbs(b, name, count: limbs, "Horner's accumulator \(name).")
    remainder = Limbs(b, "\(name)_rest", count: count, "The rounding remainder of \(name).")
    let factorValue = weightedSum(factor, base: Goldilocks(1 << 16))
    let offsetValue = weightedSum(offset, base: Goldilocks(1 << 16))
    b.assertEqual(
      powerOfTwo(16 * count) * (accumulator.value - constant),
      4096 * (factorValue * offsetValue) + powerOfTwo(16 * count - 1) * active - remainder.value,
      "\(name) modulo p")
    let product = convolution(factor, offset, count: count)
    let rest = remainder.limbs
    ranges.declareWord(accumulator)
    ranges.declareUnsigned(remainder)
    chain = CarryChain(
      b, name,
      positions: (0..<count).map { j in
        4096 * product[j] - rest[j] + (j == count - 1 ? 32768 * active : 0)
      }, in: ranges, when: active, "\(name) modulo 2^\(16 * count)")
    accumulator.assertWord(b, when: active, name)
    remainder.assertUnsigned(b, when: active, "the remainder of \(name)")
  }

  func fill(
    _ row: RowWriter, of factor: [Int128], times offset: [Int128], accumulator value: Int128,
    remainder rest: Int128
  ) {
    let count = offset.count
    accumulator.fill(row, value)
    remainder.fill(row, rest)
    let product = convolution(factor, offset, count: count)
    let restLimbs = Limbs.split(rest, count: count)
    chain.fill(
      row,
      positions: (0..<count).map { j in
        4096 * product[j] - restLimbs[j] + (j == count - 1 ? 32768 : 0)
      })
  }

  func fillPadding(_ row: RowWriter) { chain.fillPadding(row) }
}

/// value = round(acc·G / 2^80).
private struct ScalingStep {
  private let remainder: Limbs
  private let chain: CarryChain
  private static let limbs = 5

  init(
    _ b: TableBuilder, of accumulator: Limbs, times g: Limbs, equals value: Expression,
    in ranges: inout ColumnRanges, when active: Expression
  ) {
    let count = ScalingStep.limbs
    remainder = Limbs(b, "result_rest", count: count, "The rounding remainder of the result.")
    b.assertEqual(
      powerOfTwo(16 * count) * value,
      accumulator.value * g.value + powerOfTwo(16 * count - 1) * active - remainder.value,
      "the result modulo p")
    let product = convolution(accumulator.limbs, g.limbs, count: count)
    let rest = remainder.limbs
    ranges.declareUnsigned(remainder)
    chain = CarryChain(
      b, "result",
      positions: (0..<count).map { j in
        product[j] - rest[j] + (j == count - 1 ? 32768 * active : 0)
      }, in: ranges, when: active, "the result modulo 2^80")
    remainder.assertUnsigned(b, when: active, "the remainder of the result")
  }

  func fill(
    _ row: RowWriter, of accumulator: [Int128], times g: [Int128], remainder rest: Int128
  ) {
    let count = ScalingStep.limbs
    remainder.fill(row, rest)
    let product = convolution(accumulator, g, count: count)
    let restLimbs = Limbs.split(rest, count: count)
    chain.fill(
      row,
      positions: (0..<count).map { j in
        product[j] - restLimbs[j] + (j == count - 1 ? 32768 : 0)
      })
  }

  func fillPadding(_ row: RowWriter) { chain.fillPadding(row) }
}
