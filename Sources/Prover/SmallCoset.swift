import ZKVMField

/// The coset on which a quotient of degree 2n + h − 2 or less is evaluated besides the coset
/// s·⟨ω_2n⟩: that one gives R = A + s^2n·B for the quotient A + X^2n·B with A of degree below 2n, and
/// on t·⟨ω_m⟩ it is R + (t^2n − s^2n)·B, which gives B, as m is at least its number of
/// coefficients.
struct SmallCoset: Sendable {
  /// log2 of m: twice the blind rows, so that half of B's coefficients must be zero.
  let logSize: Int
  /// t/s.
  private let factor = Goldilocks.generator
  private let logHeight: Int
  let shift: Goldilocks

  /// The points, then each times g = ω_n.
  var rows: Int { 2 << logSize }

  init(blindRows: Int, logHeight: Int, shift: Goldilocks) {
    var log = 7
    while 1 << log < 2 * blindRows { log += 1 }
    precondition(log <= logHeight)
    logSize = log
    self.logHeight = logHeight
    self.shift = shift * factor
  }

  /// A column from the coefficients of f(s·X); its next rows only where they are used.
  func evaluate(
    _ coefficients: UnsafePointer<Goldilocks>, usesNext: Bool,
    into output: UnsafeMutablePointer<Goldilocks>
  ) {
    let root = Goldilocks.rootOfUnity(logOrder: logHeight)
    for (half, shift) in [factor, factor * root].enumerated() where half == 0 || usesNext {
      evaluateOnSmallCoset(
        coefficients: coefficients, logSize: logHeight, logCount: logSize, shift: shift,
        into: output + half << logSize)
    }
  }

  /// From R's coefficients and the quotient's values on the small coset to B's coefficients, both
  /// in place; `cosetShift` is s.
  func separate(
    _ low: UnsafeMutablePointer<Goldilocks>, _ values: UnsafeMutablePointer<Goldilocks>,
    cosetShift: Goldilocks
  ) {
    let size = 1 << logSize
    let exponent = UInt64(2) << UInt64(logHeight)
    let wrap = cosetShift.power(exponent)
    var known = [Goldilocks](repeating: .zero, count: size)
    evaluateOnSmallCoset(
      coefficients: low, logSize: logHeight + 1, logCount: logSize, shift: shift, into: &known)
    BlockKernels.subtract(values, values, known, size)
    let scale = (shift.power(exponent) - wrap).inverse
    scaleByPowers(values, of: .one, startingAt: scale, count: size, into: values)
    Transform(logSize: logSize).inverse(values, shift: shift)
    scaleByPowers(values, of: .one, startingAt: wrap, count: size, into: &known)
    BlockKernels.subtract(low, low, known, size)
  }
}
