import CZKVMKernels

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

/// Copies 2^logSize values into bit-reversed order.
func bitReverse(
  _ source: UnsafePointer<Goldilocks>, logSize: Int, into target: UnsafeMutablePointer<Goldilocks>,
  kernel: Kernel = .best
) {
  if kernel != .portable && logSize >= 6 {
    zkvm_bit_reverse(kernel.rawValue, words(target), words(source), CInt(logSize))
    return
  }
  for i in 0..<(1 << logSize) { target[reverseBits(i, count: logSize)] = source[i] }
}
