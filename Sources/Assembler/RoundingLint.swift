import ZKVMFixedPoint
import ZKVMMachine

/// Warns where an assertion compares rounded values whose rounding favours the one who proves
/// (`Spec/Language.md`, "Rounding against the prover").
///
/// Every variable gets the side on which its value may lie of the exact one; variables that are
/// assigned several times get what holds of all their values.
struct RoundingLint {
  /// Where a value may lie of what exact arithmetic on the inputs would give.
  private struct Side: OptionSet {
    let rawValue: Int

    static let below = Side(rawValue: 1)
    static let above = Side(rawValue: 2)
    static let exact: Side = []
    static let unknown: Side = [.below, .above]

    var flipped: Side {
      var result: Side = []
      if contains(.below) { result.insert(.above) }
      if contains(.above) { result.insert(.below) }
      return result
    }
  }

  private let instructions: [VariableInstruction]
  private let aliases: [(name: String, operand: TypedOperand)]
  private var sides: [String: Side] = [:]
  /// The comparison behind a flag that is assigned once.
  private var comparisons: [String: VariableInstruction] = [:]

  static func run(_ blocks: [VariableBlock], _ diagnostics: Diagnostics) {
    var lint = RoundingLint(blocks)
    lint.propagate()
    lint.report(diagnostics)
  }

  private init(_ blocks: [VariableBlock]) {
    var instructions: [VariableInstruction] = []
    var aliases: [(name: String, operand: TypedOperand)] = []
    var assignments: [String: Int] = [:]
    for item in blocks.flatMap(\.items) {
      switch item {
      case .instruction(let instruction):
        instructions.append(instruction)
        if let name = instruction.result?.name { assignments[name, default: 0] += 1 }
      case .alias(let name, let operand):
        aliases.append((name, operand))
        assignments[name, default: 0] += 1
      }
    }
    self.instructions = instructions
    self.aliases = aliases
    for instruction in instructions where [.lt, .ge].contains(instruction.opcode) {
      if let name = instruction.result?.name, assignments[name] == 1 {
        comparisons[name] = instruction
      }
    }
  }

  /// Sides only grow, by at most two steps a variable.
  private mutating func propagate() {
    var changed = true
    while changed {
      changed = false
      func widen(_ name: String, _ side: Side) {
        let old = sides[name] ?? .exact
        let new = old.union(side)
        if new != old {
          sides[name] = new
          changed = true
        }
      }
      for (name, operand) in aliases { widen(name, side(operand)) }
      for instruction in instructions {
        if let name = instruction.result?.name { widen(name, side(instruction)) }
        if instruction.opcode == .store {
          widen(RoundingLint.array(instruction), side(instruction.operands[0]))
        }
      }
    }
  }

  private func side(_ operand: TypedOperand?) -> Side {
    guard case .variable(let name)? = operand?.value else { return .exact }
    return sides[name] ?? .exact
  }

  /// The side of a·b's share of a, for a constant b of known sign.
  private func scaled(_ a: TypedOperand?, by b: TypedOperand?) -> Side {
    let side = side(a)
    guard side != .exact else { return .exact }
    guard case .constant(let word)? = b?.value else { return .unknown }
    return word >= 0 ? side : side.flipped
  }

  private func side(_ instruction: VariableInstruction) -> Side {
    let operands = instruction.operands
    let (a, b) = (side(operands[0]), side(operands[1]))
    switch instruction.opcode {
    case .secret, .squeeze, .lt, .ge, .eq, .ne: return .exact
    case .move, .store: return a
    case .load: return sides[RoundingLint.array(instruction)] ?? .exact
    case .add, .min, .max, .select: return a.union(b)
    case .sub, .pos: return a.union(b.flipped)
    case .abs: return a.union(b) == .exact ? .exact : .unknown
    case .exp, .ln, .cdf, .pdf, .icdf, .erfcx: return .unknown
    case .mulNearest, .mulFloor, .mulCeil:
      let factors = scaled(operands[0], by: operands[1]).union(
        scaled(operands[1], by: operands[0]))
      let rounding = instruction.extra == 0 ? Side.exact : rounding(instruction.opcode)
      return factors.union(side(operands[2])).union(rounding)
    case .divNearest, .divFloor, .divCeil:
      let divisor = side(operands[1]) == .exact ? Side.exact : .unknown
      return scaled(operands[3], by: operands[1]).union(divisor).union(
        rounding(instruction.opcode))
    case .sqrtNearest, .sqrtFloor, .sqrtCeil:
      return side(operands[3]).union(rounding(instruction.opcode))
    default: return .exact
    }
  }

  /// The elements of an array share a side.
  private static func array(_ instruction: VariableInstruction) -> String {
    "$array\(instruction.extra)"
  }

  private func rounding(_ opcode: Opcode) -> Side {
    switch opcode {
    case .mulFloor, .divFloor, .sqrtFloor: .below
    case .mulCeil, .divCeil, .sqrtCeil: .above
    default: .unknown
    }
  }

  private func report(_ diagnostics: Diagnostics) {
    for instruction in instructions {
      switch instruction.opcode {
      case .assertLt: check(instruction, lesser: 0, greater: 1, diagnostics)
      case .assertGe: check(instruction, lesser: 1, greater: 0, diagnostics)
      case .assertEq, .assertNe:
        // A flag that must be 1, or 0.
        guard case .variable(let name)? = instruction.operands[0]?.value,
          let comparison = comparisons[name],
          case .constant(let word)? = instruction.operands[1]?.value
        else { continue }
        let holds = (word == 1) == (instruction.opcode == .assertEq)
        let isLess = (comparison.opcode == .lt) == holds
        check(
          comparison, lesser: isLess ? 0 : 1, greater: isLess ? 1 : 0, diagnostics,
          at: instruction.location)
      default: continue
      }
    }
  }

  /// The side that must be less may not be rounded down, nor the other one up.
  private func check(
    _ instruction: VariableInstruction, lesser: Int, greater: Int, _ diagnostics: Diagnostics,
    at location: SourceLocation? = nil
  ) {
    for (slot, wrong, mend) in [(lesser, Side.below, ".ceil"), (greater, .above, ".floor")] {
      guard let operand = instruction.operands[slot], side(operand).contains(wrong) else {
        continue
      }
      let way = wrong == .below ? "less" : "more"
      let certainty = side(operand) == wrong ? "is" : "may be"
      diagnostics.warning(
        location ?? instruction.location,
        "\(operand.name) \(certainty) rounded to \(way) than its exact value, which favours the "
          + "prover",
        help: "compute it with \(mend), or assert with a margin")
    }
  }
}
