/// A place for an operand of an instruction, by the name that its unit gives it.
public struct Slot: Hashable, Sendable {
  /// Its number among the ``Instruction/slotCount`` slots.
  public let index: Int
  public let name: String

  /// Slots are named in the inner loops of filling: inlined, a name is its number.
  @inlinable init(_ index: Int, _ name: String) {
    self.index = index
    self.name = name
  }

  public enum Control {
    @inlinable public static var condition: Slot { Slot(0, "condition") }
    @inlinable public static var targetIfOne: Slot { Slot(1, "target if 1") }
    @inlinable public static var targetIfZero: Slot { Slot(2, "target if 0") }
    @inlinable public static var frameSize: Slot { Slot(3, "frame size") }
  }

  public enum Adder {
    @inlinable public static var a: Slot { Slot(0, "a") }
    @inlinable public static var b: Slot { Slot(1, "b") }
    @inlinable public static var condition: Slot { Slot(2, "condition") }
    @inlinable public static var result: Slot { Slot(3, "result") }
  }

  public enum Product {
    @inlinable public static var x: Slot { Slot(0, "X") }
    @inlinable public static var y: Slot { Slot(1, "Y") }
    @inlinable public static var w: Slot { Slot(2, "W") }
    @inlinable public static var z: Slot { Slot(3, "Z") }
  }

  public enum Function {
    @inlinable public static var argument: Slot { Slot(0, "argument") }
    @inlinable public static var result: Slot { Slot(3, "result") }
  }

  public enum Port {
    @inlinable public static var operand: Slot { Slot(0, "operand") }
    @inlinable public static var result: Slot { Slot(3, "result") }
  }

  public enum Hash {
    /// The hash so far of `hash_next`; a of the instructions on digests.
    @inlinable public static var a: Slot { Slot(0, "a") }
    /// b, or the first word of a block.
    @inlinable public static var b: Slot { Slot(1, "b") }
    /// The swap of a Merkle step, or the second word of a block.
    @inlinable public static var c: Slot { Slot(2, "c") }
    @inlinable public static var result: Slot { Slot(3, "result") }
    /// The third and fourth word of a block.
    @inlinable public static var d: Slot { Slot(4, "d") }
    @inlinable public static var e: Slot { Slot(5, "e") }
    /// The four words of a block.
    public static let words = [b, c, d, e]
    /// All that are read, in the order of the unit's columns.
    public static let operands = [a] + words
  }

  public enum Memory {
    @inlinable public static var stored: Slot { Slot(0, "stored") }
    @inlinable public static var index: Slot { Slot(1, "index") }
    @inlinable public static var length: Slot { Slot(2, "length") }
    @inlinable public static var result: Slot { Slot(3, "result") }
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
