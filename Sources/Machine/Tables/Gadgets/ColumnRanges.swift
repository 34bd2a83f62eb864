import ZKVMAIR
import ZKVMField

/// The integers that columns of an active row can be, as range checks, tables and bits leave them,
/// and hence the range of expressions in them: for claims that a sum in the field is one of
/// integers (U9 of `Spec/units/README.md`).
package struct ColumnRanges {
  private var ranges: [Int: ClosedRange<Int128>] = [:]

  package init() {}

  /// Declares what a column can be.
  package mutating func declare(_ column: Expression, _ range: ClosedRange<Int128>) {
    ranges[column.columnIndex] = range
  }

  /// Declares columns of zeros and ones.
  package mutating func declareBits(_ columns: some Sequence<Expression>) {
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

  /// The range of an expression over the integers, perhaps a wider one. Traps if a column of this
  /// row has not been declared, or another kind of value occurs.
  package func range(of expression: Expression) -> ClosedRange<Int128> {
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
