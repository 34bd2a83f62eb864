import ZKVMField
import ZKVMHashing

/// Keys that keep leaf and node hashes apart.
enum MerkleKeys {
  static let leaf = BLAKE3.deriveKey(context: "zkvm merkle leaf v1")
  static let node = BLAKE3.deriveKey(context: "zkvm merkle node v1")
}

/// The shape of a tree over matrices of several heights, tallest first.
///
/// Rows of equal height are hashed together. The tallest are the leaves; a group of 2^k rows is
/// injected at the level with 2^k nodes: node = H(left ‖ right ‖ row hash).
public struct MerkleShape: Hashable, Sendable {
  public struct Group: Hashable, Sendable {
    public let logRows: Int
    /// Field elements in a row.
    public let width: Int
  }

  public let groups: [Group]
  public let saltLength: Int

  public init(groups: [Group], saltLength: Int) {
    precondition(!groups.isEmpty)
    precondition(zip(groups, groups.dropFirst()).allSatisfy { $0.logRows > $1.logRows })
    self.groups = groups
    self.saltLength = saltLength
  }

  public var depth: Int { groups[0].logRows }

  /// The group whose rows enter at the level with 2^logRows nodes.
  func group(logRows: Int) -> Int? { groups.firstIndex { $0.logRows == logRows } }
}

/// The rows and siblings that open some positions of a tree.
public struct MerkleOpening: Equatable, Sendable {
  /// By group, then by position (ascending, without repetition): the row's elements.
  public var rows: [[[Goldilocks]]]
  /// By group and position: the salt.
  public var salts: [[[UInt8]]]
  /// Siblings that the rows do not determine, level by level from the leaves, by ascending index.
  public var siblings: [BLAKE3.Digest]

  public init(rows: [[[Goldilocks]]], salts: [[[UInt8]]], siblings: [BLAKE3.Digest]) {
    self.rows = rows
    self.salts = salts
    self.siblings = siblings
  }
}

/// The ascending positions without repetition.
public func uniqueSorted(_ values: [Int]) -> [Int] {
  var result: [Int] = []
  for value in values.sorted() where result.last != value { result.append(value) }
  return result
}

extension MerkleShape {
  /// The hash of one row behind its salt of a multiple of four bytes.
  static func hashRow(salt: some Sequence<UInt8>, _ row: [Goldilocks]) -> BLAKE3.Digest {
    var words: [UInt32] = []
    words.reserveCapacity(2 * row.count + 4)
    var pending: UInt32 = 0
    for (index, byte) in salt.enumerated() {
      pending |= UInt32(byte) << UInt32(8 * (index % 4))
      if index % 4 == 3 {
        words.append(pending)
        pending = 0
      }
    }
    for element in row {
      words.append(UInt32(truncatingIfNeeded: element.value))
      words.append(UInt32(truncatingIfNeeded: element.value >> 32))
    }
    return BLAKE3.hash(key: MerkleKeys.leaf, words: words)
  }

  /// The hashes of rows of equal width behind salts of equal length, many side by side.
  private func hashRows(salts: [[UInt8]], _ rows: [[Goldilocks]]) -> [BLAKE3.Digest] {
    let lanes = BLAKE3.laneCount
    let padded = (rows.count + lanes - 1) / lanes * lanes
    let width = rows.first?.count ?? 0
    guard rows.count > 1, saltLength % 8 == 0 else {
      return zip(salts, rows).map { MerkleShape.hashRow(salt: $0, $1) }
    }
    var words = [UInt64](repeating: 0, count: width * padded)
    for (index, row) in rows.enumerated() {
      for (column, element) in row.enumerated() { words[column * padded + index] = element.value }
    }
    var saltWords = [UInt32](repeating: 0, count: saltLength / 4 * padded)
    for (index, byte) in salts.joined().enumerated() {
      saltWords[index / 4] |= UInt32(byte) << UInt32(8 * (index % 4))
    }
    var digests = [BLAKE3.Digest](repeating: MerkleKeys.leaf, count: padded)
    words.withUnsafeBufferPointer { words in
      let columns = (0..<width).map { words.baseAddress! + $0 * padded }
      BLAKE3.hashRows(
        0..<padded, key: MerkleKeys.leaf, salts: saltWords, saltWords: saltLength / 4,
        columns: columns, into: &digests)
    }
    return Array(digests[..<rows.count])
  }

