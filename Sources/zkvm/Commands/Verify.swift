import ArgumentParser
import ZKVMCommandLine
import ZKVMVerifierReport

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a proof.",
    discussion: "Exit status 0: accepted, 1: refused, 2: an input cannot be used.")

  @Argument(help: "The proof.") var proof: String
  @Option(help: "The program that was run: source or assembled.") var program: String
  @OptionGroup var sources: SourceOptions
  @Option(
    name: .customLong("public"),
    help: ArgumentHelp("A public input that the proof must have.", valueName: "name=value"))
  var publicInputs: [String] = []
  @Option(help: "Refuse proofs with fewer bits of proven security.") var minSecurity: Int = 128
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let report: VerificationReport
    do {
      report = try VerificationReport.verify(
        try readFile(proof, .proof), program: try loadProgram(program, sources.folders),
        minimumSecurity: minSecurity,
        publicInputs: publicInputs)
    } catch let error as VerificationReport.ArgumentError {
      throw Failure.unusable(error.description)
    }
    print(json ? report.json : report.text)
    if !report.isAccepted { throw ExitCode(report.exitStatus) }
  }
}
