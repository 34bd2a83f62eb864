import AIR
import Field
import Machine
import Protocol

/// What proving an execution will cost, before it is proved.
public struct ProofEstimate: Sendable {
  public struct TableCost: Sendable {
    public let kind: TableKind
    /// Rows that execute an instruction or hold an entry.
    public let rows: Int
    public let logHeight: Int
    /// Witness columns, those of the lookup argument included.
    public let columns: Int

    /// Committed cells before padding.
    public var cells: Int { rows * columns }
    public var paddedCells: Int { columns << logHeight }
  }

  public let tables: [TableCost]
  public let layout: ProofLayout

  public init(_ execution: Execution, parameters: ProofParameters) {
    let program = execution.program
    let machine = MachineTables(program: program, blindRows: parameters.blindRows)
    var rows: [UnitKind: Int] = [:]
    for step in execution.steps {
      rows[program.instructions[Int(step.pc)].opcode.unit, default: 0] += 1
    }
    let heights = machine.kinds.map { kind in
      machine.logHeight(kind, program: program, rows: kind.unit.map { rows[$0] ?? 0 } ?? 0)
    }
    let layout = ProofLayout(program: program, parameters: parameters, logHeights: heights)
    self.layout = layout
    tables = machine.kinds.enumerated().map { index, kind in
      let system = layout.systems[index]
      let entries = MachineTables.fixedEntries(
        kind, program: program, publicInputs: execution.publicInputs
      ).count
      return TableCost(
        kind: kind,
        rows: kind.unit.map { rows[$0] ?? 0 } ?? (kind == .limbs ? 1 << heights[index] : entries),
        logHeight: heights[index],
        columns: system.table.columns.count + 3 * system.auxiliaryColumns)
    }
  }

  /// Committed cells before padding, of the units alone: what the instructions cost.
  public var unitCells: Int {
    tables.filter { $0.kind.unit != nil }.reduce(0) { $0 + $1.cells }
  }

  public var paddedCells: Int { tables.reduce(0) { $0 + $1.paddedCells } }

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

  /// Peak memory of the prover in bytes: trace and extensions of all columns, the quotient and its
  /// extension, the trees and the batch.
  public var peakMemory: Int {
    let extension_ = 1 << max(layout.parameters.logBlowup, 2)
    let n = 1 << layout.logHeight
    let domain = 1 << layout.logDomain
    let columns = 8 * paddedCells * (1 + extension_)
    let fixed =
      tables.indices.map {
        8 * 5 * layout.systems[$0].table.fixedColumns.count << layout.logHeights[$0]
      }.max() ?? 0
    let quotient = 8 * (3 * 4 * n + layout.quotientTreeColumns * (n + domain))
    let trees = 3 * (2 * 32 + layout.parameters.saltLength) * domain
    let batch = 24 * 4 * domain
    return columns + fixed + quotient + trees + batch
  }
}
