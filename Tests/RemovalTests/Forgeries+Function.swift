import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

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
    add("an offset beyond the segment", cdf, .cdf) { row, forger in
      let index = FunctionTables.coefficientIndex(
        table: Int(row[forger.column("coefficient_table")].value),
        segment: Int(row[forger.column("segment")].value) - 1)!
      let function = FunctionForger(forger: forger)
      function.setSegment(&row, FunctionTables.coefficients[index])
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
  }

  private func scale(_ function: Function, _ matches: (ScaleRow) -> Bool) -> ScaleRow {
    FunctionTables.scales.first { $0.function == function.rawValue && matches($0) }!
  }

  private func addReductions() throws {
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
    for (name, function, x, matches) in [
      ("a cdf that saturates too early", Function.cdf, "1", { $0.a == 8 && !$0.isNegated }),
      ("a pdf that saturates too early", .pdf, "1", { $0.a == 9 && !$0.isNegated }),
      ("an exp that saturates too early", .exp, "-1", { $0.isNegated }),
      ("the cdf of −x reflected for that of x", .cdf, "-0.7", { $0.kappa == 12 && !$0.isNegated }),
      ("the probability 0.7 as one below ½", .icdf, "0.7", { $0.kappa == 14 && !$0.isNegated }),
    ] as [(String, Function, String, (ScaleRow) -> Bool)] {
      let opcode = Opcode.allCases.first { "\($0)" == "\(function)" }!
      add(name, try single("\(function) x, a", x, "1"), opcode) { row, forger in
        let forgery = FunctionForger(forger: forger)
        let scale = scale(function, matches)
        forgery.setScale(&row, scale)
        let sign: Int128 = scale.isNegated ? -1 : 1
        let u = sign * forger.value(row, "x") - Int128(scale.a) << 48
        forgery.setPlace(&row, scale.table, u << Int128(scale.kappa))
        forgery.recompute(&row)
      }
    }
    try addLogarithms()
  }

  private func addLogarithms() throws {
    // ln of a large number in the case of a small one: x·2^40 has more than 64 bits, and what is left
    // of it modulo p, or modulo 2^64, lies in the table.
    let ln = scale(.ln) { $0.kappa == 40 }
    func forge(
      _ name: String, x: Int64, _ left: Int128,
      _ finish: @escaping (inout [Goldilocks], RowForger) -> Void = { _, _ in }
    ) throws {
      add(name, try single("ln x, a", "1", "1").forcing(x), .ln) { row, forger in
        let function = FunctionForger(forger: forger)
        forger.set(&row, "x", Int128(x))
        function.setScale(&row, ln)
        function.setPlace(&row, ln.table, left)
        function.recompute(&row)
        finish(&row, forger)
      }
    }
    let p = Int128(Goldilocks.modulus)
    func search(_ modulus: Int128) -> (x: Int64, left: Int128) {
      var x = Int64(1) << 50 + 1
      while true {
        let left = (Int128(x) << 40) % modulus
        if left >> 61 == 1 { return (x, left) }
        x += 12345
      }
    }
    let (x, left) = search(p)
    try forge("a logarithm that is right modulo p only", x: x, left)
    try forge("the same with a carry of 32 bits", x: x, left) { row, forger in
      forger.breakCarry(&row, "the reduction modulo 2^64: carry out of limb 0")
    }
    let (y, rest) = search(1 << 64)
    try forge("a logarithm that is right modulo 2^64 only", x: y, rest)
    // x·2^40 = A + 2^32·p: the low half agrees, and only the last carry is too large.
    let small = Int128(513) << 52 - 1 << 32
    try forge(
      "a logarithm with a last carry of more than 32 bits", x: Int64((small + p << 32) >> 40), small
    )
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
