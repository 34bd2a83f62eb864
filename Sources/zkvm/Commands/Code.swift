import ArgumentParser
import Assembler
import Machine

struct Assemble: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Assemble a source; prints the digest.")

  @OptionGroup var program: ProgramOptions
  @Option(name: .shortAndLong, help: "Where to write the assembled program.") var output: String

  func run() throws {
    let program = try self.program.load()
    try writeFile(output, Bytecode.encode(program))
    print(program.digest)
  }
}

struct Disassemble: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a program's instructions; the listing assembles to the same digest.")

  @OptionGroup var program: ProgramOptions

  func run() throws { print(MachineListing.print(try program.load()), terminator: "") }
}

struct Identify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "id", abstract: "Print a program's digest.")

  @OptionGroup var program: ProgramOptions

  func run() throws { print(try program.load().digest) }
}
