/// A Merkle tree over digests: 2^depth leaves, the missing ones zero digests, nodes by
/// ``Digest/compress(_:_:)``.
public struct DigestTree: Sendable {
  /// Level 0 are the given leaves; each level ends with its last node that is not of zeros alone.
  private let levels: [[Digest]]
  /// The nodes over zeros alone, by level.
  private let zeros: [Digest]
  public let depth: Int

  /// The greatest depth: indices are words.
  public static let maximumDepth = 48

  /// The depth of the smallest tree with so many leaves.
  public static func depth(leaves: Int) -> Int {
    leaves <= 1 ? 0 : Int.bitWidth - (leaves - 1).leadingZeroBitCount
  }

  /// `depth` has room for the leaves and is at most ``maximumDepth``.
  public init(_ leaves: [Digest], depth: Int) {
    precondition((DigestTree.depth(leaves: leaves.count)...DigestTree.maximumDepth).contains(depth))
    self.depth = depth
    var levels = [leaves]
    var zeros = [Digest.zero]
    for level in 0..<depth {
      let nodes = levels[level]
      let zero = zeros[level]
      levels.append(
        (0..<((nodes.count + 1) / 2)).map {
          .compress(nodes[2 * $0], 2 * $0 + 1 < nodes.count ? nodes[2 * $0 + 1] : zero)
        })
      zeros.append(.compress(zero, zero))
    }
    self.levels = levels
    self.zeros = zeros
  }

  public var root: Digest { node(depth, 0) }

  private func node(_ level: Int, _ index: Int) -> Digest {
    index < levels[level].count ? levels[level][index] : zeros[level]
  }

  /// From the leaf to the root: whether the way up comes from the right, and the other child.
  public func path(_ leaf: Int) -> [(isRight: Bool, sibling: Digest)] {
    precondition((0..<(1 << depth)).contains(leaf))
    return (0..<depth).map { level in
      let index = leaf >> level
      return (index & 1 == 1, node(level, index ^ 1))
    }
  }
}
