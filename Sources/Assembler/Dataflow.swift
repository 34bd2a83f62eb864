import BitCollections

/// Which variables cross labels: what a block may still read, and what every path to it has assigned.
///
/// The least fixed point of liveness and the greatest of assignment, by worklists (Aho, Lam, Sethi,
/// Ullman, Compilers, section 9.2).
struct Dataflow {
  /// The variables that some block reads before it assigns them, sorted; a set's elements are
  /// indices into this list.
  let names: [String]
  let liveIn: [BitSet]
  private let assignedIn: [BitSet]
  private let index: [String: Int]

  /// The product of blocks and crossing variables is at most this, so that the sets stay small.
  static let limit = 1 << 28

  /// `uses` are what a block reads before it assigns it; block 0 is the entry. `nil` if there are
  /// more than ``limit`` pairs of a block and a variable.
  init?(uses: [Set<String>], definitions: [Set<String>], successors: [[Int]]) {
    names = uses.reduce(into: Set<String>()) { $0.formUnion($1) }.sorted()
    guard names.count * uses.count <= Dataflow.limit else { return nil }
    let index = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    self.index = index
    let used = uses.map { BitSet($0.map { index[$0]! }) }
    let defined = definitions.map { BitSet($0.compactMap { index[$0] }) }
    var predecessors: [[Int]] = Array(repeating: [], count: uses.count)
    for (block, targets) in successors.enumerated() {
      for target in targets { predecessors[target].append(block) }
    }

    var live = used
    Dataflow.iterate(Array(uses.indices)) { block in
      let out = successors[block].reduce(into: BitSet()) { $0.formUnion(live[$1]) }
      let new = used[block].union(out.subtracting(defined[block]))
      guard new != live[block] else { return [] }
      live[block] = new
      return predecessors[block]
    }
    liveIn = live

    var assigned = Array(repeating: BitSet(names.indices), count: uses.count)
    assigned[0] = []
    Dataflow.iterate(uses.indices.reversed()) { block in
      let out = assigned[block].union(defined[block])
      return successors[block].filter { target in
        guard target != 0, !assigned[target].isSubset(of: out) else { return false }
        assigned[target].formIntersection(out)
        return true
      }
    }
    assignedIn = assigned
  }

  /// Whether every path to a block has assigned one of ``names``.
  func isAssigned(_ name: String, before block: Int) -> Bool {
    index[name].map { assignedIn[block].contains($0) } ?? false
  }

  /// Visits blocks, last first, until none asks for another one.
  private static func iterate(_ order: [Int], _ visit: (Int) -> [Int]) {
    var pending = order
    var isPending = Array(repeating: true, count: order.count)
    while let block = pending.popLast() {
      isPending[block] = false
      for next in visit(block) where !isPending[next] {
        isPending[next] = true
        pending.append(next)
      }
    }
  }
}
