import AIR
import Field
import FixedPoint
import Machine
import TestSupport

extension Forgeries {
  func addFunction() throws {
    try addReductions()
    try addSteps()
    let cdf = try single("cdf x, a", "0.7123456789", "1")
    add("coefficients of another polynomial", cdf, .cdf) { row, forger in
      row[forger.column("c0")] += Goldilocks(1 << 20)
      FunctionForger(forger: forger).recompute(&row)
    }
    add("a scale that is not the function's", cdf, .cdf) { row, forger in
      row[forger.column("h")] += Goldilocks(1 << 20)
      FunctionForger(forger: forger).recompute(&row)
    }
    add("another segment's coefficients", cdf, .cdf) { row, forger in
      let index = FunctionTables.coefficientIndex(
        table: Int(row[forger.column("coefficient_table")].value),
        segment: Int(row[forger.column("segment")].value) + 1)!
      let function = FunctionForger(forger: forger)
      function.setSegment(&row, FunctionTables.coefficients[index])
      function.recompute(&row)
    }
    add("an offset beyond the segment", cdf, .cdf) { row, forger in
      let index = FunctionTables.coefficientIndex(
        table: Int(row[forger.column("coefficient_table")].value),
        segment: Int(row[forger.column("segment")].value) - 1)!
      let function = FunctionForger(forger: forger)
      function.setSegment(&row, FunctionTables.coefficients[index])
      row[forger.column("top")] -= 1
      row[forger.column("t_3")] += 16
      function.recompute(&row)
    }
    add("an offset whose lowest limb is none", cdf, .cdf) { row, forger in
      // The steps that take three limbs of the offset see another one.
      row[forger.column("t_0")] += 65536
      row[forger.column("t_1")] -= 1
      FunctionForger(forger: forger).recompute(&row)
    }
    add("an offset of sixteenths", cdf, .cdf) { row, forger in
      // 2^48/4096 = 16·2^32: the same offset from a limb that is no whole number.
      row[forger.column("t_2")] -= 16
      row[forger.column("t_3")] += Goldilocks(4096).inverse
      forger.solveCarries(&row)
    }
    add("cdf that is not reflected", try single("cdf x, a", "-0.7", "1"), .cdf) { row, forger in
      row[forger.column("reflected")] = .zero
      FunctionForger(forger: forger).recompute(&row)
    }
  }

  private func addReductions() throws {
    let scales = FunctionTables.scales
    // The logarithm of −5 as that of 5.
    let five = word("5", .q48)
    let donor = try single("ln x, a", "5", "1").row(.ln).row
    let negative = try single("ln x, a", "5", "1")
    add("the logarithm of a negative number", negative.forcing(-five), .ln) { row, forger in
      row = donor
      forger.set(&row, "x", Int128(-five))
      row[forger.column("negated")] = .one
      forger.solveCarries(&row)
    }
    let saturated = scales.first { $0.function == Function.cdf.rawValue && $0.isSaturated }!
    add("a cdf that saturates too early", try single("cdf x, a", "1", "1"), .cdf) { row, forger in
      let function = FunctionForger(forger: forger)
      function.setScale(&row, saturated)
      let index = FunctionTables.coefficientIndex(
        table: saturated.table, segment: saturated.saturationSegment)!
      function.setSegment(&row, FunctionTables.coefficients[index])
      function.recompute(&row)
    }
    let exp = scales.first { $0.function == Function.exp.rawValue && $0.isSaturated }!
    add("an exp that saturates too early", try single("exp x, a", "-1", "1"), .exp) { row, forger in
      let function = FunctionForger(forger: forger)
      row[forger.column("negated")] = .one
      function.setScale(&row, exp)
      let index = FunctionTables.coefficientIndex(
        table: exp.table, segment: exp.saturationSegment)!
      function.setSegment(&row, FunctionTables.coefficients[index])
      function.recompute(&row)
    }
    let twelve = try single("cdf x, a", "12.123456789", "1")
    func moveTop(_ row: inout [Goldilocks], _ forger: RowForger) {
      // 2^64 = 2^32 − 1 modulo p.
      row[forger.column("top")] += 4096
      forger.set(&row, "t", forger.value(row, "t") - (1 << 32 - 1))
      FunctionForger(forger: forger).recompute(&row)
    }
    add("a top part that is right modulo p only", twelve, .cdf) { row, forger in
      moveTop(&row, forger)
    }
    add("the same with a carry of 32 bits", twelve, .cdf) { row, forger in
      moveTop(&row, forger)
      forger.breakCarry(&row, "the reduction modulo 2^64: carry out of limb 0")
    }
    add("a top part that is right modulo 2^64 only", twelve, .cdf) { row, forger in
      row[forger.column("top")] += 4096
      forger.solveCarries(&row)
    }
    // x·2^40 = A + 2^32·p, A a small number: only the last carry is too large.
    add("a logarithm of another number", try logarithmBench(), .ln) { row, forger in
      let function = FunctionForger(forger: forger)
      let kappa: Int128 = 40
      let scale = scales.first { $0.function == Function.ln.rawValue && $0.kappa == Int(kappa) }!
      forger.set(&row, "x", (logarithmPart + Int128(Goldilocks.modulus) << 32) >> kappa)
      function.setScale(&row, scale)
      let small = logarithmPart
      row[forger.column("top")] = Goldilocks(small >> 52)
      forger.set(&row, "t", small & (1 << 52 - 1))
      let index = FunctionTables.coefficientIndex(table: scale.table, segment: Int(small >> 52))!
      function.setSegment(&row, FunctionTables.coefficients[index])
      function.recompute(&row)
    }
  }

