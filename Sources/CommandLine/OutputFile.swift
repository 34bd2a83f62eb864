import Foundation
import ZKVMFiles

/// Where a command writes its result. Made before the work, so that a place that cannot be written
/// costs nobody an hour, and written once, after it.
///
/// - A regular file is replaced as a whole: the bytes go to a new file in its folder, to the disk, and
///   then under its name; whatever fails leaves the old file as it was. It keeps its permission bits
///   and owner; of a file with several hard links, the other names keep the old contents. A file that
///   changed or came into being after it was checked is not replaced.
/// - A symbolic link stays; what it points to is written, or made if it is not there.
/// - Pipes, devices and this process's descriptors (/dev/stdout, /dev/fd/3) are written through.
package struct OutputFile {
  /// As the user wrote it.
  private let path: String
  /// With its article: "the proof".
  private let what: String
  private let place: Place

  private enum Place {
    case descriptor(Int32)
    /// A pipe or a device.
    case through
    /// A regular file's own path, and its state when it was checked, `nil` if there was none.
    case file(String, stat?)
  }

  /// Checks the place; `inputs` are files that the command reads and that are not written over.
  /// Throws a ``Failure`` of status 2 for a place that cannot be written.
  package init(_ path: String, _ what: String, sparing inputs: [String] = []) throws {
    self.path = path
    self.what = what
    place = try OutputFile.check(path, what, inputs)
  }

  /// Writes the result; throws a ``Failure`` of status 2 that says what stands where then.
  package func write(_ bytes: [UInt8]) throws {
    let signals = SignalGuard()
    defer { signals.end() }
    switch place {
    case .descriptor(let descriptor):
      _ = StandardStreams.flushOutput()
      let error = StandardStreams.write(bytes, to: descriptor)
      guard error == 0 else { throw failure(FileReader.reason(error)) }
    case .through: try writeThrough(bytes)
    case .file(let target, let old):
      let temporary = try TemporaryFile.make(bytes, for: target, like: old) { failure($0) }
      defer { temporary.forget() }
      try put(temporary, at: target, insteadOf: old)
    }
  }

  // MARK: Checking

  private typealias Refusal = (_ reason: String) -> Failure

  private static func check(_ path: String, _ what: String, _ inputs: [String]) throws -> Place {
    let refuse: Refusal = { .unusable("cannot write \(what) to \(path): \($0)") }
    guard !path.isEmpty, path != "-" else {
      throw refuse("expected a file's name; standard output is /dev/stdout")
    }
    let target: String
    switch resolve(path) {
    case .descriptor(let descriptor):
      let flags = fcntl(descriptor, F_GETFL)
      guard flags != -1, flags & O_ACCMODE != O_RDONLY else {
        throw refuse("it is not open for writing")
      }
      return .descriptor(descriptor)
    case .path(let resolved): target = resolved
    }
    guard let state = try state(path, refuse) else {
      guard !path.hasSuffix("/"), !target.hasSuffix("/") else {
        throw refuse("there is no such folder; name a file")
      }
      try checkFolder(of: target, like: nil, refuse)
      return .file(target, nil)
    }
    let kind = state.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw refuse("it is a folder; name a file in it") }
    guard kind != S_IFSOCK else {
      throw refuse("it is a socket, expected a file, a pipe or a device")
    }
    // A file that may not be written is not replaced either, though its folder would allow it.
    guard faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 else {
      throw refuse(FileReader.reason(errno))
    }
    guard kind == S_IFREG else { return .through }
    try checkOld(state, names: [path, target], inputs, refuse)
    guard let own = try OutputFile.state(target, refuse), isSame(own, state) else {
      throw refuse("its links lead to no file that can be replaced")
    }
    try checkFolder(of: target, like: state, refuse)
    return .file(target, state)
  }

  /// Neither what the command reads nor a source is written over.
  private static func checkOld(
    _ old: stat, names: [String], _ inputs: [String], _ refuse: Refusal
  ) throws {
    for input in inputs {
      guard let read = try? state(input, refuse), isSame(read, old) else { continue }
      throw refuse("this command reads that file (\(input)); name another one")
    }
    guard !names.contains(where: { $0.lowercased().hasSuffix(".zkasm") }) else {
      throw refuse("a source is not written over; name another file")
    }
  }

  private enum Resolved {
    case descriptor(Int32)
    case path(String)
  }

  /// Follows the links in the last part of a path; to something that need not be there.
  private static func resolve(_ path: String) -> Resolved {
    var current = path
    for _ in 0..<40 {
      if let descriptor = descriptor(current) { return .descriptor(descriptor) }
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let length = readlink(current, &buffer, Int(PATH_MAX))
      guard length > 0 else { break }
      let link = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      current = link.hasPrefix("/") ? link : folder(of: current) + "/" + link
    }
    return .path(current)
  }

  /// The number of the descriptor of this process that a path names.
  private static func descriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What a path leads to, `nil` if there is nothing.
  private static func state(_ path: String, _ refuse: Refusal) throws -> stat? {
    var state = stat()
    if stat(path, &state) == 0 { return state }
    guard errno == ENOENT else { throw refuse(FileReader.reason(errno)) }
    return nil
  }

  private static func isSame(_ a: stat, _ b: stat) -> Bool {
    a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// Makes a file in the folder and removes it: no list of rules tells as surely that it can be done.
  private static func checkFolder(
    of target: String, like old: stat?, _ refuse: Refusal
  ) throws {
    let folder = folder(of: target)
    guard let state = try state(folder, refuse), state.st_mode & S_IFMT == S_IFDIR else {
      throw refuse("there is no folder \(folder); make it first")
    }
    let signals = SignalGuard()
    defer { signals.end() }
    try TemporaryFile.make([], for: target, like: old) {
      refuse("no file can be made in the folder \(folder), \($0); name a file elsewhere")
    }.remove()
  }

  // MARK: Writing

  private func failure(_ reason: String) -> Failure {
    .unusable("cannot write \(what) to \(path): \(reason)")
  }

  private func writeThrough(_ bytes: [UInt8]) throws {
    // Waits for a pipe's reader.
    let descriptor = FileReader.retrying { open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) }
    guard descriptor >= 0 else { throw failure(FileReader.reason(errno)) }
    var state = stat()
    guard fstat(descriptor, &state) == 0, state.st_mode & S_IFMT != S_IFREG else {
      close(descriptor)
      throw failure("it became a regular file meanwhile")
    }
    let error = StandardStreams.write(bytes, to: descriptor)
    let closing = close(descriptor) == 0 ? 0 : errno
    guard error == 0, closing == 0 else {
      throw failure(FileReader.reason(error == 0 ? closing : error))
    }
  }

  /// Gives the bytes their name. What has the name and is not what was checked stays, and so do the
  /// bytes, under their temporary name.
  private func put(_ temporary: TemporaryFile, at target: String, insteadOf old: stat?) throws {
    func kept(_ reason: String) -> Failure {
      temporary.forget()
      return failure("\(reason); \(what) is in \(temporary.path)")
    }
    var now = stat()
    let isThere = lstat(target, &now) == 0
    if let old {
      guard isThere, OutputFile.isSame(old, now), old.st_size == now.st_size,
        old.st_mtim.tv_sec == now.st_mtim.tv_sec, old.st_mtim.tv_nsec == now.st_mtim.tv_nsec
      else { throw kept("another program changed it meanwhile") }
      guard rename(temporary.path, target) == 0 else { throw kept(FileReader.reason(errno)) }
    } else {
      guard !isThere else { throw kept("another program made it meanwhile") }
      // Unlike rename, link replaces nothing. Some file systems know no links.
      if link(temporary.path, target) == 0 {
        unlink(temporary.path)
      } else {
        guard errno != EEXIST else { throw kept("another program made it meanwhile") }
        guard rename(temporary.path, target) == 0 else { throw kept(FileReader.reason(errno)) }
      }
    }
    OutputFile.synchronize(folder: OutputFile.folder(of: target))
  }

  /// Brings a folder's names to the disk where its file system can.
  private static func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
