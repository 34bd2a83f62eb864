import ZKVMFixedPoint
import ZKVMMachine

extension FunctionUnit: FilledTable {
  package var filler: TableFiller { .rows(FunctionFiller(self)) }
}

/// Fills the rows of the Function unit from ``FunctionEvaluation``.
private struct FunctionFiller: UnitFiller {
  let unit: FunctionUnit
  let reduction: CarryFiller
  let steps: [HornerFiller]
  let scaling: ScalingFiller

  init(_ unit: FunctionUnit) {
    self.unit = unit
    reduction = CarryFiller(unit.reduction.chain)
    steps = unit.steps.map(HornerFiller.init)
    scaling = ScalingFiller(unit.scaling)
  }

  func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    guard let function = instruction.opcode.function,
      let evaluation = try? FunctionEvaluation(function, step[Slot.Function.argument])
    else { preconditionFailure("the execution contains a function call that traps") }
    unit.fetch.fill(row, step, instruction.opcode)
    unit.operand.fill(row, instruction[Slot.Function.argument], step)
    unit.x.fill(row, Int128(step[Slot.Function.argument]))
    unit.destination.fill(row, instruction[Slot.Function.result], step, counts)
    unit.result.fill(row, Int128(step[Slot.Function.result]))
    counts.scales[evaluation.scaleIndex] += 1
    counts.coefficients[evaluation.coefficientIndex] += 1
    unit.scale.fill(row, FunctionTables.scales[evaluation.scaleIndex])
    unit.segment.fill(row, FunctionTables.coefficients[evaluation.coefficientIndex])
    unit.t.fill(row, Int128(evaluation.t))
    reduction.fill(row)
    for (index, step) in steps.enumerated() {
      step.fill(
        row, accumulator: Int128(evaluation.accumulators[index + 1]),
        remainder: Int128(evaluation.remainders[index]))
    }
    scaling.fill(row, remainder: Int128(evaluation.finalRemainder))
  }

  func fillPadding(_ row: RowWriter) {
    reduction.fill(row)
    for step in steps { step.fillPadding(row) }
    scaling.fillPadding(row)
  }
}
