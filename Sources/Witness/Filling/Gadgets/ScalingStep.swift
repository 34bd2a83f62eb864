import ZKVMMachine

extension ScalingStep {
  func fill(
    _ row: RowWriter, of accumulator: [Int128], times g: [Int128], remainder rest: Int128
  ) {
    let count = ScalingStep.limbs
    remainder.fill(row, rest)
    let product = convolution(accumulator, g, count: count)
    let restLimbs = Limbs.split(rest, count: count)
    chain.fill(
      row,
      positions: (0..<count).map { j in
        product[j] - restLimbs[j] + (j == count - 1 ? 32768 : 0)
      })
  }

  func fillPadding(_ row: RowWriter) { chain.fillPadding(row) }
}
