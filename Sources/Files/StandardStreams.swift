import Glibc

/// The process's standard input, output and error, which may be closed, full or gone.
public enum StandardStreams {
  /// Puts something that refuses to be written in the place of a standard stream that is closed, so
  /// that no file of ours gets its number and with it what is printed. Called before all else.
  public static func prepare() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes a line to standard error; if that fails there is nobody to tell.
  public static func printError(_ message: String) {
    writeError(message + "\n")
  }

  /// Writes text to standard error as it is.
  public static func writeError(_ text: String) {
    _ = write(Array(text.utf8), to: 2)
  }

  /// Writes all bytes to a descriptor; returns the system's error number, 0 if all went well.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = FileReader.retrying {
          Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        }
        if count < 0 { return errno }
        written += count
      }
      return 0
    }
  }

  /// Writes out what `print` has kept; whether standard output has taken all of it.
  public static func flushOutput() -> Bool { fflush(nil) == 0 }
}
