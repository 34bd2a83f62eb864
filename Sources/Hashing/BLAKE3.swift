import CZKVMKernels

/// BLAKE3 (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, version 20211102).
///
/// The tree hash over 1,024-byte chunks in its plain, keyed and derive-key modes with extendable
/// output. ``BLAKE3/hashRows`` and ``BLAKE3/hashNodes`` hash many messages in vector lanes.
public enum BLAKE3 {
  /// A 256-bit chaining value as eight little-endian words.
  public typealias ChainingValue = SIMD8<UInt32>

  static let iv = ChainingValue(
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A,
    0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19)

  enum Flag {
    static let chunkStart: UInt32 = 1
    static let chunkEnd: UInt32 = 2
    static let parent: UInt32 = 4
    static let root: UInt32 = 8
    static let keyedHash: UInt32 = 16
    static let deriveKeyContext: UInt32 = 32
    static let deriveKeyMaterial: UInt32 = 64
  }

  static let blockLength = 64
  static let chunkLength = 1024

  /// Hashes `bytes` to 32 bytes.
  public static func hash(_ bytes: [UInt8]) -> Digest {
    var hasher = Hasher()
    hasher.update(bytes)
    return hasher.digest()
  }

  /// A key for ``Hasher/init(key:)`` from a context string that is unique to one purpose.
  public static func deriveKey(context: String) -> Digest {
    var contextHasher = Hasher(key: iv, flags: Flag.deriveKeyContext)
    contextHasher.update(Array(context.utf8))
    var hasher = Hasher(key: contextHasher.digest().words, flags: Flag.deriveKeyMaterial)
    hasher.update([])
    return hasher.digest()
  }

  /// The output of a compression that was not yet finalised: it can become a chaining value or
  /// the root.
  struct Output {
    var input: ChainingValue
    var block: SIMD16<UInt32>
    var counter: UInt64
    var length: UInt32
    var flags: UInt32

    var chainingValue: ChainingValue {
      let out = compress(input, block, counter: counter, length: length, flags: flags)
      return out.lowHalf
    }

    func rootBlock(_ index: UInt64) -> SIMD16<UInt32> {
      compress(input, block, counter: index, length: length, flags: flags | Flag.root)
    }
  }

  static func parent(
    _ left: ChainingValue, _ right: ChainingValue, key: ChainingValue, flags: UInt32
  ) -> Output {
    Output(
      input: key, block: SIMD16(lowHalf: left, highHalf: right), counter: 0,
      length: UInt32(blockLength), flags: flags | Flag.parent)
  }

  /// The seven-round compression function.
  static func compress(
    _ cv: ChainingValue, _ block: SIMD16<UInt32>, counter: UInt64, length: UInt32, flags: UInt32
  ) -> SIMD16<UInt32> {
    var output = SIMD16<UInt32>()
    withUnsafeBytes(of: cv) { cv in
      withUnsafeBytes(of: block) { block in
        withUnsafeMutableBytes(of: &output) { output in
          zkvm_blake3_compress(
            output.baseAddress!.assumingMemoryBound(to: UInt32.self),
            cv.baseAddress!.assumingMemoryBound(to: UInt32.self),
            block.baseAddress!.assumingMemoryBound(to: UInt32.self), counter, length, flags)
        }
      }
    }
    return output
  }
}

extension BLAKE3 {
  /// An incremental hasher.
  public struct Hasher: Sendable {
    private let key: ChainingValue
    private let flags: UInt32
    private var stack: [ChainingValue] = []
    private var chunkCV: ChainingValue
    private var chunkCounter: UInt64 = 0
    private var blocksInChunk = 0
    private var buffer: [UInt8] = []

    public init() { self.init(key: iv, flags: 0) }

    /// Keyed mode.
    public init(key: Digest) { self.init(key: key.words, flags: Flag.keyedHash) }

    init(key: ChainingValue, flags: UInt32) {
      self.key = key
      self.flags = flags
      chunkCV = key
      buffer.reserveCapacity(blockLength)
    }

    public mutating func update(_ bytes: some Sequence<UInt8>) {
      for byte in bytes {
        if buffer.count == blockLength { compressBlock() }
        buffer.append(byte)
      }
    }

    public mutating func update(_ bytes: [UInt8]) {
      var start = 0
      while start < bytes.count {
        if buffer.count == blockLength { compressBlock() }
        let end = min(bytes.count, start + blockLength - buffer.count)
        buffer.append(contentsOf: bytes[start..<end])
        start = end
      }
    }

