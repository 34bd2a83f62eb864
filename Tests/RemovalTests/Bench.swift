import AttackSupport
import TestSupport
import ZKVMAIR
import ZKVMAssembler
import ZKVMField
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// A run whose rows a forger starts from.
struct Bench {
  let execution: Execution
  let published: Set<[Goldilocks]>

  /// Runs a program. `forced` words then take the place of the first secrets everywhere, also where
  /// an honest run would trap.
  init(_ source: String, secrets: [Int64], publicInputs: [Int64] = [], forced: [Int64] = []) throws
  {
    let program = try assemble(snippet: source).program
    let honest = try Interpreter.run(
      program,
      ProgramInputs(publicInputs: publicInputs, secretInputs: secrets, streams: []))
    self.init(Bench.replacing(forced, in: honest))
  }

  init(_ execution: Execution) {
    self.execution = execution
    let trace = Trace(
      execution, machine: Bench.machine(execution.program, Layout.written.blindRows))
    var published: Set<[Goldilocks]> = []
    for table in trace.tables {
      guard table.kind.unit != nil || table.kind == .given else { continue }
      let evaluator = RowEvaluator(table.table)
      for row in 0..<table.activeRows {
        let values = evaluator.evaluate(table.row(row), fixed: table.fixedRow(row))
        for index in table.table.messages.indices
        where table.table.messages[index].bus == Buses.value {
          let tuple = evaluator.tuple(index, values)
          if !tuple.isEmpty { published.insert(Array(tuple.dropFirst())) }
        }
      }
    }
    self.published = published
  }

  /// Puts words into the cells of the first secrets, and in whatever reads them but functions, whose
  /// rows cannot be filled outside their domain.
  private static func replacing(_ words: [Int64], in honest: Execution) -> Execution {
    guard !words.isEmpty else { return honest }
    let program = honest.program
    var remaining = words[...]
    var replaced: [Int64: Int64] = [:]
    var steps = honest.steps
    var outputs = honest.outputs
    for index in steps.indices {
      let instruction = program.instructions[Int(steps[index].pc)]
      if instruction.opcode == .secret, let word = remaining.popFirst() {
        replaced[instruction.slots[3].address(framePointer: steps[index].framePointer)] = word
        steps[index].words[3] = word
      }
      for slot in instruction.opcode.reads where instruction.opcode.unit != .function {
        let address = instruction.slots[slot].address(framePointer: steps[index].framePointer)
        if let word = replaced[address] { steps[index].words[slot] = word }
      }
      if instruction.opcode == .reveal { outputs[Int(instruction.extra)] = steps[index].words[0] }
    }
    return Execution(
      program: program, publicInputs: honest.publicInputs, outputs: outputs, steps: steps,
      digests: honest.digests, memory: honest.memory, unreadRecords: [])
  }

  /// The same run with other words for the first secrets.
  func forcing(_ words: Int64...) -> Bench { Bench(Bench.replacing(words, in: execution)) }

  var trace: Trace { trace(blindRows: Layout.written.blindRows) }

  /// The honest trace in the tables of parameters with so many blind rows.
  func trace(blindRows: Int) -> Trace { Trace(execution, machine: machine(blindRows)) }

  func machine(_ blindRows: Int) -> MachineTables { Bench.machine(execution.program, blindRows) }

  private static func machine(_ program: Program, _ blindRows: Int) -> MachineTables {
    MachineTables(program: program, blindRows: blindRows)
  }

  /// The rows of a table that execute something, and one that does not.
  func rows(_ kind: TableKind) -> [[Goldilocks]] {
    guard let table = trace.tables.first(where: { $0.kind == kind }) else { return [] }
    return (0...table.activeRows).map { table.row($0) }
  }

  /// The first row that executes an opcode.
  func row(_ opcode: Opcode) -> (kind: TableKind, index: Int, row: [Goldilocks]) {
    let kind = TableKind.allCases.first { $0.unit == opcode.unit }!
    let table = trace.tables.first { $0.kind == kind }!
    let index = (0..<table.activeRows).first {
      execution.program.instructions[Int(table.main[$0, 0].value)].opcode == opcode
    }!
    return (kind, index, table.row(index))
  }
}

extension TableTrace {
  func row(_ index: Int) -> [Goldilocks] { (0..<main.columns).map { main[index, $0] } }

  func fixedRow(_ index: Int) -> [Goldilocks] { (0..<fixed.columns).map { fixed[index, $0] } }

  func set(_ index: Int, _ row: [Goldilocks]) {
    for column in row.indices { main[index, column] = row[column] }
  }
}
