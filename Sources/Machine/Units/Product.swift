import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

/// `mul` (with addend), `div` and `sqrt` in three roundings, on one identity over the integers:
///
///     κ·((Z − W)·2^s − X·Y) = E        κ = 2 for div to nearest, else 1
///
/// It is checked modulo p and modulo 2^64. Both sides together stay below 2^64·p in magnitude
/// (|Z·2^s| ≤ 2^126, |X·Y| ≤ 2^124, |W·2^s| ≤ 2^126, doubled only where W = 0), so it holds over the
/// integers. E lies in the interval of the rounding because it is written with a number U and
/// either U < 2^s (mul) or U + G = the interval's length with U and G not negative.
public struct ProductUnit: Unit {
  public let kind = UnitKind.product
  public let table: Table
  private let fetch: Fetch
  private let xOperand: Operand
  private let yOperand: Operand
  private let wOperand: Operand
  private let zOperand: Operand
  private let x: Limbs
  private let y: Limbs
  private let w: Limbs
  private let z: Limbs
  private let u: Limbs
  private let g: Limbs
  private let shifts: [Expression]
  private let negative: Expression
  private let signTop: Expression
  private let zero: Expression
  private let uSign: Expression
  private let xReads: Expression
  private let zReads: Expression
  private let chain: CarryChain

