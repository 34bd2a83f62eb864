import ZKVMAlgebraicHash
import ZKVMField
import ZKVMMachine

extension PermutationColumns {
  private static let zeroRow = PermutationColumns.values(
    Array(repeating: .zero, count: Poseidon2.width))

  /// The cubes and powers in the order of the columns.
  private static func values(_ input: [Goldilocks]) -> [Goldilocks] {
    var values: [Goldilocks] = []
    values.reserveCapacity(
      2 * (2 * Poseidon2.halfExternalRounds * Poseidon2.width + Poseidon2.internalRounds))
    Poseidon2.permute(input) { x in
      let cube = x * x * x
      let power = cube * cube * x
      values.append(cube)
      values.append(power)
      return power
    }
    return values
  }

  func fill(_ row: RowWriter, _ input: [Goldilocks]) { set(row, PermutationColumns.values(input)) }

  /// The permutation of zeros.
  func fillZero(_ row: RowWriter) { set(row, PermutationColumns.zeroRow) }

  private func set(_ row: RowWriter, _ values: [Goldilocks]) {
    var index = 0
    func set(_ box: SBox) {
      row.set(box.cube, values[index])
      row.set(box.power, values[index + 1])
      index += 2
    }
    let half = Poseidon2.halfExternalRounds
    for boxes in external[..<half] { boxes.forEach(set) }
    inner.forEach(set)
    for boxes in external[half...] { boxes.forEach(set) }
  }
}
