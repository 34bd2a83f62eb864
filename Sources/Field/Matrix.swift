/// Column-major storage of `columns` columns of `rows` field elements each.
///
/// A reference type around one allocation, so that kernels on several threads fill disjoint
/// columns or row ranges without copies. Columns of a power of two of rows are stored a little
/// further apart than they are long: else the same rows of all columns would share the few
/// places that a cache has for addresses equal modulo a power of two. Whoever shares a matrix between threads keeps the
/// ranges disjoint; everything else reads it only after they have joined.
public final class Matrix: @unchecked Sendable {
  public let rows: Int
  public let columns: Int
  /// The distance of two columns' starts, in elements.
  public let stride: Int
  private let pages: ZeroedPages
  private let storage: UnsafeMutablePointer<Goldilocks>

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0)
    self.rows = rows
    self.columns = columns
    // A block of 128 rows and a cache line.
    stride = rows >= 1024 ? rows + 136 : rows
    let count = stride * columns
    pages = ZeroedPages(byteCount: count * MemoryLayout<Goldilocks>.stride)
    storage = pages.start.bindMemory(to: Goldilocks.self, capacity: max(1, count))
  }

  /// The start of a column's `rows` elements.
  public func column(_ index: Int) -> UnsafeMutablePointer<Goldilocks> {
    precondition((0..<columns).contains(index))
    return storage + index * stride
  }

  @inline(__always)
  public subscript(row: Int, column: Int) -> Goldilocks {
    get {
      precondition((0..<rows).contains(row) && (0..<columns).contains(column))
      return storage[column * stride + row]
    }
    set {
      precondition((0..<rows).contains(row) && (0..<columns).contains(column))
      storage[column * stride + row] = newValue
    }
  }

  public func copy() -> Matrix {
    let other = Matrix(rows: rows, columns: columns)
    other.storage.update(from: storage, count: stride * columns)
    return other
  }

  /// The elements of one row, in column order.
  public func row(_ index: Int) -> [Goldilocks] {
    (0..<columns).map { self[index, $0] }
  }
}
