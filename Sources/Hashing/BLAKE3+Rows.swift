import CKernels

extension BLAKE3 {
  /// One 32-bit word of sixteen independent messages.
  public typealias Lanes = SIMD16<UInt32>

  /// Sixteen keyed hashes side by side of messages of equal length.
  ///
  /// `word(k)` gives the k-th little-endian 32-bit word of all messages. The result is the same
  /// as sixteen runs of ``Hasher/init(key:)``; a test holds the two equal.
  @inline(__always)
  public static func hashLanes(
    key: Digest, wordCount: Int, word: (Int) -> Lanes
  ) -> [Digest] {
    let key = key.words
    var keyLanes = [Lanes](repeating: .zero, count: 8)
    for i in 0..<8 { keyLanes[i] = Lanes(repeating: key[i]) }
    let wordsPerChunk = chunkLength / 4
    let chunks = max(1, (wordCount + wordsPerChunk - 1) / wordsPerChunk)
    var stack: [[Lanes]] = []
    var block = [Lanes](repeating: .zero, count: 16)
    var cv = keyLanes
    for chunk in 0..<chunks {
      cv = keyLanes
      let begin = chunk * wordsPerChunk
      let end = min(wordCount, begin + wordsPerChunk)
      let blocks = max(1, (end - begin + 15) / 16)
      for index in 0..<blocks {
        let start = begin + index * 16
        let count = min(16, end - start)
        for i in 0..<16 { block[i] = i < count ? word(start + i) : .zero }
        var flags = Flag.keyedHash
        if index == 0 { flags |= Flag.chunkStart }
        if index == blocks - 1 {
          flags |= Flag.chunkEnd
          if chunks == 1 { flags |= Flag.root }
        }
        compressLanes(
          &cv, block, counter: UInt64(chunk), length: UInt32(max(0, count) * 4), flags: flags)
      }
      guard chunk < chunks - 1 else { break }
      var total = chunk + 1
      while total & 1 == 0 {
        cv = parentLanes(stack.removeLast(), cv, keyLanes, root: false)
        total >>= 1
      }
      stack.append(cv)
    }
    for (index, left) in stack.enumerated().reversed() {
      cv = parentLanes(left, cv, keyLanes, root: index == 0)
    }
    return (0..<16).map { lane in
      var words = ChainingValue()
      for i in 0..<8 { words[i] = cv[i][lane] }
      return Digest(words: words)
    }
  }

  private static func parentLanes(
    _ left: [Lanes], _ right: [Lanes], _ key: [Lanes], root: Bool
  ) -> [Lanes] {
    var cv = key
    compressLanes(
      &cv, left + right, counter: 0, length: UInt32(blockLength),
      flags: Flag.keyedHash | Flag.parent | (root ? Flag.root : 0))
    return cv
  }

  /// The order of message words in each round.
  private static let schedule: [[Int]] = {
    let permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
    var rows = [Array(0..<16)]
    for _ in 1..<7 { rows.append(permutation.map { rows.last![$0] }) }
    return rows
  }()

  private static let flatSchedule: [Int] = schedule.flatMap { $0 }

  /// 0 portable, else a vector kernel of this level.
  @_spi(Testing)
  public static let kernelLevel = zkvm_kernel_level()

  @_spi(Testing)
  public static func compressLanes(
    _ cv: inout [Lanes], _ block: [Lanes], counter: UInt64, length: UInt32, flags: UInt32,
    level: CInt = kernelLevel
  ) {
    if level > 0 {
      cv.withUnsafeMutableBytes { cv in
        block.withUnsafeBytes { block in
          zkvm_blake3_compress16(
            level, cv.baseAddress!.assumingMemoryBound(to: UInt32.self),
            block.baseAddress!.assumingMemoryBound(to: UInt32.self), counter, length, flags)
        }
      }
      return
    }
    block.withUnsafeBufferPointer { m in
      flatSchedule.withUnsafeBufferPointer { order in
        var v0 = cv[0]
        var v1 = cv[1]
        var v2 = cv[2]
        var v3 = cv[3]
        var v4 = cv[4]
        var v5 = cv[5]
        var v6 = cv[6]
        var v7 = cv[7]
        var v8 = Lanes(repeating: iv[0])
        var v9 = Lanes(repeating: iv[1])
        var v10 = Lanes(repeating: iv[2])
        var v11 = Lanes(repeating: iv[3])
        var v12 = Lanes(repeating: UInt32(truncatingIfNeeded: counter))
        var v13 = Lanes(repeating: UInt32(truncatingIfNeeded: counter >> 32))
        var v14 = Lanes(repeating: length)
        var v15 = Lanes(repeating: flags)
        for round in 0..<7 {
          let s = order.baseAddress! + 16 * round
          mix(&v0, &v4, &v8, &v12, m[s[0]], m[s[1]])
          mix(&v1, &v5, &v9, &v13, m[s[2]], m[s[3]])
          mix(&v2, &v6, &v10, &v14, m[s[4]], m[s[5]])
          mix(&v3, &v7, &v11, &v15, m[s[6]], m[s[7]])
          mix(&v0, &v5, &v10, &v15, m[s[8]], m[s[9]])
          mix(&v1, &v6, &v11, &v12, m[s[10]], m[s[11]])
          mix(&v2, &v7, &v8, &v13, m[s[12]], m[s[13]])
          mix(&v3, &v4, &v9, &v14, m[s[14]], m[s[15]])
        }
        cv[0] = v0 ^ v8
        cv[1] = v1 ^ v9
        cv[2] = v2 ^ v10
        cv[3] = v3 ^ v11
        cv[4] = v4 ^ v12
        cv[5] = v5 ^ v13
        cv[6] = v6 ^ v14
        cv[7] = v7 ^ v15
      }
    }
  }

  @inline(__always)
  private static func mix(
    _ a: inout Lanes, _ b: inout Lanes, _ c: inout Lanes, _ d: inout Lanes, _ x: Lanes, _ y: Lanes
  ) {
    a = a &+ b &+ x
    d = rotate(d ^ a, 16)
    c = c &+ d
    b = rotate(b ^ c, 12)
    a = a &+ b &+ y
    d = rotate(d ^ a, 8)
    c = c &+ d
    b = rotate(b ^ c, 7)
  }

  @inline(__always)
  private static func rotate(_ x: Lanes, _ count: UInt32) -> Lanes {
    (x &>> count) | (x &<< (32 - count))
  }
}
