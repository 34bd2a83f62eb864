import ZKVMAlgebraicHash
import ZKVMFixedPoint
import ZKVMMachine

/// The reference semantics: what each instruction computes, as the interpreter runs it.
extension Instruction {
  /// The word that an instruction publishes, from the words in its slots. It must not be called for
  /// `secret`, whose word comes from outside, for instructions without a result, and for those on
  /// digests and memory, which are not functions of words.
  package func evaluate(_ words: SIMD8<Int64>) throws(ArithmeticTrap) -> Int64 {
    switch opcode.unit {
    case .adder: return try AdderUnit.evaluate(self, words)
    case .product: return try ProductUnit.evaluate(self, words)
    case .function: return try FunctionUnit.evaluate(self, words)
    case .port where opcode == .move: return words[0]
    case .port, .control, .hash, .memory: preconditionFailure("\(opcode) computes no result")
    }
  }
}

extension AdderUnit {
  static func evaluate(
    _ instruction: Instruction, _ words: SIMD8<Int64>
  ) throws(ArithmeticTrap) -> Int64 {
    let (a, b) = (words[0], words[1])
    switch instruction.opcode {
    case .add: return try Arithmetic.add(a, b)
    case .sub: return try Arithmetic.subtract(a, b)
    case .lt: return a < b ? 1 : 0
    case .ge: return a >= b ? 1 : 0
    case .min: return Swift.min(a, b)
    case .max: return Swift.max(a, b)
    case .pos: return try Arithmetic.positivePart(a, b)
    case .abs: return try Arithmetic.absoluteDifference(a, b)
    case .eq: return a == b ? 1 : 0
    case .ne: return a != b ? 1 : 0
    case .select: return words[2] == 1 ? a : b
    default: preconditionFailure("\(instruction.opcode) has no result in the Adder")
    }
  }
}

extension ProductUnit {
  static func evaluate(
    _ instruction: Instruction, _ words: SIMD8<Int64>
  ) throws(ArithmeticTrap) -> Int64 {
    let shift = 16 * Int(instruction.extra)
    let opcode = instruction.opcode
    if opcode.isMultiplication {
      return try Arithmetic.multiply(
        words[0], words[1], plus: words[2], shift: shift, opcode.rounding)
    }
    if opcode.isDivision {
      return try Arithmetic.divide(words[3], by: words[1], shift: shift, opcode.rounding)
    }
    return try Arithmetic.squareRoot(words[3], shift: shift, opcode.rounding)
  }
}

extension FunctionUnit {
  static func evaluate(
    _ instruction: Instruction, _ words: SIMD8<Int64>
  ) throws(ArithmeticTrap) -> Int64 {
    guard let function = instruction.opcode.function else {
      preconditionFailure("\(instruction.opcode) is no function")
    }
    return try FunctionEvaluation(function, words[0]).result
  }
}

extension HashUnit {
  /// `digests` are those that the words name by their index; a result is
  /// appended to them.
  package static func evaluate(
    _ instruction: Instruction, _ words: SIMD8<Int64>, _ digests: inout [Digest]
  ) -> Int64 {
    func digest(_ slot: Int) -> Digest { digests[Int(words[slot])] }
    let result: Digest
    switch instruction.opcode {
    case .hashStart, .hashNext:
      let state =
        instruction.opcode == .hashStart
        ? Digest.start(words: Int(instruction.extra)) : digest(0)
      result = .compress(state, .block(Opcode.hashedWordSlots.map { words[$0] }))
    case .merkle:
      result = words[2] == 1 ? .compress(digest(1), digest(0)) : .compress(digest(0), digest(1))
    case .squeeze: return digest(0).squeeze(Int(instruction.extra))
    default: preconditionFailure("\(instruction.opcode) has no result in the Hash unit")
    }
    digests.append(result)
    return Int64(digests.count - 1)
  }
}
