import CKernels

/// Which implementation of a kernel runs: the portable one in Swift, or one in vector code, chosen
/// once by what the machine has. Tests hold all of them equal.
public enum Kernel: CInt, Sendable, CaseIterable {
  case portable = 0
  case avx2 = 1
  case avx512 = 2

  /// The best that the machine runs; ZKVM_KERNELS=portable or avx2 in the environment asks for less.
  public static let best = Kernel(rawValue: zkvm_kernel_level()) ?? .portable

  /// All that the machine runs.
  public static var available: [Kernel] { allCases.filter { $0.rawValue <= best.rawValue } }
}

/// The number-theoretic transform of size 2^`logSize` over ``Goldilocks``.
///
/// Forward transforms take coefficients in natural order and give evaluations in bit-reversed
/// order (decimation in frequency), the order in which codewords are committed. Both directions
/// work in place.
public final class Transform: Sendable {
  public let logSize: Int
  public var size: Int { 1 << logSize }
  /// Powers of the root, stage by stage: stage with half-length h starts at index h − 1… in a
  /// flat table where entry h + j is root(2h)^j.
  private let forwardTwiddles: [Goldilocks]
  private let inverseTwiddles: [Goldilocks]
  private let inverseSize: Goldilocks

  public init(logSize: Int) {
    precondition((0...Goldilocks.twoAdicity).contains(logSize))
    self.logSize = logSize
    let root = Goldilocks.rootOfUnity(logOrder: logSize)
    forwardTwiddles = Transform.twiddles(logSize: logSize, root: root)
    inverseTwiddles = Transform.twiddles(logSize: logSize, root: root.inverse)
    inverseSize = Goldilocks(UInt64(1) << UInt64(logSize)).inverse
  }

  private static func twiddles(logSize: Int, root: Goldilocks) -> [Goldilocks] {
    var table = [Goldilocks](repeating: .one, count: max(1, 1 << logSize))
    var half = (1 << logSize) / 2
    var stageRoot = root
    while half >= 1 {
      var power = Goldilocks.one
      for j in 0..<half {
        table[half + j] = power
        power *= stageRoot
      }
      stageRoot *= stageRoot
      half /= 2
    }
    return table
  }

  /// Coefficients in natural order → evaluations at root^k in bit-reversed order.
  public func forward(
    _ values: UnsafeMutablePointer<Goldilocks>, kernel: Kernel = .best
  ) {
    decimateInFrequency(values, forwardTwiddles, kernel)
  }

  /// Evaluations at root^k in natural order → coefficients in bit-reversed order, unscaled by 1/n.
  func inverseUnscaledReversed(_ values: UnsafeMutablePointer<Goldilocks>) {
    decimateInFrequency(values, inverseTwiddles, .best)
  }

  /// Evaluations at root^k in natural order → coefficients in natural order.
  public func interpolate(_ values: UnsafeMutablePointer<Goldilocks>) {
    decimateInFrequency(values, inverseTwiddles, .best)
    bitReverse(values, logSize: logSize)
    for i in 0..<size { values[i] *= inverseSize }
  }

  /// Evaluations in bit-reversed order on the coset shift·⟨root⟩ → coefficients in natural order.
  public func interpolateReversed(_ values: UnsafeMutablePointer<Goldilocks>, shift: Goldilocks) {
    decimateInTimeInverse(values)
    let step = shift.inverse
    var power = inverseSize
    for i in 0..<size {
      values[i] *= power
      power *= step
    }
  }

  private func decimateInFrequency(
    _ values: UnsafeMutablePointer<Goldilocks>, _ table: [Goldilocks], _ kernel: Kernel
  ) {
    table.withUnsafeBufferPointer { twiddles in
      if kernel != .portable && logSize >= 4 {
        // A Goldilocks is its canonical 64-bit word.
        let words = UnsafeMutableRawPointer(values).assumingMemoryBound(to: UInt64.self)
        let factors = UnsafeRawPointer(twiddles.baseAddress!).assumingMemoryBound(to: UInt64.self)
        zkvm_transform_dif(kernel.rawValue, words, factors, CInt(logSize))
        return
      }
      let count = size
      var half = count / 2
      while half >= 1 {
        let stage = twiddles.baseAddress! + half
        var start = 0
        while start < count {
          let low = values + start
          let high = low + half
          for j in 0..<half {
            let u = low[j]
            let v = high[j]
            low[j] = u + v
            high[j] = (u - v) * stage[j]
          }
          start += 2 * half
        }
        half /= 2
      }
    }
  }

  private func decimateInTimeInverse(_ values: UnsafeMutablePointer<Goldilocks>) {
    inverseTwiddles.withUnsafeBufferPointer { twiddles in
      let count = size
      var half = 1
      while half < count {
        let stage = twiddles.baseAddress! + half
        var start = 0
        while start < count {
          let low = values + start
          let high = low + half
          for j in 0..<half {
            let u = low[j]
            let v = high[j] * stage[j]
            low[j] = u + v
            high[j] = u - v
          }
          start += 2 * half
        }
        half *= 2
      }
    }
  }
}

/// The lowest `bits` bits of `index` in reverse order.
@inlinable
public func reverseBits(_ index: Int, count bits: Int) -> Int {
  guard bits > 0 else { return 0 }
  var x = UInt64(index)
  x = ((x >> 1) & 0x5555_5555_5555_5555) | ((x & 0x5555_5555_5555_5555) << 1)
  x = ((x >> 2) & 0x3333_3333_3333_3333) | ((x & 0x3333_3333_3333_3333) << 2)
  x = ((x >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((x & 0x0F0F_0F0F_0F0F_0F0F) << 4)
  return Int(x.byteSwapped >> UInt64(64 - bits))
}

/// Permutes 2^logSize values into bit-reversed order, in place.
@inlinable
public func bitReverse<T>(_ values: UnsafeMutablePointer<T>, logSize: Int) {
  for i in 0..<(1 << logSize) {
    let j = reverseBits(i, count: logSize)
    if i < j { (values[i], values[j]) = (values[j], values[i]) }
  }
}
