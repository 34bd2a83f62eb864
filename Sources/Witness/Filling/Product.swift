import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension ProductUnit: UnitFiller {
  package func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    let opcode = instruction.opcode
    let shift = 16 * Int(instruction.extra)
    fetch.fill(row, step, opcode)
    for (slot, operand) in [xOperand, yOperand, wOperand, zOperand].enumerated() {
      operand.fill(row, instruction.slots[slot], step)
    }
    let xValue = step.words[0]
    let yValue = opcode.isSquareRoot ? xValue : step.words[1]
    let wValue = opcode.isMultiplication ? step.words[2] : 0
    let zValue = step.words[3]
    x.fill(row, Int128(xValue))
    y.fill(row, Int128(yValue))
    w.fill(row, Int128(wValue))
    z.fill(row, Int128(zValue))
    row.set(shifts[Int(instruction.extra)], true)

    var uValue: Int128
    var uFactor: Int128 = opcode.rounding == .ceil ? -1 : 1
    let power = Int128(1) << shift
    if opcode.isMultiplication {
      let error = ((Int128(zValue) - Int128(wValue)) << shift) - Int128(xValue) * Int128(yValue)
      uFactor = -uFactor
      switch opcode.rounding {
      case .nearest: uValue = power / 2 - error
      case .floor: uValue = -error
      case .ceil: uValue = error
      }
      row.set(xReads, -1)
      row.set(zReads, counts.reads(of: instruction.slots[3], step))
    } else {
      let bounds =
        opcode.isDivision
        ? Arithmetic.divisionBounds(zValue, yValue, xValue, shift: shift, opcode.rounding)
        : Arithmetic.squareRootBounds(zValue, xValue, shift: shift, opcode.rounding)
      uValue = bounds.u
      g.fill(row, bounds.g)
      let isNegative = opcode.isDivision && yValue < 0
      row.set(negative, isNegative)
      if isNegative { uFactor = -uFactor }
      let root = Int64(xValue)
      row.set(
        signTop,
        Int((opcode.isDivision ? yValue : root) >> 48) * (isNegative ? -1 : 1)
          - (isNegative ? 1 : 0))
      row.set(zero, opcode.isSquareRoot && xValue == 0)
      row.set(xReads, counts.reads(of: instruction.slots[0], step))
      row.set(zReads, -1)
    }
    row.set(uSign, Goldilocks(uFactor))
    u.fill(row, uValue)
    fillChain(row, opcode, Int(instruction.extra), xValue, yValue, wValue, zValue, uValue, uFactor)
  }

  private func fillChain(
    _ row: RowWriter, _ opcode: Opcode, _ shift: Int, _ x: Int64, _ y: Int64, _ w: Int64,
    _ z: Int64, _ u: Int128, _ uFactor: Int128
  ) {
    func limbs(_ value: Int64) -> [Int128] { Limbs.split(Int128(value), count: 4) }
    let oneHot = (0..<4).map { Int128($0 == shift ? 1 : 0) }
    let shifted = convolution(zip(limbs(z), limbs(w)).map { $0 - $1 }, oneHot, count: 4)
    let product = convolution(limbs(x), limbs(y), count: 4)
    let kappa: Int128 = opcode == .divNearest ? 2 : 1
    let uLimbs = Limbs.split(u, count: 4)
    let isZeroRoot = opcode.isSquareRoot && x == 0
    chain.fill(
      row,
      positions: (0..<4).map { j in
        var error = uFactor * uLimbs[j]
        switch opcode {
        case .mulNearest: error += j + 1 == shift ? 1 << 15 : 0
        case .divNearest: error -= limbs(y)[j]
        case .sqrtNearest: error += (j == 0 && !isZeroRoot ? 1 : 0) - limbs(x)[j]
        default: break
        }
        return kappa * (shifted[j] - product[j]) - error
      })
  }

  package func fillPadding(_ row: RowWriter) { chain.fillPadding(row) }
}
