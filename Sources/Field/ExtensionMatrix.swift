/// Extension elements by coordinate: three planes of field elements, `stride` elements apart. A view of
/// memory that somebody else owns.
package struct ExtensionPlanes {
  package let start: UnsafeMutablePointer<Goldilocks>
  package let stride: Int

  package init(_ start: UnsafeMutablePointer<Goldilocks>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  /// The coordinates of one place in ``CubicExtension/planes``.
  package func plane(_ index: Int) -> UnsafeMutablePointer<Goldilocks> { start + index * stride }

  /// The elements from one on.
  package func advanced(by count: Int) -> ExtensionPlanes {
    ExtensionPlanes(start + count, stride: stride)
  }

  package subscript(index: Int) -> CubicExtension {
    get { CubicExtension(start[index], start[stride + index], start[2 * stride + index]) }
    nonmutating set {
      start[index] = newValue.a
      start[stride + index] = newValue.b
      start[2 * stride + index] = newValue.c
    }
  }

  /// Copies the first `count` elements.
  package func update(from source: ExtensionPlanes, count: Int) {
    for index in CubicExtension.planes {
      plane(index).update(from: source.plane(index), count: count)
    }
  }

  /// Makes the first `count` elements equal to one.
  package func update(repeating element: CubicExtension, count: Int) {
    plane(0).update(repeating: element.a, count: count)
    plane(1).update(repeating: element.b, count: count)
    plane(2).update(repeating: element.c, count: count)
  }
}

/// A matrix of extension elements: column k is the base columns 3k, 3k + 1 and 3k + 2, a coordinate
/// each. Shares its storage with ``base``; see ``Matrix`` for who may write when.
package struct ExtensionMatrix: Sendable {
  package let base: Matrix

  /// A matrix of zeros.
  package init(rows: Int, columns: Int = 1) {
    base = Matrix(rows: rows, columns: CubicExtension.degree * columns)
  }

  package var rows: Int { base.rows }
  package var columns: Int { base.columns / CubicExtension.degree }

  package func column(_ index: Int = 0) -> ExtensionPlanes {
    ExtensionPlanes(base.column(CubicExtension.degree * index), stride: base.stride)
  }

  /// The coordinates of a column in one place of ``CubicExtension/planes``.
  package func plane(_ plane: Int, ofColumn column: Int = 0) -> UnsafeMutablePointer<Goldilocks> {
    base.column(CubicExtension.degree * column + plane)
  }

  package subscript(row: Int, column: Int = 0) -> CubicExtension {
    get {
      precondition((0..<rows).contains(row))
      return self.column(column)[row]
    }
    nonmutating set {
      precondition((0..<rows).contains(row))
      self.column(column)[row] = newValue
    }
  }
}
