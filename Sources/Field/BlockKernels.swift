import CKernels

/// Element-wise operations on blocks of field elements, portable and in vector code; counts are
/// multiples of 8.
public enum BlockKernels {
  public typealias Source = UnsafePointer<Goldilocks>
  public typealias Target = UnsafeMutablePointer<Goldilocks>

  private typealias VectorKernel = (
    CInt, UnsafeMutablePointer<UInt64>?, UnsafePointer<UInt64>?, UnsafePointer<UInt64>?, Int
  ) -> Void

  /// A Goldilocks is its canonical 64-bit word.
  @inline(__always)
  private static func call(
    _ body: VectorKernel, _ kernel: Kernel, _ target: Target, _ a: Source, _ b: Source, _ count: Int
  ) {
    body(
      kernel.rawValue, UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt64.self),
      UnsafeRawPointer(a).assumingMemoryBound(to: UInt64.self),
      UnsafeRawPointer(b).assumingMemoryBound(to: UInt64.self), count)
  }

  public static func add(
    _ target: Target, _ a: Source, _ b: Source, _ count: Int, kernel: Kernel = .best
  ) {
    if kernel != .portable { return call(zkvm_add, kernel, target, a, b, count) }
    for i in 0..<count { target[i] = a[i] + b[i] }
  }

  public static func subtract(
    _ target: Target, _ a: Source, _ b: Source, _ count: Int, kernel: Kernel = .best
  ) {
    if kernel != .portable { return call(zkvm_subtract, kernel, target, a, b, count) }
    for i in 0..<count { target[i] = a[i] - b[i] }
  }

  public static func negate(_ target: Target, _ a: Source, _ count: Int) {
    for i in 0..<count { target[i] = -a[i] }
  }

  public static func multiply(
    _ target: Target, _ a: Source, _ b: Source, _ count: Int, kernel: Kernel = .best
  ) {
    if kernel != .portable { return call(zkvm_multiply, kernel, target, a, b, count) }
    for i in 0..<count { target[i] = a[i] * b[i] }
  }

  /// Products in the cubic extension, coordinates `count` apart.
  public static func multiplyExtension(
    _ target: Target, _ a: Source, _ b: Source, _ count: Int, kernel: Kernel = .best
  ) {
    if kernel != .portable { return call(zkvm_multiply_extension, kernel, target, a, b, count) }
    for i in 0..<count {
      let x = CubicExtension(a[i], a[count + i], a[2 * count + i])
      let y = CubicExtension(b[i], b[count + i], b[2 * count + i])
      let product = x * y
      target[i] = product.a
      target[count + i] = product.b
      target[2 * count + i] = product.c
    }
  }

  /// target += weight·source, for a source in the base field or, if `isExtension`, in the cubic
  /// extension; coordinates are `count` apart.
  public static func accumulate(
    _ target: Target, _ source: Source, weight: CubicExtension, isExtension: Bool, _ count: Int,
    kernel: Kernel = .best
  ) {
    if kernel != .portable {
      let body = isExtension ? zkvm_accumulate_extension : zkvm_accumulate
      withUnsafePointer(to: weight) { weight in
        // Three canonical words.
        let words = UnsafeRawPointer(weight).assumingMemoryBound(to: UInt64.self)
        body(
          kernel.rawValue, UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt64.self),
          UnsafeRawPointer(source).assumingMemoryBound(to: UInt64.self), words, count)
      }
      return
    }
    for i in 0..<count {
      let term =
        isExtension
        ? weight * CubicExtension(source[i], source[count + i], source[2 * count + i])
        : weight * source[i]
      target[i] += term.a
      target[count + i] += term.b
      target[2 * count + i] += term.c
    }
  }
}
