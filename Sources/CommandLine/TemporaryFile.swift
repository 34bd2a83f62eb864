import Foundation
import ZKVMFiles

/// A complete file that waits for its name. Between ``make(_:for:like:failure:)`` and ``remove()``
/// or ``forget()`` an interrupt removes it.
struct TemporaryFile {
  let path: String

  /// Writes bytes to a new file in the folder of `target`, and on to the disk, with the permission
  /// bits and the owner of the file that it is to replace. Leaves nothing if that fails.
  static func make(
    _ bytes: [UInt8], for target: String, like old: stat?, failure: (String) -> Failure
  ) throws -> TemporaryFile {
    let name = "zkvm-" + String(UInt64.random(in: .min ... .max), radix: 16) + ".tmp"
    let file = TemporaryFile(path: OutputFile.folder(of: target) + "/" + name)
    let descriptor = FileReader.retrying {
      open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw failure(FileReader.reason(errno)) }
    SignalGuard.remember(file.path)
    var problem = adopt(descriptor, old)
    func note(_ error: Int32) { if problem == nil { problem = FileReader.reason(error) } }
    if problem == nil, case let error = StandardStreams.write(bytes, to: descriptor), error != 0 {
      note(error)
    }
    // Some file systems have nothing to synchronize.
    if problem == nil, fsync(descriptor) != 0, errno != EINVAL { note(errno) }
    if close(descriptor) != 0 { note(errno) }
    guard let problem else { return file }
    file.remove()
    throw failure(problem)
  }

  /// Takes on owner and permission bits; returns why it cannot.
  ///
  /// A file that belongs to another user and cannot be given to them is not replaced: its new owner
  /// and group would be others than the old one's bits were meant for.
  private static func adopt(_ descriptor: Int32, _ old: stat?) -> String? {
    guard let old else { return nil }
    var own = stat()
    guard fstat(descriptor, &own) == 0 else { return FileReader.reason(errno) }
    if own.st_uid != old.st_uid || own.st_gid != old.st_gid {
      guard fchown(descriptor, old.st_uid, old.st_gid) == 0 else {
        return "the old file belongs to another user or group, which a new one cannot keep"
      }
    }
    return fchmod(descriptor, old.st_mode & 0o777) == 0 ? nil : FileReader.reason(errno)
  }

  func remove() {
    unlink(path)
    forget()
  }

  /// The file has its name, or is to stay under this one.
  func forget() { SignalGuard.remember(nil) }
}

/// While a result is written: interrupts remove the temporary file before they end the process, and a
/// reader who is gone or a file-size limit is an error instead of a signal.
struct SignalGuard {
  private static let interrupts = [SIGINT, SIGTERM, SIGHUP]
  private static let errors = [SIGPIPE, SIGXFSZ]
  private let former: [(Int32, sighandler_t?)]

  /// The temporary file's path, for the handler, which may call next to nothing.
  private nonisolated(unsafe) static var pending: UnsafeMutablePointer<CChar>?

  init() {
    var former: [(Int32, sighandler_t?)] = []
    for number in SignalGuard.errors { former.append((number, signal(number, SIG_IGN))) }
    for number in SignalGuard.interrupts {
      let old = signal(number) { number in
        if let path = SignalGuard.pending { unlink(path) }
        signal(number, SIG_DFL)
        raise(number)
      }
      former.append((number, old))
      // What was ignored, as under nohup, stays ignored.
      if unsafeBitCast(old, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
    self.former = former
  }

  func end() { for (number, handler) in former { signal(number, handler) } }

  static func remember(_ path: String?) {
    let old = pending
    pending = path.map { strdup($0) }
    free(old)
  }
}
