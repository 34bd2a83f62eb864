import ZKVMAlgebraicHash
import ZKVMFixedPoint
import ZKVMMachine
import ZKVMWitness

/// Why a run stopped without a result. No prover can make a proof of a trapped run.
public struct Trap: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Equatable, Sendable {
    /// The result, as the source calls it, is outside what its format holds.
    case overflow(result: String, format: Format)
    case divisionByZero
    case remainderOutOfRange
    case domain(expected: String)
    case assertionFailed(message: String)
    case conditionNotBoolean
    case indexOutOfBounds(length: Int)
    case inputExhausted(name: String, records: Int)
    case revealedTwice(output: String)
    case neverRevealed(output: String)
    case stepLimit(Int)
    /// The frames of the run take more cells than this.
    case frameLimit(cells: Int)
  }

  /// An operand as the source calls it, with its decimal value.
  public struct Operand: Equatable, Sendable {
    public let name: String
    public let value: String
  }

  public let kind: Kind
  public let pc: Int
  /// "file:line:column" of the instruction.
  public let location: String
  public let mnemonic: String
  public let operands: [Operand]

  /// Whether the trap comes of what the operands are.
  private var showsOperands: Bool {
    switch kind {
    case .overflow, .divisionByZero, .remainderOutOfRange, .domain, .assertionFailed,
      .conditionNotBoolean, .indexOutOfBounds:
      true
    case .inputExhausted, .revealedTwice, .neverRevealed, .stepLimit, .frameLimit: false
    }
  }

  public var description: String {
    let what: String
    switch kind {
    case .overflow(let result, let format):
      what =
        "overflow: the result of \(mnemonic)\(result.isEmpty ? "" : ", \(result),") is outside \(format), which holds numbers "
        + "\(format.range); give it a coarser format, or compute in larger units"
    case .divisionByZero: what = "division by zero"
    case .remainderOutOfRange:
      what =
        "overflow: the divisor or root of \(mnemonic) is a word beyond ±(2^62 − 2^47), expected one "
        + "that is smaller"
    case .domain(let expected): what = "domain error: \(mnemonic) expects \(expected)"
    case .assertionFailed(let message):
      what = "assertion failed" + (message.isEmpty ? "" : ": \(message)")
    case .conditionNotBoolean: what = "\(mnemonic) expects a condition that is 0 or 1"
    case .indexOutOfBounds(let length):
      what = "index out of bounds: the array has the elements 0 … \(length - 1)"
    case .inputExhausted(let name, let records):
      what = "input exhausted: \(name) has \(records) records and one more is read"
    case .revealedTwice(let output):
      what =
        "the output \(output) is revealed twice; if control falls into a label here, end what comes "
        + "before it with halt or jump"
    case .neverRevealed(let output): what = "the output \(output) is never revealed"
    case .stepLimit(let limit):
      what = "the step limit of \(limit) instructions is reached; raise it with --max-steps"
    case .frameLimit(let cells):
      what =
        "the run's frames take more than \(cells) cells; make the program's frames smaller, or raise "
        + "the limit with --max-steps"
    }
    let operands = showsOperands ? operands : []
    let shown = operands.map { $0.name == $0.value ? $0.value : "\($0.name) = \($0.value)" }
      .joined(separator: ", ")
    return "\(location): \(what)" + (shown.isEmpty ? "" : " (\(shown))")
  }
}

/// Runs a program: exact, deterministic, and recording each step for the prover.
public struct Interpreter {
  public static let defaultStepLimit = 1 << 24
  /// How many cells the frames of a run may take: an instruction writes one cell at most, and honest
  /// frames are not much larger than what is written to them.
  static func cellLimit(steps: Int) -> Int { (1 << 22) + 8 * steps }

  private let program: Program
  private let inputs: ProgramInputs
  private let stepLimit: Int
  private let channels: [Channel]
  /// Where a channel's value lies in the list of inputs, or in a record.
  private let places: [Range<Int>]
  private var cells: [Int64]
  private var steps: [Step] = []
  private var cursors: [Int]
  private var outputs: [[Int64]?]
  private var digests: [Digest] = [.zero]
  private var memory: [MemoryCell]

  private init(_ program: Program, _ inputs: ProgramInputs, stepLimit: Int) {
    self.program = program
    self.inputs = inputs
    self.stepLimit = stepLimit
    channels = program.interface.channels
    places = Interpreter.places(program.interface)
    cells = []
    memory = Array(repeating: .initial, count: program.memorySize)
    cursors = Array(repeating: 0, count: channels.count)
    outputs = Array(repeating: nil, count: program.interface.outputs.count)
    for value in program.givenValues(publicInputs: inputs.publicInputs) {
      switch value {
      case .word(let word): cells.append(word)
      case .digest(let digest): cells.append(intern(digest))
      }
    }
  }

