import ArgumentParser
import Foundation
import Machine
import VerifierReport

/// The verifier alone: it links neither assembler, interpreter nor prover.
@main
struct ZKVMVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zkvm-verify",
    abstract: "Check a proof of an assembled program.",
    discussion: "Exit status 0: accepted, 1: refused, 2: an input cannot be used.",
    version: "0.1.0")

  @Argument(help: "The proof.") var proof: String
  @Option(help: "The assembled program (zkvm assemble).") var program: String
  @Option(
    name: .customLong("public"),
    help: ArgumentHelp("A public input that the proof must have.", valueName: "name=value"))
  var publicInputs: [String] = []
  @Option(help: "Refuse proofs with fewer bits of proven security.") var minSecurity: Int = 128
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let program = try Bytecode.decode(try read(self.program))
    let report = try VerificationReport.verify(
      try read(proof), program: program, minimumSecurity: minSecurity, publicInputs: publicInputs)
    print(json ? report.json : report.text)
    if !report.isAccepted { throw ExitCode(report.exitStatus) }
  }

  private func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func main() {
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
        Foundation.exit(0)
      }
      FileHandle.standardError.write(Data((message + "\n").utf8))
      Foundation.exit(2)
    }
  }
}
