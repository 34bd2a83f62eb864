import ZKVMMachine

/// Fills the last rounding of a function.
struct ScalingFiller: Sendable {
  private let step: ScalingStep
  private let chain: CarryFiller

  init(_ step: ScalingStep) {
    self.step = step
    chain = CarryFiller(step.chain)
  }

  func fill(_ row: RowWriter, remainder: Int128) {
    step.remainder.fill(row, remainder)
    chain.fill(row)
  }

  func fillPadding(_ row: RowWriter) { chain.fill(row) }
}
