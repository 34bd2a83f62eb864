import AttackSupport
import TestSupport
import ZKVMAlgebraicHash
import ZKVMField
import ZKVMMachine
import ZKVMWitness

extension Forgeries {
  /// The words of a digest among the secrets.
  private func words(_ elements: UInt64...) -> [Int64] { elements.map { Int64(bitPattern: $0) } }

  private func limbs(_ value: UInt64) -> [Int64] {
    (0..<4).map { Int64(value >> UInt64(16 * $0) & 0xFFFF) }
  }

  // MARK: Digests

  func addHash() throws {
    try addEquality()
    try addSwaps()
    try addSqueezes()
    try addDigestPublishers()
  }

  /// Two digests that differ in one element pass for the same.
  private func addEquality() throws {
    let bench = try Bench(
      """
      .secret a: digest
      .secret b: digest
      .output q: int
       assert_eq a, b, "the same"
       reveal q, 1
      """, secrets: words(1, 2, 3, 4) + words(1, 2, 3, 4))
    for element in 0..<4 {
      add(
        Forgery(
          "digests that differ in element \(element) are the same", .hash,
          item(.hash, bench, constraint: "assert_same: element \(element) is the same"), bench
        ) { [self] trace in
          edit(trace, .port, 1) { row, forger in row[forger.column("word_\(element)")] = 99 }
          edit(trace, .hash, 0) { row, forger in row[forger.column("b_\(element)")] = 99 }
        })
    }
  }

  /// Neither order of two digests: what no flag can be.
  private func addSwaps() throws {
    func listing(_ swap: Int64) throws -> Bench {
      let source = """
        .machine 2
        .program "swap"
        .secret a : digest
        .secret b : digest
        .secret swap : int
        .output q : int
        .constant 1
        .block incoming=0 size=4
        secret_digest _ _ _ fp+0 _ _ #0
        secret_digest _ _ _ fp+1 _ _ #1
        secret _ _ _ fp+2 _ _ #2
        merkle fp+0 fp+1 fp+2 fp+3 _ _ #0
        reveal @0 _ _ _ _ _ #0
        halt _ @6 @6 _ _ _ #0
        """
      let bench = try Bench(source, secrets: words(1, 2, 3, 4) + words(5, 6, 7, 8) + [1])
      let port = bench.trace.table(.port)
      precondition(port.activeRows == 4)
      return bench
    }
    for (swap, label) in [(Int64(2), "swap is 0 or 1"), (65537, "swap has no other limbs")] {
      let bench = try listing(swap)
      add(
        Forgery("a swap of \(swap)", .hash, item(.hash, bench, constraint: label), bench) {
          [self] trace in
          edit(trace, .port, 2) { row, forger in forger.set(&row, "word", Int128(swap)) }
          edit(trace, .hash, 0) { row, forger in
            forger.set(&row, "c", Int128(swap))
            forger.solveState(&row)
          }
        })
    }
  }

  private func squeeze(_ element: Int, _ digest: [Int64]) throws -> Bench {
    try Bench(
      ".secret a: digest\n.output q: int\n squeeze x: int, a, \(element)\n reveal q, 1",
      secrets: digest)
  }

