import ZKVMField

/// The shape of a tree over matrices of several heights, tallest first.
///
/// Rows of equal height are hashed together. The tallest are the leaves; a group of 2^k rows is
/// injected at the level with 2^k nodes: node = H(left ‖ right ‖ row hash).
public struct MerkleShape: Hashable, Sendable {
  public struct Group: Hashable, Sendable {
    public let logRows: Int
    /// Field elements in a row.
    public let width: Int

    package init(logRows: Int, width: Int) {
      self.logRows = logRows
      self.width = width
    }
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
  package func group(logRows: Int) -> Int? { groups.firstIndex { $0.logRows == logRows } }
}

/// The rows and siblings that open some positions of a tree.
public struct MerkleOpening: Equatable, Sendable {
  /// By group, then by position (ascending, without repetition): the row's elements.
  public var rows: [[[Goldilocks]]]
  /// By group and position: the salt.
  public var salts: [[[UInt8]]]
  /// Siblings that the rows do not determine, level by level from the leaves, by ascending index.
  public var siblings: [ProofDigest]

  public init(rows: [[[Goldilocks]]], salts: [[[UInt8]]], siblings: [ProofDigest]) {
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

  /// The root that an opening of `positions` leads to, or `nil` if it has the wrong shape: exactly the
  /// rows and siblings that the positions need.
  package func root(
    opening positions: [Int], _ opening: MerkleOpening, _ hash: TreeHash
  ) -> ProofDigest? {
    guard opening.rows.count == groups.count, opening.salts.count == groups.count else {
      return nil
    }
    var nodes = uniqueSorted(positions)
    guard let last = nodes.last, nodes[0] >= 0, last < 1 << depth else { return nil }
    guard var hashes = rowHashes(0, count: nodes.count, opening, hash) else { return nil }
    var siblings = opening.siblings[...]
    for level in stride(from: depth - 1, through: 0, by: -1) {
      guard let pairs = pairs(nodes, hashes, &siblings) else { return nil }
      nodes = uniqueSorted(nodes.map { $0 >> 1 })
      var injected: [ProofDigest]?
      if let group = group(logRows: level) {
        guard let rows = rowHashes(group, count: nodes.count, opening, hash) else { return nil }
        injected = rows
      }
      hashes = hash.nodes(pairs, injected: injected)
    }
    return siblings.isEmpty ? hashes[0] : nil
  }

  /// The hashes of a group's rows, or `nil` if their number or sizes are wrong.
  private func rowHashes(
    _ group: Int, count: Int, _ opening: MerkleOpening, _ hash: TreeHash
  ) -> [ProofDigest]? {
    let (rows, salts) = (opening.rows[group], opening.salts[group])
    guard rows.count == count, salts.count == count,
      rows.allSatisfy({ $0.count == groups[group].width }),
      salts.allSatisfy({ $0.count == saltLength })
    else { return nil }
    return hash.rows(rows, salts: salts, saltLength: saltLength)
  }

  /// The children of the parents of `nodes`: neighbours among the nodes, or a node and the next
  /// sibling, or `nil` if there is none left.
  private func pairs(
    _ nodes: [Int], _ hashes: [ProofDigest], _ siblings: inout ArraySlice<ProofDigest>
  ) -> [(ProofDigest, ProofDigest)]? {
    var pairs: [(ProofDigest, ProofDigest)] = []
    var index = 0
    while index < nodes.count {
      let (node, hash) = (nodes[index], hashes[index])
      if node & 1 == 0, index + 1 < nodes.count, nodes[index + 1] == node + 1 {
        pairs.append((hash, hashes[index + 1]))
        index += 2
      } else {
        guard let sibling = siblings.popFirst() else { return nil }
        pairs.append(node & 1 == 0 ? (hash, sibling) : (sibling, hash))
        index += 1
      }
    }
    return pairs
  }
}
