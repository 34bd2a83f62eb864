import CKernels
import Synchronization

/// Transforms by size, made on first use and shared.
public enum Transforms {
  private static let cache = Mutex<[Int: Transform]>([:])

  public static func ofSize(log logSize: Int) -> Transform {
    cache.withLock { table in
      if let transform = table[logSize] { return transform }
      let transform = Transform(logSize: logSize)
      table[logSize] = transform
      return transform
    }
  }
}

/// Evaluates a polynomial, given by its coefficients, on the first `blocks` blocks of the
/// bit-reversed order of the coset shift·⟨ω⟩, where ω has order n·2^`logBlowup`.
///
/// Block b holds the coset shift·ω^rev(b)·⟨ω_n⟩ in bit-reversed order, so the whole output is the
/// bit-reversed evaluation on the large coset, and its first n·2^j entries are the evaluation on
/// the subgroup coset of that size.
public func evaluateOnCoset(
  coefficients: UnsafePointer<Goldilocks>, logSize: Int, logBlowup: Int, blocks: Int,
  shift: Goldilocks, into output: UnsafeMutablePointer<Goldilocks>
) {
  let n = 1 << logSize
  let transform = Transforms.ofSize(log: logSize)
  let root = Goldilocks.rootOfUnity(logOrder: logSize + logBlowup)
  for block in 0..<blocks {
    let step = shift * root.power(UInt64(reverseBits(block, count: logBlowup)))
    let target = output + block * n
    scaleByPowers(coefficients, of: step, count: n, into: target)
    transform.forward(target)
  }
}

/// target[i] = source[i]·step^i.
public func scaleByPowers(
  _ source: UnsafePointer<Goldilocks>, of step: Goldilocks, count: Int,
  into target: UnsafeMutablePointer<Goldilocks>, kernel: Kernel = .best
) {
  if kernel != .portable && count % 8 == 0 {
    var powers: [UInt64] = []
    var power = Goldilocks.one
    for _ in 0..<8 {
      powers.append(power.value)
      power *= step
    }
    zkvm_scale_by_powers(
      kernel.rawValue, UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt64.self),
      UnsafeRawPointer(source).assumingMemoryBound(to: UInt64.self), count, powers, power.value)
    return
  }
  var power = Goldilocks.one
  for i in 0..<count {
    target[i] = source[i] * power
    power *= step
  }
}

/// The low-degree extension of one column: evaluations on ⟨ω_n⟩ in natural order to `blocks`
/// blocks (see ``evaluateOnCoset``).
public func lowDegreeExtension(
  of column: UnsafePointer<Goldilocks>, logSize: Int, logBlowup: Int, blocks: Int,
  shift: Goldilocks, into output: UnsafeMutablePointer<Goldilocks>,
  scratch: UnsafeMutablePointer<Goldilocks>
) {
  scratch.update(from: column, count: 1 << logSize)
  Transforms.ofSize(log: logSize).interpolate(scratch)
  evaluateOnCoset(
    coefficients: scratch, logSize: logSize, logBlowup: logBlowup, blocks: blocks, shift: shift,
    into: output)
}
