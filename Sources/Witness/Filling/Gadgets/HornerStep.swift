import ZKVMMachine

/// Fills one step of Horner's rule.
struct HornerFiller: Sendable {
  private let step: HornerStep
  private let chain: CarryFiller

  init(_ step: HornerStep) {
    self.step = step
    chain = CarryFiller(step.chain)
  }

  func fill(_ row: RowWriter, accumulator: Int128, remainder: Int128) {
    step.accumulator.fill(row, accumulator)
    step.remainder.fill(row, remainder)
    chain.fill(row)
  }

  func fillPadding(_ row: RowWriter) { chain.fill(row) }
}
