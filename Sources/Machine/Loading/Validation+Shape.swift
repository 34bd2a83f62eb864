import ZKVMFixedPoint

/// The form of one instruction by its row of the instruction table. Slots and immediate have the only
/// form that the row allows, so equal programs have equal encodings.
extension Program {
  func validateShape(_ instruction: Instruction, at pc: Int, blockSize: Int) throws(InvalidProgram)
  {
    let shape = InstructionShape(program: self, instruction: instruction, pc: pc)
    try shape.validateSlots()
    try shape.validateImmediate(blockSize: blockSize)
  }
}

private struct InstructionShape {
  let program: Program
  let instruction: Instruction
  let pc: Int

  private func require(
    _ condition: Bool, _ reason: @autoclosure () -> String
  ) throws(InvalidProgram) {
    guard condition else {
      throw InvalidProgram(.operand("\(instruction.opcode.mnemonic): \(reason())"), at: pc)
    }
  }

  /// A slot without a use holds nothing, an immediate is no cell of the frame.
  func validateSlots() throws(InvalidProgram) {
    let row = instruction.opcode.row
    for index in 0..<Instruction.slotCount {
      let cell = instruction.slots[index]
      switch row.use(ofSlot: index) {
      case .reads, .publishes: continue
      case .immediate: try require(!cell.isFrameRelative, "slot \(index) is not used")
      case nil: try require(cell == .none, "slot \(index) is not used")
      }
    }
  }

  func validateImmediate(blockSize: Int) throws(InvalidProgram) {
    let extra = Int(instruction.extra)
    switch instruction.opcode.row.immediate {
    case .none: break
    case .jump:
      try require(instruction.targetIfOne == instruction.targetIfZero, "expected one target")
      try require(instruction.frameSize == blockSize, "expected frame size \(blockSize)")
    case .branch:
      try require(instruction.frameSize == blockSize, "expected frame size \(blockSize)")
    case .halt:
      let end = program.instructions.count
      try require(
        instruction.targetIfOne == end && instruction.targetIfZero == end
          && instruction.frameSize == 0, "expected target \(end) and frame size 0")
    case .channel(let kind): return try validateChannel(extra, kind)
    case .output:
      return try require(extra < program.interface.outputs.count, "there is no output \(extra)")
    case .kind:
      return try require(
        extra <= 1, "the immediate is 1 for a digest, else 0, found \(extra)")
    case .wordCount:
      return try require(
        (1...Limits.hashedWords).contains(extra),
        "expected 1 … \(Limits.hashedWords) words, found \(extra)")
    case .element:
      return try require(extra < 4, "a digest has the elements 0 … 3, found \(extra)")
    case .array:
      let length = Int(instruction[Slot.Memory.length].offset)
      return try require(
        program.array(at: extra)?.length == length,
        "no array of \(length) cells starts at cell \(extra)")
    case .scale(let exact):
      try require(extra <= 4, "the scale is 16 times 0 … 4, found \(extra)")
      return try require(
        exact || extra > 0, "an exact product (scale 0) is written with floor")
    }
    try require(extra == 0, "expected no immediate, found \(extra)")
  }

  private func validateChannel(_ number: Int, _ kind: CellKind) throws(InvalidProgram) {
    let interface = program.interface
    try require(number < interface.channels.count, "there is no channel \(number)")
    let found = CellKind(interface.format(of: interface.channels[number]))
    try require(found == kind, "channel \(number) gives a \(found)")
  }
}
