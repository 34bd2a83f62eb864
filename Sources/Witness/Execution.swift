import ZKVMAlgebraicHash
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine

/// One executed instruction: a row of its unit.
public struct Step: Sendable {
  public var pc: Int32
  public var framePointer: Int64
  /// The words in the instruction's slots, zero where a slot holds no cell; for a digest its index in
  /// ``Execution/digests``. A load or store keeps the time of the previous access to its cell and
  /// what the cell held before in ``previousTime`` and ``previousValue``.
  public var words: SIMD8<Int64>

  public static let previousTime = 6
  public static let previousValue = 7

  public init(pc: Int, framePointer: Int64, words: SIMD8<Int64>) {
    self.pc = Int32(pc)
    self.framePointer = framePointer
    self.words = words
  }
}

extension Step {
  /// The word in a slot.
  package subscript(slot: Slot) -> Int64 { words[slot.index] }
}

extension SIMD8<Int64> {
  /// The word in a slot of an instruction.
  package subscript(slot: Slot) -> Int64 { self[slot.index] }
}

/// What a cell of the memory holds, and since when: the address of the slot of the load or store that
/// touched it last, 0 if none did.
public struct MemoryCell: Hashable, Sendable {
  public var time: Int64
  /// A word, or a digest's index.
  public var value: Int64

  public static let initial = MemoryCell(time: 0, value: 0)

  public init(time: Int64, value: Int64) {
    self.time = time
    self.value = value
  }
}

/// A finished run: all that the prover needs.
public struct Execution: Sendable {
  public let program: Program
  /// In the order of the interface.
  public let publicInputs: [Int64]
  public let outputs: [Int64]
  public var steps: [Step]
  /// The digests that steps name by their index; the first is zero.
  public var digests: [Digest]
  /// The memory at the end, by cell.
  public var memory: [MemoryCell]
  /// By stream, how many records the run left unread: a sign of a row too many.
  public let unreadRecords: [Int]

  public init(
    program: Program, publicInputs: [Int64], outputs: [Int64], steps: [Step],
    digests: [Digest] = [.zero], memory: [MemoryCell] = [], unreadRecords: [Int]
  ) {
    self.program = program
    self.publicInputs = publicInputs
    self.outputs = outputs
    self.steps = steps
    self.digests = digests
    self.memory = memory
    self.unreadRecords = unreadRecords
  }

  /// How many instructions each unit executes.
  public var rowCounts: [UnitKind: Int] {
    var counts = [Int](repeating: 0, count: program.instructions.count)
    for step in steps { counts[Int(step.pc)] += 1 }
    var rows: [UnitKind: Int] = [:]
    for (instruction, count) in zip(program.instructions, counts) {
      rows[instruction.opcode.unit, default: 0] += count
    }
    return rows
  }

  /// How often each address is read, by address.
  public func readCounts() -> [Int64] {
    var counts: [Int64] = Array(repeating: 0, count: program.frameStart)
    let cells = program.instructions.map { instruction in
      instruction.opcode.reads.map { instruction.slots[$0] }
    }
    for step in steps {
      for cell in cells[Int(step.pc)] {
        let address = Int(cell.address(framePointer: step.framePointer))
        if address >= counts.count {
          counts += Array(repeating: 0, count: max(address + 1, counts.count * 2) - counts.count)
        }
        counts[address] += 1
      }
    }
    return counts
  }
}

extension Execution {
  /// The four columns of a value: a word's limbs, or the elements of the digest with this index.
  func elements(_ value: Int64, isDigest: Bool) -> [Goldilocks] {
    isDigest ? digests[Int(value)].array : Word.limbs(value).map { Goldilocks($0) }
  }
}
