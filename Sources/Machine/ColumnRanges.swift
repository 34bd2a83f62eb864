import ZKVMAIR
import ZKVMField

/// The integers that columns of an active row can be, as range checks, tables and bits leave them, and
/// hence the range of expressions in them: for claims that a sum in the field is one of integers.
@_spi(Testing)
public struct ColumnRanges {
  private var ranges: [Int: ClosedRange<Int128>] = [:]

  public init() {}

  /// Declares what a column can be.
  public mutating func declare(_ column: Expression, _ range: ClosedRange<Int128>) {
    ranges[column.columnIndex] = range
  }

  /// Declares columns of zeros and ones.
  public mutating func declareBits(_ columns: some Sequence<Expression>) {
    for column in columns { declare(column, 0...1) }
  }

  /// Declares the limbs of a word, of which the highest has its sign.
  mutating func declareWord(_ word: Limbs) {
    declareUnsigned(word)
    declare(word.limbs.last!, -16383...16383)
  }

  /// Declares limbs in 0 ..< 2^16.
  mutating func declareUnsigned(_ number: Limbs) {
    for limb in number.limbs { declare(limb, 0...0xFFFF) }
  }

  /// Declares a column that holds numbers of a table of the verifier.
  mutating func declare(_ column: Expression, of numbers: some Collection<Int128>) {
    declare(column, numbers.min()!...numbers.max()!)
  }

  /// The range of an expression over the integers, perhaps a wider one. Traps if a column of this row
  /// has not been declared, or another kind of value occurs.
  public func range(of expression: Expression) -> ClosedRange<Int128> {
    switch expression {
    case .constant(let value):
      let number = Int128(value.value)
      let modulus = Int128(Goldilocks.modulus)
      let signed = number > modulus / 2 ? number - modulus : number
      return signed...signed
    case .main(let index):
      guard let range = ranges[index] else {
        preconditionFailure("the column \(index) has no declared range")
      }
      return range
    case .sum(let a, let b):
      let (x, y) = (range(of: a), range(of: b))
      return (x.lowerBound + y.lowerBound)...(x.upperBound + y.upperBound)
    case .difference(let a, let b):
      let (x, y) = (range(of: a), range(of: b))
      return (x.lowerBound - y.upperBound)...(x.upperBound - y.lowerBound)
    case .product(let a, let b):
      let (x, y) = (range(of: a), range(of: b))
      let corners = [
        x.lowerBound * y.lowerBound, x.lowerBound * y.upperBound, x.upperBound * y.lowerBound,
        x.upperBound * y.upperBound,
      ]
      return corners.min()!...corners.max()!
    case .mainNext, .fixed, .auxiliary, .auxiliaryNext, .parameter:
      preconditionFailure("\(expression) is not a column of this row")
    }
  }
}

/// How large the sums of a ``CarryChain`` may be.
///
/// A step says S ≡ c·2^k modulo p with a carry −2^31 ≤ c ≤ 2^31 − 1 and k = 32, or 16 where a position
/// stands alone. It says so over the integers if |S| + 2^31·2^k < p, which for k = 32 is
/// |S| ≤ 2^63 − 2^32, and every such S has its carry if |S| ≤ (2^31 − 1)·2^k, which is the same for
/// k = 32 and the narrower one for k = 16. (That |S| < 2^63 is not enough: S = 2^63 − 2^32 + 1 has the
/// carry −2^31.)
@_spi(Testing)
public enum CarryBound {
  static let offset: Int128 = 1 << 31

  /// The largest magnitude of a step's sum.
  public static func largest(shift: Int) -> Int128 { (offset - 1) << Int128(shift) }

  /// The bounds of |S| by step, for positions of at most these magnitudes.
  public static func sums(_ positions: [Int128]) -> [(sum: Int128, shift: Int)] {
    stride(from: 0, to: positions.count, by: 2).map { start in
      let carry = start == 0 ? 0 : offset
      guard start + 1 < positions.count else { return (positions[start] + carry, 16) }
      return (positions[start] + positions[start + 1] << 16 + carry, 32)
    }
  }

  /// What is wrong with a chain whose positions have at most these magnitudes; `nil` if it is sound.
  public static func fault(_ chain: String, positions: [Int128]) -> String? {
    for (index, step) in sums(positions).enumerated() where step.sum > largest(shift: step.shift) {
      return "the carries of \(chain): the sum at limb \(2 * index) can be \(step.sum) in "
        + "magnitude, at most \(largest(shift: step.shift)) is sound; use narrower limbs"
    }
    return nil
  }
}
