import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

/// `load` and `store`: random access memory, each array's cells behind its first one.
///
/// Offline memory checking (Blum, Evans, Gemmell, Kannan, Naor 1991) with lookups: an access takes the
/// message (cell, time, content) of the previous one off the bus and puts its own there. Its time is
/// the address of its own slot, which grows along the run and is never 0, and the time that it
/// takes off is less, so the accesses of a cell form one chain from zero at time 0 in the order of
/// the run. The loader gives every load and store a slot of its own frame.
public struct MemoryUnit: Unit {
  public let kind = UnitKind.memory
  public let table: Table
  private let fetch: Fetch
  private let stored: Operand
  private let index: Operand
  private let length: Expression
  private let first: Expression
  private let destination: Destination
  private let content: Limbs
  private let previous: Limbs
  private let indexWord: Limbs
  private let room: Limbs
  private let previousTime: Expression
  private let elapsed: Limbs

  public init() {
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

  public func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    stored.fill(row, instruction.slots[0], step)
    index.fill(row, instruction.slots[1], step)
    let lengthWord = Int64(instruction.slots[2].offset)
    row.set(length, lengthWord)
    row.set(first, Int64(instruction.extra))
    destination.fill(row, instruction.slots[3], step, counts)
    let isDigest = execution.program.holdsDigest(3, instruction)
    content.fill(row, execution.elements(step.words[3], isDigest: isDigest))
    previous.fill(row, execution.elements(step.words[Step.previousValue], isDigest: isDigest))
    indexWord.fill(row, Int128(step.words[1]))
    room.fill(row, Int128(lengthWord - 1 - step.words[1]))
    let before = step.words[Step.previousTime]
    row.set(previousTime, before)
    let now = instruction.slots[3].address(framePointer: step.framePointer)
    elapsed.fill(row, Int128(now - before - 1))
  }
}
