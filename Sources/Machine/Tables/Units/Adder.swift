import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let adder = TableKind(number: 1, name: "adder")
}

/// Sums, differences, comparisons and assertions.
///
/// A comparison of a and b shows a bit and a distance in 0 … 32767·2^48 − 1 with
/// (1 − 2·bit)(a − b) − bit = distance, hence bit = [a < b]: |a − b| < 32767·2^48, and a wrong bit
/// makes the distance congruent to a number of −32767·2^48 … −1, whose residues p − 32767·2^48 and
/// above exceed every allowed distance (claim A3 of `Spec/units/adder.md`). Equalities are claim
/// A4 there, results A1, A2 and A6, `select` A5, assertions A7.
public struct AdderUnit: MachineTable {
  public static let kind = TableKind.adder
  public static let unit: UnitKind? = .adder
  public let table: Table
  package let fetch: Fetch
  package let a: Operand
  package let b: Operand
  package let condition: Operand
  package let aWord: Limbs
  package let bWord: Limbs
  package let result: Limbs
  package let distance: Limbs
  package let bit: Expression
  package let inverse: Expression
  package let destination: Destination

  package static func compares(_ opcode: Opcode) -> Bool {
    [.lt, .ge, .min, .max, .pos, .abs, .assertLt, .assertGe].contains(opcode)
  }

  package static func testsEquality(_ opcode: Opcode) -> Bool {
    [.eq, .ne, .assertEq, .assertNe].contains(opcode)
  }

  public init(blindRows _: Int) {
    let t = TableBuilder("Adder")
    let fetch = Fetch(t, .adder)
    self.fetch = fetch
    a = Operand(t, "a", framePointer: fetch.framePointer)
    b = Operand(t, "b", framePointer: fetch.framePointer)
    condition = Operand(t, "condition", framePointer: fetch.framePointer)
    aWord = Limbs(t, "a", "The word a.")
    bWord = Limbs(t, "b", "The word b.")
    let result = Limbs(t, "result", "The published word.")
    self.result = result
    distance = Limbs(t, "distance", "|a − b| less the bit: shows which of a and b is less.")
    bit = t.column("bit", "[a < b] of a comparison, [a = b] of an equality, a select's condition.")
    inverse = t.column("inverse", "1 / (a − b) if they differ, for equality.")
    let publishes = fetch.any { $0.writes != nil }
    destination = Destination(t, when: publishes)

    let compares = fetch.any(AdderUnit.compares)
    let equality = fetch.any(AdderUnit.testsEquality)
    let difference = aWord.value - bWord.value
    t.assertBoolean(bit, "bit")
    t.assertZero(
      compares * ((1 - 2 * bit) * difference - bit - distance.value), "the bit is [a < b]")
    t.assertZero(equality * (difference * inverse - 1 + bit), "the bit is 1 unless a ≠ b")
    t.assertZero(equality * bit * difference, "the bit is 0 unless a = b")

    func define(_ opcode: Opcode, _ value: Expression, _ label: String) {
      t.assertZero(fetch[opcode] * (result.value - value), "\(opcode.mnemonic) is \(label)")
    }
    define(.add, aWord.value + bWord.value, "a + b")
    define(.sub, difference, "a − b")
    define(.lt, bit, "[a < b]")
    define(.ge, 1 - bit, "1 − [a < b]")
    define(.min, bWord.value + bit * difference, "a if a < b, else b")
    define(.max, aWord.value - bit * difference, "b if a < b, else a")
    define(.pos, (1 - bit) * difference, "a − b unless a < b")
    define(.abs, (1 - 2 * bit) * difference, "|a − b|")
    define(.eq, bit, "[a = b]")
    define(.ne, 1 - bit, "1 − [a = b]")
    define(.select, bWord.value + bit * difference, "a if the condition is 1, else b")
    t.assertZero(fetch[.assertLt] * (1 - bit), "assert_lt holds")
    t.assertZero(fetch[.assertGe] * bit, "assert_ge holds")
    t.assertZero(fetch[.assertEq] * (1 - bit), "assert_eq holds")
    t.assertZero(fetch[.assertNe] * bit, "assert_ne holds")

    fetch.receive(
      t, slots: [a.fields, b.fields, condition.fields, destination.fields(when: publishes)])
    fetch.sendNext(t)
    t.receive(Buses.value, times: fetch.active, [a.address] + aWord.limbs, "read a")
    t.receive(Buses.value, times: fetch.active, [b.address] + bWord.limbs, "read b")
    t.receive(
      Buses.value, times: fetch[.select], [condition.address, bit, 0, 0, 0], "read the condition")
    destination.send(t, framePointer: fetch.framePointer, limbs: result.limbs)
    result.assertWord(t, when: publishes, "the result is a word")
    distance.assertBound(t, when: compares, "the distance is not negative")
    table = t.build()
  }
}
