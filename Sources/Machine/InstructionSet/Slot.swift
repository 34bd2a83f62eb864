/// A place for an operand of an instruction, by the name that its unit gives it.
public struct Slot: Hashable, Sendable {
  /// Its number among the ``Instruction/slotCount`` slots.
  public let index: Int
  public let name: String

  private init(_ index: Int, _ name: String) {
    self.index = index
    self.name = name
  }

  public enum Control {
    public static let condition = Slot(0, "condition")
    public static let targetIfOne = Slot(1, "target if 1")
    public static let targetIfZero = Slot(2, "target if 0")
    public static let frameSize = Slot(3, "frame size")
  }

  public enum Adder {
    public static let a = Slot(0, "a")
    public static let b = Slot(1, "b")
    public static let condition = Slot(2, "condition")
    public static let result = Slot(3, "result")
  }

  public enum Product {
    public static let x = Slot(0, "X")
    public static let y = Slot(1, "Y")
    public static let w = Slot(2, "W")
    public static let z = Slot(3, "Z")
  }

  public enum Function {
    public static let argument = Slot(0, "argument")
    public static let result = Slot(3, "result")
  }

  public enum Port {
    public static let operand = Slot(0, "operand")
    public static let result = Slot(3, "result")
  }

  public enum Hash {
    /// The hash so far of `hash_next`; a of the instructions on digests.
    public static let a = Slot(0, "a")
    /// b, or the first word of a block.
    public static let b = Slot(1, "b")
    /// The swap of a Merkle step, or the second word of a block.
    public static let c = Slot(2, "c")
    public static let result = Slot(3, "result")
    /// The third and fourth word of a block.
    public static let d = Slot(4, "d")
    public static let e = Slot(5, "e")
    /// The four words of a block.
    public static let words = [b, c, d, e]
    /// All that are read, in the order of the unit's columns.
    public static let operands = [a] + words
  }

  public enum Memory {
    public static let stored = Slot(0, "stored")
    public static let index = Slot(1, "index")
    public static let length = Slot(2, "length")
    public static let result = Slot(3, "result")
  }
}

extension Instruction {
  /// What stands in a slot.
  public subscript(slot: Slot) -> Cell { slots[slot.index] }
}

/// What an instruction does with a slot.
public enum SlotUse: Hashable, Sendable {
  case reads(CellContent)
  case publishes(CellContent)
  /// The slot holds a number of the program, not a cell.
  case immediate
}

/// What the cell of a slot holds.
public enum CellContent: Hashable, Sendable {
  case word
  case digest
  /// What the array holds at whose first cell the instruction's immediate points.
  case element
  /// A digest if the instruction's immediate is 1, else a word.
  case immediateKind
  /// What the output holds whose number is the instruction's immediate.
  case output
}
