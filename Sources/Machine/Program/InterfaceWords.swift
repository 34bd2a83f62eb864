import ZKVMAlgebraicHash
import ZKVMField
import ZKVMFixedPoint

/// What a cell holds.
public enum CellValue: Hashable, Sendable {
  case word(Int64)
  case digest(Digest)

  /// The four columns of the cell: a word's limbs or a digest's elements.
  public var elements: [Goldilocks] {
    switch self {
    case .word(let word): Word.limbs(word).map { Goldilocks($0) }
    case .digest(let digest): digest.array
    }
  }
}

extension Format {
  /// How many numbers of an interface's list stand for a value: one, for a digest its four elements.
  public var wordCount: Int { self == .digest ? Digest.count : 1 }
}

/// A field with its part of a list of words.
public struct FieldWords: Sendable {
  public let field: NamedFormat
  public let words: ArraySlice<Int64>

  public init(field: NamedFormat, words: ArraySlice<Int64>) {
    self.field = field
    self.words = words
  }

  /// Whether the words are a value of the format: a word in its range, canonical elements.
  public var isValid: Bool {
    field.format == .digest ? Digest(words: words) != nil : Word.isValid(words.first!)
  }

  /// Traps unless ``isValid``.
  public var value: CellValue {
    field.format == .digest ? .digest(Digest(words: words)!) : .word(words.first!)
  }

  /// The exact decimal, or the digest's digits; elements that are not canonical are shown as numbers.
  public var text: String {
    guard field.format == .digest else { return Decimal.string(words.first!, field.format) }
    return Digest(words: words)?.description ?? "\(words.map { UInt64(bitPattern: $0) })"
  }
}

extension Collection where Element == NamedFormat {
  /// The length of a list of words for these fields.
  public var wordCount: Int { reduce(0) { $0 + $1.format.wordCount } }

  /// Each field's part of a list of ``wordCount`` words.
  public func split(_ words: [Int64]) -> [FieldWords] {
    var rest = words[...]
    return map { field in
      defer { rest = rest.dropFirst(field.format.wordCount) }
      return FieldWords(field: field, words: rest.prefix(field.format.wordCount))
    }
  }
}

extension Format {
  /// Reads a value as an input file writes it.
  public func words(_ text: some StringProtocol) throws(DecimalError) -> [Int64] {
    guard self == .digest else { return [try Decimal.parse(text, as: self)] }
    guard let digest = Digest(text) else {
      throw DecimalError.malformedDigest(String(text.prefix(80)))
    }
    return digest.words
  }
}
