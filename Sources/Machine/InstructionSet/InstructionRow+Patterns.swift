import ZKVMFixedPoint

/// The rows that instructions of a unit have in common.
extension InstructionRow {
  private static func word(_ slots: Slot...) -> [(slot: Slot, use: SlotUse)] {
    slots.map { ($0, .reads(.word)) }
  }

  private static func words(_ slots: [Slot]) -> [(slot: Slot, use: SlotUse)] {
    slots.map { ($0, .reads(.word)) }
  }

  private static func result(
    _ slot: Slot, _ content: CellContent = .word
  ) -> [(slot: Slot, use: SlotUse)] {
    [(slot, .publishes(content))]
  }

  /// Both targets and the frame size are immediates.
  static func control(
    _ mnemonic: String, _ effect: Effect, condition: Bool = false, _ immediate: ImmediateRule,
    _ operands: String
  ) -> InstructionRow {
    let immediates = [Slot.Control.targetIfOne, Slot.Control.targetIfZero, Slot.Control.frameSize]
    return InstructionRow(
      mnemonic, .control,
      (condition ? word(Slot.Control.condition) : []) + immediates.map { ($0, .immediate) },
      effect: effect, immediate: immediate, .own(operands))
  }

  static func adder(
    _ mnemonic: String, side: ResultSide, _ syntax: Syntax = .sum
  ) -> InstructionRow {
    InstructionRow(
      mnemonic, .adder, word(Slot.Adder.a, Slot.Adder.b) + result(Slot.Adder.result), side: side,
      syntax)
  }

  static func comparison(_ mnemonic: String, _ claim: Claim) -> InstructionRow {
    InstructionRow(
      mnemonic, .adder, word(Slot.Adder.a, Slot.Adder.b) + result(Slot.Adder.result),
      claim: claim, .comparison)
  }

  static func assertion(_ mnemonic: String, _ claim: Claim) -> InstructionRow {
    InstructionRow(
      mnemonic, .adder, word(Slot.Adder.a, Slot.Adder.b), effect: .assertion, claim: claim,
      .assertion)
  }

  static func select(_ mnemonic: String, _ operands: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .adder,
      word(Slot.Adder.a, Slot.Adder.b, Slot.Adder.condition) + result(Slot.Adder.result),
      effect: .choose, side: .either, .own(operands))
  }

  /// A product, quotient or root; the nearest one is written without its rounding.
  static func product(_ kind: ProductKind, _ rounding: Rounding) -> InstructionRow {
    let syntax: Syntax =
      switch (rounding, kind) {
      case (.floor, _), (.ceil, _): .rounded
      case (.nearest, .squareRoot): .own("result, a")
      case (.nearest, .multiplication), (.nearest, .division): .own("result, a, b")
      }
    let suffix = rounding == .nearest ? "" : ".\(rounding.rawValue)"
    func row(
      _ mnemonic: String, _ slots: [(slot: Slot, use: SlotUse)], _ side: ResultSide, exact: Bool
    ) -> InstructionRow {
      InstructionRow(
        mnemonic + suffix, .product(kind, rounding), slots, immediate: .scale(exact: exact),
        side: side, syntax)
    }
    switch kind {
    case .multiplication:
      return row(
        "mul",
        word(Slot.Product.x, Slot.Product.y, Slot.Product.w) + result(Slot.Product.z), .product,
        exact: rounding == .floor)
    case .division:
      return row(
        "div", word(Slot.Product.z, Slot.Product.y) + result(Slot.Product.x), .quotient,
        exact: true)
    case .squareRoot:
      return row("sqrt", word(Slot.Product.z) + result(Slot.Product.x), .root, exact: true)
    }
  }

  static func function(_ mnemonic: String, _ function: Function) -> InstructionRow {
    InstructionRow(
      mnemonic, .function(function),
      word(Slot.Function.argument) + result(Slot.Function.result), side: .unknown, .function)
  }

  /// Publishes what comes from outside.
  static func input(_ mnemonic: String, _ content: CellKind) -> InstructionRow {
    InstructionRow(
      mnemonic, .port, result(Slot.Port.result, content == .digest ? .digest : .word),
      effect: content == .digest ? .secretDigest : .secret, immediate: .channel(content), .none)
  }

  static func reveal(_ mnemonic: String, _ operands: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .port, [(Slot.Port.operand, .reads(.output))], effect: .reveal,
      immediate: .output, .own(operands))
  }

  static func move(_ mnemonic: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .port,
      [(Slot.Port.operand, .reads(.immediateKind))] + result(Slot.Port.result, .immediateKind),
      immediate: .kind, side: .first, .none)
  }

  /// A block of words, after a digest if there are blocks before.
  static func hash(_ mnemonic: String, isFirst: Bool) -> InstructionRow {
    InstructionRow(
      mnemonic, .hash,
      (isFirst ? [] : [(Slot.Hash.a, .reads(.digest))]) + words(Slot.Hash.words)
        + result(Slot.Hash.result, .digest),
      immediate: isFirst ? .wordCount : .none, .none)
  }

  static func merkle(_ mnemonic: String, _ operands: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .hash,
      [(Slot.Hash.a, .reads(.digest)), (Slot.Hash.b, .reads(.digest))] + word(Slot.Hash.c)
        + result(Slot.Hash.result, .digest), effect: .choose, .own(operands))
  }

  static func sameDigest(_ mnemonic: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .hash, [(Slot.Hash.a, .reads(.digest)), (Slot.Hash.b, .reads(.digest))],
      effect: .assertion, .none)
  }

  static func squeeze(_ mnemonic: String, _ operands: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .hash, [(Slot.Hash.a, .reads(.digest))] + result(Slot.Hash.result),
      immediate: .element, .own(operands))
  }

  /// A load reads no element from a slot, a store does; both publish what the cell holds then.
  static func memory(_ mnemonic: String, stores: Bool, _ operands: String) -> InstructionRow {
    InstructionRow(
      mnemonic, .memory,
      (stores ? [(Slot.Memory.stored, .reads(.element))] : []) + word(Slot.Memory.index)
        + [(Slot.Memory.length, .immediate)] + result(Slot.Memory.result, .element),
      effect: .access, immediate: .array, side: stores ? .first : .element, .own(operands))
  }
}