  /// The parents of pairs of digests.
  private static func hashNodes(
    _ pairs: [(BLAKE3.Digest, BLAKE3.Digest)], injected: [BLAKE3.Digest]?
  ) -> [BLAKE3.Digest] {
    let lanes = BLAKE3.laneCount
    let padded = (pairs.count + lanes - 1) / lanes * lanes
    let filling = [BLAKE3.Digest](repeating: MerkleKeys.node, count: 2 * (padded - pairs.count))
    let children = pairs.flatMap { [$0.0, $0.1] } + filling
    var digests = [BLAKE3.Digest](repeating: MerkleKeys.node, count: padded)
    func hash(_ injected: UnsafePointer<BLAKE3.Digest>?) {
      BLAKE3.hashNodes(
        key: MerkleKeys.node, children: children, injected: injected, count: padded,
        into: &digests)
    }
    if let injected {
      (injected + filling).withUnsafeBufferPointer { hash($0.baseAddress) }
    } else {
      hash(nil)
    }
    return Array(digests[..<pairs.count])
  }

  /// The number of siblings that open `positions` (of the leaves).
  public func siblingCount(opening positions: [Int]) -> Int {
    var nodes = uniqueSorted(positions)
    var count = 0
    for _ in 0..<depth {
      let known = Set(nodes)
      count += nodes.count { !known.contains($0 ^ 1) }
      nodes = uniqueSorted(nodes.map { $0 >> 1 })
    }
    return count
  }

  /// The root that an opening of `positions` leads to, or `nil` if it has the wrong shape.
  public func root(opening positions: [Int], _ opening: MerkleOpening) -> BLAKE3.Digest? {
    guard opening.rows.count == groups.count, opening.salts.count == groups.count else {
      return nil
    }
    var nodes = uniqueSorted(positions)
    guard let last = nodes.last, nodes[0] >= 0, last < 1 << depth else { return nil }
    var hashes: [BLAKE3.Digest] = []
    var nextSibling = 0

    func rowHashes(_ group: Int) -> [BLAKE3.Digest]? {
      let rows = opening.rows[group]
      let salts = opening.salts[group]
      guard rows.count == nodes.count, salts.count == nodes.count,
        rows.allSatisfy({ $0.count == groups[group].width }),
        salts.allSatisfy({ $0.count == saltLength })
      else { return nil }
      return hashRows(salts: salts, rows)
    }

    guard let leaves = rowHashes(0) else { return nil }
    hashes = leaves
    for level in stride(from: depth - 1, through: 0, by: -1) {
      var parents: [Int] = []
      var pairs: [(BLAKE3.Digest, BLAKE3.Digest)] = []
      var index = 0
      while index < nodes.count {
        let node = nodes[index]
        let hash = hashes[index]
        if node & 1 == 0, index + 1 < nodes.count, nodes[index + 1] == node + 1 {
          pairs.append((hash, hashes[index + 1]))
          index += 2
        } else {
          guard nextSibling < opening.siblings.count else { return nil }
          let sibling = opening.siblings[nextSibling]
          nextSibling += 1
          pairs.append(node & 1 == 0 ? (hash, sibling) : (sibling, hash))
          index += 1
        }
        parents.append(node >> 1)
      }
      nodes = parents
      var injected: [BLAKE3.Digest]?
      if let group = group(logRows: level) {
        guard let rows = rowHashes(group) else { return nil }
        injected = rows
      }
      hashes = MerkleShape.hashNodes(pairs, injected: injected)
    }
    guard nextSibling == opening.siblings.count else { return nil }
    return hashes[0]
  }
}

/// A committed tree with all its nodes, for the prover.
public final class MerkleTree: @unchecked Sendable {
  public let shape: MerkleShape
  private let matrices: [[MatrixView]]
  private let salts: [[UInt32]]
  private let pages: ZeroedPages
  /// Node i of the level with 2^k nodes is at 2^k + i. Not written after `init`.
  private let nodes: UnsafeMutablePointer<BLAKE3.Digest>

