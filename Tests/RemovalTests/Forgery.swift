import ZKVMAIR
import ZKVMField
import ZKVMInspect
import ZKVMMachine
import ZKVMWitness

/// A trace that only one constraint or message refuses, if the forger is right.
struct Forgery {
  let kind: TableKind
  let item: Item
  let name: String
  let bench: Bench
  /// The outputs that the forger claims.
  var outputs: [Int64]
  /// The forged row, if there is one: what a forced run says may be false as it is.
  var row: Int?
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
  func forged(
    omitting omitted: Item?, in layout: Layout = .written,
    focus: (kind: TableKind, row: Int)? = nil
  ) -> (Execution, Trace) {
    let honest = bench.execution
    let execution = Execution(
      program: honest.program, publicInputs: honest.publicInputs, outputs: outputs,
      steps: honest.steps, digests: honest.digests, memory: honest.memory, unreadRecords: [])
    var trace = bench.trace(blindRows: layout.blindRows)
    edit(trace)
    if let omitted { trace.judge(kind) { omitted.omitted(from: $0) } }
    trace.settle(execution)
    if layout.placement != .plain {
      trace = trace.placed(
        layout.placement, honest: bench.trace(blindRows: layout.blindRows), honest,
        bench.machine(layout.blindRows), focus: focus ?? row.map { (kind, $0) })
      if let omitted { trace.judge(kind) { omitted.omitted(from: $0) } }
    }
    return (execution, trace)
  }

  /// The forged trace as the machine judges it, without `omitted` if it is given.
  func report(omitting omitted: Item?, in layout: Layout = .written) -> Checker.Report {
    let (execution, trace) = forged(omitting: omitted, in: layout)
    return Checker(execution, machine: bench.machine(layout.blindRows)).check(trace)
  }
}

extension Trace {
  /// Judges a kind's tables by other constraints and messages.
  mutating func judge(_ kind: TableKind, by change: (Table) -> Table) {
    tables = tables.map { $0.kind == kind ? $0.judged(by: change($0.table)) : $0 }
  }
}