  public init() {
    let b = TableBuilder("Product")
    let fetch = Fetch(b, .product)
    self.fetch = fetch
    xOperand = Operand(b, "x", framePointer: fetch.framePointer)
    yOperand = Operand(b, "y", framePointer: fetch.framePointer)
    wOperand = Operand(b, "w", framePointer: fetch.framePointer)
    zOperand = Operand(b, "z", framePointer: fetch.framePointer)
    let x = Limbs(b, "x", "The factor X; the result of div and sqrt.")
    self.x = x
    let y = Limbs(b, "y", "The factor or divisor Y; X again for sqrt.")
    self.y = y
    w = Limbs(b, "w", "The addend W of mul, else 0.")
    z = Limbs(b, "z", "The result of mul; the dividend or radicand.")
    let u = Limbs(b, "u", "The remainder, counted from one end of its interval.")
    self.u = u
    g = Limbs(b, "g", "The rest of the interval, for div and sqrt.")
    let shifts = b.columns("shift", count: 5, "1 if s is 16 times the column's number.")
    self.shifts = shifts
    negative = b.column("negative", "1 if the divisor is negative.")
    signTop = b.column("sign_top", "Top limb of |Y| (less 1 if negative) or of the root.")
    let zero = b.column("zero", "1 if sqrt's radicand is 0.")
    self.zero = zero
    let uSign = b.column("u_sign", "The sign with which U enters E.")
    self.uSign = uSign
    xReads = b.column("x_reads", "How often X is published, or −1 where it is read.")
    zReads = b.column("z_reads", "How often Z is published, or −1 where it is read.")

    let active = fetch.active
    let isMul = fetch.any(\.isMultiplication)
    let isDiv = fetch.any(\.isDivision)
    let isSqrt = fetch.any(\.isSquareRoot)
    let inverts = isDiv + isSqrt
    let sign = 1 - 2 * negative

    for (index, shift) in shifts.enumerated() { b.assertBoolean(shift, "shift\(index)") }
    b.assertEqual(sum(shifts), active, "an active row has one shift")
    b.assertBoolean(negative, "negative")
    b.assertBoolean(zero, "zero")
    b.assertZero(
      isDiv * (signTop - sign * y.limbs[3] + negative), "sign_top is |Y|'s top limb, less the sign")
    b.assertZero(isSqrt * (signTop - x.limbs[3]), "sign_top is the root's top limb")
    b.assertZero(zero * x.value, "zero only if the root is 0")
    for limb in 0..<4 {
      b.assertZero((active - isMul) * w.limbs[limb], "div and sqrt add nothing, limb \(limb)")
      b.assertZero(isSqrt * (y.limbs[limb] - x.limbs[limb]), "sqrt has Y = X, limb \(limb)")
      b.assertZero(
        isMul * sum(shifts[0...limb]) * u.limbs[limb], "mul has U < 2^s, limb \(limb)")
    }
    b.assertEqual(
      uSign,
      fetch[.mulCeil] - fetch[.mulNearest] - fetch[.mulFloor]
        + sign * (fetch[.divNearest] + fetch[.divFloor] - fetch[.divCeil])
        + fetch[.sqrtNearest] + fetch[.sqrtFloor] - fetch[.sqrtCeil], "u_sign by rounding")

    // U + G is the length of E's interval.
    let magnitude = sign * y.value
    let divInterval =
      (fetch[.divFloor] + fetch[.divCeil]) * (magnitude - 1)
      + fetch[.divNearest] * (2 * magnitude - 1)
    let sqrtInterval =
      fetch[.sqrtNearest] * (2 * x.value - 1 + zero) + fetch[.sqrtFloor] * (2 * x.value)
      + fetch[.sqrtCeil] * (2 * x.value - 2 + 2 * zero)
    b.assertZero(
      inverts * (u.value + g.value) - divInterval - sqrtInterval, "the remainder's interval")

    // The identity modulo p.
    let kappa = 1 + fetch[.divNearest]
    let power = weightedSum(shifts, base: Goldilocks(1 << 16))
    let halves = (0..<4).map { powerOfTwo(15) * shifts[$0 + 1] }
    let half = weightedSum(halves, base: Goldilocks(1 << 16))
    let error =
      uSign * u.value + fetch[.mulNearest] * half - fetch[.divNearest] * y.value
      + fetch[.sqrtNearest] * (1 - x.value - zero)
    b.assertEqual(
      kappa * ((z.value - w.value) * power - x.value * y.value), error, "the identity modulo p")

    // The identity modulo 2^64.
    var ranges = ColumnRanges()
    for word in [x, y, w, z] { ranges.declareWord(word) }
    ranges.declareUnsigned(u)
    ranges.declareBits(shifts + [zero] + fetch.selectors.values)
    ranges.declare(uSign, -1...1)
    let shifted = convolution(zip(z.limbs, w.limbs).map { $0 - $1 }, Array(shifts[0..<4]), count: 4)
    let product = convolution(x.limbs, y.limbs, count: 4)
    let positions = (0..<4).map { j in
      let constant: Expression = j == 0 ? 1 - zero : 0
      let jError =
        uSign * u.limbs[j] + fetch[.mulNearest] * halves[j] - fetch[.divNearest] * y.limbs[j]
        + fetch[.sqrtNearest] * (constant - x.limbs[j])
      return kappa * (shifted[j] - product[j]) - jError
    }
    chain = CarryChain(
      b, "identity", positions: positions, in: ranges, when: active, "the identity modulo 2^64")

    // X is published by div and sqrt, Z by mul; the other is read.
    b.assertZero(isMul * (xReads + 1), "mul reads X once")
    b.assertZero(inverts * (zReads + 1), "div and sqrt read Z once")
    b.assertZero((1 - active) * xReads, "an inactive row publishes no X")
    b.assertZero((1 - active) * zReads, "an inactive row publishes no Z")

    let scale = sum((1..<5).map { .constant(Goldilocks($0)) * shifts[$0] })
    fetch.receive(
      b, slots: [xOperand.fields, yOperand.fields, wOperand.fields, zOperand.fields], extra: scale)
    fetch.sendNext(b)
    b.send(Buses.value, times: xReads, [xOperand.address] + x.limbs, "X")
    b.send(Buses.value, times: zReads, [zOperand.address] + z.limbs, "Z")
    b.receive(Buses.value, times: isMul + isDiv, [yOperand.address] + y.limbs, "read Y")
    b.receive(Buses.value, times: isMul, [wOperand.address] + w.limbs, "read W")
    x.assertWord(b, when: active, "X is a word")
    z.assertWord(b, when: active, "Z is a word")
    for limb in 0..<4 {
      let isTop = limb == 3
      b.receive(
        Buses.range, times: isTop ? isMul : active, [u.limbs[limb]],
        "U is not negative, limb \(limb)")
    }
    b.receive(Buses.top, times: inverts, [u.limbs[3] - 16383], "U is not negative, 15-bit top limb")
    g.assertBound(b, when: inverts, "G is not negative")
    b.receive(Buses.range, times: inverts, [signTop], "the divisor or root has its sign")
    table = b.build()
  }

