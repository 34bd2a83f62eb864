import ZKVMAIR
import ZKVMAlgebraicHash
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let hash = TableKind(number: 10, name: "hash")
}

/// Poseidon2: the hash of words, the compression of two digests, a Merkle step, equality of
/// digests, and words from a digest. A row holds one permutation; rows without one hold that of
/// zeros (claims H1 to H7 of `Spec/units/hash.md`).
public struct HashUnit: MachineTable {
  public static let kind = TableKind.hash
  public static let unit: UnitKind? = .hash
  public let table: Table
  package let fetch: Fetch
  package let operands: [Operand]
  package let extra: Expression
  package let destination: Destination
  /// The five operands: a digest or a word each.
  package let inputs: [Limbs]
  package let state: [Expression]
  package let permutation: PermutationColumns
  package let result: Limbs
  package let squeezing: SqueezeColumns

  /// The slots of ``operands``.
  package static let slots = Opcode.hashNext.reads

  public init(blindRows _: Int) {
    let t = TableBuilder("Hash")
    let fetch = Fetch(t, .hash)
    self.fetch = fetch
    let names = ["a", "b", "c", "d", "e"]
    operands = names.map { Operand(t, $0, framePointer: fetch.framePointer) }
    extra = t.column("extra", "The number of hashed words, or which element is squeezed.")
    inputs = names.map {
      Limbs(t, $0, "The digest or word \($0); squeeze keeps other numbers in c, d and e.")
    }
    squeezing = SqueezeColumns(inputs[2], inputs[3], inputs[4])
    state = t.columns("state", count: Poseidon2.width, "What is permuted.")
    permutation = PermutationColumns(t, input: state)
    result = Limbs(t, "result", "The published digest or word.")
    let publishes = fetch.any { $0.writes != nil }
    destination = Destination(t, when: publishes)

    HashUnit.constrain(
      t, fetch, inputs, extra: extra, state: state, permuted: permutation.output, result: result)
    squeezing.assert(t, when: fetch[.squeeze], of: inputs[0], element: extra, is: result)

    let slots = operands.map(\.fields)
    fetch.receive(
      t,
      slots: [
        slots[0], slots[1], slots[2], destination.fields(when: publishes), slots[3], slots[4],
      ], extra: extra)
    fetch.sendNext(t)
    for (index, slot) in HashUnit.slots.enumerated() {
      t.receive(
        Buses.value, times: fetch.any { $0.reads.contains(slot) },
        [operands[index].address] + inputs[index].limbs, "read \(names[index])")
    }
    destination.send(t, framePointer: fetch.framePointer, limbs: result.limbs)
    squeezing.limbs.assertUnsigned(t, when: fetch[.squeeze], "the squeezed element")
    table = t.build()
  }

  /// What each opcode permutes, and what it publishes of that: claims H2 to H6.
  private static func constrain(
    _ t: TableBuilder, _ fetch: Fetch, _ inputs: [Limbs], extra: Expression, state: [Expression],
    permuted: [Expression], result: Limbs
  ) {
    let (a, b, c) = (inputs[0], inputs[1], inputs[2])
    let hashesWords = fetch[.hashStart] + fetch[.hashNext]
    let hashes = hashesWords + fetch[.merkle]
    let swap = c.limbs[0]
    t.assertZero(fetch[.merkle] * swap * (swap - 1), "swap is 0 or 1")
    t.assertZero(fetch[.merkle] * (c.value - swap), "swap has no other limbs")
    for i in 0..<Digest.count {
      t.assertZero(
        fetch[.hashStart] * (state[i] - (i == 0 ? extra : 0)),
        "hash_start: element \(i) of the state is the number of words, then zeros")
      t.assertZero(
        fetch[.hashNext] * (state[i] - a.limbs[i]), "hash_next: element \(i) is the state's")
      t.assertZero(
        hashesWords * (state[4 + i] - inputs[1 + i].value), "element \(4 + i) is a word")
      let difference = b.limbs[i] - a.limbs[i]
      t.assertZero(
        fetch[.merkle] * (state[i] - a.limbs[i] - swap * difference),
        "merkle: element \(i) is a's, or b's if swapped")
      t.assertZero(
        fetch[.merkle] * (state[4 + i] - b.limbs[i] + swap * difference),
        "merkle: element \(4 + i) is b's, or a's if swapped")
      t.assertZero(
        hashes * (result.limbs[i] - permuted[i] - state[i]),
        "element \(i) of the result is the permutation's plus the state's")
      t.assertZero(
        fetch[.assertSame] * (a.limbs[i] - b.limbs[i]), "assert_same: element \(i) is the same")
    }
  }
}
