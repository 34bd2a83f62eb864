import Foundation
import TestSupport
import Testing
import ZKVMAssembler
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine

@Suite struct PricingTests {
  @Test func gridAgreesWithFiftyDigits() throws {
    let program = try assemble(file: "Programs/black-scholes/black-scholes.zkasm")
    let names = program.interface.outputs.map(\.name)
    var worst = [Double](repeating: 0, count: names.count)
    var ofSpot = 0.0
    let rows = try vectors("options.csv")
    #expect(rows.count >= 2000)
    for row in rows {
      let numbers = row.map { Int128($0)! }
      let execution = try Interpreter.run(
        program,
        ProgramInputs(
          publicInputs: [], secretInputs: numbers[0..<5].map { Int64($0) }, streams: []))
      for (index, field) in program.interface.outputs.enumerated() {
        let result = Int128(execution.outputs[index]) << Int128(64 - field.format.fractionBits)
        let error = abs(result - numbers[5 + index])
        let bound = numbers[12 + index]
        #expect(error <= bound, "\(field.name) of \(row[0..<5].joined(separator: ","))")
        worst[index] = max(worst[index], Double(error) / Double(bound))
        if index < 2 {
          // At most the larger of 4 ulp and 1e-14 of spot.
          let spot = Double(numbers[0]) * 0x1p-32
          let size = Double(error) * 0x1p-64
          #expect(size <= max(0x1p-30, 1e-14 * spot))
          ofSpot = max(ofSpot, size / max(0x1p-30, 1e-14 * spot))
        }
      }
    }
    print("largest error of a price: \(ofSpot) of the larger of 4 ulp and 1e-14 of spot")
    for (name, ratio) in zip(names, worst) {
      print("largest error of \(name): \(ratio) of its bound, over \(rows.count) options")
    }
  }

  /// Haug, The Complete Guide to Option Pricing Formulas, section 1.1.1.
  @Test func haug() throws {
    let program = try assemble(file: "Programs/black-scholes/black-scholes.zkasm")
    let execution = try Interpreter.run(
      program,
      ProgramInputs(
        publicInputs: [],
        secretInputs: [
          word("60", .q32), word("65", .q32), word("0.25", .q48), word("0.08", .q48),
          word("0.30", .q48),
        ], streams: []))
    #expect(Decimal.string(execution.outputs[0], .q32).hasPrefix("2.13336"))
    #expect(abs(Double(execution.outputs[0]) / 4_294_967_296 - 2.13337) < 5e-6)
  }

  // MARK: QuantLib

  /// Prices alone, so that no Greek can trap.
  private static let prices = """
    .program "prices"
    .include "Programs/lib/black-scholes.zkasm"
    .secret spot: q32
    .secret strike: q32
    .secret years: q48
    .secret rate: q48
    .secret vol: q48
    .output call: q32
    .output put: q32
        call bs_terms(spot, strike, years, rate, vol) -> (root_t, deviation, d1, n1, n2, discounted, neg_rate)
        call bs_price(spot, n1, n2, discounted) -> (c, p, paid)
        reveal call, c
        reveal put, p
    """

  private static func pricing() throws -> Program {
    try Assembler.assemble(file: "prices.zkasm") { path in
      path == "prices.zkasm"
        ? prices
        : try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
    }.program
  }

  private func price(_ program: Program, _ words: [Int64]) throws -> (call: Int64, put: Int64) {
    let execution = try Interpreter.run(
      program, ProgramInputs(publicInputs: [], secretInputs: words, streams: []))
    return (execution.outputs[0], execution.outputs[1])
  }

  private func difference(_ result: Int64, _ expected: Double, _ spot: Int64, _ strike: Int64)
    -> Double
  {
    let size = Double(max(spot, strike)) * 0x1p-32
    // QuantLib computes in doubles: a few 2^-53 of spot and strike.
    return (Double(result) * 0x1p-32 - expected).magnitude
      / max(0x1p-30, 1e-14 * size + 2e-15 * size)
  }

