import ArgumentParser
import ZKVMCommandLine
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
    version: packageVersion,
    subcommands: [
      New.self, Commit.self, Run.self, Test.self, Prove.self, Verify.self, Check.self, Profile.self,
      Assemble.self, Disassemble.self, Identify.self, Security.self, Tables.self,
    ])

  static func main() { runProgram() }
}
