import Foundation
import ZKVMMachine

/// The instruction table as a document: the tables of `Spec/Instructions.md`, a unit each, between
/// marks in its text. A test keeps them so.
public enum InstructionDocumentation {
  /// The marks of a unit's table.
  private static func marks(_ unit: UnitKind) -> (start: String, end: String) {
    ("<!-- instruction table: \(unit.rawValue) -->\n", "<!-- end of the table -->\n")
  }

  /// The text with what stands between the marks brought up to date.
  public static func updated(_ text: String) -> String {
    UnitKind.allCases.reduce(text) { text, unit in
      let (start, end) = marks(unit)
      guard let first = text.range(of: start),
        let last = text.range(of: end, range: first.upperBound..<text.endIndex)
      else { return text }
      return text.replacingCharacters(
        in: first.lowerBound..<last.upperBound, with: start + "\n" + table(unit) + "\n" + end)
    }
  }

  /// The instructions of a unit.
  public static func table(_ unit: UnitKind) -> String {
    let header = [
      "| opcode | instruction | reads | publishes | immediates | result | traps |",
      "|---|---|---|---|---|---|---|",
    ]
    let lines = header + Opcode.allCases.filter { $0.unit == unit }.map(line)
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
    return cells.map { $0.isEmpty ? "|" : "| " + $0.replacing("|", with: "\\|") + " " }.joined()
      + "|"
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