  /// By channel; of the counts nothing.
  private static func places(_ interface: Interface) -> [Range<Int>] {
    func places(_ fields: [NamedFormat]) -> [Range<Int>] {
      var end = 0
      return fields.map { field in
        defer { end += field.format.wordCount }
        return end..<(end + field.format.wordCount)
      }
    }
    return places(interface.secretInputs)
      + interface.streams.flatMap { [0..<0] + places($0.fields) }
  }

  /// The index by which words name a digest.
  private mutating func intern(_ digest: Digest) -> Int64 {
    digests.append(digest)
    return Int64(digests.count - 1)
  }

  /// Runs `program` to its halt. The inputs have the interface's shape, digests canonical elements.
  public static func run(
    _ program: Program, _ inputs: ProgramInputs, stepLimit: Int = defaultStepLimit
  ) throws(Trap) -> Execution {
    precondition(
      inputs.publicInputs.count == program.interface.publicInputs.wordCount
        && inputs.secretInputs.count == program.interface.secretInputs.wordCount
        && inputs.streams.count == program.interface.streams.count,
      "the inputs do not have the shape of the program's interface")
    var interpreter = Interpreter(program, inputs, stepLimit: stepLimit)
    return try interpreter.run()
  }

  private mutating func run() throws(Trap) -> Execution {
    var pc = 0
    var framePointer = Int64(program.frameStart)
    while true {
      let instruction = program.instructions[pc]
      guard steps.count < stepLimit else {
        throw trap(.stepLimit(stepLimit), pc, SIMD8())
      }
      var words = SIMD8<Int64>()
      for slot in instruction.opcode.reads {
        words[slot] = cells[Int(instruction.slots[slot].address(framePointer: framePointer))]
      }
      if let slot = instruction.opcode.writes {
        let address = instruction.slots[slot].address(framePointer: framePointer)
        let result = try result(of: instruction, pc, at: address, &words)
        words[slot] = result
        guard address < Interpreter.cellLimit(steps: stepLimit) else {
          throw trap(.frameLimit(cells: Interpreter.cellLimit(steps: stepLimit)), pc, SIMD8())
        }
        store(result, at: Int(address))
      }
      try checkEffects(instruction, pc, words)
      steps.append(Step(pc: pc, framePointer: framePointer, words: words))
      switch instruction.opcode.effect {
      case .jump:
        pc = instruction.targetIfOne
        framePointer += Int64(instruction.frameSize)
      case .branch:
        pc = words[Slot.Control.condition] == 1 ? instruction.targetIfOne : instruction.targetIfZero
        framePointer += Int64(instruction.frameSize)
      case .halt:
        return try finish(pc)
      case .compute, .choose, .secret, .secretDigest, .access, .reveal, .assertion:
        pc += 1
      }
    }
  }

  /// What an instruction publishes at an address.
  private mutating func result(
    of instruction: Instruction, _ pc: Int, at address: Int64, _ words: inout SIMD8<Int64>
  ) throws(Trap) -> Int64 {
    switch instruction.opcode.effect {
    case .secret: return try secret(Int(instruction.extra), pc).first!
    case .secretDigest: return intern(Digest(words: try secret(Int(instruction.extra), pc))!)
    case .access: return try access(instruction, pc, time: address, &words)
    case .compute, .choose:
      do throws(ArithmeticTrap) {
        return try instruction.evaluate(words, &digests)
      } catch {
        throw trap(kind(of: error, pc), pc, words)
      }
    case .reveal, .assertion, .jump, .branch, .halt:
      preconditionFailure("\(instruction.opcode) publishes nothing")
    }
  }

  private mutating func store(_ word: Int64, at address: Int) {
    if address >= cells.count {
      cells += Array(repeating: 0, count: max(address + 1, 2 * cells.count) - cells.count)
    }
    cells[address] = word
  }

  /// A load or store at a time; returns what the cell holds then.
  private mutating func access(
    _ instruction: Instruction, _ pc: Int, time: Int64, _ words: inout SIMD8<Int64>
  ) throws(Trap) -> Int64 {
    let length = Int64(instruction[Slot.Memory.length].offset)
    guard (0..<length).contains(words[Slot.Memory.index]) else {
      throw trap(.indexOutOfBounds(length: Int(length)), pc, words)
    }
    let cell = Int(instruction.extra) + Int(words[Slot.Memory.index])
    words[Step.previousTime] = memory[cell].time
    words[Step.previousValue] = memory[cell].value
    let value = instruction.opcode == .store ? words[Slot.Memory.stored] : memory[cell].value
    memory[cell] = MemoryCell(time: time, value: value)
    return value
  }

