import ZKVMAIR
import ZKVMFixedPoint

extension TableKind {
  public static let port = TableKind(number: 4, name: "port")
}

/// `secret` publishes a private word, `secret_digest` a private digest; `reveal` puts either on the
/// output bus, `move` copies either (claims IO1 to IO3 of `Spec/units/port.md`).
public struct PortUnit: MachineTable {
  public static let kind = TableKind.port
  public static let unit: UnitKind? = .port
  public let table: Table
  package let fetch: Fetch
  package let operand: Operand
  package let word: Limbs
  package let destination: Destination
  package let index: Expression

  public init(blindRows _: Int) {
    let b = TableBuilder("Port")
    fetch = Fetch(b, .port)
    operand = Operand(b, "operand", framePointer: fetch.framePointer)
    word = Limbs(b, "word", "The word or digest that passes.")
    let publishes = fetch[.secret] + fetch[.secretDigest] + fetch[.move]
    destination = Destination(b, when: publishes)
    index = b.column("index", "The output's number, the input channel's, or 1 for a digest's move.")

    fetch.receive(
      b,
      slots: [
        operand.fields, Fetch.unusedSlot, Fetch.unusedSlot, destination.fields(when: publishes),
      ], extra: index)
    fetch.sendNext(b)
    b.receive(
      Buses.value, times: fetch[.reveal] + fetch[.move], [operand.address] + word.limbs,
      "read the operand")
    destination.send(b, framePointer: fetch.framePointer, limbs: word.limbs)
    b.send(Buses.output, times: fetch[.reveal], [index] + word.limbs, "reveal")
    word.assertWord(b, when: fetch[.secret], "a secret is a word")
    table = b.build()
  }
}
