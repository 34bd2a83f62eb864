import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let function = TableKind(number: 3, name: "function")
}

/// `exp`, `ln`, `cdf`, `pdf`, `icdf` and `erfcx`: a range reduction, a polynomial of degree 4 by
/// Horner's rule and a final scaling (`Spec/Functions.md`; the arithmetic is
/// ``FunctionEvaluation``).
///
/// Every rounding step Q·2^r = product + 2^(r−1) − e is checked modulo 2^r, which fixes e in
/// 0 ..< 2^r, and modulo p, which then fixes Q modulo p: 2^r is invertible. As the tables keep
/// every true Q below p/2 in magnitude, the committed Q is the true one (claims F6 to F8 of
/// `Spec/units/function.md`; the reduction is F2 to F5, the result's limbs F1).
public struct FunctionUnit: MachineTable {
  public static let kind = TableKind.function
  public static let unit: UnitKind? = .function
  public let table: Table
  package let fetch: Fetch
  package let operand: Operand
  package let x: Limbs
  package let destination: Destination
  package let result: Limbs
  package let scale: ScaleColumns
  package let segment: SegmentColumns
  package let t: Limbs
  package let reduction: RangeReduction
  package let steps: [HornerStep]
  package let scaling: ScalingStep

  public init(blindRows _: Int) {
    let b = TableBuilder("Function")
    let fetch = Fetch(b, .function)
    let active = fetch.active
    self.fetch = fetch
    operand = Operand(b, "x", framePointer: fetch.framePointer)
    x = Limbs(b, "x", "The argument.")
    destination = Destination(b, when: active)
    result = Limbs(b, "result", "The published word.")
    scale = ScaleColumns(b)
    segment = SegmentColumns(b)
    t = Limbs(b, "t", "The low 52 bits of u·2^kappa: the place within the segment.")
    var ranges = ColumnRanges()
    ranges.declareWord(x)
    ranges.declareUnsigned(t)
    // Its multiple by 4096 is looked up as well.
    ranges.declare(t.limbs[3], 0...15)
    ranges.declareBits(fetch.selectors.values)
    scale.declare(in: &ranges)
    segment.declare(in: &ranges)

    reduction = RangeReduction(
      b, of: x, by: scale, segment: segment.segment, offset: t, in: ranges, when: active)
    steps = FunctionUnit.horner(b, scale, segment, offset: t, in: &ranges, when: active)
    let isReflected = fetch[.cdf] + fetch[.icdf]
    scaling = ScalingStep(
      b, of: steps.last!.accumulator, times: scale.g,
      equals: result.value * (1 - 2 * scale.negated * isReflected)
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
    table = b.build()
  }

  /// The polynomial at the offset, counted from one end of the segment; the last accumulator is its
  /// value plus h.
  private static func horner(
    _ b: TableBuilder, _ scale: ScaleColumns, _ segment: SegmentColumns, offset t: Limbs,
    in ranges: inout ColumnRanges, when active: Expression
  ) -> [HornerStep] {
    let full = [t.limbs[0], t.limbs[1], t.limbs[2], t.limbs[3] - 16 * scale.end]
    let truncated = Array(full[1...])
    var steps: [HornerStep] = []
    var factor = segment.c4
    for (power, offset, limbs) in [
      (3, truncated, 3), (2, truncated, 3), (1, full, 4), (0, full, 4),
    ] {
      let step = HornerStep(
        b, "acc\(power)", of: factor, times: offset,
        plus: power == 0 ? segment.c[0] + scale.h : segment.c[power], limbs: limbs, in: &ranges,
        when: active)
      steps.append(step)
      factor = step.accumulator.limbs
    }
    return steps
  }
}
