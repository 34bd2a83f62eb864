import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// What proving an execution will cost, before it is proved.
public struct ProofEstimate: Sendable {
  public struct TableCost: Sendable {
    public let kind: TableKind
    /// "product", "product 2" and so on.
    public let name: String
    /// Rows that execute an instruction or hold an entry.
    public let rows: Int
    public let logHeight: Int
    /// Witness columns, those of the lookup argument included.
    public let columns: Int

    /// Committed cells before padding.
    public var cells: Int { rows * columns }
  }

  public let tables: [TableCost]
  public let layout: ProofLayout

  public init(_ execution: Execution, parameters: ProofParameters) {
    let program = execution.program
    let machine = MachineTables(program: program, blindRows: parameters.blindRows)
    let rows = execution.rowCounts
    let sizes = machine.sizes(
      program: program, rows: rows, maximumInstances: parameters.maximumInstances)
    layout = ProofLayout.forProving(program, parameters, tables: sizes)
    var left = rows
    var instances: [TableKind: Int] = [:]
    tables = zip(sizes, layout.systems).map { size, system in
      let kind = size.kind
      var used = 1 << size.logHeight
      if let unit = kind.unit {
        used = min(left[unit] ?? 0, used - parameters.blindRows)
        left[unit, default: 0] -= used
      } else if kind != .limbs {
        used = MachineTables.fixedEntryCount(kind, program: program)
      }
      instances[kind, default: 0] += 1
      let instance = instances[kind]!
      return TableCost(
        kind: kind, name: instance == 1 ? "\(kind)" : "\(kind) \(instance)", rows: used,
        logHeight: size.logHeight,
        columns: system.table.columns.count + system.auxiliaryBaseColumns)
    }
  }

  /// Committed cells before padding, of the units alone: what the instructions cost.
  public var unitCells: Int {
    tables.filter { $0.kind.unit != nil }.reduce(0) { $0 + $1.cells }
  }

  public var paddedCells: Int { layout.committedCells }

  /// The proof's size in bytes, as the mean over some draws of the queries: how many paths they share
  /// differs from proof to proof.
  public var proofSize: Int {
    let draws = 8
    var transcript = Transcript()
    let fixed = 300 + 24 * layout.batchSize + 40 * layout.tableCount + 24 << layout.fri.final
    let sizes = (0..<draws).map { _ in
      queriesSize(
        transcript.indices(
          "size estimate", count: layout.parameters.queries, bits: layout.logDomain))
    }
    return fixed + sizes.reduce(0, +) / draws
  }

  private func queriesSize(_ positions: [Int]) -> Int {
    func opening(_ shape: MerkleShape, _ positions: [Int]) -> Int {
      var size = 8
      for group in shape.groups {
        let rows = uniqueSorted(positions.map { $0 >> (shape.depth - group.logRows) }).count
        size += 9 + rows * (8 * group.width + shape.saltLength)
      }
      return size + 32 * shape.siblingCount(opening: positions)
    }
    let trees = [layout.mainShape, layout.auxiliaryShape, layout.quotientShape]
    var size = trees.reduce(0) { $0 + opening($1, positions) }
    var layerPositions = positions
    for layer in layout.fri.layers.indices {
      layerPositions = layerPositions.map { $0 >> ProofParameters.logArity }
      size += 32 + opening(layout.friShape(layer: layer), layerPositions)
    }
    return size
  }

  /// Peak memory of the prover in bytes: the greatest sum of what lives at the same time, from
  /// extending the trace to folding.
  public var peakMemory: Int {
    let parameters = layout.parameters
    let systems = zip(layout.systems, layout.logHeights)
    let main = systems.reduce(0) { $0 + $1.0.table.columns.count << $1.1 }
    let auxiliary = systems.reduce(0) { $0 + $1.0.auxiliaryBaseColumns << $1.1 }
    let logQuotient = parameters.packing == 2 ? 1 : 2
    let blowup = 1 << max(parameters.logBlowup, logQuotient)
    let n = 1 << layout.logHeight
    let domain = 1 << layout.logDomain
    // In field elements: a node and a salt.
    let tree = (2 * 32 + parameters.saltLength) * domain / 8
    let fixed =
      systems.map { ($0.table.fixedColumns.count + 7) << ($1 + logQuotient) }.max() ?? 0
    let trace = main * (1 + blowup) + auxiliary + 3 * n + tree
    let lookups = main * blowup + auxiliary * (1 + blowup) + 2 * tree
    let extensions = (main + auxiliary) * blowup + 2 * tree + 12 * n
    let chunks = layout.quotientTreeColumns * (n + domain) + tree
    let folding = 6 * n + 12 * domain + tree
    let elements = max(trace, lookups, extensions + fixed, extensions + chunks + folding)
    // What a process has without any proof.
    return 8 * elements + 42 << 20
  }
}
