import ArgumentParser
import Foundation
import ZKVMCommandLine
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the examples of contract folders.",
    discussion: """
      A contract is a folder NAME with NAME.zkasm. An example is inputs.json, and STREAM.csv for \
      streams, with outputs.json (the outputs that a run must have) or trap.txt (a text of the \
      message with which it must trap): the contract's folder itself and every folder in its \
      examples. Folders are searched for contracts to any depth.

      A contract may include what lies below the folders that are named here. One that does not \
      assemble fails with its examples, and the others go on.

      Exit status 0: all pass, 1: some fail, 2: there is nothing to run.
      """)

  @Argument(help: "Folders of contracts.") var folders: [String] = ["."]
  @Flag(help: "Also prove each run and verify its proof.") var prove = false
  @Option(
    help: ArgumentHelp(
      "Keep proofs and programs in this folder.",
      discussion: "NAME.zkb and, of each example that is proved, NAME.zkp or NAME.EXAMPLE.zkp.",
      valueName: "folder"))
  var keep: String?
  @OptionGroup var proof: ProofOptions

  @OptionGroup var sources: SourceOptions

  func validate() throws {
    guard keep == nil || prove else { throw ValidationError("--keep needs --prove") }
  }

  func run() throws {
    if let keep { try makeFolder(keep) }
    let contracts = try folders.flatMap { try ContractFolder.find($0) }
    let parameters = try proof.parameters()
    var open = sources.folders
    open.includeRoots += folders
    var passed = 0
    var failed = 0
    for contract in contracts {
      let examples = contract.examples
      guard !examples.isEmpty else { continue }
      let program: Program
      do {
        program = try loadProgram(contract.program.path, open)
      } catch let failure as Failure {
        failed += examples.count
        print("FAILED  \(contract.name): it does not assemble\n\(failure.message)")
        continue
      }
      try write(Bytecode.encode(program), "\(contract.name).zkb", "the assembled program")
      for example in examples {
        switch try verdict(example, program, parameters) {
        case .failed(let why):
          failed += 1
          print("FAILED  \(example.name): \(why)")
        case .passed(let how):
          passed += 1
          print("ok      \(example.name): \(how)")
        }
      }
    }
    guard passed + failed > 0 else {
      throw Failure.unusable(
        "no examples in \(folders.joined(separator: ", ")); \"zkvm new\" makes a contract with some"
      )
    }
    print("\(passed) passed, \(failed) failed")
    if failed > 0 { throw ExitCode(1) }
  }

  /// Writes a file to the folder that keeps them, if there is one; none is written over.
  private func write(_ bytes: [UInt8], _ name: String, _ what: String) throws {
    guard let keep else { return }
    let path = "\(keep)/\(name)"
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Failure.unusable("\(path) exists; name a new folder, and contracts of different names")
    }
    try OutputFile(path, what).write(bytes)
  }

  private enum Verdict {
    case failed(String)
    case passed(String)
  }

  private func verdict(
    _ example: ContractExample, _ program: Program, _ parameters: ProofParameters
  ) throws -> Verdict {
    switch try example.run(program) {
    case .failed(let why): return .failed(why)
    case .passed(nil): return .passed("traps as it must")
    case .passed(let execution?):
      let run = "\(execution.steps.count) instructions"
      guard prove else { return .passed(run) }
      let proof = ProofFormat.encode(try Prover(parameters).prove(execution))
      let verdict = try Verifier(program: execution.program).verify(proof)
      guard verdict.outputs == execution.outputs else {
        return .failed("the proof shows other outputs than the run")
      }
      let name = example.name.replacingOccurrences(of: "/", with: ".")
      try write(proof, "\(name).zkp", "the proof")
      return .passed(run + ", proof of \(formatBytes(proof.count)) accepted")
    }
  }
}
