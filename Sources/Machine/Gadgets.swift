import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

/// Writes one row of a trace. The matrix must outlive it: a reference that is counted for each cell
/// would take longer than the cell.
public struct RowWriter {
  private let row: UnsafeMutablePointer<Goldilocks>
  private let stride: Int
  private let columns: Int

  public init(matrix: Matrix, row: Int) {
    precondition((0..<matrix.rows).contains(row) && matrix.columns > 0)
    self.row = matrix.column(0) + row
    stride = matrix.stride
    columns = matrix.columns
  }

  public func set(_ column: Expression, _ value: Goldilocks) {
    let index = column.columnIndex
    precondition((0..<columns).contains(index))
    row[index * stride] = value
  }

  public func set(_ column: Expression, _ value: Int64) { set(column, Goldilocks(value)) }

  public func set(_ column: Expression, _ value: Int) { set(column, Goldilocks(value)) }

  public func set(_ column: Expression, _ value: Bool) {
    set(column, value ? Goldilocks.one : Goldilocks.zero)
  }
}

/// The 16-bit limbs of a number, lowest first; the highest may be signed.
public struct Limbs: Sendable {
  public let limbs: [Expression]

  init(_ builder: TableBuilder, _ name: String, count: Int = 4, _ documentation: String) {
    limbs = builder.columns("\(name)_", count: count, documentation)
  }

  /// Σ 2^(16·i)·limb_i.
  public var value: Expression { weightedSum(limbs, base: Goldilocks(1 << 16)) }

  /// Looks every limb up in 0 ..< 2^16, but the highest in −16383 … 16383.
  func assertWord(_ builder: TableBuilder, when active: Expression, _ label: String) {
    assertRange(builder, limbs.dropLast(), when: active, label)
    builder.receive(Buses.top, times: active, [limbs.last!], "\(label), top limb")
  }

  /// Looks every limb up in 0 ..< 2^16.
  func assertUnsigned(_ builder: TableBuilder, when active: Expression, _ label: String) {
    assertRange(builder, limbs[...], when: active, label)
  }

  /// Looks the limbs up in 0 ..< 2^16, but the highest in 0 … 32766: a 63-bit number.
  func assertBound(_ builder: TableBuilder, when active: Expression, _ label: String) {
    assertRange(builder, limbs.dropLast(), when: active, label)
    builder.receive(Buses.top, times: active, [limbs.last! - 16383], "\(label), 15-bit top limb")
  }

  private func assertRange(
    _ builder: TableBuilder, _ limbs: ArraySlice<Expression>, when active: Expression,
    _ label: String
  ) {
    for (index, limb) in limbs.enumerated() {
      builder.receive(Buses.range, times: active, [limb], "\(label), limb \(index)")
    }
  }

  /// Writes a number whose highest limb takes what is left, with its sign.
  func fill(_ row: RowWriter, _ value: Int128) {
    for (index, limb) in Limbs.split(value, count: limbs.count).enumerated() {
      row.set(limbs[index], Goldilocks(limb))
    }
  }

  /// Writes the four columns of a cell.
  func fill(_ row: RowWriter, _ elements: [Goldilocks]) {
    for (limb, element) in zip(limbs, elements) { row.set(limb, element) }
  }

  static func split(_ value: Int128, count: Int) -> [Int128] {
    (0..<count).map { index in
      let shifted = value >> Int128(16 * index)
      return index == count - 1 ? shifted : shifted & 0xFFFF
    }
  }
}

/// What expressions and the integers that they stand for have in common, so that a formula is
/// written once for the constraint and for the filling of the row.
protocol Ring {
  static var zero: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
}

extension Expression: Ring {}
extension Int128: Ring {}

/// The coefficients at 2^(16·j), j < count, of the product of two numbers given by limbs.
func convolution<T: Ring>(_ a: [T], _ b: [T], count: Int) -> [T] {
  (0..<count).map { position in
    var total = T.zero
    for i in 0...position where i < a.count && position - i < b.count {
      total = total + a[i] * b[position - i]
    }
    return total
  }
}

/// Proves Σ 2^(16·j)·position_j ≡ 0 modulo 2^(16·count) over the integers.
///
/// Two positions make a step: their sum and the carry so far is 2^32 (the last one, if it stands
/// alone, 2^16) times the next carry, which is a 32-bit number less 2^31 by two lookups. No sum may
/// exceed ``CarryBound`` in magnitude, as the declared ranges of the columns show; then equality in
/// the field is equality of integers.
@_spi(Testing)
public struct CarryChain: Sendable {
  private let carries: [(low: Expression, high: Expression)]
  private let count: Int

  /// Traps if the positions can be too large.
  public init(
    _ builder: TableBuilder, _ name: String, positions: [Expression], in ranges: ColumnRanges,
    when active: Expression, _ label: String
  ) {
    let fault = CarryBound.fault(
      "\(name), \(label)",
      positions: positions.map {
        let range = ranges.range(of: $0)
        return max(-range.lowerBound, range.upperBound)
      })
    precondition(fault == nil, fault!)
    count = positions.count
    var carries: [(low: Expression, high: Expression)] = []
    var previous = Expression.zero
    for start in stride(from: 0, to: positions.count, by: 2) {
      let low = builder.column("\(name)_carry\(start)_low", "Low half of a carry plus 2^31.")
      let high = builder.column("\(name)_carry\(start)_high", "High half of a carry plus 2^31.")
      let carry = low + powerOfTwo(16) * high - .constant(Goldilocks(CarryBound.offset))
      let isPair = start + 1 < positions.count
      var total = positions[start] + previous
      if isPair { total += powerOfTwo(16) * positions[start + 1] }
      builder.assertEqual(
        total, powerOfTwo(isPair ? 32 : 16) * carry, "\(label): carry out of limb \(start)")
      builder.receive(Buses.range, times: active, [low], "\(label): carry \(start), low half")
      builder.receive(Buses.range, times: active, [high], "\(label): carry \(start), high half")
      carries.append((low, high))
      previous = carry
    }
    self.carries = carries
  }

  func fill(_ row: RowWriter, positions: [Int128]) {
    precondition(positions.count == count)
    var previous: Int128 = 0
    for (index, carry) in carries.enumerated() {
      let start = 2 * index
      var total = positions[start] + previous
      let isPair = start + 1 < count
      if isPair { total += positions[start + 1] << 16 }
      previous = total >> (isPair ? 32 : 16)
      let shifted = previous + CarryBound.offset
      row.set(carry.low, Goldilocks(shifted & 0xFFFF))
      row.set(carry.high, Goldilocks(shifted >> 16))
    }
  }

  /// An inactive row: all positions are zero.
  func fillPadding(_ row: RowWriter) {
    fill(row, positions: Array(repeating: 0, count: count))
  }
}
