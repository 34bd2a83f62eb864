import CZKVMKernels

/// Element-wise operations on blocks of field elements, portable and in vector code; counts are
/// multiples of 8.
public enum BlockKernels {
  public typealias Source = UnsafePointer<Goldilocks>
  public typealias Target = UnsafeMutablePointer<Goldilocks>

  private typealias VectorKernel = (
    CInt, UnsafeMutablePointer<UInt64>?, UnsafePointer<UInt64>?, UnsafePointer<UInt64>?, Int
  ) -> Void

  private static func call(
    _ body: VectorKernel, _ kernel: Kernel, _ target: Target, _ a: Source, _ b: Source, _ count: Int
  ) {
    body(kernel.rawValue, words(target), words(a), words(b), count)
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
        let weight = UnsafeRawPointer(weight).assumingMemoryBound(to: UInt64.self)
        body(kernel.rawValue, words(target), words(source), weight, count)
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
  /// target += Σ weight_t·source_t for sources in the base field; coordinates are `count` apart.
  public static func combine(
    _ target: Target, _ sources: [Source], weights: CombinationWeights, _ count: Int,
    kernel: Kernel = .best
  ) {
    precondition(sources.count == weights.count)
    // The vector code adds so many products before it reduces them.
    if kernel != .portable && sources.count <= 1000 {
      sources.withUnsafeBufferPointer { sources in
        // Pointers to canonical 64-bit words.
        let pointers = UnsafeRawPointer(sources.baseAddress)?.assumingMemoryBound(
          to: UnsafePointer<UInt64>?.self)
        zkvm_combine(
          kernel.rawValue, words(target), pointers, weights.limbs, sources.count, count)
      }
      return
    }
    for (index, source) in sources.enumerated() {
      accumulate(
        target, source, weight: weights[index], isExtension: false, count, kernel: kernel)
    }
  }

  /// Σ weight_i·column_i; the weights' coordinates are `stride` apart.
  public static func dot(
    weights: Source, stride: Int, _ column: Source, _ count: Int, kernel: Kernel = .best
  ) -> CubicExtension {
    if kernel != .portable {
      var sum: (UInt64, UInt64, UInt64) = (0, 0, 0)
      withUnsafeMutableBytes(of: &sum) { sum in
        zkvm_dot(
          kernel.rawValue, sum.baseAddress!.assumingMemoryBound(to: UInt64.self), words(weights),
          stride, words(column), count)
      }
      return CubicExtension(
        Goldilocks(canonical: sum.0), Goldilocks(canonical: sum.1), Goldilocks(canonical: sum.2))
    }
    var total = CubicExtension.zero
    for i in 0..<count {
      total +=
        CubicExtension(weights[i], weights[stride + i], weights[2 * stride + i]) * column[i]
    }
    return total
  }

  /// Replaces extension elements by their inverses. Group g of `width` elements is at
  /// `values` + 3·width·g, coordinates `width` apart; `scratch` has room for as much.
  ///
  /// Montgomery's trick over the groups: all but one inversion of a place are products, which run
  /// as vector operations. Where one group has a zero, the place is zero in all of them.
  public static func invertExtensions(
    _ values: Target, groups: Int, width: Int, scratch: Target, kernel: Kernel = .best
  ) {
    let wide = CubicExtension.degree * width
    scratch.update(from: values, count: wide)
    for g in 1..<max(1, groups) {
      multiplyExtension(
        scratch + g * wide, scratch + (g - 1) * wide, values + g * wide, width, kernel: kernel)
    }
    let last = scratch + (groups - 1) * wide
    var products = (0..<width).map {
      CubicExtension(last[$0], last[width + $0], last[2 * width + $0])
    }
    invertAll(&products)
    for (i, value) in products.enumerated() {
      last[i] = value.a
      last[width + i] = value.b
      last[2 * width + i] = value.c
    }
    // `last` is the inverse of the product of groups 0 … g.
    for g in stride(from: groups - 1, to: 0, by: -1) {
      let value = values + g * wide
      let before = scratch + (g - 1) * wide
      // The inverse of group g, then that of the product of the groups before it.
      multiplyExtension(before, before, last, width, kernel: kernel)
      multiplyExtension(last, last, value, width, kernel: kernel)
      value.update(from: before, count: wide)
    }
    values.update(from: last, count: wide)
  }
}
