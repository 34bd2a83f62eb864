import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

extension ProofParameters {
  /// Every profile, hiding and not.
  static let all = Profile.allCases.flatMap { profile in
    [true, false].map { ProofParameters(profile: profile, isHiding: $0) }
  }

  var label: String { profile.name + (isHiding ? "" : ", not hiding") }
}

/// How a trace is laid out: what follows from a proof's parameters, and where a forger puts the
/// units' rows.
struct Layout: Hashable, Sendable, CustomStringConvertible {
  let blindRows: Int
  var placement = Placement.plain

  /// The layout that forgeries are written in.
  static let written = Layout(blindRows: 256)

  /// The counts of blind rows of all parameters. All that a trace knows of a profile is this.
  static let blindRows = Set(ProofParameters.all.map(\.blindRows)).sorted()

  var description: String { "\(blindRows) blind rows, \(placement)" }
}

/// Where the changed rows of a unit stand. A unit's constraints and messages speak of one row at a
/// time, so a forger may order its rows, leave gaps and use several tables.
enum Placement: String, CaseIterable, Sendable {
  /// Where they were written.
  case plain
  /// From row 0 on.
  case first
  /// The last one in the last row that counts.
  case last
  /// Between rows that execute nothing.
  case padding
  /// Alone in a second table.
  case second
  /// With all others, in turn in three tables.
  case spread

  /// The log2 heights of a unit's tables, if one of 2^`log` has room for the rows.
  func logHeights(_ log: Int) -> [Int] {
    switch self {
    case .plain, .first, .last, .padding: [log]
    case .second: [log + 1, log]
    case .spread: [log + 2, log + 1, log]
    }
  }

  /// The places of the changed rows, then of the others, of tables with room for `capacity` rows
  /// at least.
  func places(
    changed: Int, others: Int, capacity: Int
  ) -> [(table: Int, row: Int)] {
    switch self {
    case .plain, .first: return (0..<(changed + others)).map { (0, $0) }
    case .last:
      return ((capacity - changed)..<capacity).map { (0, $0) } + (0..<others).map { (0, $0) }
    case .padding:
      let start = (capacity + others) / 2
      precondition(start > others && start + changed < capacity)
      return (start..<(start + changed)).map { (0, $0) } + (0..<others).map { (0, $0) }
    case .second:
      return (0..<changed).map { (1, $0) } + (0..<others).map { (0, $0) }
    case .spread: return (0..<(changed + others)).map { ($0 % 3, $0 / 3) }
    }
  }
}

extension Trace {
  /// The same rows elsewhere: in every unit that differs from `honest`, which must be laid out
  /// alike, the rows that differ and those that execute something stand where the placement says.
  /// The row `focus` is one of them in any case, and stands outermost among those of its unit.
  func placed(
    _ placement: Placement, honest: Trace, _ execution: Execution, _ machine: MachineTables,
    focus: (kind: TableKind, row: Int)? = nil
  ) -> Trace {
    guard placement != .plain else { return self }
    var moved: [TableKind: [Int]] = [:]
    for (table, original) in zip(tables, honest.tables) where table.kind.unit != nil {
      let rows = (0..<(table.height - blindRows)).filter {
        table.row($0) != original.row($0) || focus?.kind == table.kind && focus?.row == $0
      }
      if !rows.isEmpty { moved[table.kind] = rows }
    }
    let sizes = tables.flatMap { table in
      (moved[table.kind] == nil ? [table.logHeight] : placement.logHeights(table.logHeight)).map {
        TableSize(table.kind, logHeight: $0)
      }
    }
    let result = Trace(execution, machine: machine, sizes: sizes)
    for (index, table) in tables.enumerated() {
      let targets = result.tables.filter { $0.kind == table.kind }
      guard var changed = moved[table.kind] else {
        for row in 0..<table.height { targets[0].set(row, table.row(row)) }
        continue
      }
      let others = (0..<table.activeRows).filter { !changed.contains($0) }
      if let focus, focus.kind == table.kind {
        changed.removeAll { $0 == focus.row }
        changed.insert(focus.row, at: placement == .first ? 0 : changed.count)
      }
      let capacity = table.height - blindRows
      let padding = honest.tables[index].row(table.activeRows)
      for target in targets {
        for row in 0..<(target.height - blindRows) { target.set(row, padding) }
      }
      let places = placement.places(
        changed: changed.count, others: others.count, capacity: capacity)
      for (row, place) in zip(changed + others, places) {
        targets[place.table].set(place.row, table.row(row))
      }
    }
    return result
  }
}
