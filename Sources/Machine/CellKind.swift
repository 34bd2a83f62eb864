import ZKVMFixedPoint

/// What a cell holds: a word's limbs or a digest's elements.
public enum CellKind: Sendable {
  case word
  case digest

  public init(_ format: Format) { self = format == .digest ? .digest : .word }
}

/// The kind of an instruction's slots. The loader sees to it that what reads a cell and what publishes
/// it agree, so no unit takes a field element for a limb.
extension Program {
  public func kind(_ slot: Int, _ instruction: Instruction) -> CellKind {
    holdsDigest(slot, instruction) ? .digest : .word
  }

  public func holdsDigest(_ slot: Int, _ instruction: Instruction) -> Bool {
    switch instruction.opcode {
    case .secretDigest, .hashStart: slot == 3
    case .move: instruction.extra == 1
    case .reveal: interface.outputs[Int(instruction.extra)].format == .digest
    case .hashNext: slot == 0 || slot == 3
    case .merkle: slot != 2
    case .assertSame: true
    case .squeeze: slot == 0
    case .load, .store: slot != 1 && array(at: Int(instruction.extra))?.isDigest == true
    default: false
    }
  }
}