  public func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    let opcode = instruction.opcode
    let shift = 16 * Int(instruction.extra)
    fetch.fill(row, step, opcode)
    for (slot, operand) in [xOperand, yOperand, wOperand, zOperand].enumerated() {
      operand.fill(row, instruction.slots[slot], step)
    }
    let xValue = step.words[0]
    let yValue = opcode.isSquareRoot ? xValue : step.words[1]
    let wValue = opcode.isMultiplication ? step.words[2] : 0
    let zValue = step.words[3]
    x.fill(row, Int128(xValue))
    y.fill(row, Int128(yValue))
    w.fill(row, Int128(wValue))
    z.fill(row, Int128(zValue))
    row.set(shifts[Int(instruction.extra)], true)

    var uValue: Int128
    var uFactor: Int128 = opcode.rounding == .ceil ? -1 : 1
    let power = Int128(1) << shift
    if opcode.isMultiplication {
      let error = ((Int128(zValue) - Int128(wValue)) << shift) - Int128(xValue) * Int128(yValue)
      uFactor = -uFactor
      switch opcode.rounding {
      case .nearest: uValue = power / 2 - error
      case .floor: uValue = -error
      case .ceil: uValue = error
      }
      row.set(xReads, -1)
      row.set(zReads, counts.reads(of: instruction.slots[3], step))
    } else {
      let bounds =
        opcode.isDivision
        ? Arithmetic.divisionBounds(zValue, yValue, xValue, shift: shift, opcode.rounding)
        : Arithmetic.squareRootBounds(zValue, xValue, shift: shift, opcode.rounding)
      uValue = bounds.u
      g.fill(row, bounds.g)
      let isNegative = opcode.isDivision && yValue < 0
      row.set(negative, isNegative)
      if isNegative { uFactor = -uFactor }
      let root = Int64(xValue)
      row.set(
        signTop,
        Int((opcode.isDivision ? yValue : root) >> 48) * (isNegative ? -1 : 1)
          - (isNegative ? 1 : 0))
      row.set(zero, opcode.isSquareRoot && xValue == 0)
      row.set(xReads, counts.reads(of: instruction.slots[0], step))
      row.set(zReads, -1)
    }
    row.set(uSign, Goldilocks(uFactor))
    u.fill(row, uValue)
    fillChain(row, opcode, Int(instruction.extra), xValue, yValue, wValue, zValue, uValue, uFactor)
  }

  private func fillChain(
    _ row: RowWriter, _ opcode: Opcode, _ shift: Int, _ x: Int64, _ y: Int64, _ w: Int64,
    _ z: Int64, _ u: Int128, _ uFactor: Int128
  ) {
    func limbs(_ value: Int64) -> [Int128] { Limbs.split(Int128(value), count: 4) }
    let oneHot = (0..<4).map { Int128($0 == shift ? 1 : 0) }
    let shifted = convolution(zip(limbs(z), limbs(w)).map { $0 - $1 }, oneHot, count: 4)
    let product = convolution(limbs(x), limbs(y), count: 4)
    let kappa: Int128 = opcode == .divNearest ? 2 : 1
    let uLimbs = Limbs.split(u, count: 4)
    let isZeroRoot = opcode.isSquareRoot && x == 0
    chain.fill(
      row,
      positions: (0..<4).map { j in
        var error = uFactor * uLimbs[j]
        switch opcode {
        case .mulNearest: error += j + 1 == shift ? 1 << 15 : 0
        case .divNearest: error -= limbs(y)[j]
        case .sqrtNearest: error += (j == 0 && !isZeroRoot ? 1 : 0) - limbs(x)[j]
        default: break
        }
        return kappa * (shifted[j] - product[j]) - error
      })
  }

  public func fillPadding(_ row: RowWriter) { chain.fillPadding(row) }

  /// The reference semantics.
  static func evaluate(
    _ instruction: Instruction, _ words: SIMD8<Int64>
  ) throws(ArithmeticTrap) -> Int64 {
    let shift = 16 * Int(instruction.extra)
    let opcode = instruction.opcode
    if opcode.isMultiplication {
      return try Arithmetic.multiply(
        words[0], words[1], plus: words[2], shift: shift, opcode.rounding)
    }
    if opcode.isDivision {
      return try Arithmetic.divide(words[3], by: words[1], shift: shift, opcode.rounding)
    }
    return try Arithmetic.squareRoot(words[3], shift: shift, opcode.rounding)
  }
}
