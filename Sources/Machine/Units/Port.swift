import AIR
import FixedPoint

/// `secret` publishes a private word, `reveal` puts a word on the output bus, `move` copies one.
public struct PortUnit: Unit {
  public let kind = UnitKind.port
  public let table: Table
  private let fetch: Fetch
  private let operand: Operand
  private let word: Limbs
  private let destination: Destination
  private let index: Expression

  public init() {
    let b = TableBuilder("Port")
    fetch = Fetch(b, .port)
    operand = Operand(b, "operand", framePointer: fetch.framePointer)
    word = Limbs(b, "word", "The word that passes.")
    let publishes = fetch[.secret] + fetch[.move]
    destination = Destination(b, when: publishes)
    index = b.column("index", "The output's number, or the input channel's.")

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

  public func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    operand.fill(row, instruction.slots[0], step)
    word.fill(row, Int128(instruction.opcode == .secret ? step.words[3] : step.words[0]))
    if let cell = instruction.destination { destination.fill(row, cell, step, counts) }
    row.set(index, Int64(instruction.extra))
  }
}
