import ArgumentParser
import ZKVMCommandLine
import ZKVMInspect
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver

struct Profile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show where rows and cells go, by source line.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var proof: ProofOptions
  @Flag(help: "Print one JSON object.") var json = false

  private struct Document: Encodable {
    let lines: [CostProfile.Line]
    let rows: Int
    let cells: Int
  }

  func run() throws {
    let program = try self.program.load()
    let execution = try inputs.execute(program)
    let estimate = ProofEstimate(execution, parameters: try proof.parameters())
    var columns: [UnitKind: Int] = [:]
    for table in estimate.tables {
      if let unit = table.kind.unit { columns[unit] = table.columns }
    }
    let profile = CostProfile(execution, columns: columns)
    let rows = profile.lines.reduce(0) { $0 + $1.rows }
    let cells = profile.lines.reduce(0) { $0 + $1.cells }
    if json {
      try printJSON(Document(lines: profile.lines, rows: rows, cells: cells))
      return
    }
    print("     cells   share     rows  source")
    for line in profile.lines {
      let share = cells == 0 ? 0 : 1000 * line.cells / cells
      print(
        column("\(line.cells)", 10) + column("\(share / 10).\(share % 10)%", 8)
          + column("\(line.rows)", 9) + "  \(line.location)  \(line.instructions)")
    }
    print(column("\(cells)", 10) + "  total " + column("\(rows)", 9))
  }
}