  @Test func gridAgreesWithQuantLib() throws {
    let program = try PricingTests.pricing()
    var axes: [String: [Int64]] = [:]
    for row in try vectors("quantlib-axes.csv") {
      axes[String(row[0])] = row.dropFirst().map { Int64($0)! }
    }
    let data = Array(
      try Data(contentsOf: repository.appendingPathComponent("Tests/Vectors/quantlib-calls.bin")))
    var options: [[Int64]] = []
    for spot in axes["spot"]! {
      for ratio in axes["ratio"]! {
        let strike = Int64((Int128(spot) * Int128(ratio)) >> 48)
        for years in axes["years"]! {
          for vol in axes["vol"]! {
            for rate in axes["rate"]! { options.append([spot, strike, years, rate, vol]) }
          }
        }
      }
    }
    #expect(options.count >= 100_000 && data.count == 8 * options.count)
    var worst = 0.0
    for (index, words) in options.enumerated() {
      let bits = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[8 * index + $1]) << UInt64(8 * $1) }
      let (call, put) = try price(program, words)
      let ratio = difference(call, Double(bitPattern: bits), words[0], words[1])
      worst = max(worst, ratio)
      if ratio > 1 { Issue.record("call of \(words): \(ratio) of the bound") }
      #expect(call >= 0 && put >= 0 && call <= words[0])
    }
    print("largest difference from QuantLib: \(worst) of the bound, over \(options.count) options")
  }

  @Test func adversarialOptionsAgreeWithQuantLib() throws {
    let program = try PricingTests.pricing()
    let rows = try vectors("quantlib-adversarial.csv")
    #expect(rows.count == 10_000)
    var worst = 0.0
    for row in rows {
      let words = row[0..<5].map { Int64($0)! }
      let (call, put) = try price(program, words)
      for (result, expected) in [(call, Double(row[5])!), (put, Double(row[6])!)] {
        let ratio = difference(result, expected, words[0], words[1])
        worst = max(worst, ratio)
        if ratio > 1 { Issue.record("\(row.joined(separator: ",")): \(ratio) of the bound") }
      }
    }
    print(
      "largest difference from QuantLib: \(worst) of the bound, over \(rows.count) adversarial options"
    )
  }

  /// In strike, calls do not increase and are convex, within two and four times the price's error;
  /// parity and the bounds without arbitrage are exact.
  @Test func pricesAreOrderedInStrike() throws {
    let program = try PricingTests.pricing()
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<40 {
      let spot = Int64.random(in: (1 << 32)...(1_000_000 << 32), using: &generator)
      let step = spot / 64
      let rest = [
        Int64.random(in: 0...(5 << 48), using: &generator),
        Int64.random(in: 0...(1 << 44), using: &generator),
        Int64.random(in: 0...(1 << 48), using: &generator),
      ]
      let ulp = max(4, Int64(1e-14 * 4 * Double(spot)))
      let strikes = (16..<256).map { step * Int64($0) }
      let results = try strikes.map { try price(program, [spot, $0] + rest) }
      let calls = results.map(\.call)
      for i in 1..<(calls.count - 1) {
        #expect(calls[i] <= calls[i - 1] + 2 * ulp)
        #expect(calls[i - 1] + calls[i + 1] - 2 * calls[i] >= -4 * ulp)
      }
      // put − call + spot is the discounted strike: the same whatever the volatility.
      for (strike, result) in zip(strikes, results) {
        let flat = try price(program, [spot, strike, rest[0], rest[1], 1 << 47])
        #expect(result.put - result.call == flat.put - flat.call)
        let discounted = result.put - result.call + spot
        #expect(result.call >= 0 && result.call <= spot && result.call >= spot - discounted)
        #expect(result.put >= 0 && result.put <= discounted)
      }
    }
  }

  /// Without volatility or time the forward's value at expiry, to the last ulp of its terms.
  @Test(arguments: [(0, 1 << 47), (1 << 47, 0), (0, 0)] as [(Int64, Int64)])
  func limits(years: Int64, vol: Int64) throws {
    let program = try PricingTests.pricing()
    let rate = word("0.05", .q48)
    for strike in [50, 99, 100, 101, 150] as [Int64] {
      let words = [100 << 32, strike << 32, years, rate, vol]
      let (call, put) = try price(program, words)
      let discount = Foundation.exp(-0.05 * Double(years) * 0x1p-48)
      let forward = 100 - Double(strike) * discount
      #expect(abs(Double(call) * 0x1p-32 - max(forward, 0)) <= 0x1p-30, "\(strike)")
      #expect(abs(Double(put) * 0x1p-32 - max(-forward, 0)) <= 0x1p-30, "\(strike)")
    }
  }

  /// The standard library's power against doubles, within its bound and theirs.
  @Test func powers() throws {
    let program = try Assembler.assemble(file: "p.zkasm") { path in
      path == "p.zkasm"
        ? """
        .program "power"
        .include "Programs/lib/power.zkasm"
        .secret x: q48
        .secret y: q48
        .output r: q48
         call pow(x, y) -> (z)
         reveal r, z
        """
        : try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
    }.program
    func power(_ x: Int64, _ y: Int64) throws -> Int64 {
      try Interpreter.run(
        program, ProgramInputs(publicInputs: [], secretInputs: [x, y], streams: [])
      ).outputs[0]
    }
    let one = word("1", .q48)
    #expect(try power(one, 7 << 48) == one && power(5 << 48, 0) == one)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      let x = Int64.random(in: 1...(100 << 48), using: &generator)
      let y = Int64.random(in: (-2 << 48)...(2 << 48), using: &generator)
      let (base, exponent) = (Double(x) * 0x1p-48, Double(y) * 0x1p-48)
      let expected = pow(base, exponent)
      guard expected < 16000 else { continue }
      let error = (Double(try power(x, y)) * 0x1p-48 - expected).magnitude
      // Doubles: pow to an ulp, of 2^-53.
      let bound = 0x1p-48 * (expected * (exponent.magnitude * 0.51 + 0.55) + 0.51)
      #expect(error <= bound + expected * 0x1p-51, "\(base)^\(exponent)")
    }
  }
}
