import ArgumentParser
import Foundation
import Machine
import Protocol
import Prover
import Verifier

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the examples of contract folders.",
    discussion: """
      A contract is a folder NAME with NAME.zkasm. An example is inputs.json, and STREAM.csv for \
      streams, with outputs.json (the outputs that a run must have) or trap.txt (a text of the \
      message with which it must trap): the contract's folder itself and every folder in its \
      examples. Folders are searched for contracts to any depth.

      Exit status 0: all pass, 1: some fail, 2: there is nothing to run.
      """)

  @Argument(help: "Folders of contracts.") var folders: [String] = ["."]
  @Flag(help: "Also prove each run and verify its proof.") var prove = false
  @OptionGroup var proof: ProofOptions

  func run() throws {
    let contracts = try folders.flatMap { try ContractFolder.find($0) }
    let parameters = try proof.parameters()
    var passed = 0
    var failures: [String] = []
    for contract in contracts {
      let examples = contract.examples
      guard !examples.isEmpty else { continue }
      let program = try loadProgram(contract.program.path)
      for example in examples {
        let verdict: String
        switch try example.run(program) {
        case .failed(let why):
          failures.append(example.name)
          print("FAILED  \(example.name): \(why)")
          continue
        case .passed(nil): verdict = "traps as it must"
        case .passed(let execution?):
          verdict = try "\(execution.steps.count) instructions" + (prove ? proved(execution) : "")
        }
        passed += 1
        print("ok      \(example.name): \(verdict)")
      }
    }
    guard passed + failures.count > 0 else {
      throw Failure.unusable(
        "no examples in \(folders.joined(separator: ", ")); \"zkvm new\" makes a contract with some"
      )
    }
    print("\(passed) passed, \(failures.count) failed")
    if !failures.isEmpty { throw ExitCode(1) }

    func proved(_ execution: Execution) throws -> String {
      let proof = ProofFormat.encode(try Prover(parameters).prove(execution))
      let verdict = try Verifier(program: execution.program).verify(proof)
      precondition(verdict.outputs == execution.outputs)
      return ", proof of \(formatBytes(proof.count)) accepted"
    }
  }
}
