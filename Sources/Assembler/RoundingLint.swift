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
    for instruction in instructions {
      guard let name = instruction.result?.name, assignments[name] == 1 else { continue }
      switch instruction.opcode.row.claim {
      case .less, .notLess: comparisons[name] = instruction
      case .none, .equal, .unequal: continue
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
          widen(RoundingLint.array(instruction), side(operand(instruction, Slot.Memory.stored)))
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
    let (a, b) = (
      side(operand(instruction, Slot.Adder.a)), side(operand(instruction, Slot.Adder.b))
    )
    switch instruction.opcode.row.side {
    case .exact: return .exact
    case .first: return a
    case .element: return sides[RoundingLint.array(instruction)] ?? .exact
    case .either: return a.union(b)
    case .difference: return a.union(b.flipped)
    case .distance: return a.union(b) == .exact ? .exact : .unknown
    case .unknown: return .unknown
    case .product:
      let (x, y) = (operand(instruction, Slot.Product.x), operand(instruction, Slot.Product.y))
      let factors = scaled(x, by: y).union(scaled(y, by: x))
      let rounding = instruction.extra == 0 ? Side.exact : rounding(instruction.opcode)
      return factors.union(side(operand(instruction, Slot.Product.w))).union(rounding)
    case .quotient:
      let divisor = operand(instruction, Slot.Product.y)
      let exactness = side(divisor) == .exact ? Side.exact : .unknown
      return scaled(operand(instruction, Slot.Product.z), by: divisor).union(exactness).union(
        rounding(instruction.opcode))
    case .root:
      return side(operand(instruction, Slot.Product.z)).union(rounding(instruction.opcode))
    }
  }

  private func operand(_ instruction: VariableInstruction, _ slot: Slot) -> TypedOperand? {
    instruction.operands[slot.index]
  }

  /// The elements of an array share a side.
  private static func array(_ instruction: VariableInstruction) -> String {
    "$array\(instruction.extra)"
  }

  private func rounding(_ opcode: Opcode) -> Side {
    switch opcode.rounding {
    case .floor: .below
    case .ceil: .above
    case .nearest: .unknown
    }
  }

  private func report(_ diagnostics: Diagnostics) {
    for instruction in instructions where instruction.result == nil {
      let claim = instruction.opcode.row.claim
      switch claim {
      case .none: continue
      case .less: check(instruction, isLess: true, diagnostics)
      case .notLess: check(instruction, isLess: false, diagnostics)
      case .equal, .unequal:
        // A flag that must be 1, or 0.
        guard case .variable(let name)? = operand(instruction, Slot.Adder.a)?.value,
          let comparison = comparisons[name],
          case .constant(let word)? = operand(instruction, Slot.Adder.b)?.value
        else { continue }
        let holds = (word == 1) == (claim == .equal)
        let isLess = (comparison.opcode.row.claim == .less) == holds
        check(comparison, isLess: isLess, diagnostics, at: instruction.location)
      }
    }
  }

  /// The side that must be less may not be rounded down, nor the other one up.
  private func check(
    _ instruction: VariableInstruction, isLess: Bool, _ diagnostics: Diagnostics,
    at location: SourceLocation? = nil
  ) {
    let (a, b) = (Slot.Adder.a, Slot.Adder.b)
    let (lesser, greater) = isLess ? (a, b) : (b, a)
    for (slot, wrong, remedy) in [(lesser, Side.below, ".ceil"), (greater, .above, ".floor")] {
      guard let operand = operand(instruction, slot), side(operand).contains(wrong) else {
        continue
      }
      let way = wrong == .below ? "less" : "more"
      let certainty = side(operand) == wrong ? "is" : "may be"
      diagnostics.warning(
        location ?? instruction.location,
        "\(operand.name) \(certainty) rounded to \(way) than its exact value, which favours the "
          + "prover",
        help: "compute it with \(remedy), or assert with a margin")
    }
  }
}
