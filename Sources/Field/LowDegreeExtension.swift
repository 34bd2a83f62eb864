import CKernels
import Synchronization

/// Column-major storage of `columns` columns of `rows` field elements each.
///
/// A reference type around one allocation, so that kernels on several threads fill disjoint
/// columns or row ranges without copies. Whoever shares a matrix between threads keeps the
/// ranges disjoint; everything else reads it only after they have joined.
public final class Matrix: @unchecked Sendable {
  public let rows: Int
  public let columns: Int
  private let storage: UnsafeMutablePointer<Goldilocks>

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0)
    self.rows = rows
    self.columns = columns
    storage = .allocate(capacity: max(1, rows * columns))
    storage.initialize(repeating: .zero, count: max(1, rows * columns))
  }

  deinit { storage.deallocate() }

  /// The start of a column's `rows` elements.
  public func column(_ index: Int) -> UnsafeMutablePointer<Goldilocks> {
    precondition((0..<columns).contains(index))
    return storage + index * rows
  }

  @inline(__always)
  public subscript(row: Int, column: Int) -> Goldilocks {
    get {
      precondition((0..<rows).contains(row) && (0..<columns).contains(column))
      return storage[column * rows + row]
    }
    set {
      precondition((0..<rows).contains(row) && (0..<columns).contains(column))
      storage[column * rows + row] = newValue
    }
  }

  public func copy() -> Matrix {
    let other = Matrix(rows: rows, columns: columns)
    other.storage.update(from: storage, count: rows * columns)
    return other
  }

  /// The elements of one row, in column order.
  public func row(_ index: Int) -> [Goldilocks] {
    (0..<columns).map { self[index, $0] }
  }
}

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
