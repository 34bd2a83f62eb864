import CZKVMTables

/// The transcendental functions of the Function unit; the raw value is the function's number in
/// the scale table.
public enum Function: Int, CaseIterable, Sendable {
  case exp = 1
  case ln = 2
  case cdf = 3
  case pdf = 4
  case icdf = 5
  case erfcx = 6
}

/// One segment of a piecewise polynomial of degree 4: c_k in units of 2^-F.
public struct CoefficientRow: Sendable {
  public let table: Int
  public let segment: Int
  public let c0: Int64
  public let c1: Int64
  public let c2: Int64
  public let c3: Int64
  public let c4: Int64

  public init(
    table: Int, segment: Int, c0: Int64, c1: Int64, c2: Int64, c3: Int64, c4: Int64
  ) {
    self.table = table
    self.segment = segment
    self.c0 = c0
    self.c1 = c1
    self.c2 = c2
    self.c3 = c3
    self.c4 = c4
  }
}

/// One case of a function's range reduction; see `Spec/Functions.md`.
public struct ScaleRow: Equatable, Sendable {
  public let function: Int
  /// The coefficient table that the case uses.
  public let table: Int
  /// Whether −x takes the place of the argument x.
  public let isNegated: Bool
  /// The end of the segment that the offset counts from: 0 left, 1 right.
  public let end: Int
  /// Subtracted from the argument, in whole units of q48.
  public let a: Int
  /// The argument is multiplied by 2^kappa.
  public let kappa: Int
  /// Added to the polynomial.
  public let h: Int64
  /// Six 16-bit limbs of the factor G of the result.
  public let g: [Int]

  public init(
    function: Int, table: Int, isNegated: Bool, end: Int, a: Int, kappa: Int, h: Int64, g: [Int]
  ) {
    self.function = function
    self.table = table
    self.isNegated = isNegated
    self.end = end
    self.a = a
    self.kappa = kappa
    self.h = h
    self.g = g
  }
}

/// The verifier's copy of the Function unit's tables, generated from a
/// full-precision reference by `zkvm-audit --write-tables`.
public enum FunctionTables {
  public static let coefficients: [CoefficientRow] = UnsafeBufferPointer(
    start: zkvm_coefficient_rows(), count: zkvm_coefficient_row_count()
  ).map { row in
    CoefficientRow(
      table: Int(row.table), segment: Int(row.segment), c0: row.c.0, c1: row.c.1, c2: row.c.2,
      c3: row.c.3, c4: row.c.4)
  }

  public static let scales: [ScaleRow] = UnsafeBufferPointer(
    start: zkvm_scale_rows(), count: zkvm_scale_row_count()
  ).map { row in
    ScaleRow(
      function: Int(row.function), table: Int(row.table), isNegated: row.negated != 0,
      end: Int(row.end), a: Int(row.a), kappa: Int(row.kappa), h: row.h,
      g: [Int(row.g.0), Int(row.g.1), Int(row.g.2), Int(row.g.3), Int(row.g.4), Int(row.g.5)])
  }

  /// The rows of a coefficient table, which stand together in ``coefficients``.
  public static let rows: [Int: Range<Int>] = {
    var rows: [Int: Range<Int>] = [:]
    for (index, row) in coefficients.enumerated() {
      rows[row.table] = (rows[row.table]?.lowerBound ?? index)..<(index + 1)
    }
    return rows
  }()

  /// The cases of some functions, and the coefficient rows that they use, by index.
  public static func selection(_ functions: Set<Function>) -> (scales: [Int], coefficients: [Int]) {
    let numbers = Set(functions.map(\.rawValue))
    let cases = scales.indices.filter { numbers.contains(scales[$0].function) }
    let tables = Set(cases.map { scales[$0].table })
    let used = tables.compactMap { rows[$0] }.sorted { $0.lowerBound < $1.lowerBound }
    return (cases, used.flatMap { $0 })
  }

  /// The index of a segment's row, or `nil` if the table has no such segment.
  public static func coefficientIndex(table: Int, segment: Int) -> Int? {
    guard let range = rows[table] else { return nil }
    let index = range.lowerBound + segment - coefficients[range.lowerBound].segment
    return range.contains(index) ? index : nil
  }
}
