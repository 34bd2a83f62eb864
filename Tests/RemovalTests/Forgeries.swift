import AttackSupport
import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

/// Collects forgeries; those that are refused by no item, or by several, are the test's mistakes.
final class Forgeries {
  private(set) var all: [Forgery] = []
  private(set) var mistakes: [String] = []
  private var forgers: [TableKind: RowForger] = [:]

  func forger(_ kind: TableKind, _ table: Table) -> RowForger {
    if let forger = forgers[kind] { return forger }
    let forger = RowForger(table)
    forgers[kind] = forger
    return forger
  }

  /// All attacks that are written by hand.
  static func everything() throws -> Forgeries {
    let forgeries = Forgeries()
    try forgeries.addAdder()
    try forgeries.addProduct()
    try forgeries.addFunction()
    try forgeries.addTraces()
    try forgeries.addHash()
    try forgeries.addPermutation()
    try forgeries.addMemory()
    return forgeries
  }

  func add(_ forgery: Forgery) { all.append(forgery) }

  /// A forged row that stands in the place of the first one that executes `opcode`, or of an
  /// inactive one.
  func add(
    _ name: String, _ bench: Bench, _ opcode: Opcode,
    _ change: (inout [Goldilocks], RowForger) -> Void
  ) {
    let (kind, index, honest) = bench.row(opcode)
    let table = bench.trace.table(kind).table
    let forger = forger(kind, table)
    let judge = RowJudge(
      table: table, honest: honest, program: bench.execution.program, published: bench.published,
      evaluator: forger.evaluator)
    var row = honest
    change(&row, forger)
    let items = judge.refusals(row)
    guard items.count == 1 else {
      mistakes.append("\(name): refused by \(items.map { $0.label(in: table) })")
      return
    }
    let forged = row
    var forgery = Forgery(name, kind, items[0], bench) { $0.table(kind).set(index, forged) }
    forgery.row = index
    add(forgery)
  }
}

/// A program of one instruction on two secrets whose first one is revealed.
func single(
  _ instruction: String, _ a: String, _ b: String, formats: (String, String) = ("q48", "q48"),
  forced: [Int64] = []
) throws -> Bench {
  func parse(_ text: String, _ format: String) -> Int64 {
    word(text, ["q48": .q48, "q32": .q32, "q16": .q16, "int": .int][format]!)
  }
  return try Bench(
    ".secret a: \(formats.0)\n.secret b: \(formats.1)\n.output q: \(formats.0)\n \(instruction)\n reveal q, a",
    secrets: [parse(a, formats.0), parse(b, formats.1)], forced: forced)
}
