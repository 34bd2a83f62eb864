import ArgumentParser
import ZKVMCommandLine
import ZKVMInspect
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every constraint and bus of a run without proving it.",
    discussion: "Exit status 0 if all hold, 1 otherwise, with every failure named.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var proof: ProofOptions

  func run() throws {
    let program = try self.program.load()
    let parameters = try proof.parameters()
    let execution = try inputs.execute(program)
    let machine = MachineTables(program: program, blindRows: parameters.blindRows)
    let trace = Trace(execution, machine: machine)
    let report = Checker(execution, machine: machine).check(trace)
    for failure in report.constraints { print(failure) }
    for failure in report.buses { print(failure) }
    guard report.holds else {
      throw Failure.refused(
        "\(report.constraints.count) constraint and \(report.buses.count) bus failures")
    }
    let constraints = trace.tables.reduce(0) { $0 + $1.table.constraints.count }
    print(
      "\(constraints) constraints on \(trace.tables.count) tables and \(Buses.all.count) buses hold "
        + "for \(execution.steps.count) instructions")
  }
}
