@_spi(Testing) import Hashing
import TestSupport
import Testing

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

  /// The three ways to hash words agree at every boundary of blocks, chunks and subtrees.
  @Test(arguments: [1, 2, 15, 16, 17, 31, 255, 256, 257, 511, 512, 513, 768, 769, 1025, 1800])
  func wordsAndLanesEqualTheHasher(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let messages = (0..<16).map { _ in
      (0..<count).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    }
    let lanes = BLAKE3.hashLanes(key: HashingTests.key, wordCount: count) { k in
      var lanes = BLAKE3.Lanes()
      for lane in 0..<16 { lanes[lane] = messages[lane][k] }
      return lanes
    }
    for (message, digest) in zip(messages, lanes) {
      var hasher = BLAKE3.Hasher(key: HashingTests.key)
      for word in message {
        hasher.update((0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) })
      }
      #expect(hasher.digest() == digest)
      #expect(BLAKE3.hash(key: HashingTests.key, words: message) == digest)
    }
  }

  /// The vector kernels of this machine against the portable compression.
  @Test func compressionKernelsAreEqual() {
    var generator = SeededGenerator(seed: 3)
    func lanes(_ count: Int) -> [BLAKE3.Lanes] {
      (0..<count).map { _ in
        BLAKE3.Lanes((0..<16).map { _ in UInt32(truncatingIfNeeded: generator.next()) })
      }
    }
    for round in 0..<20 {
      let (start, block) = (lanes(8), lanes(16))
      let counter = round % 2 == 0 ? UInt64(round) : generator.next()
      var expected = start
      BLAKE3.compressLanes(
        &expected, block, counter: counter, length: UInt32(3 * round), flags: UInt32(round),
        level: 0)
      for level in 0...BLAKE3.kernelLevel {
        var found = start
        BLAKE3.compressLanes(
          &found, block, counter: counter, length: UInt32(3 * round), flags: UInt32(round),
          level: level)
        #expect(found == expected, "level \(level)")
      }
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
    #expect(Hashing.xxh3([]) == 0x2D06_8005_38D3_94C2)
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
