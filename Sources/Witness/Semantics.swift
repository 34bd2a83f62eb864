import ZKVMAlgebraicHash
import ZKVMFixedPoint
import ZKVMMachine

/// The reference semantics: what each instruction computes, as the interpreter runs it.
extension Instruction {
  /// The word that an instruction publishes, from the words in its slots; of an assertion, 1 if it
  /// holds, else 0. `digests` are those that words name by their index; a result that is one is
  /// appended to them.
  ///
  /// It must not be called for `secret` and `secret_digest`, whose value comes from outside, for
  /// `load` and `store`, whose value the memory holds, and for control and `reveal`, which have none.
  package func evaluate(
    _ words: SIMD8<Int64>, _ digests: inout [Digest]
  ) throws(ArithmeticTrap) -> Int64 {
    let (a, b) = (words[Slot.Adder.a], words[Slot.Adder.b])
    let shift = 16 * Int(extra)
    func digest(_ slot: Slot) -> Digest { digests[Int(words[slot])] }
    func publish(_ digest: Digest) -> Int64 {
      digests.append(digest)
      return Int64(digests.count - 1)
    }
    func hash(_ state: Digest) -> Int64 {
      publish(.compress(state, .block(Slot.Hash.words.map { words[$0] })))
    }
    switch opcode {
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
    case .select: return words[Slot.Adder.condition] == 1 ? a : b
    case .mulNearest, .mulFloor, .mulCeil:
      return try Arithmetic.multiply(
        words[Slot.Product.x], words[Slot.Product.y], plus: words[Slot.Product.w], shift: shift,
        opcode.rounding)
    case .divNearest, .divFloor, .divCeil:
      return try Arithmetic.divide(
        words[Slot.Product.z], by: words[Slot.Product.y], shift: shift, opcode.rounding)
    case .sqrtNearest, .sqrtFloor, .sqrtCeil:
      return try Arithmetic.squareRoot(words[Slot.Product.z], shift: shift, opcode.rounding)
    case .exp, .ln, .cdf, .pdf, .icdf, .erfcx:
      return try FunctionEvaluation(opcode.function!, words[Slot.Function.argument]).result
    case .move: return words[Slot.Port.operand]
    case .hashStart: return hash(Digest.start(words: Int(extra)))
    case .hashNext: return hash(digest(Slot.Hash.a))
    case .merkle:
      let (a, b) = (digest(Slot.Hash.a), digest(Slot.Hash.b))
      let (left, right) = words[Slot.Hash.c] == 1 ? (b, a) : (a, b)
      return publish(.compress(left, right))
    case .squeeze: return digest(Slot.Hash.a).squeeze(Int(extra))
    case .assertLt: return a < b ? 1 : 0
    case .assertGe: return a >= b ? 1 : 0
    case .assertEq: return a == b ? 1 : 0
    case .assertNe: return a != b ? 1 : 0
    case .assertSame: return digest(Slot.Hash.a) == digest(Slot.Hash.b) ? 1 : 0
    case .secret, .secretDigest, .load, .store, .jump, .branch, .halt, .reveal:
      preconditionFailure("\(opcode) computes no result")
    }
  }
}
