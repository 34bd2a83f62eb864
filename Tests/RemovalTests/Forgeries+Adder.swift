import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

extension Forgeries {
  func addAdder() throws {
    try addAssertions()
    try addComparisons()
    try addSums()
  }

  private func addAssertions() throws {
    let three = word("3", .q48)
    let five = word("5", .q48)
    // a = 5, b = 3 forced where 3 < 5 ran.
    for (name, opcode, a, b, bit) in [
      ("assert_lt", Opcode.assertLt, five, three, Goldilocks.zero),
      ("assert_ge", .assertGe, three, five, .one),
      ("assert_eq", .assertEq, three, five, .zero),
      ("assert_ne", .assertNe, three, three, .one),
    ] {
      let honest = name == "assert_lt" || name == "assert_ne" ? ("3", "5") : ("5", "5")
      let bench = try single("\(name) a, b", honest.0, honest.1, forced: [a, b])
      add("a failing \(name)", bench, opcode) { row, forger in
        precondition(row[forger.column("bit")] == bit)
      }
    }
  }

  private func addComparisons() throws {
    let three = word("3", .q48)
    let five = word("5", .q48)
    let different = try single("eq x, a, b", "3", "5")
    add("different words are equal", different, .eq) { row, forger in
      row[forger.column("bit")] = .one
      row[forger.column("inverse")] = .zero
      forger.set(&row, "result", 1)
    }
    let equal = try single("ne x, a, b", "3", "3")
    add("equal words differ", equal, .ne) { row, forger in
      row[forger.column("bit")] = .zero
      forger.set(&row, "result", 1)
    }
    for opcode in [Opcode.lt, .ge, .min, .max, .pos, .abs] {
      let bench = try single("\(opcode.mnemonic) x, a, b", "3", "5")
      add("\(opcode.mnemonic) of the wrong order", bench, opcode) { row, forger in
        // Claims 3 ≥ 5: the distance is −2, whose residue no bound admits.
        row[forger.column("bit")] = .zero
        forger.set(&row, "distance", Int128(three - five))
        let results: [Opcode: Int128] = [
          .lt: 0, .ge: 1, .min: Int128(five), .max: Int128(three), .pos: Int128(three - five),
          .abs: Int128(three - five),
        ]
        forger.set(&row, "result", results[opcode]!)
      }
    }
  }

  private func addSums() throws {
    let overflow = try single(
      "add x, a, b", "1", "1", forced: [Word.maximum, Word.maximum])
    add("a sum that overflows", overflow, .add) { row, forger in
      forger.set(&row, "result", 2 * Int128(Word.maximum))
    }
    for (instruction, opcode) in [("add x, a, b", Opcode.add), ("sub x, a, b", .sub)] {
      let bench = try single(instruction, "3", "5")
      add("another result of \(opcode.mnemonic)", bench, opcode) { row, forger in
        forger.set(&row, "result", forger.value(row, "result") + 1)
      }
    }
    let address = try single("add x, a, b", "3", "5")
    add("a read from b's cell", address, .add) { row, forger in
      row[forger.column("a_address")] = row[forger.column("b_address")]
      for (a, b) in zip(forger.limbs("a"), forger.limbs("b")) { row[a] = row[b] }
      forger.set(&row, "result", 2 * forger.value(row, "b"))
    }
    for operand in ["a", "b"] {
      let name = "add of a word that is not in \(operand)'s cell"
      add(name, address, .add) { row, forger in
        forger.set(&row, operand, 7)
        forger.set(&row, "result", forger.value(row, "a") + forger.value(row, "b"))
      }
    }
  }
}
