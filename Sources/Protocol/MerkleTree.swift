import Dispatch
import Field
import Hashing

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

  static func hashNode(
    _ left: BLAKE3.Digest, _ right: BLAKE3.Digest, injected: BLAKE3.Digest?
  ) -> BLAKE3.Digest {
    BLAKE3.hash(key: MerkleKeys.node, left, right, injected)
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
      return zip(salts, rows).map { MerkleShape.hashRow(salt: $0, $1) }
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
      hashes = pairs.enumerated().map { position, pair in
        MerkleShape.hashNode(pair.0, pair.1, injected: injected?[position])
      }
    }
    guard nextSibling == opening.siblings.count else { return nil }
    return hashes[0]
  }
}

/// A committed tree with all its nodes, for the prover.
public final class MerkleTree: Sendable {
  public let shape: MerkleShape
  private let matrices: [[MatrixView]]
  private let salts: [[UInt8]]
  /// Level 0 are the leaves.
  private let levels: [[BLAKE3.Digest]]

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

  public var root: BLAKE3.Digest { levels.last![0] }

  /// Commits to matrices in the order given; `salt` gives the bytes of a group's rows, in order.
  public init(
    _ views: [MatrixView], saltLength: Int, salt: (_ group: Int, _ count: Int) -> [UInt8]
  ) {
    let heights = uniqueSorted(views.map(\.logRows)).reversed()
    let matrices = heights.map { height in views.filter { $0.logRows == height } }
    let shape = MerkleShape(
      groups: zip(heights, matrices).map { height, views in
        MerkleShape.Group(logRows: height, width: views.reduce(0) { $0 + $1.matrix.columns })
      }, saltLength: saltLength)
    let salts = shape.groups.indices.map { group in
      salt(group, saltLength << shape.groups[group].logRows)
    }
    let rowHashes = shape.groups.indices.map { group in
      MerkleTree.hashRows(
        matrices[group], logRows: shape.groups[group].logRows, salts: salts[group],
        saltLength: saltLength)
    }
    var levels = [rowHashes[0]]
    for level in stride(from: shape.depth - 1, through: 0, by: -1) {
      levels.append(
        MerkleTree.hashLevel(
          levels.last!, injected: shape.group(logRows: level).map { rowHashes[$0] }))
    }
    self.shape = shape
    self.matrices = matrices
    self.salts = salts
    self.levels = levels
  }

  private static func hashRows(
    _ views: [MatrixView], logRows: Int, salts: [UInt8], saltLength: Int
  ) -> [BLAKE3.Digest] {
    let rows = 1 << logRows
    let columns = views.flatMap { view in (0..<view.matrix.columns).map { view.matrix.column($0) } }
    let saltWords = saltLength / 4
    return fillDigests(count: rows) { start in
      let columnsCopy = columns
      return BLAKE3.hashLanes(key: MerkleKeys.leaf, wordCount: saltWords + 2 * columns.count) { k in
        var lanes = BLAKE3.Lanes()
        if k < saltWords {
          for lane in 0..<16 {
            let at = (start + lane) * saltLength + 4 * k
            lanes[lane] =
              UInt32(salts[at]) | UInt32(salts[at + 1]) << 8 | UInt32(salts[at + 2]) << 16
              | UInt32(salts[at + 3]) << 24
          }
          return lanes
        }
        let column = columnsCopy[(k - saltWords) / 2] + start
        let shift = UInt64(32 * ((k - saltWords) % 2))
        for lane in 0..<16 {
          lanes[lane] = UInt32(truncatingIfNeeded: column[lane].value >> shift)
        }
        return lanes
      }
    }
  }

  private static func hashLevel(
    _ children: [BLAKE3.Digest], injected: [BLAKE3.Digest]?
  ) -> [BLAKE3.Digest] {
    let count = children.count / 2
    guard count >= 16 else {
      return (0..<count).map {
        MerkleShape.hashNode(children[2 * $0], children[2 * $0 + 1], injected: injected?[$0])
      }
    }
    return fillDigests(count: count) { start in
      BLAKE3.hashLanes(key: MerkleKeys.node, wordCount: injected == nil ? 16 : 24) { k in
        var lanes = BLAKE3.Lanes()
        for lane in 0..<16 {
          let node = start + lane
          lanes[lane] =
            k < 16 ? children[2 * node + k / 8].words[k % 8] : injected![node].words[k - 16]
        }
        return lanes
      }
    }
  }

  /// Computes sixteen digests at a time on all cores.
  private static func fillDigests(
    count: Int, _ sixteen: @escaping (Int) -> [BLAKE3.Digest]
  ) -> [BLAKE3.Digest] {
    precondition(count % 16 == 0, "\(count) rows are fewer than a vector of 16")
    return [BLAKE3.Digest](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      nonisolated(unsafe) let body = sixteen
      let batches = count / 16
      let tasks = min(batches, 64)
      DispatchQueue.concurrentPerform(iterations: tasks) { task in
        for batch in (batches * task / tasks)..<(batches * (task + 1) / tasks) {
          for (lane, digest) in body(16 * batch).enumerated() {
            target.initializeElement(at: 16 * batch + lane, to: digest)
          }
        }
      }
      initialized = count
    }
  }

  /// Opens positions of the leaves.
  public func open(_ positions: [Int]) -> MerkleOpening {
    let positions = uniqueSorted(positions)
    var rows: [[[Goldilocks]]] = []
    var openedSalts: [[[UInt8]]] = []
    for (group, description) in shape.groups.enumerated() {
      let shift = shape.depth - description.logRows
      let indices = uniqueSorted(positions.map { $0 >> shift })
      rows.append(indices.map { index in matrices[group].flatMap { $0.matrix.row(index) } })
      openedSalts.append(
        indices.map { Array(salts[group][($0 * shape.saltLength)..<(($0 + 1) * shape.saltLength)]) }
      )
    }
    var siblings: [BLAKE3.Digest] = []
    var nodes = positions
    for level in 0..<shape.depth {
      let known = Set(nodes)
      for node in nodes where !known.contains(node ^ 1) { siblings.append(levels[level][node ^ 1]) }
      nodes = uniqueSorted(nodes.map { $0 >> 1 })
    }
    return MerkleOpening(rows: rows, salts: openedSalts, siblings: siblings)
  }
}