  /// A number of the logarithm's first table that is −2^32·p modulo 2^40.
  private var logarithmPart: Int128 {
    let table = FunctionTables.scales.first {
      $0.function == Function.ln.rawValue && $0.kappa == 40
    }!.table
    let segment = FunctionTables.coefficients.first { $0.table == table }!.segment
    return Int128(segment + 1) << 52 - 1 << 32
  }

  private func logarithmBench() throws -> Bench {
    let x = (logarithmPart + Int128(Goldilocks.modulus) << 32) >> 40
    return try single("ln x, a", "1", "1").forcing(Int64(x))
  }

  /// Wrong quotients of every rounding step whose remainder makes up for it modulo p.
  private func addSteps() throws {
    let bench = try single("cdf x, a", "0.7123456789", "1")
    for (name, limbs, last) in [
      ("acc3", 3, "carry out of limb 0"), ("acc2", 3, "carry out of limb 0"),
      ("acc1", 4, "carry out of limb 0"), ("acc0", 4, "carry out of limb 0"),
      ("result", 5, "carry out of limb 0"),
    ] {
      let label = "\(name == "result" ? "the result" : name) modulo 2^\(16 * limbs)"
      // 2^(16·limbs)·quotient modulo p: 2^64 = 2^32 − 1.
      let quotient: Int128 = limbs == 3 ? 65536 : 1
      let remainder: Int128 = limbs == 5 ? 1 << 48 - 1 << 16 : 1 << 32 - 1
      func slip(_ row: [Goldilocks], _ forger: RowForger, times: Int128 = 1) -> FunctionForger.Slip
      {
        let rest = forger.limbs("\(name)_rest").enumerated().reduce(Int128(0)) {
          $0 + Int128(row[$1.element].signedValue) << Int128(16 * $1.offset)
        }
        let sign: Int128 = rest >= times * remainder ? 1 : -1
        return FunctionForger.Slip(
          quotient: sign * times * quotient, remainder: -sign * times * remainder)
      }
      add("\(name) that is right modulo p only", bench, .cdf) { row, forger in
        FunctionForger(forger: forger).recompute(&row, [name: slip(row, forger)])
      }
      add("\(name), the same with carries of 32 bits", bench, .cdf) { row, forger in
        FunctionForger(forger: forger).recompute(&row, [name: slip(row, forger)])
        forger.breakCarry(&row, "\(label): \(last)")
      }
      add("\(name) that is right modulo 2^\(16 * limbs) only", bench, .cdf) { row, forger in
        FunctionForger(forger: forger).recompute(
          &row, [name: FunctionForger.Slip(quotient: 1, remainder: 0)])
      }
      add("\(name) one less, its remainder 2^\(16 * limbs) more", bench, .cdf) { row, forger in
        FunctionForger(forger: forger).recompute(
          &row, [name: FunctionForger.Slip(quotient: -1, remainder: 1 << Int128(16 * limbs))])
      }
      if limbs == 5 {
        // The low 32 bits of the remainder stay: the second carry is the wrong one.
        add("the result with a wrong second carry", bench, .cdf) { row, forger in
          FunctionForger(forger: forger).recompute(
            &row, [name: slip(row, forger, times: 65536)])
        }
        add("the result with a wrong second carry of 32 bits", bench, .cdf) { row, forger in
          FunctionForger(forger: forger).recompute(
            &row, [name: slip(row, forger, times: 65536)])
          forger.breakCarry(&row, "\(label): carry out of limb 2")
        }
      }
    }
  }
}
