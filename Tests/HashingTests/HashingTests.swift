import TestSupport
import Testing
@_spi(Testing) import ZKVMHashing

private func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}

@Suite struct HashingTests {
  private static let key = BLAKE3.Digest(bytes: Array("whats the Elvish word for friend".utf8))!

  @Test func matchesTheAuthorsImplementation() throws {
    for row in try vectors("blake3.csv") {
      let data = (0..<Int(row[0])!).map { UInt8($0 % 251) }
      var plain = BLAKE3.Hasher()
      plain.update(data)
      #expect(hex(plain.output(count: 131)) == row[1])
      #expect(plain.digest().description == row[1].prefix(64))
      var keyed = BLAKE3.Hasher(key: HashingTests.key)
      keyed.update(data)
      #expect(hex(keyed.output(count: 131)) == row[2])
    }
  }

  @Test func derivesKeys() throws {
    let derived = BLAKE3.deriveKey(context: "BLAKE3 2019-12-27 16:29:52 test vectors context")
    #expect(try vectors("blake3.csv")[0][3].prefix(64) == derived.description)
  }

  private func hashed(_ words: some Sequence<UInt32>) -> BLAKE3.Digest {
    var hasher = BLAKE3.Hasher(key: HashingTests.key)
    for word in words {
      hasher.update((0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) })
    }
    return hasher.digest()
  }

  @Test(arguments: [0, 1, 2, 15, 16, 17, 31, 255, 256, 257, 511, 512, 513, 768, 769, 1025, 1800])
  func wordsEqualTheHasher(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let message = (0..<count).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    #expect(BLAKE3.hash(key: HashingTests.key, words: message) == hashed(message))
  }

  /// Rows by every kernel of this machine at every boundary of blocks, chunks and subtrees.
  @Test(
    arguments: [0, 1, 5, 6, 7, 8, 9, 126, 127, 128, 129, 254, 255, 256, 385, 512, 900], [0, 4])
  func rowsEqualTheHasher(columns count: Int, saltWords: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let rows = 48
    let columns = (0..<count).map { _ in (0..<rows).map { _ in generator.next() as UInt64 } }
    let salts = (0..<(rows * saltWords)).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    let pointers = columns.map { column in
      let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: rows)
      copy.initialize(from: column, count: rows)
      return copy
    }
    defer { for pointer in pointers { pointer.deallocate() } }
    for level in 0...BLAKE3.kernelLevel {
      var digests = [BLAKE3.Digest](repeating: BLAKE3.hash([]), count: 32)
      BLAKE3.hashRows(
        16..<48, key: HashingTests.key, salts: salts, saltWords: saltWords,
        columns: pointers.map { UnsafePointer($0) }, into: &digests, level: level)
      for row in 16..<48 {
        let words = columns.flatMap { column in
          [
            UInt32(truncatingIfNeeded: column[row]), UInt32(truncatingIfNeeded: column[row] >> 32),
          ]
        }
        let salt = salts[(row * saltWords)..<((row + 1) * saltWords)]
        #expect(digests[row - 16] == hashed(salt + words), "level \(level), row \(row)")
      }
    }
  }

  @Test func nodeKernelsAreEqual() {
    let children = (0..<64).map { BLAKE3.hash([UInt8($0)]) }
    for injected in [nil, children.reversed() as [BLAKE3.Digest]] {
      for level in 0...BLAKE3.kernelLevel {
        var digests = [BLAKE3.Digest](repeating: children[0], count: 32)
        func run(_ injected: UnsafePointer<BLAKE3.Digest>?) {
          BLAKE3.hashNodes(
            key: HashingTests.key, children: children, injected: injected, count: 32,
            into: &digests, level: level)
        }
        if let injected {
          injected.withUnsafeBufferPointer { run($0.baseAddress) }
        } else {
          run(nil)
        }
        for i in 0..<32 {
          #expect(
            digests[i]
              == BLAKE3.hash(
                key: HashingTests.key, children[2 * i], children[2 * i + 1], injected?[i]),
            "level \(level), node \(i)")
        }
      }
    }
  }

  @Test(arguments: 0...56) func firstWordsEqualTheHasher(length: Int) {
    var hasher = BLAKE3.Hasher(key: HashingTests.key)
    hasher.update((0..<length).map { UInt8($0 + 1) })
    let words = hasher.firstWords()
    for last in [0, 1, 0x0123_4567_89AB_CDEF, UInt64.max] {
      var whole = hasher
      whole.update(last)
      var reader = whole.outputReader()
      #expect(words(last) == reader.nextWord())
    }
  }

  /// Blocks of output by every kernel, behind some bytes and across 2^32.
  @Test func outputKernelsAreEqual() {
    var hasher = BLAKE3.Hasher(key: HashingTests.key)
    hasher.update([1, 2, 3])
    for level in 0...BLAKE3.kernelLevel {
      var reader = hasher.outputReader()
      var plain = reader
      _ = reader.nextByte()
      var words = [UInt64](repeating: 0, count: 8 * 37)
      reader.nextBlocks(into: &words, count: words.count, level: level)
      for _ in 0..<8 { _ = plain.nextWord() }
      #expect(words == words.indices.map { _ in plain.nextWord() })
      #expect(reader.nextWord() == plain.nextWord())
      var far = hasher.outputReader()
      far.blockIndex = (1 << 32) - 8
      plain = far
      far.nextBlocks(into: &words, count: 128, level: level)
      #expect(words[..<128].elementsEqual((0..<128).map { _ in plain.nextWord() }))
    }
  }

  @Test func nodesEqualTheHasher() {
    let a = BLAKE3.hash([1])
    let b = BLAKE3.hash([2])
    let c = BLAKE3.hash([3])
    for third in [nil, c] {
      var hasher = BLAKE3.Hasher(key: HashingTests.key)
      hasher.update(a.bytes + b.bytes + (third?.bytes ?? []))
      #expect(hasher.digest() == BLAKE3.hash(key: HashingTests.key, a, b, third))
    }
  }

  /// The empty input's hash in the xxHash specification.
  @Test func xxh3() {
    #expect(ZKVMHashing.xxh3([]) == 0x2D06_8005_38D3_94C2)
  }

  @Test func readersCheckBounds() throws {
    var reader = ByteReader([1, 2, 3])
    #expect(try reader.integer("x", as: UInt16.self) == 0x0201)
    #expect(throws: DecodingError.self) { try reader.integer("x", as: UInt64.self) }
    #expect(throws: DecodingError.self) { try reader.finish() }
    var hostile = ByteReader([0xFF, 0xFF, 0xFF, 0x7F])
    #expect(throws: DecodingError.self) {
      try hostile.count("things", limit: .max, minimumSize: 8)
    }
    var words = ByteReader([8, 7, 6, 5, 4, 3, 2, 1])
    #expect(try words.integer("w", as: UInt64.self) == 0x0102_0304_0506_0708)
  }
}
