import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

extension TableKind {
  public static let memory = TableKind(number: 11, name: "memory")
}

/// `load` and `store`: random access memory, each array's cells after its first one.
///
/// Offline memory checking (Blum, Evans, Gemmell, Kannan, Naor 1991) with lookups: an access takes
/// the message (cell, time, content) of the previous one off the bus and puts its own there. Its
/// time is the address of its own slot, which grows along the run and is never 0, and the time that
/// it takes off is less, so the accesses of a cell form one chain from zero at time 0 in the order
/// of the run (claims M2 to M5 of `Spec/units/memory.md`; that the index is within the array is
/// M1). The loader gives every load and store a slot of its own frame.
public struct MemoryUnit: MachineTable {
  public static let kind = TableKind.memory
  public static let unit: UnitKind? = .memory
  public let table: Table
  package let fetch: Fetch
  package let stored: Operand
  package let index: Operand
  package let length: Expression
  package let first: Expression
  package let destination: Destination
  package let content: Limbs
  package let previous: Limbs
  package let indexWord: Limbs
  package let room: Limbs
  package let previousTime: Expression
  package let elapsed: Limbs

  public init(blindRows _: Int) {
    let b = TableBuilder("Memory")
    let fetch = Fetch(b, .memory)
    self.fetch = fetch
    stored = Operand(b, "stored", framePointer: fetch.framePointer)
    index = Operand(b, "index", framePointer: fetch.framePointer)
    length = b.column("length", "The array's length.")
    first = b.column("first", "The array's first cell.")
    destination = Destination(b, when: fetch.active)
    content = Limbs(b, "content", "What the cell holds after the access.")
    previous = Limbs(b, "previous", "What the cell held before.")
    indexWord = Limbs(b, "index", count: 2, "The index, below 2^32; its other limbs are 0.")
    room = Limbs(b, "room", count: 2, "length − 1 − index.")
    previousTime = b.column("previous_time", "The time of the previous access to the cell.")
    elapsed = Limbs(b, "elapsed", count: 3, "The time since then, less 1.")

    b.assertZero(
      fetch.active * (length - 1 - indexWord.value - room.value), "the index is within the array")
    let time = fetch.framePointer + destination.offset
    b.assertZero(
      fetch.active * (time - previousTime - 1 - elapsed.value), "the previous access is earlier")
    for (limb, (new, old)) in zip(content.limbs, previous.limbs).enumerated() {
      b.assertZero(fetch[.load] * (new - old), "a load leaves limb \(limb) as it is")
    }

    fetch.receive(
      b,
      slots: [
        stored.fields, index.fields, [0, length], destination.fields(when: fetch.active),
      ], extra: first)
    fetch.sendNext(b)
    b.receive(
      Buses.value, times: fetch[.store], [stored.address] + content.limbs, "read what is stored")
    b.receive(
      Buses.value, times: fetch.active, [index.address] + indexWord.limbs + [0, 0],
      "read the index")
    destination.send(b, framePointer: fetch.framePointer, limbs: content.limbs)
    let cell = first + indexWord.value
    b.receive(
      Buses.memory, times: fetch.active, [cell, previousTime] + previous.limbs,
      "take the previous content")
    b.send(Buses.memory, times: fetch.active, [cell, time] + content.limbs, "leave the content")
    room.assertUnsigned(b, when: fetch.active, "the index is within the array")
    elapsed.assertUnsigned(b, when: fetch.active, "the previous access is earlier")
    table = b.build()
  }
}
