import Foundation
import Glibc
import Testing
import ZKVMFiles
import ZKVMMachine

@Suite struct FileReaderTests {
  private static let small = FileKind(name: "a test", limit: 1000, remedy: "write less")

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("zkvm-files-\(UInt64.random(in: .min ... .max))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func write(_ path: String, _ count: Int) {
    _ = FileManager.default.createFile(atPath: path, contents: Data(repeating: 7, count: count))
  }

  private func failure(_ path: String, limit: Int? = nil) -> String? {
    do throws(FileError) {
      _ = try FileReader.read(path, as: FileReaderTests.small, limit: limit)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func filesEndAtTheLimit() throws {
    try withFolder { folder in
      let path = folder + "/file"
      for count in [0, 1, 999, 1000] {
        write(path, count)
        let bytes = try FileReader.read(path, as: FileReaderTests.small)
        #expect(bytes == Array(repeating: 7, count: count))
      }
      write(path, 1001)
      #expect(failure(path) == "it has 1001 bytes, a test has at most 1000; write less")
      #expect(
        failure(path, limit: 9)
          == "it has 1001 bytes, a test has at most 1000 and 9 are left; write less")
    }
  }

  /// A file of holes: as long as can be, without any room on the disk.
  @Test func nothingIsReadOfWhatIsTooLong() throws {
    try withFolder { folder in
      let path = folder + "/holes"
      write(path, 0)
      #expect(truncate(path, 1 << 40) == 0)
      #expect(
        failure(path) == "it has 1099511627776 bytes, a test has at most 1000; write less")
    }
  }

  @Test func devicesAndPipesEndAtTheLimit() throws {
    #expect(
      failure("/dev/zero") == "it has more than 1000 bytes, a test has at most 1000; write less")
    #expect(failure("/dev/null") == nil)
    try withFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      for count in [1000, 1001] {
        let thread = Thread {
          let descriptor = open(path, O_WRONLY)
          _ = [UInt8](repeating: 7, count: count).withUnsafeBytes {
            Glibc.write(descriptor, $0.baseAddress, $0.count)
          }
          close(descriptor)
        }
        thread.start()
        #expect((failure(path) == nil) == (count == 1000))
      }
    }
  }

  @Test func saysWhatIsWrong() throws {
    try withFolder { folder in
      #expect(failure(folder) == "it is a folder, expected a test")
      #expect(failure(folder + "/none") == "there is no such file")
      write(folder + "/bytes", 3)
      let text = try FileReader.text(folder + "/bytes", as: .source)
      #expect(text == "\u{7}\u{7}\u{7}")
      _ = FileManager.default.createFile(
        atPath: folder + "/bytes", contents: Data([0x61, 0xFF]))
      do throws(FileError) {
        _ = try FileReader.text(folder + "/bytes", as: .source)
        Issue.record("expected an error")
      } catch {
        #expect(error.description.hasPrefix("cannot read \(folder)/bytes: it is not UTF-8 text"))
      }
    }
  }
}