  /// The first `rows` rows of a matrix.
  public struct MatrixView: Sendable {
    public let matrix: Matrix
    public let logRows: Int

    public init(_ matrix: Matrix, logRows: Int) {
      precondition(matrix.rows >= 1 << logRows)
      self.matrix = matrix
      self.logRows = logRows
    }
  }

  public var root: BLAKE3.Digest { nodes[1] }

  /// Commits to matrices in the order given; `salt` gives the words of a group's rows, in order.
  public init(
    _ views: [MatrixView], saltLength: Int, salt: (_ group: Int, _ words: Int) -> [UInt32]
  ) {
    let heights = uniqueSorted(views.map(\.logRows)).reversed()
    matrices = heights.map { height in views.filter { $0.logRows == height } }
    shape = MerkleShape(
      groups: zip(heights, matrices).map { height, views in
        MerkleShape.Group(logRows: height, width: views.reduce(0) { $0 + $1.matrix.columns })
      }, saltLength: saltLength)
    salts = shape.groups.enumerated().map { salt($0, (saltLength / 4) << $1.logRows) }
    let count = 2 << shape.depth
    pages = ZeroedPages(byteCount: count * MemoryLayout<BLAKE3.Digest>.stride)
    nodes = pages.start.bindMemory(to: BLAKE3.Digest.self, capacity: count)
    hashRows(group: 0, into: nodes + (1 << shape.depth))
    for level in stride(from: shape.depth - 1, through: 0, by: -1) {
      hashLevel(level, group: shape.group(logRows: level))
    }
  }

  private func hashRows(group: Int, into digests: UnsafeMutablePointer<BLAKE3.Digest>) {
    let columns = matrices[group].flatMap { view in
      (0..<view.matrix.columns).map {
        // A Goldilocks is its canonical 64-bit word.
        UnsafeRawPointer(view.matrix.column($0)).assumingMemoryBound(to: UInt64.self)
      }
    }
    nonisolated(unsafe) let (target, sources) = (digests, columns)
    salts[group].withUnsafeBufferPointer { salts in
      nonisolated(unsafe) let salts = salts.baseAddress
      MerkleTree.byLanes(1 << shape.groups[group].logRows) { [shape] range in
        BLAKE3.hashRows(
          range, key: MerkleKeys.leaf, salts: salts, saltWords: shape.saltLength / 4,
          columns: sources, into: target + range.lowerBound)
      }
    }
  }

  private func hashLevel(_ level: Int, group: Int?) {
    let count = 1 << level
    let rows = ZeroedPages(byteCount: group == nil ? 0 : count * MemoryLayout<BLAKE3.Digest>.stride)
    let injected = group.map { group in
      let digests = rows.start.bindMemory(to: BLAKE3.Digest.self, capacity: count)
      hashRows(group: group, into: digests)
      return digests
    }
    nonisolated(unsafe) let (parents, children) = (nodes + count, nodes + 2 * count)
    nonisolated(unsafe) let source = injected
    let hash = { @Sendable (range: Range<Int>) in
      BLAKE3.hashNodes(
        key: MerkleKeys.node, children: children + 2 * range.lowerBound,
        injected: source.map { $0 + range.lowerBound }, count: range.count,
        into: parents + range.lowerBound)
    }
    if count >= 1024 { MerkleTree.byLanes(count, hash) } else { hash(0..<count) }
    withExtendedLifetime(rows) {}
  }

  /// Splits 0 ..< count, a multiple of the vector's lanes, over all cores.
  private static func byLanes(_ count: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
    let lanes = BLAKE3.laneCount
    precondition(count % lanes == 0, "\(count) rows are fewer than a vector of \(lanes)")
    let batches = count / lanes
    let tasks = min(batches, 64)
    parallel(tasks) { task in
      body((batches * task / tasks * lanes)..<(batches * (task + 1) / tasks * lanes))
    }
  }

  /// Opens positions of the leaves.
  public func open(_ positions: [Int]) -> MerkleOpening {
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
    var siblings: [BLAKE3.Digest] = []
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
