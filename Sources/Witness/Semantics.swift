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
    let (a, b) = (words[0], words[1])
    let shift = 16 * Int(extra)
    func digest(_ slot: Int) -> Digest { digests[Int(words[slot])] }
    func publish(_ digest: Digest) -> Int64 {
      digests.append(digest)
      return Int64(digests.count - 1)
    }
    func hash(_ state: Digest) -> Int64 {
      publish(.compress(state, .block(Opcode.hashedWordSlots.map { words[$0] })))
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
    case .select: return words[2] == 1 ? a : b
    case .mulNearest, .mulFloor, .mulCeil:
      return try Arithmetic.multiply(a, b, plus: words[2], shift: shift, opcode.rounding)
    case .divNearest, .divFloor, .divCeil:
      return try Arithmetic.divide(words[3], by: b, shift: shift, opcode.rounding)
    case .sqrtNearest, .sqrtFloor, .sqrtCeil:
      return try Arithmetic.squareRoot(words[3], shift: shift, opcode.rounding)
    case .exp, .ln, .cdf, .pdf, .icdf, .erfcx:
      return try FunctionEvaluation(opcode.function!, a).result
    case .move: return a
    case .hashStart: return hash(Digest.start(words: Int(extra)))
    case .hashNext: return hash(digest(0))
    case .merkle:
      let (left, right) = words[2] == 1 ? (digest(1), digest(0)) : (digest(0), digest(1))
      return publish(.compress(left, right))
    case .squeeze: return digest(0).squeeze(Int(extra))
    case .assertLt: return a < b ? 1 : 0
    case .assertGe: return a >= b ? 1 : 0
    case .assertEq: return a == b ? 1 : 0
    case .assertNe: return a != b ? 1 : 0
    case .assertSame: return digest(0) == digest(1) ? 1 : 0
    case .secret, .secretDigest, .load, .store, .jump, .branch, .halt, .reveal:
      preconditionFailure("\(opcode) computes no result")
    }
  }
}
