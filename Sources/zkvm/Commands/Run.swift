import ArgumentParser
import ZKVMCommandLine
import ZKVMFixedPoint
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Execute a program without proving it.",
    discussion: "Prints the outputs and what a proof of the run would cost.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var proof: ProofOptions
  @Flag(help: "Print one JSON object.") var json = false

  private struct Document: Encodable {
    let outputs: [String: String]
    let instructions: Int
    let cells: Int
    let paddedCells: Int
    let programDigest: String
    let units: [String: UnitCost]
    let predictedProofBytes: Int
    let predictedPeakMemoryBytes: Int

    struct UnitCost: Encodable {
      let rows: Int
      let columns: Int
      let cells: Int
      let paddedHeight: Int
    }
  }

  func run() throws {
    let program = try self.program.load()
    let parameters = try proof.parameters()
    let execution = try inputs.execute(program)
    let estimate = ProofEstimate(execution, parameters: parameters)
    let outputs = program.interface.outputs.split(execution.outputs).map {
      ($0.field.name, $0.text)
    }
    if json {
      let units = estimate.tables.map {
        (
          $0.name,
          Document.UnitCost(
            rows: $0.rows, columns: $0.columns, cells: $0.cells, paddedHeight: 1 << $0.logHeight)
        )
      }
      try printJSON(
        Document(
          outputs: Dictionary(uniqueKeysWithValues: outputs), instructions: execution.steps.count,
          cells: estimate.unitCells, paddedCells: estimate.paddedCells,
          programDigest: program.digest.description,
          units: Dictionary(uniqueKeysWithValues: units),
          predictedProofBytes: estimate.proofSize,
          predictedPeakMemoryBytes: estimate.peakMemory))
      return
    }
    let width = outputs.map(\.0.count).max() ?? 0
    for (name, value) in outputs {
      print(name + String(repeating: " ", count: width - name.count) + "  " + value)
    }
    print("\n\(execution.steps.count) instructions, \(estimate.unitCells) cells before padding")
    print("table           rows  columns       cells  padded height")
    for table in estimate.tables {
      print(
        column(table.name, 12, left: true) + column("\(table.rows)", 8)
          + column("\(table.columns)", 9) + column("\(table.cells)", 12)
          + column("2^\(table.logHeight)", 15))
    }
    print(
      "a \(parameters.profile) proof: about \(formatBytes(estimate.proofSize)), "
        + "peak memory about \(formatBytes(estimate.peakMemory))")
  }
}
