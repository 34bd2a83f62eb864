import ZKVMField

/// Four field elements: a commitment, a node of a Merkle tree, a nullifier.
public struct Digest: Hashable, Sendable {
  public static let count = 4
  public let elements: SIMD4<UInt64>

  public init(_ elements: [Goldilocks]) {
    precondition(elements.count == Digest.count)
    self.elements = SIMD4(elements.map(\.value))
  }

  public static let zero = Digest(Array(repeating: .zero, count: count))

  public subscript(index: Int) -> Goldilocks { Goldilocks(canonical: elements[index]) }

  public var array: [Goldilocks] { (0..<Digest.count).map { self[$0] } }
}

/// The hash functions of the machine: a compression function of two digests, and a chain of it over
/// words.
extension Digest {
  /// The first four elements of P(left, right) + (left, right), with P = Poseidon2 (2023/323): one-way
  /// and collision resistant while P behaves like a random permutation, at 128 bits by its four
  /// elements.
  public static func compress(_ left: Digest, _ right: Digest) -> Digest {
    var state = left.array + right.array
    Poseidon2.permute(&state)
    return Digest((0..<count).map { state[$0] + left[$0] })
  }

  /// The chain's start for a message of so many words: messages of different lengths have
  /// different starts, so no message is a prefix of another.
  public static func start(words: Int) -> Digest {
    Digest([Goldilocks(words), .zero, .zero, .zero])
  }

  /// Four words as elements. A word is a 63-bit number, so its residue determines it.
  public static func block(_ words: [Int64]) -> Digest {
    precondition(words.count <= count)
    return Digest(
      words.map { Goldilocks($0) } + Array(repeating: .zero, count: count - words.count))
  }

  /// The hash of words: blocks of four, the last one padded with zeros, compressed into the start.
  public static func hash(_ words: [Int64]) -> Digest {
    precondition(!words.isEmpty)
    return stride(from: 0, to: words.count, by: count).reduce(start(words: words.count)) {
      compress($0, block(Array(words[$1..<min($1 + count, words.count)])))
    }
  }

  /// The low 48 bits of an element.
  public func squeeze(_ index: Int) -> Int64 {
    Int64(elements[index] & 0xFFFF_FFFF_FFFF)
  }
}

/// "0x" and 64 hexadecimal digits: the elements in order, each with its most significant digit first.
extension Digest: CustomStringConvertible {
  public var description: String {
    "0x"
      + (0..<Digest.count).map { index in
        let digits = String(elements[index], radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }.joined()
  }

  /// `nil` for anything else, also for an element that is not canonical.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 66, bytes.starts(with: Array("0x".utf8)) else { return nil }
    var elements: [Goldilocks] = []
    for index in 0..<Digest.count {
      var value: UInt64 = 0
      for byte in bytes[(2 + 16 * index)..<(18 + 16 * index)] {
        let digit: UInt8
        switch byte {
        case 0x30...0x39: digit = byte - 0x30
        case 0x61...0x66: digit = byte - 0x61 + 10
        case 0x41...0x46: digit = byte - 0x41 + 10
        default: return nil
        }
        value = value << 4 | UInt64(digit)
      }
      guard let element = Goldilocks(exactly: value) else { return nil }
      elements.append(element)
    }
    self.init(elements)
  }
}

/// A digest among words: its elements' bit patterns.
extension Digest {
  public var words: [Int64] { (0..<Digest.count).map { Int64(bitPattern: elements[$0]) } }

  /// `nil` if a pattern is not canonical.
  public init?(words: some Collection<Int64>) {
    guard words.count == Digest.count else { return nil }
    var elements: [Goldilocks] = []
    for word in words {
      guard let element = Goldilocks(exactly: UInt64(bitPattern: word)) else { return nil }
      elements.append(element)
    }
    self.init(elements)
  }
}
