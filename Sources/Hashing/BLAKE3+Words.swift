extension BLAKE3 {
  /// The keyed hash of a message of whole 32-bit little-endian words: the verifier's fast path.
  /// Equal to ``Hasher/init(key:)`` over the words' bytes; a test holds the two equal.
  public static func hash(key: Digest, words: [UInt32]) -> Digest {
    let wordsPerChunk = chunkLength / 4
    let chunks = max(1, (words.count + wordsPerChunk - 1) / wordsPerChunk)
    var stack: [ChainingValue] = []
    var output = Output(input: key.words, block: .zero, counter: 0, length: 0, flags: 0)
    for chunk in 0..<chunks {
      let begin = chunk * wordsPerChunk
      let end = min(words.count, begin + wordsPerChunk)
      output = chunkOutput(key, words[begin..<end], counter: UInt64(chunk))
      guard chunk < chunks - 1 else { break }
      var cv = output.chainingValue
      var total = chunk + 1
      while total & 1 == 0 {
        cv = parent(stack.removeLast(), cv, key: key.words, flags: Flag.keyedHash).chainingValue
        total >>= 1
      }
      stack.append(cv)
    }
    for left in stack.reversed() {
      output = parent(left, output.chainingValue, key: key.words, flags: Flag.keyedHash)
    }
    return Digest(words: output.rootBlock(0).lowHalf)
  }

  private static func chunkOutput(
    _ key: Digest, _ words: ArraySlice<UInt32>, counter: UInt64
  ) -> Output {
    var cv = key.words
    let blocks = max(1, (words.count + 15) / 16)
    for index in 0..<blocks {
      let start = words.startIndex + 16 * index
      let count = min(16, words.endIndex - start)
      var block = SIMD16<UInt32>()
      for i in 0..<max(0, count) { block[i] = words[start + i] }
      var flags = Flag.keyedHash
      if index == 0 { flags |= Flag.chunkStart }
      if index == blocks - 1 { flags |= Flag.chunkEnd }
      let output = Output(
        input: cv, block: block, counter: counter, length: UInt32(4 * max(0, count)), flags: flags)
      if index == blocks - 1 { return output }
      cv = output.chainingValue
    }
    preconditionFailure("a chunk has at least one block")
  }

  /// The keyed hash of two digests, and a third: one node of a Merkle tree.
  public static func hash(
    key: Digest, _ first: Digest, _ second: Digest, _ third: Digest?
  ) -> Digest {
    let block = SIMD16(lowHalf: first.words, highHalf: second.words)
    guard let third else {
      let output = Output(
        input: key.words, block: block, counter: 0, length: 64,
        flags: Flag.keyedHash | Flag.chunkStart | Flag.chunkEnd)
      return Digest(words: output.rootBlock(0).lowHalf)
    }
    let start = Output(
      input: key.words, block: block, counter: 0, length: 64,
      flags: Flag.keyedHash | Flag.chunkStart)
    let end = Output(
      input: start.chainingValue, block: SIMD16(lowHalf: third.words, highHalf: .zero), counter: 0,
      length: 32, flags: Flag.keyedHash | Flag.chunkEnd)
    return Digest(words: end.rootBlock(0).lowHalf)
  }
}
