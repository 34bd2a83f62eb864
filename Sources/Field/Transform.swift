import CZKVMKernels
import Synchronization

/// Number-theoretic transforms over ``Goldilocks`` between coefficients in natural order and
/// evaluations in bit-reversed order, the order in which codewords are committed.
///
/// A polynomial modulo x^2h − c² is halved into those modulo x^h − c and x^h + c, down to its
/// values. With ω the root of order 2n, block X of a stage has c = ω^rev(X), whichever the stage:
/// one table of constants serves every size, and also the evaluation of n coefficients on the
/// cosets of a larger domain, which only starts at another block.
public struct Transform: Sendable {
  public let logSize: Int
  public var size: Int { 1 << logSize }
  private let roots: Roots

  /// For sizes 2^`logSize` and all blocks of a domain that is 2^`logBlowup` times as large.
  public init(logSize: Int, logBlowup: Int = 0) {
    precondition((0...Goldilocks.twoAdicity).contains(logSize + logBlowup))
    self.logSize = logSize
    roots = Roots.shared(count: 1 << max(0, logSize + logBlowup - 1))
  }

  /// Coefficients in natural order → evaluations on block `block`, in bit-reversed order.
  ///
  /// The blocks of the subgroup of order n·2^k, in its bit-reversed order, are the cosets
  /// ω^rev(block)·⟨ω^(2^k)⟩; block 0 is the subgroup of order n. `target` may be the source.
  public func forward(
    _ coefficients: UnsafePointer<Goldilocks>, block: Int = 0,
    into target: UnsafeMutablePointer<Goldilocks>, kernel: Kernel = .best
  ) {
    precondition((block + 1) << logSize <= 2 * roots.forward.count || logSize == 0 && block == 0)
    roots.forward.withUnsafeBufferPointer { roots in
      if kernel != .portable && logSize >= 6 {
        zkvm_transform_forward(
          kernel.rawValue, words(target), words(coefficients), words(roots.baseAddress!),
          CInt(logSize), block)
        return
      }
      if target != UnsafeMutablePointer(mutating: coefficients) {
        target.update(from: coefficients, count: size)
      }
      var half = size / 2
      var first = block
      while half >= 1 {
        for index in 0..<(size / 2 / half) {
          let constant = roots[first + index]
          let low = target + 2 * half * index
          for j in 0..<half {
            let u = low[j]
            let v = low[half + j] * constant
            low[j] = u + v
            low[half + j] = u - v
          }
        }
        half /= 2
        first *= 2
      }
    }
  }

  /// Evaluations on the coset shift·⟨ω_n⟩ in bit-reversed order → the coefficients of
  /// f(x/`rescale`) in natural order.
  public func inverse(
    _ values: UnsafeMutablePointer<Goldilocks>, shift: Goldilocks = .one,
    rescale: Goldilocks = .one, kernel: Kernel = .best
  ) {
    roots.inverse.withUnsafeBufferPointer { roots in
      if kernel != .portable && logSize >= 6 {
        zkvm_transform_inverse(
          kernel.rawValue, words(values), words(roots.baseAddress!), CInt(logSize))
        return
      }
      var half = 1
      while half < size {
        for index in 0..<(size / 2 / half) {
          let constant = roots[index]
          let low = values + 2 * half * index
          for j in 0..<half {
            let (u, v) = (low[j], low[half + j])
            low[j] = u + v
            low[half + j] = (u - v) * constant
          }
        }
        half *= 2
      }
    }
    scaleByPowers(
      values, of: shift.inverse * rescale.inverse,
      startingAt: Goldilocks(UInt64(1) << UInt64(logSize)).inverse, count: size, into: values,
      kernel: kernel)
  }
}

/// The points of the coset shift·⟨ω⟩ of order 2^logSize in bit-reversed order, and their inverses.
public struct CosetPoints: Sendable {
  private let roots: Roots
  private let shift: Goldilocks
  private let inverseShift: Goldilocks

  public init(logSize: Int, shift: Goldilocks) {
    roots = Roots.shared(count: 1 << max(0, logSize - 1))
    self.shift = shift
    inverseShift = shift.inverse
  }

  /// Neighbours are each other's negatives.
  public subscript(index: Int) -> Goldilocks {
    let point = shift * roots.forward[index >> 1]
    return index & 1 == 0 ? point : -point
  }

  public func inverse(_ index: Int) -> Goldilocks {
    let point = inverseShift * roots.inverse[index >> 1]
    return index & 1 == 0 ? point : -point
  }
}

/// The constants of the transforms, computed on first use for the largest size so far.
private final class Roots: Sendable {
  /// Entry X is ω^rev(X): bit j of X contributes the root of order 2^(j + 2).
  let forward: [Goldilocks]
  /// Their inverses.
  let inverse: [Goldilocks]

  private init(count: Int) {
    forward = Roots.table(count: count) { $0 }
    inverse = Roots.table(count: count) { $0.inverse }
  }

  private static func table(
    count: Int, _ direction: (Goldilocks) -> Goldilocks
  ) -> [Goldilocks] {
    [Goldilocks](unsafeUninitializedCapacity: count) { table, initialized in
      table[0] = .one
      var filled = 1
      var log = 2
      while filled < count {
        let root = direction(Goldilocks.rootOfUnity(logOrder: log))
        for i in 0..<filled { table[filled + i] = table[i] * root }
        filled *= 2
        log += 1
      }
      initialized = count
    }
  }

  private static let cache = Mutex<Roots?>(nil)

  /// At least `count` constants, a power of two.
  static func shared(count: Int) -> Roots {
    cache.withLock { cached in
      if let cached, cached.forward.count >= count { return cached }
      let roots = Roots(count: count)
      cached = roots
      return roots
    }
  }
}

// A Goldilocks is its canonical 64-bit word.

@inline(__always)
func words(_ pointer: UnsafePointer<Goldilocks>) -> UnsafePointer<UInt64> {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt64.self)
}

@inline(__always)
func words(_ pointer: UnsafeMutablePointer<Goldilocks>) -> UnsafeMutablePointer<UInt64> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt64.self)
}
