/// An element a + b·u + c·u² of the cubic extension of ``Goldilocks`` with u³ = u + 1.
///
/// The modulus x³ − x − 1 is irreducible over Goldilocks; ZisK, Plonky3 and Winterfell use the
/// same one, so their vectors apply. F_p³ has p³ ≈ 2^192 elements.
@frozen
public struct CubicExtension: Hashable, Sendable {
  public var a: Goldilocks
  public var b: Goldilocks
  public var c: Goldilocks

  /// The number of base field coordinates.
  public static let degree = 3

  @inlinable
  public init(_ a: Goldilocks, _ b: Goldilocks, _ c: Goldilocks) {
    self.a = a
    self.b = b
    self.c = c
  }

  /// Embeds the base field.
  @inlinable
  public init(_ base: Goldilocks) { self.init(base, .zero, .zero) }

  @inlinable public static var zero: CubicExtension { CubicExtension(.zero) }
  @inlinable public static var one: CubicExtension { CubicExtension(.one) }

  @inlinable
  public var isZero: Bool { a.value | b.value | c.value == 0 }

  @inlinable
  public var coordinates: [Goldilocks] { [a, b, c] }

  @inlinable @inline(__always)
  public static func + (x: CubicExtension, y: CubicExtension) -> CubicExtension {
    CubicExtension(x.a + y.a, x.b + y.b, x.c + y.c)
  }

  @inlinable @inline(__always)
  public static func - (x: CubicExtension, y: CubicExtension) -> CubicExtension {
    CubicExtension(x.a - y.a, x.b - y.b, x.c - y.c)
  }

  @inlinable
  public static prefix func - (x: CubicExtension) -> CubicExtension {
    CubicExtension(-x.a, -x.b, -x.c)
  }

  /// Karatsuba over the six products, then u³ = u + 1 and u⁴ = u² + u.
  @inlinable @inline(__always)
  public static func * (x: CubicExtension, y: CubicExtension) -> CubicExtension {
    let aa = x.a * y.a
    let bb = x.b * y.b
    let cc = x.c * y.c
    let ab = (x.a + x.b) * (y.a + y.b) - aa - bb
    let ac = (x.a + x.c) * (y.a + y.c) - aa - cc
    let bc = (x.b + x.c) * (y.b + y.c) - bb - cc
    return CubicExtension(aa + bc, ab + bc + cc, ac + bb + cc)
  }

  @inlinable @inline(__always)
  public static func * (x: CubicExtension, y: Goldilocks) -> CubicExtension {
    CubicExtension(x.a * y, x.b * y, x.c * y)
  }

  @inlinable
  public static func + (x: CubicExtension, y: Goldilocks) -> CubicExtension {
    CubicExtension(x.a + y, x.b, x.c)
  }

  @inlinable
  public static func - (x: CubicExtension, y: Goldilocks) -> CubicExtension {
    CubicExtension(x.a - y, x.b, x.c)
  }

  @inlinable public static func += (x: inout CubicExtension, y: CubicExtension) { x = x + y }
  @inlinable public static func -= (x: inout CubicExtension, y: CubicExtension) { x = x - y }
  @inlinable public static func *= (x: inout CubicExtension, y: CubicExtension) { x = x * y }

  @inlinable
  public func power(_ exponent: UInt64) -> CubicExtension {
    var result = CubicExtension.one
    var base = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      base *= base
      rest >>= 1
    }
    return result
  }

  /// The inverse by Cramer's rule on the matrix of multiplication by `self`, whose columns are
  /// self, self·u and self·u²; the inverse of zero is defined as zero.
  @inlinable
  public var inverse: CubicExtension {
    let ac = a + c
    let bc = b + c
    let x = ac * ac - bc * b
    let y = bc * c - b * ac
    let z = b * b - ac * c
    let determinant = a * x + c * y + b * z
    return CubicExtension(x, y, z) * determinant.inverse
  }
}

extension CubicExtension: CustomStringConvertible {
  public var description: String { "(\(a.value), \(b.value), \(c.value))" }
}

/// Replaces every element by its inverse with one field inversion (Montgomery's trick); zeros stay.
public func invertAll(_ values: inout [CubicExtension]) {
  var products = [CubicExtension]()
  products.reserveCapacity(values.count)
  var product = CubicExtension.one
  for value in values {
    products.append(product)
    if !value.isZero { product *= value }
  }
  var inverse = product.inverse
  for index in values.indices.reversed() where !values[index].isZero {
    let value = values[index]
    values[index] = inverse * products[index]
    inverse *= value
  }
}

/// Replaces every element by its inverse with one field inversion; zeros stay.
public func invertAll(_ values: inout [Goldilocks]) {
  var products = [Goldilocks]()
  products.reserveCapacity(values.count)
  var product = Goldilocks.one
  for value in values {
    products.append(product)
    if value != .zero { product *= value }
  }
  var inverse = product.inverse
  for index in values.indices.reversed() where values[index] != .zero {
    let value = values[index]
    values[index] = inverse * products[index]
    inverse *= value
  }
}
