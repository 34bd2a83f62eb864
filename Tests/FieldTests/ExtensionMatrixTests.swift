import Testing
import ZKVMField

@Suite struct ExtensionMatrixTests {
  private func element(_ index: Int) -> CubicExtension {
    CubicExtension(Goldilocks(index), Goldilocks(index * index), Goldilocks(7 - index))
  }

  /// A column of the extension is three of the base field, a coordinate each.
  @Test(arguments: [4, 1024]) func columnsAreThreeBaseColumns(rows: Int) {
    let matrix = ExtensionMatrix(rows: rows, columns: 3)
    #expect(matrix.columns == 3 && matrix.base.columns == 9)
    for column in 0..<3 {
      for row in 0..<rows { matrix[row, column] = element(row + 5 * column) }
    }
    for column in 0..<3 {
      for row in [0, 1, rows - 1] {
        #expect(matrix[row, column] == element(row + 5 * column))
        #expect(
          CubicExtension(coordinates: matrix.base.row(row)[(3 * column)...].prefix(3))
            == matrix[row, column])
        for plane in CubicExtension.planes {
          #expect(
            matrix.plane(plane, ofColumn: column)[row] == matrix[row, column].coordinates[plane])
        }
      }
    }
    #expect(
      CubicExtension.elements(ofCoordinates: matrix.base.row(1)) == (0..<3).map { matrix[1, $0] })
  }

  @Test func planesAreCopiedAndFilled() {
    let (source, target) = (ExtensionMatrix(rows: 8, columns: 2), ExtensionMatrix(rows: 2048))
    for row in 0..<8 { source[row, 1] = element(row) }
    target.column().advanced(by: 3).update(from: source.column(1), count: 8)
    #expect(
      (0..<12).map { target[$0] }
        == (0..<12).map { (3..<11).contains($0) ? element($0 - 3) : .zero })
    target.column().advanced(by: 1).update(repeating: element(9), count: 2)
    #expect((0..<4).map { target[$0] } == [.zero, element(9), element(9), element(0)])
  }

  /// At a point of the extension, base columns have values in it: with a, b and c it is a + b·u + c·u².
  @Test func baseValuesCombine() {
    let values = (1...6).map(element)
    let u = CubicExtension(.zero, .one, .zero)
    #expect(
      CubicExtension(column: 1, ofBaseValues: values)
        == values[3] + values[4] * u + values[5] * u * u)
  }

  @Test func powersStartWhereAsked() {
    let x = element(3)
    #expect(x.powers(count: 3) == [.one, x, x * x])
    #expect(x.powers(count: 2, from: x) == [x, x * x])
    #expect(x.powers(count: 0).isEmpty)
  }
}
