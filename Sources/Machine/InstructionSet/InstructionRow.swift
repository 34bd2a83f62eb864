import ZKVMFixedPoint

/// The units of the machine that execute instructions.
public enum UnitKind: String, CaseIterable, Sendable {
  case control = "Control"
  case adder = "Adder"
  case product = "Product"
  case function = "Function"
  case port = "Port"
  case hash = "Hash"
  case memory = "Memory"
}

/// A row of the instruction table: what an opcode is. The loader's checks, the kinds of cells, the
/// assembler's grammar and its lint, listings, `zkvm tables --json` and the tables of
/// `Spec/Instructions.md` follow from it.
public final class InstructionRow: Sendable {
  /// The name in a listing; also in sources, if ``syntax`` has a form for it.
  public let mnemonic: String
  public let operation: Operation
  public let effect: Effect
  /// In the order in which messages name the operands.
  public let slots: [(slot: Slot, use: SlotUse)]
  public let immediate: ImmediateRule
  /// Where the result may lie of what exact arithmetic would give.
  public let side: ResultSide
  /// What a comparison tells or an assertion demands.
  public let claim: Claim
  public let syntax: Syntax

  /// The unit that executes it.
  public let unit: UnitKind
  /// The slots whose cells it reads.
  public let reads: [Int]
  /// The slot whose cell it publishes.
  public let writes: Int?

  init(
    _ mnemonic: String, _ operation: Operation, _ slots: [(slot: Slot, use: SlotUse)],
    effect: Effect = .compute, immediate: ImmediateRule = .none, side: ResultSide = .exact,
    claim: Claim = .none,
    _ syntax: Syntax
  ) {
    self.mnemonic = mnemonic
    self.operation = operation
    self.effect = effect
    self.slots = slots
    self.immediate = immediate
    self.side = side
    self.claim = claim
    self.syntax = syntax
    unit = operation.unit
    reads = slots.compactMap { if case .reads = $0.use { $0.slot.index } else { nil } }
    writes = slots.compactMap { if case .publishes = $0.use { $0.slot.index } else { nil } }.first
  }

  /// What the instruction does with a slot; `nil` if it does not use it.
  public func use(ofSlot index: Int) -> SlotUse? { slots.first { $0.slot.index == index }?.use }
}

/// The unit of an instruction, and what the unit has to know besides its number.
public enum Operation: Hashable, Sendable {
  case control
  case adder
  case product(ProductKind, Rounding)
  case function(Function)
  case port
  case hash
  case memory

  public var unit: UnitKind {
    switch self {
    case .control: .control
    case .adder: .adder
    case .product: .product
    case .function: .function
    case .port: .port
    case .hash: .hash
    case .memory: .memory
    }
  }
}

/// The kinds of instructions of the Product unit.
public enum ProductKind: Hashable, Sendable {
  case multiplication
  case division
  case squareRoot
}

/// What an instruction does in a run.
public enum Effect: Hashable, Sendable {
  /// Publishes the word of its semantics.
  case compute
  /// The same, by a condition in slot 2 that must be 0 or 1.
  case choose
  /// Publishes the next word of its channel.
  case secret
  /// Publishes the next digest of its channel.
  case secretDigest
  /// Reads or writes a cell of the memory.
  case access
  case reveal
  /// Holds where its semantics give 1, else the run has no proof.
  case assertion
  case jump
  case branch
  case halt
}

/// What an instruction's immediate numbers have to be.
public enum ImmediateRule: Hashable, Sendable {
  /// None: 0.
  case none
  /// Control's slots: both targets the same, the frame size of the block.
  case jump
  /// Control's slots: two targets, the frame size of the block.
  case branch
  /// Control's slots: both targets the number of instructions, no frame.
  case halt
  /// An input channel that gives such a cell.
  case channel(CellKind)
  /// An output's number.
  case output
  /// 1 for a digest, 0 for a word.
  case kind
  /// How many words are hashed.
  case wordCount
  /// An element of a digest.
  case element
  /// An array's first cell; slot ``Slot/Memory/length`` holds its length.
  case array
  /// A sixteenth of the scale s; an exact product (0) is written with floor only.
  case scale(exact: Bool)
}

/// Where a rounded result may lie of the exact one, by where the operands do (`Spec/Language.md`,
/// "Rounding against the prover").
public enum ResultSide: Hashable, Sendable {
  /// No result, or one that is what it is: a flag, an input.
  case exact
  /// As the first operand.
  case first
  /// As the elements of the array.
  case element
  /// As either operand.
  case either
  /// As a, or opposite to b.
  case difference
  /// On any side unless both operands are exact.
  case distance
  /// By factors, addend and rounding.
  case product
  /// By dividend, divisor and rounding.
  case quotient
  /// By radicand and rounding.
  case root
  /// On any side.
  case unknown
}

/// What a comparison tells of a and b, or an assertion demands of them.
public enum Claim: Hashable, Sendable {
  case none
  /// a < b
  case less
  /// a ≥ b
  case notLess
  /// a = b
  case equal
  /// a ≠ b
  case unequal
}

/// How an instruction is written in a source.
public enum Syntax: Hashable, Sendable {
  /// `op result, a, b`: operands and result of one format.
  case sum
  /// `op result, a, b`: operands of one format, a flag as the result.
  case comparison
  /// `op a, b, "message"`: operands of one format, no result.
  case assertion
  /// `op result, a`: q48 to q48.
  case function
  /// In operands of its own, which the assembler lowers in its own way.
  case own(String)
  /// As another one, with this rounding after a point.
  case rounded
  /// Not at all: other statements make it.
  case none

  /// The operands as help shows them; `nil` if it is not written so.
  public var usage: String? {
    switch self {
    case .sum, .comparison: "result, a, b"
    case .assertion: "a, b, \"message\""
    case .function: "result, a"
    case .own(let operands): operands
    case .rounded, .none: nil
    }
  }

  /// Whether the first operand is the result's name.
  public var namesResult: Bool { usage?.hasPrefix("result") ?? false }
}
