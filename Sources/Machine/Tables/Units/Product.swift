import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let product = TableKind(number: 2, name: "product")
}

/// `mul` (with addend), `div` and `sqrt` in three roundings, on one ``RoundedIdentity``:
///
///     ν·((Z − W)·2^s − X·Y) = E        ν = 2 for div to nearest, else 1
///
/// It holds over the integers by claim P3 of `Spec/units/product.md`. An opcode is a row: the error
/// E that its rounding leaves, written with a number U that is not negative, and the length of the
/// interval that E lies in. E is in it because either U < 2^s (mul, claim P4) or U + U′ = the
/// length with U′ not negative (claims P5 to P7). That the result is rounded as it says is P8 to
/// P10.
///
/// | opcode | E | U + U′ |
/// |---|---|---|
/// | mul | 2^(s−1) − U | |
/// | mul.floor | −U | |
/// | mul.ceil | U | |
/// | div | ±U − Y | 2·\|Y\| − 1 |
/// | div.floor | ±U | \|Y\| − 1 |
/// | div.ceil | ∓U | \|Y\| − 1 |
/// | sqrt | U − X + 1 − [X = 0] | 2·X − 1 + [X = 0] |
/// | sqrt.floor | U | 2·X |
/// | sqrt.ceil | −U | 2·X − 2 + 2·[X = 0] |
///
/// with ± the sign of Y. U and U′, whose columns are `u` and `g`, come from ``Arithmetic``.
public struct ProductUnit: MachineTable {
  public static let kind = TableKind.product
  public static let unit: UnitKind? = .product
  public let table: Table
  package let columns: ProductColumns
  package let identity: RoundedIdentity
  /// The sign with which U enters E.
  package let signOfU: Expression

  public init(blindRows _: Int) {
    let b = TableBuilder("Product")
    let c = ProductColumns(b)
    columns = c
    ProductUnit.declareShapes(b, c)
    signOfU = ProductUnit.signOfU(c)
    b.assertEqual(c.uSign, signOfU, "u_sign by rounding")
    let (division, root) = ProductUnit.lengths(c)
    b.assertZero(
      c.inverts * (c.u.value + c.g.value) - division - root, "the remainder's interval")
    var ranges = ColumnRanges()
    for word in [c.x, c.y, c.w, c.z] { ranges.declareWord(word) }
    ranges.declareUnsigned(c.u)
    ranges.declareBits(c.shifts + [c.zero] + c.fetch.selectors.values)
    ranges.declare(c.uSign, -1...1)
    identity = RoundedIdentity(
      b, x: c.x, y: c.y, w: c.w, z: c.z, shifts: c.shifts, kappa: 1 + c.fetch[.divNearest],
      error: ProductUnit.error(c), in: ranges, when: c.fetch.active)
    ProductUnit.exchange(b, c)
    table = b.build()
  }

  // MARK: What an opcode says

  /// U's sign in E.
  private static func signOfU(_ c: ProductColumns) -> Expression {
    func signed(_ rows: [(Opcode, Int)], after start: Expression = 0) -> Expression {
      rows.reduce(start) { $1.1 > 0 ? $0 + c.fetch[$1.0] : $0 - c.fetch[$1.0] }
    }
    let multiplication = signed([(.mulCeil, 1), (.mulNearest, -1), (.mulFloor, -1)])
    let division = signed([(.divNearest, 1), (.divFloor, 1), (.divCeil, -1)])
    return signed(
      [(.sqrtNearest, 1), (.sqrtFloor, 1), (.sqrtCeil, -1)],
      after: multiplication + c.sign * division)
  }

  /// E: U with its sign, and for a rounding to nearest the end of the interval that U counts from.
  private static func error(_ c: ProductColumns) -> RoundedIdentity.Number {
    let halves = (0..<4).map { powerOfTwo(15) * c.shifts[$0 + 1] }
    let half = RoundedIdentity.Number(
      value: weightedSum(halves, base: Goldilocks(1 << 16)), parts: halves)
    let root = RoundedIdentity.Number(
      value: 1 - c.x.value - c.zero,
      parts: c.x.limbs.enumerated().map { ($0 == 0 ? 1 - c.zero : 0) - $1 })
    func error(_ part: (RoundedIdentity.Number) -> Expression) -> Expression {
      c.uSign * part(RoundedIdentity.Number(c.u)) + c.fetch[.mulNearest] * part(half)
        - c.fetch[.divNearest] * part(RoundedIdentity.Number(c.y))
        + c.fetch[.sqrtNearest] * part(root)
    }
    return RoundedIdentity.Number(
      value: error(\.value), parts: (0..<4).map { limb in error { $0.parts[limb] } })
  }

  /// The length of E's interval, for div and for sqrt.
  private static func lengths(_ c: ProductColumns) -> (division: Expression, root: Expression) {
    func length(_ rows: [([Opcode], Expression)]) -> Expression {
      sum(rows.map { opcodes, length in sum(opcodes.map { c.fetch[$0] }) * length })
    }
    let magnitude = c.sign * c.y.value
    return (
      length([([.divFloor, .divCeil], magnitude - 1), ([.divNearest], 2 * magnitude - 1)]),
      length([
        ([.sqrtNearest], 2 * c.x.value - 1 + c.zero), ([.sqrtFloor], 2 * c.x.value),
        ([.sqrtCeil], 2 * c.x.value - 2 + 2 * c.zero),
      ])
    )
  }

