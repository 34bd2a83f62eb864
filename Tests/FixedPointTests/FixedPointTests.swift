import Foundation
import TestSupport
import Testing
import ZKVMFixedPoint

@Suite struct DecimalTests {
  @Test(arguments: [
    ("0", Format.q48, 0), ("1", .q48, 1 << 48), ("-0.5", .q48, -(1 << 47)),
    ("1e-3", .q32, 4_294_967),
    ("1_000", .int, 1000), ("+7", .int, 7), (".5", .q16, 1 << 15), ("5.", .int, 5),
    ("0.000000000116415321826934814453125", .q32, 1),
    ("16383.999999999999996447286321199499070644378662109375", .q48, (1 << 62) - 1),
    ("-16383", .q48, -16383 << 48), ("12e2", .int, 1200), ("1500e-2", .int, 15),
  ])
  func readsExactly(text: String, format: Format, expected: Int) throws {
    #expect(try Decimal.parse(text, as: format) == Int64(expected))
  }

  @Test(arguments: [
    "", "-", ".", "1e", "1.2.3", "0x10", "1__0", "1_", "NaN", "1e9999", "١", " 1", "1 ", "--1",
    String(repeating: "9", count: 300), "1e-9223372036854775808", "1e9223372036854775807",
    "1e-9223372036854775809", "1e1001", "1e-1001", "1e" + String(repeating: "9", count: 200),
  ])
  func refusesMalformed(text: String) {
    #expect(throws: DecimalError.self) { try Decimal.parse(text, as: .q48) }
  }

  @Test func takesTheLargestExponents() throws {
    #expect(try Decimal.parse("1e-1000", as: .q48) == 0)
    #expect(try Decimal.parse("0e1000", as: .q48) == 0)
    #expect(throws: DecimalError.outOfRange("1e1000", .q48)) {
      try Decimal.parse("1e1000", as: .q48)
    }
  }

  @Test func refusesOutOfRange() {
    #expect(throws: DecimalError.outOfRange("16384", .q48)) { try Decimal.parse("16384", as: .q48) }
    #expect(throws: DecimalError.outOfRange("-16383.5", .q48)) {
      try Decimal.parse("-16383.5", as: .q48)
    }
    #expect(throws: DecimalError.notAnInteger("0.5", .int)) { try Decimal.parse("0.5", as: .int) }
    #expect(throws: DecimalError.outOfRange("2", .bool)) { try Decimal.parse("2", as: .bool) }
    #expect(throws: DecimalError.outOfRange("1e40", .int)) { try Decimal.parse("1e40", as: .int) }
  }

  @Test func printsExactly() throws {
    var generator = SeededGenerator(seed: 3)
    for format in [Format.int, .q16, .q32, .q48] {
      for _ in 0..<500 {
        let word =
          Int64.random(in: Word.minimum...Word.maximum, using: &generator)
          >> Int64.random(in: 0...61, using: &generator)
        #expect(try Decimal.parse(Decimal.string(word, format), as: format) == word)
      }
    }
  }
}

@Suite struct ArithmeticTests {
  private func words(_ count: Int, seed: UInt64) -> [Int64] {
    var generator = SeededGenerator(seed: seed)
    let edges: [Int64] = [
      0, 1, -1, 2, -2, 3, Word.maximum, Word.minimum, 1 << 48, -(1 << 48), 1 << 47, 1 << 31,
    ]
    return edges
      + (0..<count).map { _ in
        Int64.random(in: Word.minimum...Word.maximum, using: &generator)
          >> Int64.random(in: 0...61, using: &generator)
      }
  }

  /// |Z·2^s − X·Y| is within the interval of the rounding: the definition in Spec/Instructions.md.
  @Test(arguments: [0, 16, 32, 48, 64]) func productsAreCorrectlyRounded(shift: Int) {
    let values = words(60, seed: UInt64(shift))
    let one = Int128(1) << shift
    for x in values {
      for y in values {
        let product = Int128(x) * Int128(y)
        if let z = try? Arithmetic.multiply(x, y, plus: 0, shift: shift, .floor) {
          #expect((0..<one).contains(product - Int128(z) << shift))
        }
        if let z = try? Arithmetic.multiply(x, y, plus: 0, shift: shift, .ceil) {
          #expect((0..<one).contains(Int128(z) << shift - product))
        }
        if shift > 0, let z = try? Arithmetic.multiply(x, y, plus: 0, shift: shift, .nearest) {
          let error = Int128(z) << shift - product
          #expect(-one / 2 < error && error <= one / 2)
        }
      }
    }
  }

  @Test(arguments: [0, 16, 32, 48, 64]) func quotientsAreCorrectlyRounded(shift: Int) {
    let values = words(60, seed: 77 + UInt64(shift))
    for z in values {
      for y in values where y != 0 {
        let (numerator, size) = ((Int128(z) << shift) * (y < 0 ? -1 : 1), Int128(y.magnitude))
        for rounding in Rounding.allCases {
          guard let x = try? Arithmetic.divide(z, by: y, shift: shift, rounding) else { continue }
          let error = numerator - Int128(x) * size
          switch rounding {
          case .floor: #expect((0..<size).contains(error))
          case .ceil: #expect((0..<size).contains(-error))
          case .nearest: #expect(-size <= 2 * error && 2 * error < size)
          }
        }
      }
    }
  }

