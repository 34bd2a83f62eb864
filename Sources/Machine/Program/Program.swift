import ZKVMFixedPoint
import ZKVMHashing

/// A cell of the value store as an instruction names it.
public struct Cell: Hashable, Sendable {
  /// Whether `offset` counts from the frame pointer; otherwise it is the address itself.
  public let isFrameRelative: Bool
  public let offset: UInt32

  public static func frame(_ offset: Int) -> Cell {
    Cell(isFrameRelative: true, offset: UInt32(offset))
  }

  public static func absolute(_ address: Int) -> Cell {
    Cell(isFrameRelative: false, offset: UInt32(address))
  }

  /// An unused slot, and how Control's immediate numbers are kept.
  public static let none = Cell(isFrameRelative: false, offset: 0)

  public init(isFrameRelative: Bool, offset: UInt32) {
    self.isFrameRelative = isFrameRelative
    self.offset = offset
  }

  public func address(framePointer: Int64) -> Int64 {
    (isFrameRelative ? framePointer : 0) + Int64(offset)
  }
}

/// One instruction; see ``Opcode`` for the slots' roles.
public struct Instruction: Hashable, Sendable {
  public let opcode: Opcode
  public let slots: [Cell]
  public let extra: UInt32

  public static let slotCount = 6

  public init(_ opcode: Opcode, _ slots: [Cell], extra: Int = 0) {
    precondition(slots.count <= Instruction.slotCount)
    self.opcode = opcode
    self.slots = slots + Array(repeating: .none, count: Instruction.slotCount - slots.count)
    self.extra = UInt32(extra)
  }

  public var destination: Cell? { opcode.writes.map { slots[$0] } }

  // Control's immediates.
  public var targetIfOne: Int { Int(self[Slot.Control.targetIfOne].offset) }
  public var targetIfZero: Int { Int(self[Slot.Control.targetIfZero].offset) }
  public var frameSize: Int { Int(self[Slot.Control.frameSize].offset) }

  public static func jump(to target: Int, size: Int) -> Instruction {
    Instruction(.jump, [.none, .absolute(target), .absolute(target), .absolute(size)])
  }

  public static func branch(_ condition: Cell, _ one: Int, _ zero: Int, size: Int) -> Instruction {
    Instruction(.branch, [condition, .absolute(one), .absolute(zero), .absolute(size)])
  }

  /// Leaves the program: `end` is the number of its instructions.
  public static func halt(end: Int) -> Instruction {
    Instruction(.halt, [.none, .absolute(end), .absolute(end), .none])
  }
}

/// A straight run of instructions that ends in the only control instruction that it contains.
public struct Block: Hashable, Sendable {
  /// The first instruction's index.
  public let start: Int
  /// Slots that predecessors fill: 0 ..< incoming.
  public let incoming: Int
  /// How far the next frame lies after this one.
  public let size: Int

  public init(start: Int, incoming: Int, size: Int) {
    self.start = start
    self.incoming = incoming
    self.size = size
  }
}

/// A named, formatted value of the contract's interface.
public struct NamedFormat: Hashable, Sendable {
  public let name: String
  public let format: Format

  public init(_ name: String, _ format: Format) {
    self.name = name
    self.format = format
  }
}

/// A secret sequence of records.
public struct Stream: Hashable, Sendable {
  public let name: String
  public let fields: [NamedFormat]

  public init(_ name: String, _ fields: [NamedFormat]) {
    self.name = name
    self.fields = fields
  }
}

/// Where a `secret` instruction takes its word from.
public enum Channel: Hashable, Sendable {
  /// A single secret input.
  case input(Int)
  /// The number of records of a stream.
  case count(stream: Int)
  /// The next record's field of a stream; every such instruction advances its own field.
  case field(stream: Int, field: Int)
}

/// An array in the memory.
public struct ArrayShape: Hashable, Sendable {
  public let length: Int
  /// Whether it holds digests; otherwise it holds words.
  public let isDigest: Bool

  public init(length: Int, isDigest: Bool) {
    self.length = length
    self.isDigest = isDigest
  }
}

/// A contract's inputs and outputs.
public struct Interface: Hashable, Sendable {
  public let name: String
  public let publicInputs: [NamedFormat]
  public let secretInputs: [NamedFormat]
  public let streams: [Stream]
  public let outputs: [NamedFormat]
  /// All channels, in the order of their numbers: single inputs, then for each stream its count and
  /// its fields.
  public let channels: [Channel]

