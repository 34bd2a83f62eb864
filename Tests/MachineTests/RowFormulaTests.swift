import TestSupport
import Testing
import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMWitness

/// Formulas that fill what they constrain.
@Suite struct RowFormulaTests {
  @Test func valuesAreSigned() {
    let builder = TableBuilder("T")
    let (a, b) = (builder.column("a", ""), builder.column("b", ""))
    let matrix = Matrix(rows: 1, columns: 3)
    let row = RowWriter(matrix: matrix, row: 0)
    row.set(a, -7)
    row.set(b, 3)
    let formulas = RowFormulas([a - b, a * b + 5, 2 * (a + b) * (a - b), a, 4, -a])
    var found: [Int64] = []
    withExtendedLifetime(matrix) {
      formulas.evaluate(row) { value in found = (0..<6).map { value($0) } }
    }
    #expect(found == [-10, -16, 80, -7, 4, 7])
  }

  /// x·y = z by limbs: the carries come from the positions alone, and then every constraint holds.
  @Test func aChainFillsItsCarries() {
    let builder = TableBuilder("T")
    let x = builder.columns("x", count: 2, "")
    let y = builder.columns("y", count: 2, "")
    let z = builder.columns("z", count: 4, "")
    var ranges = ColumnRanges()
    for column in x + y + z { ranges.declare(column, 0...0xFFFF) }
    let chain = CarryChain(
      builder, "c",
      positions: [
        x[0] * y[0] - z[0], x[0] * y[1] + x[1] * y[0] - z[1], x[1] * y[1] - z[2], -z[3],
      ], in: ranges, when: 1, "x·y = z")
    let table = builder.build()
    let filler = CarryFiller(chain)
    let constraints = RowFormulas(table.constraints.map(\.expression))
    var generator = SeededGenerator(seed: 5)
    func holds(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> Bool {
      let matrix = Matrix(rows: 1, columns: table.columns.count)
      let row = RowWriter(matrix: matrix, row: 0)
      for (columns, number) in [(x, a), (y, b), (z, c)] {
        for (limb, column) in columns.enumerated() {
          row.set(column, Int64(number >> UInt64(16 * limb) & 0xFFFF))
        }
      }
      filler.fill(row)
      var result = true
      constraints.evaluate(row) { value in
        result = table.constraints.indices.allSatisfy { value($0) == 0 }
      }
      return withExtendedLifetime(matrix) { result }
    }
    for _ in 0..<1000 {
      let a = UInt64.random(in: 0...0xFFFF_FFFF, using: &generator)
      let b = UInt64.random(in: 0...0xFFFF_FFFF, using: &generator)
      #expect(holds(a, b, a * b))
      #expect(!holds(a, b, a * b ^ 1))
    }
    #expect(holds(0, 0, 0))
    #expect(holds(0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF * 0xFFFF_FFFF))
  }
}
