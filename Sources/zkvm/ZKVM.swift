import ArgumentParser
import Foundation
import ZKVMFiles

@main
struct ZKVM: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zkvm",
    abstract: "Prove what a financial contract computed without showing its inputs.",
    discussion: """
      PROGRAM is a source (.zkasm) or an assembled file. Results go to standard output, progress \
      and diagnostics to standard error.

      Exit status: 0 done or accepted, 1 refused or trapped, 2 unusable input.
      """,
    version: "0.1.0",
    subcommands: [
      New.self, Commit.self, Run.self, Test.self, Prove.self, Verify.self, Check.self, Profile.self,
      Assemble.self,
      Disassemble.self, Identify.self, Security.self, Tables.self, AuditCommand.self,
    ])

  static func main() {
    StandardStreams.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
      try checkOutput()
    } catch let failure as Failure {
      printError(failure.message)
      Foundation.exit(failure.status)
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch {
      let message = fullMessage(for: error)
      if exitCode(for: error) == .success {
        print(message)
        Foundation.exit(StandardStreams.flushOutput() ? 0 : 2)
      }
      printError(message)
      Foundation.exit(2)
    }
  }

  private static func checkOutput() throws {
    guard StandardStreams.flushOutput() else {
      throw Failure.unusable("cannot write to standard output: \(FileReader.reason(errno))")
    }
  }
}

/// An error with the exit status that it stands for.
struct Failure: Error, CustomStringConvertible {
  let message: String
  let status: Int32

  var description: String { message }

  /// The input cannot be used.
  static func unusable(_ message: String) -> Failure { Failure(message: message, status: 2) }
  /// The run trapped or the proof was refused.
  static func refused(_ message: String) -> Failure { Failure(message: message, status: 1) }
}

/// Writes a line to standard error.
func printError(_ message: String) { StandardStreams.printError(message) }

/// Makes a folder and those above it, or fails with status 2.
func makeFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let number = underlying.flatMap { $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }
    throw Failure.unusable(
      "cannot make the folder \(path): \(number.map(FileReader.reason) ?? "a file has its name")")
  }
}

/// Pretty-printed JSON with sorted names.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