  public init(
    name: String, publicInputs: [NamedFormat], secretInputs: [NamedFormat], streams: [Stream],
    outputs: [NamedFormat]
  ) {
    self.name = name
    self.publicInputs = publicInputs
    self.secretInputs = secretInputs
    self.streams = streams
    self.outputs = outputs
    var channels = secretInputs.indices.map { Channel.input($0) }
    for (index, stream) in streams.enumerated() {
      channels.append(.count(stream: index))
      channels += stream.fields.indices.map { .field(stream: index, field: $0) }
    }
    self.channels = channels
  }

  /// The format of what a channel gives.
  public func format(of channel: Channel) -> Format {
    switch channel {
    case .input(let index): secretInputs[index].format
    case .count: .int
    case .field(let stream, let field): streams[stream].fields[field].format
    }
  }
}

/// An assembled contract. Make one with ``init(interface:constants:blocks:instructions:source:)``,
/// which validates it; every other part of the machine relies on that.
public struct Program: Hashable, Sendable {
  public let interface: Interface
  /// Cells 0 ..< constants.count.
  public let constants: [Int64]
  public let blocks: [Block]
  public let instructions: [Instruction]
  /// They lie one after the other in the memory.
  public let arrays: [ArrayShape]
  /// Not part of the digest.
  public let source: SourceMap

  /// A: the number of Given cells, constants then public inputs, at the addresses 0 ..< A.
  public var givenCount: Int { constants.count + interface.publicInputs.count }

  /// F: the address at which the entry block's frame starts, so slot s of that block has the absolute
  /// address F + s. At least 1, whatever A is.
  public var frameStart: Int { Program.frameStart(givenCount: givenCount) }

  /// F for a number of Given cells: that number, but never 0. The time of a load or store is the
  /// address of its own slot, and time 0 is that of the memory before the run.
  public static func frameStart(givenCount: Int) -> Int { max(givenCount, 1) }

  public init(
    interface: Interface, constants: [Int64], blocks: [Block], instructions: [Instruction],
    arrays: [ArrayShape] = [], source: SourceMap
  ) throws(InvalidProgram) {
    self.interface = interface
    self.constants = constants
    self.blocks = blocks
    self.instructions = instructions
    self.arrays = arrays
    self.source = source
    try validate()
  }

  /// The values of the Given cells in order of address.
  public func givenValues(publicInputs: [Int64]) -> [CellValue] {
    constants.map { .word($0) } + interface.publicInputs.split(publicInputs).map(\.value)
  }

  /// The number of cells of the memory.
  public var memorySize: Int { arrays.reduce(0) { $0 + $1.length } }

  /// The array that lies at a cell of the memory, `nil` if none starts there.
  public func array(at first: Int) -> ArrayShape? {
    var start = 0
    for array in arrays {
      if start == first { return array }
      start += array.length
    }
    return nil
  }

  /// BLAKE3 over the canonical encoding without the source map; identifies the program.
  public var digest: BLAKE3.Digest {
    var hasher = BLAKE3.Hasher()
    hasher.update(Array("zkvm program v2".utf8))
    var writer = ByteWriter()
    Bytecode.write(self, to: &writer)
    hasher.update(writer.bytes)
    return hasher.digest()
  }

  /// The block that an instruction belongs to.
  public func blockIndex(of pc: Int) -> Int {
    var low = 0
    var high = blocks.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if blocks[middle].start <= pc { low = middle } else { high = middle - 1 }
    }
    return low
  }

  public func instructionRange(ofBlock index: Int) -> Range<Int> {
    let end = index + 1 < blocks.count ? blocks[index + 1].start : instructions.count
    return blocks[index].start..<end
  }
}

/// Where instructions come from and what they are called in the source.
public struct SourceMap: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var file: Int
    public var line: Int
    public var column: Int
    /// Names of the operands in the slots, empty for unnamed or unused ones.
    public var names: [String]
    /// Formats of the operands in the slots.
    public var formats: [Format]
    /// An assertion's message.
    public var message: String

    public init(
      file: Int, line: Int, column: Int, names: [String], formats: [Format], message: String
    ) {
      self.file = file
      self.line = line
      self.column = column
      self.names = names
      self.formats = formats
      self.message = message
    }
  }

  public var files: [String]
  /// One an instruction, or empty.
  public var entries: [Entry]

  public init(files: [String], entries: [Entry]) {
    self.files = files
    self.entries = entries
  }

  public static let empty = SourceMap(files: [], entries: [])

  /// "file:line:column", or the instruction's number without a source map.
  public func location(of pc: Int) -> String {
    guard pc < entries.count else { return "instruction \(pc)" }
    let entry = entries[pc]
    let file = entry.file < files.count ? files[entry.file] : "?"
    return "\(file):\(entry.line):\(entry.column)"
  }
}