  private func addSqueezes() throws {
    let elements: [UInt64] = [1 << 40, 5 << 33, 9 << 50, 11 << 20]
    let digest = elements.map { Int64(bitPattern: $0) }
    // One flag is −1, two others are 1.
    for (element, flags) in [
      (3, [-1, 1, 1, 0]), (1, [1, -1, 1, 0]), (1, [1, 0, -1, 1]), (0, [0, 1, 1, -1]),
    ]
      as [(Int, [Int64])]
    {
      add("a choice of \(flags)", try squeeze(element, digest), .squeeze) { [self] row, forger in
        var chosen = Goldilocks.zero
        for (index, flag) in flags.enumerated() {
          row[forger.column("c_\(index)")] = Goldilocks(flag)
          chosen += Goldilocks(flag) * Goldilocks(elements[index])
        }
        forger.solveSqueeze(&row, limbs: limbs(chosen.value))
      }
    }
    add("two chosen elements", try squeeze(3, digest), .squeeze) { [self] row, forger in
      for (index, flag) in [Int64(0), 1, 1, 0].enumerated() {
        row[forger.column("c_\(index)")] = Goldilocks(flag)
      }
      forger.solveSqueeze(&row, limbs: limbs(elements[1] + elements[2]))
    }
    add("another element than the instruction's", try squeeze(3, digest), .squeeze) {
      [self] row, forger in
      row[forger.column("c_3")] = .zero
      row[forger.column("c_0")] = .one
      forger.solveSqueeze(&row, limbs: limbs(elements[0]))
    }
    let one = try squeeze(0, words((3 << 48) + (7 << 32) + 70000, 0, 0, 0))
    add("limbs of another number", one, .squeeze) { [self] row, forger in
      forger.solveSqueeze(&row, limbs: limbs(12345))
    }
    // v and v + p have 64 bits if v < 2^32 − 1.
    let small = try squeeze(0, words(5, 0, 0, 0))
    for (name, flag) in [("shows", Goldilocks.zero), ("hides", .one)] {
      add("5 + p instead of 5, which \(name) that it is", small, .squeeze) {
        [self] row, forger in
        forger.solveSqueeze(&row, limbs: limbs(5 &+ Goldilocks.modulus))
        row[forger.column("e_1")] = flag
      }
    }
    // The same number from limbs that are none.
    let shifts: [[Int64]] = [
      [65536, -1, 0, 0], [0, 65536, -1, 0], [0, 0, 65536, -1], [1, 0, -1, 65536],
    ]
    for (index, shift) in shifts.enumerated() {
      add("a squeezed limb \(index) that is none", one, .squeeze) { [self] row, forger in
        let honest = limbs((3 << 48) + (7 << 32) + 70000)
        forger.solveSqueeze(&row, limbs: zip(honest, shift).map { $0 + $1 })
      }
    }
  }

  /// Rows that publish a cell that is not theirs.
  private func addDigestPublishers() throws {
    let forged = Digest([42, 0, 0, 0])
    let same = try Bench(
      """
      .secret a: digest
      .secret b: digest
      .output q: digest
       assert_eq b, b, "the same"
       reveal q, a
      """, secrets: words(1, 2, 3, 4) + words(5, 6, 7, 8))
    func reveal(_ trace: Trace, _ bench: Bench, _ digest: Digest) {
      edit(trace, .port, bench.row(.reveal).index) { row, forger in
        for (column, element) in zip(forger.limbs("word"), digest.array) { row[column] = element }
      }
    }
    add(
      Forgery(
        "an assertion that publishes a's cell", .hash,
        item(.hash, same, constraint: "only a result is published"), same, outputs: forged.words
      ) { [self] trace in
        edit(trace, .hash, 0) { row, forger in
          row[forger.column("reads")] = .one
          for (column, element) in zip(forger.limbs("result"), forged.array) {
            row[column] = element
          }
        }
        reveal(trace, same, forged)
      })
    let cell = address(same, .reveal, "operand_address")
    // A hash_next of −1 beside a hash_start offers a state.
    add(
      Forgery(
        "a hash_next of −1 that offers another digest", .hash,
        item(.hash, same, constraint: "is_hashNext is 0 or 1"), same, outputs: forged.words
      ) { [self] trace in
        edit(trace, .hash, 9) { row, forger in
          row[forger.column("is_hashNext")] = -.one
          row[forger.column("is_hashStart")] = .one
          row[forger.column("a_offset")] = cell
          row[forger.column("a_address")] = cell
          for (index, element) in forged.array.enumerated() {
            row[forger.column("a_\(index)")] = element
            row[forger.column("state\(index)")] = element
          }
          forger.solvePermutation(&row)
          // hash_start's state is zero but for its extra.
          row[forger.column("extra")] = forged[0]
        }
        reveal(trace, same, forged)
      })
  }

  // MARK: The permutation

  /// Each S-box's cube and seventh power, one more than it is, and the rest of the row as it follows.
  func addPermutation() throws {
    let bench = try Bench(
      ".secret a: int\n.output q: int\n hash h, a\n reveal q, a", secrets: [17])
    let forger = forger(.hash, bench.trace.table(.hash).table)
    for number in forger.sBoxes.indices.map({ $0 - forger.sBoxes.lowerBound }) {
      let name = bench.trace.table(.hash).table.columns[forger.sBoxes.lowerBound + number].name
      add("a wrong \(name)", bench, .hashStart) { row, forger in
        forger.solvePermutation(&row) { $0 == number ? $1 + 1 : $1 }
      }
    }
  }
}
