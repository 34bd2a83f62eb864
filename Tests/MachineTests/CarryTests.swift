import Testing
import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// The sums that a chain of carries is sound for.
@Suite struct CarryTests {
  private let modulus = Int128(Goldilocks.modulus)

  /// The largest sum has one carry, the next larger one a second one modulo p: the bound is exact.
  @Test func theBoundIsExact() {
    let largest = CarryBound.largest(shift: 32)
    let expected: Int128 = (1 << 63) - (1 << 32)
    #expect(largest == expected)
    let carries: ClosedRange<Int128> = -(1 << 31)...((1 << 31) - 1)
    /// The carries that a sum has in the field.
    func solutions(_ sum: Int128) -> [Int128] {
      [sum - modulus, sum, sum + modulus].filter {
        $0 % (1 << 32) == 0 && carries.contains($0 >> 32)
      }.map { $0 >> 32 }
    }
    #expect(solutions(largest) == [(1 << 31) - 1])
    #expect(solutions(-largest) == [1 - (1 << 31)])
    // One more: no carry over the integers, and one in the field.
    let step: Int128 = 1 << 32
    #expect((largest + 1) % step != 0)
    #expect(solutions(largest + 1) == [-(1 << 31)])
    // Half steps have room to spare.
    let largestCarry: Int128 = 1 << 47
    #expect(CarryBound.largest(shift: 16) + largestCarry < modulus)
  }

  @Test func chainsThatAreTooWideAreRefused() throws {
    let wide: Int128 = 1 << 46
    #expect(CarryBound.fault("x", positions: [wide, wide, wide, wide]) == nil)
    // The first step has no carry yet, the second one has.
    let largest = CarryBound.largest(shift: 32)
    #expect(CarryBound.fault("x", positions: [largest, 0]) == nil)
    #expect(CarryBound.fault("x", positions: [largest + 1, 0]) != nil)
    #expect(CarryBound.fault("x", positions: [0, 0, largest - 1 << 31, 0]) == nil)
    #expect(CarryBound.fault("x", positions: [0, 0, largest + 1 - 1 << 31, 0]) != nil)
    #expect(
      CarryBound.fault("x", positions: [0, 0, CarryBound.largest(shift: 16) - 1 << 31]) == nil)
    #expect(CarryBound.fault("x", positions: [0, 0, CarryBound.largest(shift: 16)]) != nil)
    let fault = try #require(CarryBound.fault("identity", positions: [1, 1 << 47]))
    #expect(fault.contains("identity") && fault.contains("at limb 0"))
    let found: Int128 = 1 + (1 << 63)
    #expect(fault.contains("\(found)") && fault.contains("\(largest)"))
  }

  /// A product of two limbs of this size, twice.
  private static func declareChain(limb: Int128) {
    let builder = TableBuilder("T")
    let (x, y) = (builder.column("x", ""), builder.column("y", ""))
    var ranges = ColumnRanges()
    ranges.declare(x, 0...limb)
    ranges.declare(y, -limb...limb)
    _ = CarryChain(builder, "c", positions: [x * y, 1 - x * y], in: ranges, when: 1, "product")
  }

  @Test func rangesFollowFromTheColumns() {
    let builder = TableBuilder("T")
    let (x, b) = (builder.column("x", ""), builder.column("b", ""))
    var ranges = ColumnRanges()
    ranges.declare(x, -3...5)
    ranges.declareBits([b])
    #expect(ranges.range(of: x + b) == -3...6)
    #expect(ranges.range(of: b - x) == -5...4)
    #expect(ranges.range(of: (1 - 2 * b) * x) == -5...5)
    #expect(ranges.range(of: -x * x) == -25...15)
    #expect(ranges.range(of: .constant(-Goldilocks(7)) * x) == -35...21)
  }

  /// A unit whose chain is too wide cannot be built.
  @Test func aUnitWithAWideChainTraps() async {
    await #expect(processExitsWith: .success) { CarryTests.declareChain(limb: 1 << 16) }
    await #expect(processExitsWith: .failure) { CarryTests.declareChain(limb: 1 << 24) }
  }
}
