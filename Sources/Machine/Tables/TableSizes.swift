/// A table of a proof and the log2 of its height.
public struct TableSize: Hashable, Sendable {
  public let kind: TableKind
  public let logHeight: Int

  public init(_ kind: TableKind, logHeight: Int) {
    self.kind = kind
    self.logHeight = logHeight
  }
}

extension MachineTables {
  /// The tables of a run whose units execute `rows` instructions: one of each kind or, if a unit may
  /// have several instances, where that saves rows enough.
  public func sizes(
    program: Program, rows: [UnitKind: Int], maximumInstances: Int
  ) -> [TableSize] {
    kinds.flatMap { kind in
      let count = kind.unit.map { rows[$0] ?? 0 } ?? 0
      let single = logHeight(kind, program: program, rows: count)
      let logs =
        kind.unit == nil
        ? [single] : instances(rows: count, single: single, maximum: maximumInstances)
      return logs.map { TableSize(kind, logHeight: $0) }
    }
  }

  /// An instance more must save this many rows: its openings make the proof longer.
  static let leastSaving = 1 << 14

  /// Falling heights with room for the rows, as few cells as possible.
  private func instances(rows: Int, single: Int, maximum: Int) -> [Int] {
    let minimum = MachineTables.minimumLogHeight(blindRows: blindRows)
    func cost(_ logs: [Int]) -> Int {
      logs.reduce(0) { $0 + 1 << $1 } + logs.count * MachineTables.leastSaving
    }
    var best = [single]
    // Larger instances first; the last one takes what is left.
    var open = [[Int]()]
    for _ in 0..<max(0, maximum - 1) {
      open = open.flatMap { logs in
        (minimum..<(logs.last ?? single)).reversed().map { logs + [$0] }
      }
      for logs in open {
        let left = rows - logs.reduce(0) { $0 + 1 << $1 - blindRows }
        let last = max(minimum, MachineTables.logHeight(rows: max(0, left) + blindRows))
        guard left > 0, last < logs.last! else { continue }
        let all = logs + [last]
        if cost(all) < cost(best) { best = all }
      }
    }
    return best
  }
}
