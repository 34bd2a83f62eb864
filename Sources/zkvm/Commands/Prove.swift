import ArgumentParser
import Foundation
import Synchronization
import ZKVMCommandLine
import ZKVMFiles
import ZKVMProtocol
import ZKVMProver

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
    let memoryLimit = try memoryLimit()
    let target = try OutputFile(
      output, "the proof",
      sparing: [self.program.program] + inputs.paths + program.source.files)
    let execution = try inputs.execute(program)
    try checkMemory(
      ProofEstimate(execution, parameters: parameters).peakMemory, limit: memoryLimit)
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
    try target.write(bytes)
    let elapsed = clock.now - start
    printError(
      "proved \(execution.steps.count) instructions in "
        + elapsed.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 2)))
        + "; wrote \(formatBytes(bytes.count)) to \(output)"
        + (parameters.isHiding ? "" : " WITHOUT hiding: the proof may leak inputs"))
  }
}

extension Prove {
  /// In bytes, `nil` if there is none.
  private func memoryLimit() throws -> Int? {
    guard let maxMemory else { return SystemMemory.available }
    let most = 1 << 20
    guard maxMemory >= 0, maxMemory <= Double(most) else {
      throw Failure.unusable("--max-memory \(maxMemory): expected 0 to \(most) GiB")
    }
    return Int(maxMemory * 1_073_741_824)
  }

  private func checkMemory(_ predicted: Int, limit: Int?) throws {
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
      StandardStreams.writeError("\r\u{1B}[K\(text) …")
    } else {
      printError(text)
    }
  }

  func finish() {
    if isTerminal { StandardStreams.writeError("\r\u{1B}[K") }
  }
}
