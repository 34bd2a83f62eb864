import Glibc
import ZKVMMachine

/// Why a file cannot be read: which, what was expected and what was found.
public struct FileError: Error, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public var description: String { "cannot read \(path): \(reason)" }

  init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// Reads files whose size nobody has looked at.
public enum FileReader {
  /// A whole file of at most `limit` bytes, by default what its kind may have.
  ///
  /// A regular file's size is looked at before it is read; pipes and devices are read to the limit and
  /// no further. Throws for folders and for what is missing, too long or cannot be read.
  public static func read(
    _ path: String, as kind: FileKind, limit: Int? = nil
  ) throws(FileError) -> [UInt8] {
    let limit = limit ?? kind.limit
    let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError(path, reason(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path, reason(errno)) }
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw FileError(path, "it is a folder, expected \(kind.name)")
    }
    guard !isRegular || Int(status.st_size) <= limit else {
      throw tooLong(path, "\(status.st_size)", kind, limit)
    }
    var bytes: [UInt8] = []
    if isRegular { bytes.reserveCapacity(Int(status.st_size)) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = retrying { Glibc.read(descriptor, &chunk, chunk.count) }
      guard count >= 0 else { throw FileError(path, reason(errno)) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw tooLong(path, "more than \(limit)", kind, limit)
      }
      bytes += chunk[..<count]
    }
  }

  /// A whole file of UTF-8 text.
  public static func text(
    _ path: String, as kind: FileKind, limit: Int? = nil
  ) throws(FileError) -> String {
    try text(read(path, as: kind, limit: limit), of: path, as: kind, limit: limit)
  }

  /// The text that a file's bytes are, for bytes that were read as something that may be longer.
  public static func text(
    _ bytes: [UInt8], of path: String, as kind: FileKind, limit: Int? = nil
  ) throws(FileError) -> String {
    let limit = limit ?? kind.limit
    guard bytes.count <= limit else { throw tooLong(path, "\(bytes.count)", kind, limit) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(path, "it is not UTF-8 text, expected \(kind.name)")
    }
    return text
  }

  private static func tooLong(
    _ path: String, _ found: String, _ kind: FileKind, _ limit: Int
  ) -> FileError {
    let left = limit < kind.limit ? " and \(limit) are left" : ""
    return FileError(
      path, "it has \(found) bytes, \(kind.name) has at most \(kind.limit)\(left); \(kind.remedy)")
  }

  /// What an error number of the system means.
  public static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "permission denied"
    case ENOSPC, EDQUOT: "the disk is full"
    case EFBIG: "it would be longer than the system allows"
    case EBADF: "it is closed"
    case EPIPE: "its reader is gone"
    default: String(cString: strerror(number))
    }
  }

  /// The result of a system call that signals may interrupt.
  public static func retrying<T: SignedInteger>(_ call: () -> T) -> T {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}
