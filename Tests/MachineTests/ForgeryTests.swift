import AIR
import Assembler
import Field
import FixedPoint
import Inspect
import Interpreter
import Machine
import TestSupport
import Testing

/// Rows that a malicious prover would like, written consistently and refused; named by attack.
@Suite struct ForgeryTests {
  /// A one-instruction trace of a unit whose columns can be overwritten by name.
  private struct Row {
    let table: TableTrace
    let probe: CellProbe

    init(_ source: String, secrets: [Int64], kind: TableKind, row: Int = 0) throws {
      let execution = try Interpreter.run(
        Assembler.assemble(source).program,
        ProgramInputs(publicInputs: [], secretInputs: secrets, streams: []))
      let machine = MachineTables(program: execution.program, blindRows: 256)
      table = Trace(execution, machine: machine).tables.first { $0.kind == kind }!
      probe = CellProbe(table, blindRows: 256)
      precondition(probe.failures(row: 0).isEmpty, "the honest row holds")
    }

    func index(_ name: String) -> Int { table.table.columns.firstIndex { $0.name == name }! }

    subscript(_ name: String) -> Int64 {
      get { table.main[0, index(name)].signedValue }
      nonmutating set { table.main[0, index(name)] = Goldilocks(newValue) }
    }

    func setField(_ name: String, _ value: Goldilocks) { table.main[0, index(name)] = value }

    func setWord(_ name: String, _ value: Int128, count: Int = 4) {
      for limb in 0..<count {
        let shifted = value >> Int128(16 * limb)
        table.main[0, index("\(name)_\(limb)")] = Goldilocks(
          limb == count - 1 ? shifted : shifted & 0xFFFF)
      }
    }

    /// Recomputes the two carries of the Product unit from its other columns, as an attacker would.
    func fixProductCarries(kappa: Int128, shift: Int, uSign: Int128, extra: [Int128]) {
      func limbs(_ name: String) -> [Int128] {
        (0..<4).map { Int128(self["\(name)_\($0)"]) }
      }
      let (x, y, z, w, u) = (limbs("x"), limbs("y"), limbs("z"), limbs("w"), limbs("u"))
      var positions: [Int128] = []
      for j in 0..<4 {
        var total: Int128 = j >= shift ? z[j - shift] - w[j - shift] : 0
        for i in 0...j { total -= x[i] * y[j - i] }
        positions.append(kappa * total - uSign * u[j] - extra[j])
      }
      var carry: Int128 = 0
      for start in [0, 2] {
        let total = positions[start] + positions[start + 1] << 16 + carry
        carry = total >> 32
        let shifted = carry + 1 << 31
        self["identity_carry\(start)_low"] = Int64(shifted & 0xFFFF)
        self["identity_carry\(start)_high"] = Int64(shifted >> 16)
      }
    }
  }

  private static let division = """
    .secret a: int
    .secret b: int
    .output q: int
      div.floor x, a, b
      reveal q, x
    """

  /// 10 / 3 = −3074457345618258598: a remainder of 64 bits that fits modulo 2^64.
  @Test func hugeRemainderIsRefused() throws {
    let row = try Row(ForgeryTests.division, secrets: [10, 3], kind: .product)
    let quotient: Int128 = -3_074_457_345_618_258_598
    let remainder = 10 - quotient * 3
    row.setWord("x", quotient)
    row.setWord("u", remainder)
    row.setWord("g", 2 - remainder)
    row.fixProductCarries(kappa: 1, shift: 0, uSign: 1, extra: [0, 0, 0, 0])
    #expect(!row.probe.failures(row: 0).isEmpty)
  }

  @Test(arguments: [-1, 1]) func quotientOffByOneIsRefused(delta: Int128) throws {
    for (source, name) in [
      (ForgeryTests.division, "floor"),
      (ForgeryTests.division.replacing("floor", with: "ceil"), "ceil"),
    ] {
      let row = try Row(source, secrets: [100, 7], kind: .product)
      let quotient: Int128 = (name == "floor" ? 14 : 15) + delta
      let error = 100 - quotient * 7
      let sign: Int128 = name == "floor" ? 1 : -1
      row.setWord("x", quotient)
      row.setWord("u", sign * error)
      row.setWord("g", 6 - sign * error)
      row.fixProductCarries(kappa: 1, shift: 0, uSign: sign, extra: [0, 0, 0, 0])
      #expect(!row.probe.failures(row: 0).isEmpty, "\(name) \(delta)")
    }
  }

