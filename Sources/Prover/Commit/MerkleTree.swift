import ZKVMField
import ZKVMProtocol

/// A committed tree with all its nodes, for the prover.
package final class MerkleTree: @unchecked Sendable {
  package let shape: MerkleShape
  private let hash: TreeHash
  private let matrices: [[MatrixView]]
  private let salts: [[UInt32]]
  private let pages: ZeroedPages
  /// Node i of the level with 2^k nodes is at 2^k + i. Not written after `init`.
  private let nodes: UnsafeMutablePointer<ProofDigest>

  /// The first `rows` rows of a matrix.
  package struct MatrixView: Sendable {
    package let matrix: Matrix
    package let logRows: Int

    package init(_ matrix: Matrix, logRows: Int) {
      precondition(matrix.rows >= 1 << logRows)
      self.matrix = matrix
      self.logRows = logRows
    }
  }

  package var root: ProofDigest { nodes[1] }

  /// Commits to matrices in the order given; `salt` gives the words of a group's rows, in order.
  package init(
    _ views: [MatrixView], hash: any ProofHash, saltLength: Int,
    salt: (_ group: Int, _ words: Int) -> [UInt32]
  ) {
    self.hash = TreeHash(hash)
    let heights = uniqueSorted(views.map(\.logRows)).reversed()
    matrices = heights.map { height in views.filter { $0.logRows == height } }
    shape = MerkleShape(
      groups: zip(heights, matrices).map { height, views in
        MerkleShape.Group(logRows: height, width: views.reduce(0) { $0 + $1.matrix.columns })
      }, saltLength: saltLength)
    salts = shape.groups.enumerated().map { salt($0, (saltLength / 4) << $1.logRows) }
    let count = 2 << shape.depth
    pages = ZeroedPages(byteCount: count * MemoryLayout<ProofDigest>.stride)
    nodes = pages.start.bindMemory(to: ProofDigest.self, capacity: count)
    hashRows(group: 0, into: nodes + (1 << shape.depth))
    for level in stride(from: shape.depth - 1, through: 0, by: -1) {
      hashLevel(level, group: shape.group(logRows: level))
    }
  }

  private func hashRows(group: Int, into digests: UnsafeMutablePointer<ProofDigest>) {
    let columns = matrices[group].flatMap { view in
      (0..<view.matrix.columns).map {
        // A Goldilocks is its canonical 64-bit word.
        UnsafeRawPointer(view.matrix.column($0)).assumingMemoryBound(to: UInt64.self)
      }
    }
    nonisolated(unsafe) let (target, sources) = (digests, columns)
    salts[group].withUnsafeBufferPointer { salts in
      nonisolated(unsafe) let salts = salts.baseAddress
      byLanes(1 << shape.groups[group].logRows) { [shape, hash] range in
        hash.hash.hashRows(
          TreeRows(range, salts: salts, saltWords: shape.saltLength / 4, columns: sources),
          key: hash.leafKey, into: target + range.lowerBound)
      }
    }
  }

  private func hashLevel(_ level: Int, group: Int?) {
    let count = 1 << level
    let rows = ZeroedPages(byteCount: group == nil ? 0 : count * MemoryLayout<ProofDigest>.stride)
    let injected = group.map { group in
      let digests = rows.start.bindMemory(to: ProofDigest.self, capacity: count)
      hashRows(group: group, into: digests)
      return digests
    }
    nonisolated(unsafe) let (parents, children) = (nodes + count, nodes + 2 * count)
    nonisolated(unsafe) let source = injected
    let hash = { @Sendable [hash] (range: Range<Int>) in
      hash.hash.hashNodes(
        key: hash.nodeKey, children: children + 2 * range.lowerBound,
        injected: source.map { $0 + range.lowerBound }, count: range.count,
        into: parents + range.lowerBound)
    }
    if count >= 1024 { byLanes(count, hash) } else { hash(0..<count) }
    withExtendedLifetime(rows) {}
  }

  /// Splits 0 ..< count, a multiple of the vector's lanes, over all cores.
  private func byLanes(_ count: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    let lanes = hash.hash.laneCount
    precondition(count % lanes == 0, "\(count) rows are fewer than a vector of \(lanes)")
    let batches = count / lanes
    let tasks = min(batches, 64)
    parallel(tasks) { task in
      body((batches * task / tasks * lanes)..<(batches * (task + 1) / tasks * lanes))
    }
  }

  /// Opens positions of the leaves.
  package func open(_ positions: [Int]) -> MerkleOpening {
    let positions = uniqueSorted(positions)
    let saltWords = shape.saltLength / 4
    var rows: [[[Goldilocks]]] = []
    var openedSalts: [[[UInt8]]] = []
    for (group, description) in shape.groups.enumerated() {
      let shift = shape.depth - description.logRows
      let indices = uniqueSorted(positions.map { $0 >> shift })
      rows.append(indices.map { index in matrices[group].flatMap { $0.matrix.row(index) } })
      openedSalts.append(
        indices.map { index in
          salts[group][(index * saltWords)..<((index + 1) * saltWords)].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
          }
        })
    }
    var siblings: [ProofDigest] = []
    var current = positions
    for level in stride(from: shape.depth, to: 0, by: -1) {
      let known = Set(current)
      for node in current where !known.contains(node ^ 1) {
        siblings.append(nodes[(1 << level) + (node ^ 1)])
      }
      current = uniqueSorted(current.map { $0 >> 1 })
    }
    return MerkleOpening(rows: rows, salts: openedSalts, siblings: siblings)
  }
}