  /// The next value of a channel.
  private mutating func secret(_ channel: Int, _ pc: Int) throws(Trap) -> ArraySlice<Int64> {
    switch channels[channel] {
    case .input: return inputs.secretInputs[places[channel]]
    case .count(let stream): return [Int64(inputs.streams[stream].count)]
    case .field(let stream, _):
      let records = inputs.streams[stream]
      let record = cursors[channel]
      guard record < records.count else {
        let name = program.interface.streams[stream].name
        throw trap(.inputExhausted(name: name, records: records.count), pc, SIMD8())
      }
      cursors[channel] += 1
      return records[record][places[channel]]
    }
  }

  private func kind(of trap: ArithmeticTrap, _ pc: Int) -> Trap.Kind {
    switch trap {
    case .overflow:
      guard pc < program.source.entries.count, let slot = program.instructions[pc].opcode.writes
      else { return .overflow(result: "unnamed", format: .int) }
      let entry = program.source.entries[pc]
      return .overflow(result: entry.names[slot], format: entry.formats[slot])
    case .divisionByZero: return .divisionByZero
    case .remainderOutOfRange: return .remainderOutOfRange
    case .domain(let expected): return .domain(expected: expected)
    }
  }

  /// Conditions, assertions and outputs.
  private mutating func checkEffects(
    _ instruction: Instruction, _ pc: Int, _ words: SIMD8<Int64>
  ) throws(Trap) {
    switch instruction.opcode.effect {
    case .branch:
      guard (0...1).contains(words[Slot.Control.condition]) else {
        throw trap(.conditionNotBoolean, pc, words)
      }
    case .choose:
      guard (0...1).contains(words[Slot.Adder.condition]) else {
        throw trap(.conditionNotBoolean, pc, words)
      }
    case .reveal:
      let index = Int(instruction.extra)
      guard outputs[index] == nil else {
        throw trap(.revealedTwice(output: program.interface.outputs[index].name), pc, words)
      }
      let isDigest = program.interface.outputs[index].format == .digest
      outputs[index] =
        isDigest ? digests[Int(words[Slot.Port.operand])].words : [words[Slot.Port.operand]]
    case .assertion:
      guard (try? instruction.evaluate(words, &digests)) == 1 else {
        let message = pc < program.source.entries.count ? program.source.entries[pc].message : ""
        throw trap(.assertionFailed(message: message), pc, words)
      }
    case .compute, .secret, .secretDigest, .access, .jump, .halt: break
    }
  }

  private func finish(_ pc: Int) throws(Trap) -> Execution {
    var words: [Int64] = []
    for (index, output) in outputs.enumerated() {
      guard let output else {
        throw trap(.neverRevealed(output: program.interface.outputs[index].name), pc, SIMD8())
      }
      words += output
    }
    return Execution(
      program: program, publicInputs: inputs.publicInputs, outputs: words, steps: steps,
      digests: digests, memory: memory,
      unreadRecords: unreadRecords)
  }

  /// How many records of each stream no field was read of.
  private var unreadRecords: [Int] {
    inputs.streams.enumerated().map { index, records in
      let read = zip(channels, cursors).map { channel, cursor in
        if case .field(index, _) = channel { cursor } else { 0 }
      }
      return records.count - (read.max() ?? 0)
    }
  }

  private func trap(_ kind: Trap.Kind, _ pc: Int, _ words: SIMD8<Int64>) -> Trap {
    let instruction = program.instructions[pc]
    var operands: [Trap.Operand] = []
    for slot in instruction.opcode.reads.sorted() {
      let entry = pc < program.source.entries.count ? program.source.entries[pc] : nil
      let name = entry?.names[slot] ?? "operand \(slot)"
      let format = entry?.formats[slot] ?? .int
      if name.isEmpty { continue }
      let value =
        program.holdsDigest(slot, instruction)
        ? digests[Int(words[slot])].description : Decimal.string(words[slot], format)
      operands.append(Trap.Operand(name: name, value: value))
    }
    return Trap(
      kind: kind, pc: pc, location: program.source.location(of: pc),
      mnemonic: instruction.isExactProduct ? "mul" : instruction.opcode.mnemonic,
      operands: operands)
  }
}

extension Instruction {
  /// Written without a rounding, and encoded with one.
  fileprivate var isExactProduct: Bool { opcode == .mulFloor && extra == 0 }
}
