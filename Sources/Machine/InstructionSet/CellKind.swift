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
    let content: CellContent
    switch instruction.opcode.row.use(ofSlot: slot) {
    case .reads(let read): content = read
    case .publishes(let published): content = published
    case .immediate, nil: return .word
    }
    switch content {
    case .word: return .word
    case .digest: return .digest
    case .element: return array(at: Int(instruction.extra))?.isDigest == true ? .digest : .word
    case .immediateKind: return instruction.extra == 1 ? .digest : .word
    case .output: return CellKind(interface.outputs[Int(instruction.extra)].format)
    }
  }

  public func holdsDigest(_ slot: Int, _ instruction: Instruction) -> Bool {
    kind(slot, instruction) == .digest
  }
}
