import ArgumentParser
import ZKVMCommandLine
import ZKVMFixedPoint
import ZKVMInputFiles
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

struct ProgramOptions: ParsableArguments {
  @Argument(help: "A source (.zkasm) or an assembled program.")
  var program: String
  @OptionGroup var sources: SourceOptions

  func load() throws -> Program { try loadProgram(program, sources.folders) }
}

struct InputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help:
      "JSON: {\"public\": {name: value}, \"secret\": {name: value}}; streams are arrays of records."
  )
  var inputs: String?

  @Option(
    help: ArgumentHelp("A stream's records as CSV with a header.", valueName: "name=file.csv"))
  var stream: [String] = []

  @Option(help: "The most instructions that a run may execute.")
  var maxSteps: Int = Interpreter.defaultStepLimit

  /// The files that the options name.
  var paths: [String] {
    (inputs.map { [$0] } ?? [])
      + stream.compactMap { text in
        text.firstIndex(of: "=").map { String(text[text.index(after: $0)...]) }
      }
  }

  /// Runs the program on the inputs.
  func execute(_ program: Program) throws -> Execution {
    var files: [StreamFile] = []
    for text in stream {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw Failure.unusable("--stream \(text): expected NAME=FILE.csv")
      }
      files.append(
        StreamFile(stream: parts[0], path: parts[1], text: try readText(parts[1], .inputs)))
    }
    let values: ProgramInputs
    do {
      values = try InputReader.read(
        program.interface, json: try inputs.map { ($0, try readFile($0, .inputs)) }, streams: files)
    } catch let error as InputError {
      throw Failure.unusable(error.description)
    }
    guard maxSteps > 0, maxSteps <= Limits.steps else {
      throw Failure.unusable("--max-steps \(maxSteps): expected 1 to \(Limits.steps)")
    }
    let execution: Execution
    do {
      execution = try Interpreter.run(program, values, stepLimit: maxSteps)
    } catch {
      throw Failure.refused("trap: \(error)")
    }
    for (stream, unread) in zip(program.interface.streams, execution.unreadRecords) where unread > 0
    {
      printError("warning: the run left \(unread) records of \(stream.name) unread")
    }
    return execution
  }
}

struct ProofOptions: ParsableArguments {
  @Option(
    help:
      "fast (rate 1/2), standard (1/4), compact (1/16, or 1/64 for small runs) or smallest (1/64).")
  var profile: String = "standard"

  @Flag(name: .customLong("no-hiding"), help: "For measurements only: the proof may leak inputs.")
  var noHiding = false

  func parameters() throws -> ProofParameters {
    guard let parsed = ZKVMProtocol.Profile(name: profile) else {
      let names = ZKVMProtocol.Profile.allCases.map(\.name).joined(separator: ", ")
      throw Failure.unusable("--profile \(profile): expected one of \(names)")
    }
    return ProofParameters(profile: parsed, isHiding: !noHiding)
  }
}

/// Bytes as people read them.
func formatBytes(_ count: Int) -> String {
  if count < 10 << 10 { return "\(count) bytes" }
  if count < 10 << 20 { return "\(count >> 10) KiB" }
  return "\(count >> 20) MiB"
}
