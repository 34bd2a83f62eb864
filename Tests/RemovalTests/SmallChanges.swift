import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

/// Rows that differ from an honest one in few cells: the cheap half of the forger's work.
enum SmallChanges {
  /// Every change of one row that is tried, carries recomputed or left as they are.
  static func visit(_ row: [Goldilocks], _ forger: RowForger, _ body: ([Goldilocks]) -> Void) {
    func consider(_ change: (inout [Goldilocks]) -> Void) {
      var changed = row
      change(&changed)
      body(changed)
      forger.solveCarries(&changed)
      body(changed)
      guard forger.hasPermutation else { return }
      forger.solvePermutation(&changed)
      body(changed)
      forger.solveState(&changed)
      body(changed)
    }
    for column in row.indices {
      for delta in [1, -1, 65536, -65536] as [Int64] {
        consider { $0[column] += Goldilocks(delta) }
      }
      for value in [1 - row[column], -row[column], .zero] { consider { $0[column] = value } }
    }
    for name in forger.numbers { visitLimbs(forger.limbs(name), consider) }
    for low in forger.carryColumns {
      // The same carry from other halves.
      for (step, rest) in [(Goldilocks.one, Goldilocks(65536).inverse), (Goldilocks(65536), .one)] {
        consider {
          $0[low] += step
          $0[low + 1] -= rest
        }
      }
    }
    for name in forger.operands {
      // The same address, counted from elsewhere.
      consider {
        $0[forger.column("\(name)_m")] = 1 - $0[forger.column("\(name)_m")]
        $0[forger.column("\(name)_offset")] = $0[forger.column("\(name)_address")]
      }
    }
    visitSelectors(row, forger, consider)
  }

  /// The same number from other limbs.
  private static func visitLimbs(
    _ limbs: [Int], _ consider: ((inout [Goldilocks]) -> Void) -> Void
  ) {
    for index in 0..<(limbs.count - 1) {
      for sign in [Goldilocks.one, -.one] {
        consider {
          $0[limbs[index]] += sign * Goldilocks(65536)
          $0[limbs[index + 1]] -= sign
        }
      }
      // All limbs small but the highest, which is no limb at all.
      consider {
        $0[limbs[index]] += 1
        $0[limbs.last!] -= Goldilocks.two.power(UInt64(16 * (limbs.count - 1 - index))).inverse
      }
    }
  }

  /// One selector is −1, in a row that seems to execute nothing.
  private static func visitSelectors(
    _ row: [Goldilocks], _ forger: RowForger, _ consider: ((inout [Goldilocks]) -> Void) -> Void
  ) {
    guard forger.selectors.allSatisfy({ row[$0] == .zero }) else { return }
    let bits = ["bit", "zero", "c_0"].compactMap { forger.columnIfAny($0) }
    for one in forger.selectors {
      for other in forger.selectors where other != one {
        for bit in [nil] + bits.map(Optional.some) {
          consider {
            $0[one] = -.one
            $0[other] = .one
            if let bit { $0[bit] = .one }
            if let sign = forger.columnIfAny("u_sign") {
              forger.solve(&$0, sign, for: "u_sign by rounding")
            }
          }
        }
      }
    }
  }
}

/// The runs that small changes start from: every instruction of the units on a few operands.
enum Benches {
  static func all() throws -> [Bench] {
    let adder =
      ["add", "sub", "lt", "ge", "min", "max", "pos", "abs", "eq", "ne"].map { "\($0) x, a, b" }
      + ["assert_lt a, b", "assert_ge a, b", "assert_eq a, b", "assert_ne a, b"]
    let product = ["", ".floor", ".ceil"].flatMap {
      ["mul\($0) x, a, b", "div\($0) x, a, b", "sqrt\($0) x, a", "mul\($0) x: q32, a, b"]
    }
    let function = ["exp", "ln", "cdf", "pdf", "icdf", "erfcx"].map { "\($0) x, a" }
    let control = [
      "lt f, a, b\n select x, f, a, b",
      "lt f, a, b\n set y, a\n branch f, one, two\none:\n jump two\ntwo:\n add x, y, b",
    ]
    let operands = [
      ("1.7", "-0.3"), ("2", "2"), ("-5.5", "3"), ("0.001", "8.75"), ("0", "1"),
      ("0.123456789", "0.987654321"),
    ]
    var benches: [Bench] = []
    let hash = [
      "hash x, a, b, 3", "hash x, a, b, 3, 4, 5", "hash c, a\n hash d, b\n compress x, c, d",
      "hash c, a\n hash d, b\n lt f, a, b\n merkle x, f, c, d",
      "hash c, a\n assert_eq c, c", "hash c, a\n squeeze x, c, 0\n squeeze y, c, 3",
    ]
    let memory = [
      "add z, a, 0\n store m, 1, a\n load x, m, 1", "load x, m, 2\n store m, 2, b\n store m, 2, a",
    ]
    for instruction in adder + product + function + control + hash + memory {
      for (a, b) in operands {
        let source =
          ".secret a: q48\n.secret b: q48\n.output q: q48\n.array m: q48, 3\n \(instruction)\n reveal q, a"
        // Operands that trap are left out.
        if let bench = try? Bench(source, secrets: [word(a, .q48), word(b, .q48)]) {
          benches.append(bench)
        }
      }
    }
    return benches
  }
}
