import CZKVMKernels

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
  withScratch(count: 1 << logSize) { scratch in
    scaleByPowers(coefficients, of: shift, count: 1 << logSize, into: scratch)
    evaluateBlocks(
      scratch, logSize: logSize, logBlowup: logBlowup, blocks: blocks, into: output)
  }
}

/// The low-degree extension of one column: evaluations on ⟨ω_n⟩ in natural order to `blocks`
/// blocks (see ``evaluateOnCoset``).
public func lowDegreeExtension(
  of column: UnsafePointer<Goldilocks>, logSize: Int, logBlowup: Int, blocks: Int,
  shift: Goldilocks, into output: UnsafeMutablePointer<Goldilocks>, kernel: Kernel = .best
) {
  withShiftedCoefficients(of: column, logSize: logSize, shift: shift, kernel: kernel) {
    evaluateBlocks(
      $0, logSize: logSize, logBlowup: logBlowup, blocks: blocks, into: output, kernel: kernel)
  }
}

/// The coefficients of f(shift·X), where f has the values `column` on ⟨ω_n⟩ in natural order.
public func withShiftedCoefficients(
  of column: UnsafePointer<Goldilocks>, logSize: Int, shift: Goldilocks, kernel: Kernel = .best,
  _ body: (UnsafeMutablePointer<Goldilocks>) -> Void
) {
  withScratch(count: 1 << logSize) { scratch in
    bitReverse(column, logSize: logSize, into: scratch, kernel: kernel)
    Transform(logSize: logSize).inverse(scratch, rescale: shift.inverse, kernel: kernel)
    body(scratch)
  }
}

/// Evaluates a polynomial of n coefficients on the coset shift·⟨ω_m⟩ of m = 2^`logCount` ≤ n points
/// in bit-reversed order: first modulo X^m − shift^m.
public func evaluateOnSmallCoset(
  coefficients: UnsafePointer<Goldilocks>, logSize: Int, logCount: Int, shift: Goldilocks,
  into output: UnsafeMutablePointer<Goldilocks>
) {
  let count = 1 << logCount
  let step = shift.power(UInt64(count))
  output.update(from: coefficients + (1 << logSize) - count, count: count)
  for start in stride(from: (1 << logSize) - 2 * count, through: 0, by: -count) {
    scaleByPowers(output, of: .one, startingAt: step, count: count, into: output)
    BlockKernels.add(output, output, coefficients + start, count)
  }
  scaleByPowers(output, of: shift, count: count, into: output)
  Transform(logSize: logCount).forward(output, into: output)
}

/// The evaluations on the first `blocks` blocks of the subgroup of order n·2^`logBlowup`.
public func evaluateBlocks(
  _ coefficients: UnsafePointer<Goldilocks>, logSize: Int, logBlowup: Int, blocks: Int,
  into output: UnsafeMutablePointer<Goldilocks>, kernel: Kernel = .best
) {
  let transform = Transform(logSize: logSize, logBlowup: logBlowup)
  for block in 0..<blocks {
    transform.forward(
      coefficients, block: block, into: output + block << logSize, kernel: kernel)
  }
}

private func withScratch(count: Int, _ body: (UnsafeMutablePointer<Goldilocks>) -> Void) {
  let pages = ZeroedPages(byteCount: count * MemoryLayout<Goldilocks>.stride)
  body(pages.start.bindMemory(to: Goldilocks.self, capacity: count))
  withExtendedLifetime(pages) {}
}

/// target[i] = source[i]·first·step^i.
public func scaleByPowers(
  _ source: UnsafePointer<Goldilocks>, of step: Goldilocks, startingAt first: Goldilocks = .one,
  count: Int, into target: UnsafeMutablePointer<Goldilocks>, kernel: Kernel = .best
) {
  var power = first
  if kernel != .portable && count % 8 == 0 {
    let powers = (0..<8).map { _ in
      defer { power *= step }
      return power.value
    }
    zkvm_scale_by_powers(
      kernel.rawValue, words(target), words(source), count, powers, step.power(8).value)
    return
  }
  for i in 0..<count {
    target[i] = source[i] * power
    power *= step
  }
}
