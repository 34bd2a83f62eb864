import ZKVMMachine

extension HornerStep {
  func fill(
    _ row: RowWriter, of factor: [Int128], times offset: [Int128], accumulator value: Int128,
    remainder rest: Int128
  ) {
    let count = offset.count
    accumulator.fill(row, value)
    remainder.fill(row, rest)
    let product = convolution(factor, offset, count: count)
    let restLimbs = Limbs.split(rest, count: count)
    chain.fill(
      row,
      positions: (0..<count).map { j in
        4096 * product[j] - restLimbs[j] + (j == count - 1 ? 32768 : 0)
      })
  }

  func fillPadding(_ row: RowWriter) { chain.fillPadding(row) }
}
