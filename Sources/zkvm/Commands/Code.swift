import ArgumentParser
import ZKVMAssembler
import ZKVMCommandLine
import ZKVMMachine

struct Assemble: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Assemble a source; prints the digest.")

  @OptionGroup var program: ProgramOptions
  @Option(name: .shortAndLong, help: "Where to write the assembled program.") var output: String

  func run() throws {
    let program = try self.program.load()
    let target = try OutputFile(
      output, "the assembled program", sparing: [self.program.program] + program.source.files)
    let bytes = Bytecode.encode(program)
    do throws(BytecodeError) {
      _ = try Bytecode.decode(bytes)
    } catch {
      // A name, a message or the whole is too long for the file's format.
      throw Failure.unusable("\(self.program.program) cannot be written as bytecode: \(error)")
    }
    try target.write(bytes)
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
