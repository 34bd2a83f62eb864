import ArgumentParser
import Foundation
import Protocol
import Prover
import Synchronization

struct Prove: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Execute a program and prove the run.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var proof: ProofOptions
  @Option(name: .shortAndLong, help: "Where to write the proof.")
  var output: String

  @Option(
    help: ArgumentHelp(
      "Refuse to start if the proof is predicted to need more memory.",
      discussion: "The default is what the system has available.", valueName: "GiB"))
  var maxMemory: Double?

  func run() throws {
    let program = try self.program.load()
    let parameters = try proof.parameters()
    let execution = try inputs.execute(program)
    try checkMemory(ProofEstimate(execution, parameters: parameters).peakMemory)
    let display = ProgressDisplay()
    let clock = ContinuousClock()
    let start = clock.now
    let bytes: [UInt8]
    do {
      bytes = ProofFormat.encode(
        try Prover(parameters, progress: display.show).prove(execution))
    } catch {
      display.finish()
      throw Failure.refused("\(error)")
    }
    display.finish()
    try writeFile(output, bytes)
    let elapsed = clock.now - start
    printError(
      "proved \(execution.steps.count) instructions in "
        + elapsed.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 2)))
        + "; wrote \(formatBytes(bytes.count)) to \(output)"
        + (parameters.isHiding ? "" : " WITHOUT hiding: the proof may leak inputs"))
  }
}

extension Prove {
  private func checkMemory(_ predicted: Int) throws {
    let limit = maxMemory.map { Int($0 * 1_073_741_824) } ?? SystemMemory.available
    guard let limit, predicted > limit else { return }
    throw Failure.unusable(
      "the proof is predicted to need \(formatBytes(predicted)) of memory, expected at most "
        + "\(formatBytes(limit)); split the run, use \"--profile standard\" or \"fast\", or raise "
        + "--max-memory")
  }
}

/// Shows the prover's phases: one changing line on a terminal, plain lines elsewhere.
final class ProgressDisplay: Sendable {
  private let isTerminal = isatty(2) == 1

  func show(_ phase: ProverPhase) {
    let phases = ProverPhase.allCases
    let number = phases.firstIndex(of: phase)! + 1
    let text = "[\(number)/\(phases.count)] \(phase.rawValue)"
    if isTerminal {
      FileHandle.standardError.write(Data("\r\u{1B}[K\(text) …".utf8))
    } else {
      printError(text)
    }
  }

  func finish() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}