    /// Appends a little-endian 64-bit integer.
    public mutating func update(_ word: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        if buffer.count == blockLength { compressBlock() }
        buffer.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }

    private var startFlag: UInt32 { blocksInChunk == 0 ? Flag.chunkStart : 0 }

    /// Consumes a full buffer that is known not to be the input's last block.
    private mutating func compressBlock() {
      let last = blocksInChunk == 15
      let output = Output(
        input: chunkCV, block: words(of: buffer), counter: chunkCounter,
        length: UInt32(blockLength), flags: flags | startFlag | (last ? Flag.chunkEnd : 0))
      buffer.removeAll(keepingCapacity: true)
      guard last else {
        chunkCV = output.chainingValue
        blocksInChunk += 1
        return
      }
      var cv = output.chainingValue
      chunkCounter += 1
      var total = chunkCounter
      while total & 1 == 0 {
        cv = parent(stack.removeLast(), cv, key: key, flags: flags).chainingValue
        total >>= 1
      }
      stack.append(cv)
      chunkCV = key
      blocksInChunk = 0
    }

    private func words(of bytes: [UInt8]) -> SIMD16<UInt32> {
      var words = SIMD16<UInt32>()
      withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
      // The words of a block are little-endian.
      for index in words.indices { words[index] = UInt32(littleEndian: words[index]) }
      return words
    }

    private var rootOutput: Output {
      var output = Output(
        input: chunkCV, block: words(of: buffer), counter: chunkCounter,
        length: UInt32(buffer.count), flags: flags | startFlag | Flag.chunkEnd)
      for left in stack.reversed() {
        output = parent(left, output.chainingValue, key: key, flags: flags)
      }
      return output
    }

    public func digest() -> Digest { Digest(words: rootOutput.rootBlock(0).lowHalf) }

    /// The hash, from its first eight bytes as a little-endian integer, of what was hashed so far,
    /// at most 56 bytes, and a little-endian 64-bit integer: for trying many of these.
    public func firstWords() -> (_ last: UInt64) -> UInt64 {
      precondition(chunkCounter == 0 && blocksInChunk == 0 && buffer.count <= blockLength - 8)
      var output = rootOutput
      output.length += 8
      let (start, shift) = (buffer.count / 4, UInt64(8 * (buffer.count % 4)))
      return { last in
        var output = output
        output.block[start] |= UInt32(truncatingIfNeeded: last << shift)
        output.block[start + 1] |= UInt32(truncatingIfNeeded: (last << shift) >> 32)
        if shift > 0 { output.block[start + 2] |= UInt32(truncatingIfNeeded: last >> (64 - shift)) }
        let root = output.rootBlock(0)
        return UInt64(root[0]) | UInt64(root[1]) << 32
      }
    }

    /// `count` bytes of extendable output.
    public func output(count: Int) -> [UInt8] {
      var reader = outputReader()
      return (0..<count).map { _ in reader.nextByte() }
    }

    public func outputReader() -> OutputReader { OutputReader(output: rootOutput) }
  }

  /// An unbounded stream of output bytes.
  public struct OutputReader: Sendable {
    let output: Output
    private var block: SIMD16<UInt32> = .zero
    @_spi(Testing) public var blockIndex: UInt64 = 0
    var position = 64

    init(output: Output) { self.output = output }

    @inline(__always)
    private mutating func refill() {
      block = output.rootBlock(blockIndex)
      blockIndex += 1
      position = 0
    }

    public mutating func nextByte() -> UInt8 {
      if position >= 64 { refill() }
      defer { position += 1 }
      return UInt8(truncatingIfNeeded: block[position / 4] >> UInt32(8 * (position % 4)))
    }

    /// The next eight aligned bytes as a little-endian integer.
    public mutating func nextWord() -> UInt64 {
      position = (position + 7) & ~7
      if position >= 64 { refill() }
      defer { position += 8 }
      return UInt64(block[position / 4]) | UInt64(block[position / 4 + 1]) << 32
    }
  }

  /// A 256-bit hash value.
  public struct Digest: Hashable, Sendable, CustomStringConvertible {
    public var words: ChainingValue

    public init(words: ChainingValue) { self.words = words }

    /// From exactly 32 bytes; `nil` for any other length.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
      guard bytes.count == 32 else { return nil }
      var words = ChainingValue()
      for (index, byte) in bytes.enumerated() {
        words[index / 4] |= UInt32(byte) << UInt32(8 * (index % 4))
      }
      self.words = words
    }

    public var bytes: [UInt8] {
      (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(8 * ($0 % 4))) }
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String {
      let digits = Array("0123456789abcdef")
      return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }
}
