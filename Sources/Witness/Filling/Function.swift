import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension FunctionUnit: UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    guard let function = instruction.opcode.function,
      let evaluation = try? FunctionEvaluation(function, step.words[0])
    else { preconditionFailure("the execution contains a function call that traps") }
    fetch.fill(row, step, instruction.opcode)
    operand.fill(row, instruction.slots[0], step)
    x.fill(row, Int128(step.words[0]))
    destination.fill(row, instruction.slots[3], step, counts)
    result.fill(row, Int128(step.words[3]))
    let scaleRow = FunctionTables.scales[evaluation.scaleIndex]
    let coefficients = FunctionTables.coefficients[evaluation.coefficientIndex]
    counts.scales[evaluation.scaleIndex] += 1
    counts.coefficients[evaluation.coefficientIndex] += 1
    scale.fill(row, scaleRow)
    segment.fill(row, coefficients)
    t.fill(row, Int128(evaluation.t))

    let sign: Int128 = scaleRow.isNegated ? -1 : 1
    var u = Limbs.split(Int128(step.words[0]), count: 4).map { sign * $0 }
    u[3] -= Int128(scaleRow.a)
    let tLimbs = Limbs.split(Int128(evaluation.t), count: 4)
    let reduced = convolution(
      u, Limbs.split(Int128(1) << scaleRow.kappa, count: 4), count: 4)
    reduction.fill(
      row,
      positions: (0..<4).map { j in
        reduced[j] - tLimbs[j] - (j == 3 ? 16 * Int128(coefficients.segment) : 0)
      })

    let full = [tLimbs[0], tLimbs[1], tLimbs[2], tLimbs[3] - 16 * Int128(scaleRow.end)]
    var factor = Limbs.split(Int128(evaluation.accumulators[0]), count: 2)
    for (index, step) in steps.enumerated() {
      let accumulator = Int128(evaluation.accumulators[index + 1])
      step.fill(
        row, of: factor, times: index < 2 ? Array(full[1...]) : full, accumulator: accumulator,
        remainder: Int128(evaluation.remainders[index]))
      factor = Limbs.split(accumulator, count: step.accumulator.limbs.count)
    }
    scaling.fill(
      row, of: factor, times: scaleRow.g.map { Int128($0) },
      remainder: Int128(evaluation.finalRemainder))
  }

  package func fillPadding(_ row: RowWriter) {
    reduction.fillPadding(row)
    for step in steps { step.fillPadding(row) }
    scaling.fillPadding(row)
  }
}
