import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension Forgeries {
  func addProduct() throws {
    try addShifts()
    try addMultiplications()
    try addDivisions()
    try addCarries()
  }

  /// One shift is −1 and two are 1, with the right sum and the right scale.
  private func addShifts() throws {
    let benches = [
      0: try single("mul x, a, b", "0", "3", formats: ("int", "int")),
      2: try single("mul.floor x, a, b", "0", "3", formats: ("q32", "q32")),
      3: try single("mul.floor x, a, b", "0", "3"),
    ]
    for (negative, one, other, scale) in [
      (0, 1, 2, 3), (1, 0, 3, 2), (2, 1, 3, 2), (3, 1, 4, 2), (4, 1, 3, 0),
    ] {
      add("shift \(negative) is −1", benches[scale]!, .mulFloor) { row, forger in
        for shift in 0..<5 { row[forger.column("shift\(shift)")] = .zero }
        row[forger.column("shift\(negative)")] = -.one
        row[forger.column("shift\(one)")] = .one
        row[forger.column("shift\(other)")] = .one
      }
    }
  }

  private func addMultiplications() throws {
    let product = try single("mul x, a, b", "3", "5", formats: ("int", "int"))
    add("a product of a word that is not in X's cell", product, .mulFloor) { row, forger in
      forger.set(&row, "x", 7)
      forger.set(&row, "z", 35)
      forger.solveCarries(&row)
    }
    for (limb, format) in [(0, "int"), (1, "q16"), (2, "q32"), (3, "q48")] {
      let instruction = limb == 0 ? "mul x, a, b" : "mul.floor x, a, b"
      let bench = try single(instruction, "7", "5", formats: (format, format))
      add("a product one less, its remainder 2^\(16 * limb) more", bench, .mulFloor) {
        row, forger in
        forger.set(&row, "z", forger.value(row, "z") - 1)
        row[forger.column("u_\(limb)")] += 1
        forger.solveCarries(&row)
      }
    }
    let wide = try single("mul.floor x: q32, a, b", "7.3", "5.1")
    add("a product one less, its remainder 2^64 more", wide, .mulFloor) { row, forger in
      forger.set(&row, "z", forger.value(row, "z") - 1)
      row[forger.column("u_3")] += 65536
      forger.solveCarries(&row)
    }
  }

  private func addDivisions() throws {
    // The quotient of a dividend that differs in one limb, and W makes up for it.
    for limb in 0..<4 {
      let dividend = 3 + 5 << 16 + 7 << 32 + 9 << 48
      func bench(_ dividend: Int) throws -> Bench {
        try single("div.floor x: int, a, b", "\(dividend)", "11", formats: ("int", "int"))
      }
      let other = try bench(dividend - 1 << (16 * limb))
      let donor = other.row(.divFloor).row
      add("a division that adds to the dividend in limb \(limb)", try bench(dividend), .divFloor) {
        row, forger in
        let z = forger.limbs("z").map { row[$0] }
        row = donor
        for (column, value) in zip(forger.limbs("z"), z) { row[column] = value }
        row[forger.column("w_\(limb)")] = .one
      }
    }
    for (instruction, opcode) in [("div.floor", Opcode.divFloor), ("div.ceil", .divCeil)] {
      let bench = try single("\(instruction) x: int, a, b", "100", "7", formats: ("int", "int"))
      for delta in [-1, 1] as [Int128] {
        add("a quotient of \(instruction) off by \(delta)", bench, opcode) { row, forger in
          let sign: Int128 = opcode == .divFloor ? 1 : -1
          forger.set(&row, "x", forger.value(row, "x") + delta)
          forger.set(&row, "u", forger.value(row, "u") - sign * delta * 7)
          forger.set(&row, "g", forger.value(row, "g") + sign * delta * 7)
          forger.solveCarries(&row)
        }
      }
    }
    // With the wrong sign of a large divisor, the remainder's interval has a length whose residue
    // two 63-bit numbers reach.
    let divisor: Int64 = 1 << 61 - 1 << 50
    let large = try single(
      "div.floor x: int, a, b", "5", "\(divisor)", formats: ("int", "int"))
    add("a divisor of the wrong sign", large, .divFloor) { row, forger in
      let u = 4 * Int128(divisor) - 5
      row[forger.column("negative")] = .one
      row[forger.column("u_sign")] = -.one
      row[forger.column("sign_top")] = Goldilocks(-(divisor >> 48) - 1)
      forger.set(&row, "x", 4)
      forger.set(&row, "u", u)
      forger.set(&row, "g", Int128(Goldilocks.modulus) - Int128(divisor) - 1 - u)
      forger.solveCarries(&row)
    }
  }

  /// 0·b = 5 at scale 2^64: the identity holds modulo p with a remainder of 64 bits.
  private func addCarries() throws {
    let bench = try single("mul.floor x: q32, a, b", "0", "3")
    func forge(_ row: inout [Goldilocks], _ forger: RowForger, product: Int128) {
      forger.set(&row, "z", product)
      let remainder = -Goldilocks(product) * Goldilocks.two.power(64)
      forger.set(&row, "u", Int128(remainder.value))
      forger.solveCarries(&row)
    }
    let low = "the identity modulo 2^64: carry out of limb 0"
    add("a product that the low half refutes", bench, .mulFloor) { row, forger in
      forge(&row, forger, product: 5)
      forger.breakCarry(&row, low)
    }
    add("a product with a first carry of more than 32 bits", bench, .mulFloor) { row, forger in
      forge(&row, forger, product: 5)
    }
    add("a product with a last carry of more than 32 bits", bench, .mulFloor) { row, forger in
      forge(&row, forger, product: 1 << 32 - 1)
    }
  }
}