  // MARK: What all share

  /// One shift (claim P2), the divisor's sign (P5), the root's being 0 (P7), and what mul, div and
  /// sqrt leave unused.
  private static func declareShapes(_ b: TableBuilder, _ c: ProductColumns) {
    for (index, shift) in c.shifts.enumerated() { b.assertBoolean(shift, "shift\(index)") }
    b.assertEqual(sum(c.shifts), c.fetch.active, "an active row has one shift")
    b.assertBoolean(c.negative, "negative")
    b.assertBoolean(c.zero, "zero")
    b.assertZero(
      c.isDiv * (c.signTop - c.sign * c.y.limbs[3] + c.negative),
      "sign_top is |Y|'s top limb, less the sign")
    b.assertZero(c.isSqrt * (c.signTop - c.x.limbs[3]), "sign_top is the root's top limb")
    b.assertZero(c.zero * c.x.value, "zero only if the root is 0")
    for limb in 0..<4 {
      b.assertZero(
        (c.fetch.active - c.isMul) * c.w.limbs[limb], "div and sqrt add nothing, limb \(limb)")
      b.assertZero(
        c.isSqrt * (c.y.limbs[limb] - c.x.limbs[limb]), "sqrt has Y = X, limb \(limb)")
      b.assertZero(
        c.isMul * sum(c.shifts[0...limb]) * c.u.limbs[limb], "mul has U < 2^s, limb \(limb)")
    }
  }

  /// X is published by div and sqrt, Z by mul; the other is read (claim P11).
  private static func exchange(_ b: TableBuilder, _ c: ProductColumns) {
    let active = c.fetch.active
    b.assertZero(c.isMul * (c.xReads + 1), "mul reads X once")
    b.assertZero(c.inverts * (c.zReads + 1), "div and sqrt read Z once")
    b.assertZero((1 - active) * c.xReads, "an inactive row publishes no X")
    b.assertZero((1 - active) * c.zReads, "an inactive row publishes no Z")

    let scale = sum((1..<5).map { .constant(Goldilocks($0)) * c.shifts[$0] })
    c.fetch.receive(b, slots: c.operands.map(\.fields), extra: scale)
    c.fetch.sendNext(b)
    b.send(Buses.value, times: c.xReads, [c.xOperand.address] + c.x.limbs, "X")
    b.send(Buses.value, times: c.zReads, [c.zOperand.address] + c.z.limbs, "Z")
    b.receive(Buses.value, times: c.isMul + c.isDiv, [c.yOperand.address] + c.y.limbs, "read Y")
    b.receive(Buses.value, times: c.isMul, [c.wOperand.address] + c.w.limbs, "read W")
    c.x.assertWord(b, when: active, "X is a word")
    c.z.assertWord(b, when: active, "Z is a word")
    for limb in 0..<4 {
      let isTop = limb == 3
      b.receive(
        Buses.range, times: isTop ? c.isMul : active, [c.u.limbs[limb]],
        "U is not negative, limb \(limb)")
    }
    b.receive(
      Buses.top, times: c.inverts, [c.u.limbs[3] - 16383], "U is not negative, 15-bit top limb")
    c.g.assertBound(b, when: c.inverts, "G is not negative")
    b.receive(Buses.range, times: c.inverts, [c.signTop], "the divisor or root has its sign")
  }
}

/// The columns of the Product unit, but for those of its identity's carries.
package struct ProductColumns: Sendable {
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

  init(_ b: TableBuilder) {
    fetch = Fetch(b, .product)
    xOperand = Operand(b, "x", framePointer: fetch.framePointer)
    yOperand = Operand(b, "y", framePointer: fetch.framePointer)
    wOperand = Operand(b, "w", framePointer: fetch.framePointer)
    zOperand = Operand(b, "z", framePointer: fetch.framePointer)
    x = Limbs(b, "x", "The factor X; the result of div and sqrt.")
    y = Limbs(b, "y", "The factor or divisor Y; X again for sqrt.")
    w = Limbs(b, "w", "The addend W of mul, else 0.")
    z = Limbs(b, "z", "The result of mul; the dividend or radicand.")
    u = Limbs(b, "u", "The remainder, counted from one end of its interval.")
    g = Limbs(b, "g", "The rest of the interval, for div and sqrt.")
    shifts = b.columns("shift", count: 5, "1 if s is 16 times the column's number.")
    negative = b.column("negative", "1 if the divisor is negative.")
    signTop = b.column("sign_top", "Top limb of |Y| (less 1 if negative) or of the root.")
    zero = b.column("zero", "1 if sqrt's radicand is 0.")
    uSign = b.column("u_sign", "The sign with which U enters E.")
    xReads = b.column("x_reads", "How often X is published, or −1 where it is read.")
    zReads = b.column("z_reads", "How often Z is published, or −1 where it is read.")
  }

  /// In the order of the slots.
  package var operands: [Operand] { [xOperand, yOperand, wOperand, zOperand] }

  var isMul: Expression { fetch.any(\.isMultiplication) }
  var isDiv: Expression { fetch.any(\.isDivision) }
  var isSqrt: Expression { fetch.any(\.isSquareRoot) }
  var inverts: Expression { isDiv + isSqrt }
  /// The sign of the divisor.
  var sign: Expression { 1 - 2 * negative }
}
