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
  package let fetch: Fetch
  package let operand: Operand
  package let x: Limbs
  package let destination: Destination
  package let result: Limbs
  package let scale: ScaleColumns
  package let segment: SegmentColumns
  package let t: Limbs
  package let reduction: CarryChain
  package let steps: [HornerStep]
  package let scaling: ScalingStep

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
}
