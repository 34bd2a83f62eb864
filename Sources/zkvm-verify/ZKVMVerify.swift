import ArgumentParser
import Foundation
import ZKVMFiles
import ZKVMMachine
import ZKVMVerifierReport

/// The verifier alone: it links neither assembler, interpreter nor prover.
@main
struct ZKVMVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zkvm-verify",
    abstract: "Check a proof of an assembled program.",
    discussion: "Exit status 0: accepted, 1: refused, 2: an input cannot be used.",
    version: packageVersion)

  @Argument(help: "The proof.") var proof: String
  @Option(help: "The assembled program (zkvm assemble).") var program: String
  @Option(
    name: .customLong("public"),
    help: ArgumentHelp("A public input that the proof must have.", valueName: "name=value"))
  var publicInputs: [String] = []
  @Option(help: "Refuse proofs with fewer bits of proven security.") var minSecurity: Int = 128
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let program = try load()
    let report = try VerificationReport.verify(
      try FileReader.read(proof, as: .proof), program: program, minimumSecurity: minSecurity,
      publicInputs: publicInputs)
    print(json ? report.json : report.text)
    if !report.isAccepted { throw ExitCode(report.exitStatus) }
    guard StandardStreams.flushOutput() else {
      throw Unusable("cannot write to standard output: \(FileReader.reason(errno))")
    }
  }

  private func load() throws -> Program {
    let bytes = try FileReader.read(program, as: .program)
    do throws(BytecodeError) {
      return try Bytecode.decode(bytes)
    } catch {
      throw Unusable("\(program): \(error)")
    }
  }

  private struct Unusable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  static func main() {
    StandardStreams.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch {
      let isParsing = exitCode(for: error) == .success || error is CleanExit
      let message = fullMessage(for: error)
      if isParsing {
        print(message)
        Foundation.exit(StandardStreams.flushOutput() ? 0 : 2)
      }
      StandardStreams.printError(message)
      Foundation.exit(2)
    }
  }
}
