import ZKVMField

/// A polynomial in the columns of a table: what constraints and messages are made of.
///
/// A value without identity: equal expressions become one node when a table is built. Columns of
/// the main trace are base field elements; auxiliary columns and parameters are elements of the
/// cubic extension and appear in the lookup argument only.
public enum Expression: Hashable, Sendable {
  case constant(Goldilocks)
  /// A witness column, this row.
  case main(Int)
  /// A witness column, next row.
  case mainNext(Int)
  /// A column that the verifier evaluates itself, this row.
  case fixed(Int)
  /// An extension column of the lookup argument, this row.
  case auxiliary(Int)
  /// An extension column of the lookup argument, next row.
  case auxiliaryNext(Int)
  /// An extension element that is the same in all rows: a challenge or a terminal.
  case parameter(Int)
  indirect case sum(Expression, Expression)
  indirect case difference(Expression, Expression)
  indirect case product(Expression, Expression)

  public static let zero = Expression.constant(.zero)
  public static let one = Expression.constant(.one)

  /// The index of a witness column; traps for anything else.
  public var columnIndex: Int {
    guard case .main(let index) = self else {
      preconditionFailure("\(self) is not a witness column")
    }
    return index
  }

  /// The same column in the next row.
  public var next: Expression {
    switch self {
    case .main(let index): .mainNext(index)
    case .auxiliary(let index): .auxiliaryNext(index)
    default: preconditionFailure("\(self) is not a column")
    }
  }

  public static func + (a: Expression, b: Expression) -> Expression {
    if case .constant(.zero) = a { return b }
    if case .constant(.zero) = b { return a }
    if case .constant(let x) = a, case .constant(let y) = b { return .constant(x + y) }
    return .sum(a, b)
  }

  public static func - (a: Expression, b: Expression) -> Expression {
    if case .constant(.zero) = b { return a }
    if case .constant(let x) = a, case .constant(let y) = b { return .constant(x - y) }
    return .difference(a, b)
  }

  public static func * (a: Expression, b: Expression) -> Expression {
    if case .constant(let x) = a {
      if x == .zero { return .zero }
      if x == .one { return b }
      if case .constant(let y) = b { return .constant(x * y) }
    } else if case .constant = b {
      return b * a
    }
    return .product(a, b)
  }

  public static prefix func - (a: Expression) -> Expression { .zero - a }
  public static func += (a: inout Expression, b: Expression) { a = a + b }
}

extension Expression: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { self = .constant(Goldilocks(value)) }
}

/// 2^`exponent` as a field constant.
public func powerOfTwo(_ exponent: Int) -> Expression {
  .constant(Goldilocks.two.power(UInt64(exponent)))
}

/// The sum of expressions, zero if there are none.
public func sum(_ terms: some Sequence<Expression>) -> Expression {
  terms.reduce(.zero, +)
}

/// `base`^0·terms[0] + `base`^1·terms[1] + …
public func weightedSum(_ terms: [Expression], base: Goldilocks) -> Expression {
  var weight = Goldilocks.one
  var total = Expression.zero
  for term in terms {
    total += .constant(weight) * term
    weight *= base
  }
  return total
}