  @Test(arguments: [0, 16, 32, 48, 64]) func rootsAreCorrectlyRounded(shift: Int) {
    for z in words(400, seed: 5) where z >= 0 {
      let radicand = Int128(z) << shift
      for rounding in Rounding.allCases {
        guard let root = try? Arithmetic.squareRoot(z, shift: shift, rounding) else { continue }
        let x = Int128(root)
        switch rounding {
        case .floor: #expect(x * x <= radicand && radicand < (x + 1) * (x + 1))
        case .ceil: #expect(x * x >= radicand && (x == 0 || radicand > (x - 1) * (x - 1)))
        // (x − ½)² < radicand < (x + ½)², in integers.
        case .nearest:
          #expect(radicand <= x * x + x && (x == 0 ? radicand == 0 : radicand > x * x - x))
        }
      }
    }
  }

  @Test func traps() {
    #expect(throws: ArithmeticTrap.overflow) { try Arithmetic.add(Word.maximum, 1) }
    #expect(throws: ArithmeticTrap.overflow) { try Arithmetic.subtract(Word.minimum, 1) }
    #expect(throws: ArithmeticTrap.overflow) { try Arithmetic.subtract(0, -Word.maximum - 1) }
    #expect(throws: ArithmeticTrap.divisionByZero) {
      try Arithmetic.divide(1, by: 0, shift: 48, .floor)
    }
    #expect(throws: ArithmeticTrap.self) { try Arithmetic.squareRoot(-1, shift: 48, .nearest) }
    #expect(throws: ArithmeticTrap.overflow) { try FunctionEvaluation(.exp, word("9.8", .q48)) }
    #expect(throws: ArithmeticTrap.overflow) { try FunctionEvaluation(.exp, word("10", .q48)) }
    #expect(throws: ArithmeticTrap.self) { try FunctionEvaluation(.ln, 0) }
    #expect(throws: ArithmeticTrap.self) { try FunctionEvaluation(.ln, -1) }
    for x in [0, -1, word("1", .q48), Word.maximum, Word.minimum] {
      #expect(throws: ArithmeticTrap.self) { try FunctionEvaluation(.icdf, x) }
    }
    #expect(throws: ArithmeticTrap.self) { try FunctionEvaluation(.erfcx, -1) }
  }
}

@Suite struct FunctionTests {
  /// Largest error of a result in ulp of q48, over mpmath's vectors at fifty digits.
  @Test func agreesWithFiftyDigits() throws {
    let ulp = 65536.0
    var largest: [String: Double] = [:]
    for row in try vectors("functions.csv") {
      let name = String(row[0])
      let function = Function.allCases.first { "\($0)" == name }!
      let expected = Int128(row[2])!
      let result = try FunctionEvaluation(function, Int64(row[1])!).result
      let error = abs(Double(Int128(result) << 16 - expected)) / ulp
      // Relative precision of 2^-58 is granted to exp above 1.
      let granted = name == "exp" ? Double(expected) * pow(2, -58) / ulp : 0
      #expect(error <= 0.51 + granted, "\(name)(\(row[1]))")
      largest[name] = max(largest[name] ?? 0, error - granted)
    }
    for (name, error) in largest.sorted(by: { $0.key < $1.key }) {
      print("largest error of \(name): \(error) ulp")
    }
  }

  @Test func exactPoints() throws {
    let one = word("1", .q48)
    #expect(try FunctionEvaluation(.exp, 0).result == one)
    #expect(try FunctionEvaluation(.ln, one).result == 0)
    #expect(try FunctionEvaluation(.cdf, 0).result == one / 2)
    #expect(try FunctionEvaluation(.cdf, word("9", .q48)).result == one)
    #expect(try FunctionEvaluation(.cdf, word("-9", .q48)).result == 0)
    #expect(try FunctionEvaluation(.cdf, Word.minimum).result == 0)
    #expect(try FunctionEvaluation(.pdf, Word.minimum).result == 0)
    #expect(try FunctionEvaluation(.exp, Word.minimum).result == 0)
    #expect(try FunctionEvaluation(.icdf, one / 2).result == 0)
    #expect(try FunctionEvaluation(.erfcx, 0).result == one)
  }

  @Test func cdfIsSymmetric() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<5000 {
      let x = Int64.random(in: 0...(9 << 48), using: &generator)
      let sum = try FunctionEvaluation(.cdf, x).result + FunctionEvaluation(.cdf, -x).result
      #expect(sum == 1 << 48)
      #expect(try FunctionEvaluation(.pdf, x).result == FunctionEvaluation(.pdf, -x).result)
      let p = Int64.random(in: 1..<(1 << 48), using: &generator)
      let mirrored = try FunctionEvaluation(.icdf, 1 << 48 - p).result
      #expect(try FunctionEvaluation(.icdf, p).result == -mirrored)
    }
  }
}
