import ZKVMAIR
import ZKVMField

/// The columns that every unit has: the token, the selectors and the fetch.
///
/// *Assumes* that the Program table holds the program, and that the verifier puts the token in at
/// the start and takes it out at the end.
///
/// *Constrains* a row to execute one instruction or none: its selectors are bits with a sum of 0 or
/// 1, an active row takes the token (pc, fp), and its opcode and operands are those at pc (claims
/// U1 and U2 of `Spec/units/README.md`).
package struct Fetch: Sendable {
  package let pc: Expression
  package let framePointer: Expression
  package let selectors: [Opcode: Expression]
  package let opcodes: [Opcode]

  init(_ builder: TableBuilder, _ unit: UnitKind) {
    pc = builder.column("pc", "The instruction's index.")
    framePointer = builder.column("fp", "The frame pointer.")
    opcodes = Opcode.allCases.filter { $0.unit == unit }
    var selectors: [Opcode: Expression] = [:]
    for opcode in opcodes {
      let selector = builder.column("is_\(opcode)", "1 if the row executes \(opcode.mnemonic).")
      builder.assertBoolean(selector, "is_\(opcode)")
      selectors[opcode] = selector
    }
    self.selectors = selectors
    builder.assertBoolean(active, "the sum of the selectors")
  }

  subscript(opcode: Opcode) -> Expression { selectors[opcode]! }

  /// The sum of some selectors: 1 if the row executes one of the opcodes.
  func any(_ matches: (Opcode) -> Bool) -> Expression {
    sum(opcodes.filter(matches).map { selectors[$0]! })
  }

  /// 1 if the row executes an instruction.
  var active: Expression { any { _ in true } }

  /// Takes the token in and fetches the instruction; `slots` are (m, offset) pairs, those after the
  /// last one are unused.
  func receive(_ builder: TableBuilder, slots: [[Expression]], extra: Expression = 0) {
    builder.receive(Buses.token, times: active, [pc, framePointer], "token in")
    let opcode = sum(opcodes.map { .constant(Goldilocks(Int($0.rawValue))) * selectors[$0]! })
    let used = slots.flatMap { $0 }
    let unused = Array(repeating: Expression.zero, count: Fetch.slotFields - used.count)
    builder.receive(
      Buses.program, times: active, [pc, opcode] + used + unused + [extra], "fetch")
  }

  /// Hands the token to the next instruction.
  func sendNext(_ builder: TableBuilder) {
    builder.send(Buses.token, times: active, [pc + 1, framePointer], "token out")
  }

  static let unusedSlot: [Expression] = [0, 0]
  private static let slotFields = 2 * Instruction.slotCount
}
