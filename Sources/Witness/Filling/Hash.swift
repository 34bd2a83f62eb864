import ZKVMAlgebraicHash
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension HashUnit: FilledTable, UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    let opcode = instruction.opcode
    let program = execution.program
    fetch.fill(row, step, opcode)
    row.set(extra, Int64(instruction.extra))
    var values: [[Goldilocks]] = []
    for (index, slot) in HashUnit.slots.enumerated() {
      operands[index].fill(row, instruction.slots[slot], step)
      guard opcode.reads.contains(slot) else {
        values.append([])
        continue
      }
      let isDigest = program.holdsDigest(slot, instruction)
      values.append(execution.elements(step.words[slot], isDigest: isDigest))
      inputs[index].fill(row, values[index])
    }
    if let cell = instruction.destination {
      destination.fill(row, cell, step, counts)
      result.fill(
        row,
        execution.elements(
          step[Slot.Hash.result], isDigest: program.holdsDigest(Slot.Hash.result.index, instruction)
        ))
    }
    let permuted = permutedState(instruction, step.words, values)
    if opcode == .squeeze {
      let index = Int(instruction.extra)
      squeezing.fill(row, values[0][index], index)
    }
    for (column, element) in zip(state, permuted) { row.set(column, element) }
    permutation.fill(row, permuted)
  }

  /// What the row permutes: zeros where the instruction hashes nothing.
  private func permutedState(
    _ instruction: Instruction, _ words: SIMD8<Int64>, _ values: [[Goldilocks]]
  ) -> [Goldilocks] {
    func hash(_ left: [Goldilocks]) -> [Goldilocks] {
      left + Digest.block(Slot.Hash.words.map { words[$0] }).array
    }
    if instruction.opcode == .hashStart {
      return hash(Digest.start(words: Int(instruction.extra)).array)
    }
    if instruction.opcode == .hashNext { return hash(values[0]) }
    if instruction.opcode == .merkle {
      return words[Slot.Hash.c] == 1 ? values[1] + values[0] : values[0] + values[1]
    }
    return Array(repeating: .zero, count: Poseidon2.width)
  }

  package func fillPadding(_ row: RowWriter) {
    permutation.fillZero(row)
  }
}
