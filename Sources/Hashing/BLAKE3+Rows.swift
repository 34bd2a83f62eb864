import CZKVMKernels

/// Many keyed hashes of equally long messages: the leaves and nodes of Merkle trees.
///
/// In vector code sixteen run side by side; the portable versions hash one after the other. Tests
/// hold all of them equal to ``Hasher``.
extension BLAKE3 {
  /// 0 portable, else vector code of this level.
  @_spi(Testing)
  public static let kernelLevel = zkvm_kernel_level()

  /// How many messages the vector code hashes side by side; counts are multiples of it.
  public static let laneCount = 16

  /// The hashes of rows `range` of a column-major matrix of 64-bit words: each of its salt of
  /// `saltWords` (an even number) 32-bit words, the row's place in `salts`, then a word a column.
  public static func hashRows(
    _ range: Range<Int>, key: Digest, salts: UnsafePointer<UInt32>?, saltWords: Int,
    columns: [UnsafePointer<UInt64>], into digests: UnsafeMutablePointer<Digest>
  ) {
    hashRows(
      range, key: key, salts: salts, saltWords: saltWords, columns: columns, into: digests,
      level: kernelLevel)
  }

  @_spi(Testing)
  public static func hashRows(
    _ range: Range<Int>, key: Digest, salts: UnsafePointer<UInt32>?, saltWords: Int,
    columns: [UnsafePointer<UInt64>], into digests: UnsafeMutablePointer<Digest>, level: CInt
  ) {
    precondition(saltWords % 2 == 0 && range.count % laneCount == 0)
    if level > 0 {
      withWords(key) { key in
        let columns: [UnsafePointer<UInt64>?] = columns
        zkvm_blake3_rows(
          level, key, salts, saltWords, columns, columns.count, range.lowerBound, range.count,
          words(digests))
      }
      return
    }
    var message = [UInt32](repeating: 0, count: saltWords + 2 * columns.count)
    for row in range {
      for k in 0..<saltWords { message[k] = salts![row * saltWords + k] }
      for (index, column) in columns.enumerated() {
        message[saltWords + 2 * index] = UInt32(truncatingIfNeeded: column[row])
        message[saltWords + 2 * index + 1] = UInt32(truncatingIfNeeded: column[row] >> 32)
      }
      digests[row - range.lowerBound] = hash(key: key, words: message)
    }
  }

  /// The hashes of `count` pairs of neighbours in `children`, or of triples with the digests of
  /// `injected`.
  public static func hashNodes(
    key: Digest, children: UnsafePointer<Digest>, injected: UnsafePointer<Digest>?, count: Int,
    into digests: UnsafeMutablePointer<Digest>
  ) {
    hashNodes(
      key: key, children: children, injected: injected, count: count, into: digests,
      level: kernelLevel)
  }

  @_spi(Testing)
  public static func hashNodes(
    key: Digest, children: UnsafePointer<Digest>, injected: UnsafePointer<Digest>?, count: Int,
    into digests: UnsafeMutablePointer<Digest>, level: CInt
  ) {
    if level > 0 && count % laneCount == 0 {
      withWords(key) { key in
        zkvm_blake3_nodes(
          level, key, words(children), injected.map { words($0) }, count, words(digests))
      }
      return
    }
    for i in 0..<count {
      digests[i] = hash(key: key, children[2 * i], children[2 * i + 1], injected?[i])
    }
  }

  // A digest is its eight words.

  private static func words(_ digests: UnsafePointer<Digest>) -> UnsafePointer<UInt32> {
    UnsafeRawPointer(digests).assumingMemoryBound(to: UInt32.self)
  }

  private static func words(
    _ digests: UnsafeMutablePointer<Digest>
  ) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(digests).assumingMemoryBound(to: UInt32.self)
  }

  private static func withWords(_ digest: Digest, _ body: (UnsafePointer<UInt32>) -> Void) {
    withUnsafePointer(to: digest) { body(words($0)) }
  }
}

extension BLAKE3.OutputReader {
  /// The next `count` words of 64 bits, a multiple of 8: whole blocks, sixteen at a time in vector
  /// code. What is left of the current block is passed over.
  @_spi(Testing)
  public mutating func nextBlocks(
    into target: UnsafeMutablePointer<UInt64>, count: Int, level: CInt
  ) {
    precondition(count % 8 == 0)
    position = 64
    var done = 0
    let blocks = count / 8 & ~(BLAKE3.laneCount - 1)
    if level > 0 && blocks > 0 {
      withUnsafePointer(to: output) { output in
        withUnsafePointer(to: output.pointee.input) { input in
          withUnsafePointer(to: output.pointee.block) { block in
            zkvm_blake3_output(
              level, UnsafeRawPointer(input).assumingMemoryBound(to: UInt32.self),
              UnsafeRawPointer(block).assumingMemoryBound(to: UInt32.self), output.pointee.length,
              output.pointee.flags | BLAKE3.Flag.root, blockIndex, blocks,
              UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt32.self))
          }
        }
      }
      blockIndex += UInt64(blocks)
      done = 8 * blocks
    }
    while done < count {
      target[done] = nextWord()
      done += 1
    }
  }

  public mutating func nextBlocks(into target: UnsafeMutablePointer<UInt64>, count: Int) {
    nextBlocks(into: target, count: count, level: BLAKE3.kernelLevel)
  }
}
