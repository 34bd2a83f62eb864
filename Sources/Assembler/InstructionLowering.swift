import ZKVMFixedPoint
import ZKVMMachine

/// Turns one written instruction into machine instructions: operand counts, formats, scales.
struct InstructionLowering {
  let context: Lowering
  let mnemonic: String
  let operands: [OperandSyntax]
  let message: String?
  let location: SourceLocation

  init(
    _ context: Lowering, _ mnemonic: String, _ operands: [OperandSyntax], _ message: String?,
    _ location: SourceLocation
  ) {
    self.context = context
    self.mnemonic = mnemonic
    self.operands = operands
    self.message = message
    self.location = location
  }

  /// The mnemonics and how their operands are written: those of the instruction table, and those
  /// that are lowered to others.
  static let usage: [String: String] = {
    var usage = derived
    for row in Opcode.allCases.map(\.row) {
      if let operands = row.syntax.usage {
        usage[row.mnemonic] = operands.isEmpty ? row.mnemonic : "\(row.mnemonic) \(operands)"
      }
    }
    return usage
  }()

  /// What has no instruction of its own.
  private static let derived = [
    "neg": "neg result, a", "clamp": "clamp result, value, low, high",
    "le": "le result, a, b", "gt": "gt result, a, b",
    "and": "and result, a, b", "or": "or result, a, b", "not": "not result, a",
    "fma": "fma result, a, b, addend", "convert": "convert result: format, a",
    "set": "set result, a", "read": "read stream", "count": "count result, stream",
    "assert": "assert condition, \"message\"",
    "assert_le": "assert_le a, b, \"message\"", "assert_gt": "assert_gt a, b, \"message\"",
    "call": "call procedure(arguments) -> (results)",
    "hash": "hash result, a, …", "compress": "compress result, a, b",
    "margin": "margin result, equity, exposure, ratio",
    "assert_margin": "assert_margin equity, exposure, ratio, \"message\"",
  ]

  /// Whether the first operand of a statement is the name of its result.
  static func namesResult(_ mnemonic: String) -> Bool {
    let name = mnemonic.prefix { $0 != "." }
    // What is no instruction is reported later; until then its first operand is taken for one.
    guard let usage = usage[String(name)] else { return true }
    return usage.hasPrefix("\(name) result")
  }

  /// What takes a rounding after a point.
  private static let rounded: Set<String> = Set(
    Opcode.allCases.map(\.row).filter { $0.syntax == .rounded }
      .map { String($0.mnemonic.prefix { $0 != "." }) }
  ).union(["fma", "convert"])

  func lower() {
    var name = mnemonic
    var rounding = Rounding.nearest
    if let dot = mnemonic.firstIndex(of: ".") {
      name = String(mnemonic[..<dot])
      guard let parsed = Rounding(rawValue: String(mnemonic[mnemonic.index(after: dot)...])),
        InstructionLowering.rounded.contains(name)
      else {
        context.error(
          location, "unknown instruction \(mnemonic)",
          help: "mul, fma, div, sqrt and convert take .floor or .ceil")
        return
      }
      rounding = parsed
    }
    guard let usage = InstructionLowering.usage[name] else {
      guard !operands.isEmpty else {
        // A label without its colon; those that go there are right.
        context.error(
          location, "unknown instruction \(context.plain(name))",
          help: "a label is written with a colon: \(context.plain(name)):")
        return context.startBlock(name, at: location)
      }
      let suggestion = closest(to: name, among: InstructionLowering.usage.keys)
      context.error(
        location, "unknown instruction \(name)",
        help: suggestion.map { "did you mean \($0)?  \(InstructionLowering.usage[$0]!)" })
      return
    }
    guard hasOperandCount(usage) else {
      context.error(
        location, "\(name) has the wrong number of operands: found \(operands.count)",
        help: "write: \(usage)"
          + (hasNumbersInARow ? "; numbers have a point, 0.5, and no comma: 1_000" : ""))
      return
    }
    if message != nil, !name.hasPrefix("assert") {
      context.error(location, "only assertions carry a message")
    }
    lower(name, rounding)
  }

  /// As a decimal comma or one of thousands makes them.
  private var hasNumbersInARow: Bool {
    operands.indices.dropLast().contains { isNumber($0) && isNumber($0 + 1) }
  }

  func hasOperandCount(_ usage: String) -> Bool {
    let text = usage.filter { !"[]".contains($0) }.split(separator: " ", maxSplits: 1)
    guard text.count == 2 else { return operands.isEmpty }
    if usage.hasSuffix("…") { return operands.count >= 2 }
    let written = text[1].split(separator: ",").filter { !$0.contains("\"") }.count
    let optional = usage.contains("[") ? 1 : 0
    return (written - optional...written).contains(operands.count)
  }

  func lower(_ name: String, _ rounding: Rounding) {
    if let opcode = Opcode(mnemonic: name) {
      switch opcode.row.syntax {
      case .sum: return sameFormat(opcode)
      case .comparison: return compare(opcode, 1, 2)
      case .assertion: return assertion(opcode, 0, 1)
      case .function: return function(opcode)
      case .own, .rounded, .none: break
      }
    }
    switch name {
    case "neg": negate()
    case "abs": absolute()
    case "clamp": clamp()
    case "gt": compare(.lt, 2, 1)
    case "le": compare(.ge, 2, 1)
    case "and": logic(.min)
    case "or": logic(.max)
    case "not": not()
    case "select": select()
    case "mul": multiply(rounding, addend: false)
    case "fma": multiply(rounding, addend: true)
    case "div": divide(rounding)
    case "sqrt": squareRoot(rounding)
    case "convert": convert(rounding)
    case "set": set()
    case "read": read()
    case "count": count()
    case "reveal": reveal()
    case "assert": assertCondition()
    case "hash": hash()
    case "compress": compress()
    case "merkle": merkle()
    case "squeeze": squeeze()
    case "load": load()
    case "store": store()
    case "margin": margin()
    case "assert_margin": assertMargin()
    case "assert_gt": assertion(.assertLt, 1, 0)
    case "assert_le": assertion(.assertGe, 1, 0)
    case "jump":
      guard let label = label(0) else { return }
      context.exit(.jump(label), at: location)
    case "branch": branch()
    case "halt": context.exit(.halt, at: location)
    default: preconditionFailure("\(name) has a usage but no lowering")
    }
  }
}
