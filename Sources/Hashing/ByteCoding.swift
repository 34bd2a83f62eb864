/// Appends little-endian integers and length-prefixed fields to a byte string.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func byte(_ value: UInt8) { bytes.append(value) }

  @inlinable
  public mutating func integer<T: FixedWidthInteger>(_ value: T) {
    append(UInt64(truncatingIfNeeded: value), size: T.bitWidth / 8)
  }

  /// The lowest `size` bytes of a value.
  public mutating func append(_ value: UInt64, size: Int) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  public mutating func raw(_ values: some Sequence<UInt8>) { bytes.append(contentsOf: values) }

  /// UTF-8 behind a 32-bit length.
  public mutating func string(_ value: String) {
    let utf8 = Array(value.utf8)
    integer(UInt32(utf8.count))
    raw(utf8)
  }
}

/// Why bytes could not be read.
public struct DecodingError: Error, Equatable, CustomStringConvertible {
  /// Byte offset at which reading failed.
  public let offset: Int
  /// What was expected and what was found.
  public let reason: String

  public init(offset: Int, reason: String) {
    self.offset = offset
    self.reason = reason
  }

  public var description: String { "at byte \(offset): \(reason)" }
}

/// Reads little-endian integers and length-prefixed fields, checking every bound.
public struct ByteReader {
  public let bytes: ArraySlice<UInt8>
  public private(set) var position: Int

  public init(_ bytes: some Collection<UInt8>) {
    self.bytes = ArraySlice(bytes)
    position = self.bytes.startIndex
  }

  public var offset: Int { position - bytes.startIndex }
  public var remaining: Int { bytes.endIndex - position }

  public func failure(_ reason: String) -> DecodingError {
    DecodingError(offset: offset, reason: reason)
  }

  public mutating func raw(_ count: Int, _ what: String) throws(DecodingError) -> ArraySlice<UInt8>
  {
    guard count >= 0, count <= remaining else {
      throw failure("expected \(count) bytes of \(what), found \(remaining)")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  @inlinable
  public mutating func integer<T: FixedWidthInteger & UnsignedInteger>(
    _ what: String, as _: T.Type = T.self
  ) throws(DecodingError) -> T {
    T(truncatingIfNeeded: try unsigned(size: T.bitWidth / 8, what))
  }

  /// A little-endian integer of `size` ≤ 8 bytes.
  public mutating func unsigned(size: Int, _ what: String) throws(DecodingError) -> UInt64 {
    guard size <= remaining else {
      throw failure("expected \(size) bytes of \(what), found \(remaining)")
    }
    defer { position += size }
    if size == 8 {
      return bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
    }
    var value: UInt64 = 0
    for place in 0..<size {
      value |= UInt64(bytes[position + place]) << UInt64(8 * place)
    }
    return value
  }

  /// A count that `limit` bounds and for which `minimumSize` bytes an item are still there, so a
  /// hostile length never allocates more than the input's own size.
  public mutating func count(
    _ what: String, limit: Int, minimumSize: Int
  ) throws(DecodingError) -> Int {
    let value = Int(try integer("the number of \(what)", as: UInt32.self))
    guard value <= limit else { throw failure("\(value) \(what), at most \(limit) are allowed") }
    guard value * minimumSize <= remaining else {
      throw failure("\(value) \(what) need \(value * minimumSize) bytes, found \(remaining)")
    }
    return value
  }

  public mutating func string(_ what: String, limit: Int) throws(DecodingError) -> String {
    let count = try count("bytes of \(what)", limit: limit, minimumSize: 1)
    let slice = try raw(count, what)
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw failure("\(what) is not valid UTF-8")
    }
    return text
  }

  public func finish() throws(DecodingError) {
    guard remaining == 0 else { throw failure("\(remaining) trailing bytes") }
  }
}
