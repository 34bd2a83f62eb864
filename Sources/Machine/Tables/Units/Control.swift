import ZKVMAIR

extension TableKind {
  public static let control = TableKind(number: 0, name: "control")
}

/// `jump`, `branch` and `halt`: the only rows that move the frame pointer. The path that they leave
/// the token is claims C1 to C6 of `Spec/units/control.md`.
public struct ControlUnit: MachineTable {
  public static let kind = TableKind.control
  public static let unit: UnitKind? = .control
  public let table: Table
  package let fetch: Fetch
  package let condition: Operand
  package let bit: Expression
  package let targetIfOne: Expression
  package let targetIfZero: Expression
  package let frameSize: Expression
  package let nextPC: Expression
  package let nextFramePointer: Expression

  public init(blindRows _: Int) {
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
}
