import ZKVMAIR
import ZKVMField

/// The 16-bit limbs of a number, lowest first; the highest may be signed.
///
/// *Assumes* nothing: columns may hold any field elements until one of the assertions is made, or a
/// bus on which only words travel is read.
///
/// *Constrains* with ``assertWord(_:when:_:)`` a word, with ``assertUnsigned(_:when:_:)`` a number
/// of 16 bits a limb, with ``assertBound(_:when:_:)`` a number of 0 … 32767·2^(16·(n − 1)) − 1, by
/// a lookup a limb (claim T5 of `Spec/units/tables.md`; claim U8 rests on it).
package struct Limbs: Sendable {
  package let limbs: [Expression]

  init(_ builder: TableBuilder, _ name: String, count: Int = 4, _ documentation: String) {
    limbs = builder.columns("\(name)_", count: count, documentation)
  }

  /// Σ 2^(16·i)·limb_i.
  package var value: Expression { weightedSum(limbs, base: Goldilocks(1 << 16)) }

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

  /// The limbs of an integer, of which the highest takes what is left, with its sign.
  package static func split(_ value: Int128, count: Int) -> [Int128] {
    (0..<count).map { index in
      let shifted = value >> Int128(16 * index)
      return index == count - 1 ? shifted : shifted & 0xFFFF
    }
  }
}
