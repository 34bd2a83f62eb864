extension CubicExtension {
  /// The places of the coordinates: 0, 1, 2.
  package static let planes = 0..<degree

  /// From coordinates, as many as there are.
  package init(coordinates: some RandomAccessCollection<Goldilocks>) {
    precondition(coordinates.count == CubicExtension.degree)
    var next = coordinates.makeIterator()
    self.init(next.next()!, next.next()!, next.next()!)
  }

  /// The elements whose coordinates stand one after another.
  package static func elements(
    ofCoordinates coordinates: some RandomAccessCollection<Goldilocks>
  ) -> [CubicExtension] {
    precondition(coordinates.count % degree == 0)
    var next = coordinates.makeIterator()
    return (0..<coordinates.count / degree).map { _ in
      CubicExtension(next.next()!, next.next()!, next.next()!)
    }
  }

  /// The value of extension column `column` where base columns have `values`: a column of the
  /// extension is three base columns, which at a point of the extension have values in it themselves.
  package init(column: Int, ofBaseValues values: [CubicExtension]) {
    let first = CubicExtension.degree * column
    self =
      values[first] + values[first + 1] * CubicExtension(.zero, .one, .zero)
      + values[first + 2] * CubicExtension(.zero, .zero, .one)
  }

  /// first, first·self, first·self², …
  package func powers(count: Int, from first: CubicExtension = .one) -> [CubicExtension] {
    var power = first
    return (0..<count).map { _ in
      defer { power *= self }
      return power
    }
  }
}
