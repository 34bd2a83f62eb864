import ZKVMMachine

/// The instruction table as a document. `Spec/Opcodes.md` is its output; a test keeps it so.
public enum InstructionDocumentation {
  public static func markdown() -> String {
    var lines = [
      "# Opcodes", "",
      "Generated from the instruction table, `Sources/Machine/InstructionSet/Opcode.swift`; a test",
      "compares. A slot is a place of an instruction for a cell, by number and name; numbers are frozen.",
      "What a slot holds is a word unless it says otherwise. An instruction without a form in sources is",
      "made from other statements, see [Instructions](Instructions.md).",
    ]
    for unit in UnitKind.allCases {
      lines += [
        "", "## \(unit.rawValue)", "",
        "| opcode | instruction | reads | publishes | immediates | result | traps |",
        "|---|---|---|---|---|---|---|",
      ]
      lines += Opcode.allCases.filter { $0.unit == unit }.map(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ opcode: Opcode) -> String {
    let row = opcode.row
    var columns: (reads: [String], publishes: [String], immediates: [String]) = ([], [], [])
    for (slot, use) in row.slots {
      let name = "\(slot.index) \(slot.name)"
      switch use {
      case .reads(let content): columns.reads.append(name + describe(content))
      case .publishes(let content): columns.publishes.append(name + describe(content))
      case .immediate: columns.immediates.append(name)
      }
    }
    if let extra = describe(row.immediate) { columns.immediates.append(extra) }
    let meaning = opcode.meaning
    let cells = [
      "\(opcode.rawValue)", "`\(row.mnemonic)`", columns.reads.joined(separator: ", "),
      columns.publishes.joined(separator: ", "), columns.immediates.joined(separator: ", "),
      meaning.result, meaning.traps,
    ]
    return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }

  private static func describe(_ content: CellContent) -> String {
    switch content {
    case .word: ""
    case .digest: " (digest)"
    case .element: " (what the array holds)"
    case .immediateKind: " (as the immediate says)"
    case .output: " (what the output holds)"
    }
  }

  private static func describe(_ rule: ImmediateRule) -> String? {
    switch rule {
    case .none, .jump, .branch, .halt: nil
    case .channel: "the input channel"
    case .output: "the output's number"
    case .kind: "1 for a digest, 0 for a word"
    case .wordCount: "the number of words"
    case .element: "the element, 0 to 3"
    case .array: "the array's first cell"
    case .scale(let exact): "s/16, \(exact ? 0 : 1) to 4"
    }
  }
}
