import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension ProductUnit: FilledTable {
  package var filler: TableFiller { .rows(ProductFiller(self)) }
}

/// Fills the rows of the Product unit. U and G are those of the reference arithmetic.
private struct ProductFiller: UnitFiller {
  let columns: ProductColumns
  let signOfU: RowFormulas
  let identity: CarryFiller

  init(_ unit: ProductUnit) {
    columns = unit.columns
    signOfU = RowFormulas([unit.signOfU])
    identity = CarryFiller(unit.identity.chain)
  }

  func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts
  ) {
    let c = columns
    let opcode = instruction.opcode
    c.fetch.fill(row, step, opcode)
    for (slot, operand) in c.operands.enumerated() {
      operand.fill(row, instruction.slots[slot], step)
    }
    let (x, z) = (step[Slot.Product.x], step[Slot.Product.z])
    let y = opcode.isSquareRoot ? x : step[Slot.Product.y]
    let w = opcode.isMultiplication ? step[Slot.Product.w] : 0
    c.x.fill(row, Int128(x))
    c.y.fill(row, Int128(y))
    c.w.fill(row, Int128(w))
    c.z.fill(row, Int128(z))
    row.set(c.shifts[Int(instruction.extra)], true)
    let shift = 16 * Int(instruction.extra)
    if opcode.isMultiplication {
      c.u.fill(
        row, Arithmetic.multiplicationRemainder(x, y, plus: w, z, shift: shift, opcode.rounding))
      row.set(c.xReads, -1)
      row.set(c.zReads, counts.reads(of: instruction[Slot.Product.z], step))
    } else if opcode.isDivision {
      fillBounds(row, Arithmetic.divisionBounds(z, y, x, shift: shift, opcode.rounding))
      row.set(c.negative, y < 0)
      row.set(c.signTop, y < 0 ? -(y >> 48) - 1 : y >> 48)
    } else {
      fillBounds(row, Arithmetic.squareRootBounds(z, x, shift: shift, opcode.rounding))
      row.set(c.signTop, x >> 48)
      row.set(c.zero, x == 0)
    }
    if !opcode.isMultiplication {
      row.set(c.xReads, counts.reads(of: instruction[Slot.Product.x], step))
      row.set(c.zReads, -1)
    }
    signOfU.evaluate(row) { row.set(c.uSign, $0(0)) }
    identity.fill(row)
  }

  private func fillBounds(_ row: RowWriter, _ bounds: (u: Int128, g: Int128)) {
    columns.u.fill(row, bounds.u)
    columns.g.fill(row, bounds.g)
  }

  func fillPadding(_ row: RowWriter) { identity.fill(row) }
}
