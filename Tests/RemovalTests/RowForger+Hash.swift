import ZKVMAlgebraicHash
import ZKVMField

/// What follows from a Hash row's operands.
extension RowForger {
  var hasPermutation: Bool { columnIfAny("state0") != nil }

  /// The S-boxes' columns, in order: a cube and a seventh power each.
  var sBoxes: Range<Int> {
    let first = column("external0_0_cube")
    return first..<(first + 2 * (8 * Poseidon2.width + Poseidon2.internalRounds))
  }

  private func values(_ row: [Goldilocks], _ name: String) -> [Goldilocks] {
    limbs(name).map { row[$0] }
  }

  private func word(_ row: [Goldilocks], _ name: String) -> Goldilocks {
    values(row, name).reversed().reduce(.zero) { $0 * Goldilocks(65536) + $1 }
  }

  /// The permutation and, in a row that hashes, the result from the state. `forge` may replace the
  /// S-boxes' columns, by their number.
  func solvePermutation(
    _ row: inout [Goldilocks], forge: (Int, Goldilocks) -> Goldilocks = { $1 }
  ) {
    let state = (0..<Poseidon2.width).map { row[column("state\($0)")] }
    var columns: [Goldilocks] = []
    let output = Poseidon2.permute(state) { x in
      let cube = forge(columns.count, x * x * x)
      columns.append(cube)
      let power = forge(columns.count, cube * cube * x)
      columns.append(power)
      return power
    }
    for (index, value) in zip(sBoxes, columns) { row[index] = value }
    let hashes = ["is_hashStart", "is_hashNext", "is_merkle"]
    guard hashes.contains(where: { row[column($0)] == .one }) else { return }
    for (i, index) in limbs("result").enumerated() { row[index] = output[i] + state[i] }
  }

  /// The state from the operands, and what follows from it.
  func solveState(_ row: inout [Goldilocks]) {
    var state: [Goldilocks]
    let words = ["b", "c", "d", "e"].map { word(row, $0) }
    let (a, b) = (values(row, "a"), values(row, "b"))
    if row[column("is_hashStart")] == .one {
      state = [row[column("extra")], .zero, .zero, .zero] + words
    } else if row[column("is_hashNext")] == .one {
      state = a + words
    } else if row[column("is_merkle")] == .one {
      let swap = row[column("c_0")]
      let left = zip(a, b).map { $0 + swap * ($1 - $0) }
      state = left + zip(a, b).map { $1 - swap * ($1 - $0) }
    } else {
      return
    }
    for (i, value) in state.enumerated() { row[column("state\(i)")] = value }
    solvePermutation(&row)
  }

  /// What `squeeze` derives from the element's four limbs.
  func solveSqueeze(_ row: inout [Goldilocks], limbs: [Int64]) {
    for (index, limb) in zip(self.limbs("d"), limbs) { row[index] = Goldilocks(limb) }
    for (index, limb) in zip(self.limbs("result"), limbs.prefix(3)) {
      row[index] = Goldilocks(limb)
    }
    let high = Goldilocks(limbs[2]) + Goldilocks(65536) * Goldilocks(limbs[3])
    let distance = Goldilocks(0xFFFF_FFFF) - high
    row[column("e_0")] = distance.inverse
    row[column("e_1")] = distance == .zero ? .zero : .one
  }
}
