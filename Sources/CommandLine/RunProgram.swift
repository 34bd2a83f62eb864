import ArgumentParser
import Foundation
import ZKVMFiles

extension ParsableCommand {
  /// Runs the command that the process's arguments name. A ``Failure`` ends the process with its
  /// status and anything else that is wrong, a lost standard output included, with status 2.
  package static func runProgram() {
    StandardStreams.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
      guard StandardStreams.flushOutput() else {
        throw Failure.unusable("cannot write to standard output: \(FileReader.reason(errno))")
      }
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
}
