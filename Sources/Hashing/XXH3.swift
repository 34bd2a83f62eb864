import CZKVMXXHash

/// XXH3-64 over bytes: a corruption check, never a commitment.
public func xxh3(_ bytes: some Sequence<UInt8>) -> UInt64 {
  let bytes = Array(bytes)
  return bytes.withUnsafeBytes { XXH3_64bits($0.baseAddress, $0.count) }
}
