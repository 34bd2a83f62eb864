import AIR
import Field
import Inspect
@_spi(Testing) import Machine

/// A trace that only one constraint or message refuses, if the forger is right.
struct Forgery {
  let kind: TableKind
  let item: Item
  let name: String
  let bench: Bench
  /// The outputs that the forger claims.
  var outputs: [Int64]
  let edit: (Trace) -> Void

  init(
    _ name: String, _ kind: TableKind, _ item: Item, _ bench: Bench, outputs: [Int64]? = nil,
    _ edit: @escaping (Trace) -> Void
  ) {
    (self.name, self.kind, self.item, self.bench) = (name, kind, item, bench)
    self.outputs = outputs ?? bench.execution.outputs
    self.edit = edit
  }

  /// Whether the item is all that stands in the forger's way.
  var standsAlone: Bool { report(omitting: item).holds && !report(omitting: nil).holds }

  /// The execution that the forger claims and the trace, settled as well as it can be in a machine
  /// without `omitted`.
  func forged(omitting omitted: Item?) -> (Execution, Trace) {
    let honest = bench.execution
    let execution = Execution(
      program: honest.program, publicInputs: honest.publicInputs, outputs: outputs,
      steps: honest.steps, digests: honest.digests, memory: honest.memory, unreadRecords: [])
    var trace = bench.trace
    edit(trace)
    if let omitted {
      trace.tables = trace.tables.map { table in
        guard table.kind == kind else { return table }
        return table.judged(by: omitted.omitted(from: table.table))
      }
    }
    trace.settle(execution)
    return (execution, trace)
  }

  /// The forged trace as the machine judges it, without `omitted` if it is given.
  func report(omitting omitted: Item?) -> Checker.Report {
    let (execution, trace) = forged(omitting: omitted)
    return Checker(execution, machine: bench.machine).check(trace)
  }
}