  /// With the wrong sign of a large divisor, U + G = −|Y| − 1 has a residue that two 63-bit numbers
  /// reach: only the divisor's own sign check stands in the way.
  @Test func wrongDivisorSignIsRefused() throws {
    let divisor: Int64 = 1 << 61 - 1 << 50
    let row = try Row(ForgeryTests.division, secrets: [5, divisor], kind: .product)
    // 5 = 4·Y − U, and U + G = −Y − 1 modulo p with U and G below 32767·2^48.
    let u = 4 * Int128(divisor) - 5
    row["negative"] = 1
    row["u_sign"] = -1
    row.setWord("x", 4)
    row.setWord("u", u)
    row.setWord("g", Int128(Goldilocks.modulus) - Int128(divisor) - 1 - u)
    row.fixProductCarries(kappa: 1, shift: 0, uSign: -1, extra: [0, 0, 0, 0])
    for top in [-(divisor >> 48) - 1, divisor >> 48] {
      row["sign_top"] = top
      let failures = row.probe.failures(row: 0)
      #expect(!failures.isEmpty)
      // Nothing but the sign check refuses it.
      #expect(
        failures.allSatisfy { $0.contains("sign") || $0.contains("divisor or root") },
        "\(failures)")
    }
  }

  /// (x − 1, y) for a product: the remainder leaves [0, 2^s).
  @Test(arguments: [-1, 1]) func productOffByOneUlpIsRefused(delta: Int128) throws {
    for rounding in ["", ".floor", ".ceil"] {
      let row = try Row(
        """
        .secret a: q48
        .secret b: q48
        .output p: q48
          mul\(rounding) x, a, b
          reveal p, x
        """, secrets: [word("1.7", .q48), word("-0.3", .q48)], kind: .product)
      let z =
        Int128(row["z_0"]) + Int128(row["z_1"]) << 16 + Int128(row["z_2"]) << 32 + Int128(
          row["z_3"]) << 48
      let u = Int128(row["u_0"]) + Int128(row["u_1"]) << 16 + Int128(row["u_2"]) << 32
      let sign: Int128 = rounding == ".ceil" ? 1 : -1
      row.setWord("z", z + delta)
      row.setWord("u", u + sign * delta << 48)
      let half: [Int128] = rounding.isEmpty ? [0, 0, 1 << 15, 0] : [0, 0, 0, 0]
      row.fixProductCarries(kappa: 1, shift: 3, uSign: sign, extra: half)
      #expect(!row.probe.failures(row: 0).isEmpty, "mul\(rounding) \(delta)")
    }
  }

  @Test func wrongComparisonIsRefused() throws {
    let row = try Row(
      """
      .secret a: int
      .secret b: int
      .output q: int
        lt x, a, b
        reveal q, x
      """, secrets: [Word.maximum, Word.minimum], kind: .adder)
    // a − b = 32767·2^48 − 1; claim a < b: D = b − a − 1 modulo p.
    row["bit"] = 1
    row.setWord("result", 1)
    let claimed = Int128(Goldilocks.modulus) + Int128(Word.minimum) - Int128(Word.maximum) - 1
    row.setWord("distance", claimed)
    #expect(row.probe.failures(row: 0) == ["the distance is not negative, 15-bit top limb"])
  }

  /// Values differ by a nonzero number, and the prover claims equality or the reverse.
  @Test func wrongEqualityIsRefused() throws {
    let source = """
      .secret a: int
      .secret b: int
      .output q: int
        eq x, a, b
        reveal q, x
      """
    let different = try Row(source, secrets: [Word.maximum, Word.minimum], kind: .adder)
    different["bit"] = 1
    different.setWord("result", 1)
    different["inverse"] = 0
    #expect(!different.probe.failures(row: 0).isEmpty)
    let equal = try Row(source, secrets: [5, 5], kind: .adder)
    equal["bit"] = 0
    equal.setWord("result", 0)
    for inverse in [0, 1, -1] as [Int64] {
      equal["inverse"] = inverse
      #expect(!equal.probe.failures(row: 0).isEmpty)
    }
  }

  /// A selector of −1 would turn a receive into a send.
  @Test func selectorOtherThanZeroOrOneIsRefused() throws {
    let row = try Row(ForgeryTests.division, secrets: [10, 3], kind: .product)
    for value in [-1, 2] as [Int64] {
      row["is_divFloor"] = value
      #expect(row.probe.failures(row: 0).contains("is_divFloor is 0 or 1"))
    }
    row["is_divFloor"] = 1
    row["is_divCeil"] = 1
    #expect(row.probe.failures(row: 0).contains("the sum of the selectors is 0 or 1"))
  }

  /// A limb of p or −1 stands for a number that is no limb.
  @Test func limbOutsideItsRangeIsRefused() throws {
    let row = try Row(ForgeryTests.division, secrets: [10, 3], kind: .product)
    row["x_0"] = row["x_0"] + 65536
    row["x_1"] = row["x_1"] - 1
    #expect(row.probe.failures(row: 0).contains("X is a word, limb 0"))
  }

  /// Another segment of the same function, with the offset moved to suit.
  @Test func neighbouringSegmentIsRefused() throws {
    let row = try Row(
      """
      .secret a: q48
      .output q: q48
        cdf x, a
        reveal q, x
      """, secrets: [word("0.7", .q48)], kind: .function)
    row["top"] = row["top"] - 1
    row["segment"] = row["segment"] - 1
    row["t_3"] = row["t_3"] + 16
    #expect(row.probe.failures(row: 0).contains("the offset's highest limb has 4 bits"))
  }

  /// The table's counter covers what it should and nothing else, for every profile.
  @Test(arguments: [1, 128, 256, 512]) func windowsOfTheLimbsTable(blindRows: Int) {
    let table = LimbsTable(blindRows: blindRows).table
    var range: Set<Int> = []
    var top: Set<Int> = []
    for row in 0..<(8192 - blindRows) {
      for message in table.messages {
        guard case .sum(_, .constant(let offset)) = message.values[0] else {
          // The first window has no offset.
          range.insert(row)
          continue
        }
        let value = row + Int(offset.signedValue)
        if message.bus == Buses.range { range.insert(value) } else { top.insert(value) }
      }
    }
    #expect(range == Set(0..<65536))
    #expect(top == Set(-16383...16383))
  }
}
