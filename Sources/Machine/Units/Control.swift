import ZKVMAIR

/// `jump`, `branch` and `halt`: the only rows that move the frame pointer.
public struct ControlUnit: Unit {
  public let kind = UnitKind.control
  public let table: Table
  private let fetch: Fetch
  private let condition: Operand
  private let bit: Expression
  private let targetIfOne: Expression
  private let targetIfZero: Expression
  private let frameSize: Expression
  private let nextPC: Expression
  private let nextFramePointer: Expression

  public init() {
    let b = TableBuilder("Control")
    fetch = Fetch(b, .control)
    condition = Operand(b, "condition", framePointer: fetch.framePointer)
    bit = b.column("bit", "The condition, 0 or 1; the value bus forces the other limbs to 0.")
    targetIfOne = b.column("target_if_one", "Next instruction if the condition is 1.")
    targetIfZero = b.column("target_if_zero", "Next instruction if the condition is 0.")
    frameSize = b.column("frame_size", "Distance to the next frame.")
    nextPC = b.column("next_pc", "The token's next pc.")
    nextFramePointer = b.column("next_fp", "The token's next fp; 0 after halt.")

    b.assertBoolean(bit, "the condition")
    b.assertEqual(
      nextPC, targetIfZero + bit * (targetIfOne - targetIfZero), "the condition picks the target")
    b.assertEqual(
      nextFramePointer, (1 - fetch[.halt]) * (fetch.framePointer + frameSize),
      "the frame pointer advances by the frame size, and is hidden by halt")

    fetch.receive(
      b, slots: [condition.fields, [0, targetIfOne], [0, targetIfZero], [0, frameSize]])
    b.send(Buses.token, times: fetch.active, [nextPC, nextFramePointer], "token out")
    b.receive(
      Buses.value, times: fetch[.branch], [condition.address, bit, 0, 0, 0], "read the condition")
    table = b.build()
  }

  public func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    fetch.fill(row, step, instruction.opcode)
    condition.fill(row, instruction.slots[0], step)
    let isOne = instruction.opcode == .branch && step.words[0] == 1
    row.set(bit, isOne)
    row.set(targetIfOne, instruction.targetIfOne)
    row.set(targetIfZero, instruction.targetIfZero)
    row.set(frameSize, instruction.frameSize)
    row.set(nextPC, isOne ? instruction.targetIfOne : instruction.targetIfZero)
    row.set(
      nextFramePointer,
      instruction.opcode == .halt ? 0 : step.framePointer + Int64(instruction.frameSize))
  }
}
