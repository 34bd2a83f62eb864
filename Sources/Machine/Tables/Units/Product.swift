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
  package let fetch: Fetch
  package let xOperand: Operand
  package let yOperand: Operand
  package let wOperand: Operand
  package let zOperand: Operand
  package let x: Limbs
  package let y: Limbs
  package let w: Limbs
  package let z: Limbs
  package let u: Limbs
  package let g: Limbs
  package let shifts: [Expression]
  package let negative: Expression
  package let signTop: Expression
  package let zero: Expression
  package let uSign: Expression
  package let xReads: Expression
  package let zReads: Expression
  package let chain: CarryChain

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
}
