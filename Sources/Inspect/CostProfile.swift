import ZKVMMachine
import ZKVMWitness

/// What each source line costs in rows and cells.
public struct CostProfile: Sendable {
  public struct Line: Sendable, Encodable {
    /// "file:line".
    public let location: String
    /// Mnemonics on the line, in order of first use.
    public let instructions: String
    public let rows: Int
    /// Committed cells before padding: rows times the columns of their units.
    public let cells: Int
  }

  /// Most expensive first.
  public let lines: [Line]

  /// `columns` gives the committed columns of each unit.
  public init(_ execution: Execution, columns: [UnitKind: Int]) {
    struct Entry {
      var mnemonics: [String] = []
      var rows = 0
      var cells = 0
      var first: Int
    }
    let program = execution.program
    var counts = [Int](repeating: 0, count: program.instructions.count)
    for step in execution.steps { counts[Int(step.pc)] += 1 }
    var entries: [String: Entry] = [:]
    for (pc, count) in counts.enumerated() {
      let location = CostProfile.line(program, pc)
      let opcode = program.instructions[pc].opcode
      var entry = entries[location] ?? Entry(first: pc)
      if !entry.mnemonics.contains(opcode.mnemonic) { entry.mnemonics.append(opcode.mnemonic) }
      entry.rows += count
      entry.cells += count * (columns[opcode.unit] ?? 0)
      entries[location] = entry
    }
    lines = entries.sorted { ($1.value.cells, $0.value.first) < ($0.value.cells, $1.value.first) }
      .map { location, entry in
        Line(
          location: location, instructions: entry.mnemonics.joined(separator: " "),
          rows: entry.rows, cells: entry.cells)
      }
  }

  private static func line(_ program: Program, _ pc: Int) -> String {
    guard pc < program.source.entries.count else { return "instruction \(pc)" }
    let entry = program.source.entries[pc]
    let files = program.source.files
    return "\(entry.file < files.count ? files[entry.file] : "?"):\(entry.line)"
  }
}
