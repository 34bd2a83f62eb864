import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint

/// A functional unit: a table with a row for each instruction that the unit executes.
///
/// A conforming type declares its columns, constraints and messages in `init` and fills a row in
/// ``fill(_:_:_:of:_:)``, in one file.
public protocol Unit: Sendable {
  var kind: UnitKind { get }
  var table: Table { get }
  /// Writes the row of an executed instruction. Rows start as zeros.
  func fill(
    _ row: RowWriter, _ step: Step, _ instruction: Instruction, of execution: Execution,
    _ counts: inout LookupCounts)
  /// Writes a row that executes nothing. Rows start as zeros.
  func fillPadding(_ row: RowWriter)
}

extension Unit {
  public func fillPadding(_ row: RowWriter) {}
}

extension Instruction {
  /// The word that an instruction publishes, from the words in its slots. It must not be called for
  /// `secret`, whose word comes from outside, for instructions without a result, and for those on
  /// digests and memory, which are not functions of words.
  public func evaluate(_ words: SIMD8<Int64>) throws(ArithmeticTrap) -> Int64 {
    switch opcode.unit {
    case .adder: return try AdderUnit.evaluate(self, words)
    case .product: return try ProductUnit.evaluate(self, words)
    case .function: return try FunctionUnit.evaluate(self, words)
    case .port where opcode == .move: return words[0]
    case .port, .control, .hash, .memory: preconditionFailure("\(opcode) computes no result")
    }
  }
}

/// How often the rows of the tables that the verifier evaluates are used.
public struct LookupCounts: Sendable {
  /// Reads by address.
  public let reads: [Int64]
  public var program: [Int64]
  public var coefficients: [Int64]
  public var scales: [Int64]

  public init(_ execution: Execution) {
    reads = execution.readCounts()
    program = Array(repeating: 0, count: execution.program.instructions.count)
    for step in execution.steps { program[Int(step.pc)] += 1 }
    coefficients = Array(repeating: 0, count: FunctionTables.coefficients.count)
    scales = Array(repeating: 0, count: FunctionTables.scales.count)
  }

  /// The same reads, and no uses of the functions' tables yet.
  func withoutFunctionUses() -> LookupCounts {
    var counts = self
    counts.coefficients = Array(repeating: 0, count: coefficients.count)
    counts.scales = Array(repeating: 0, count: scales.count)
    return counts
  }

  /// Adds another part's uses of the functions' tables.
  mutating func addFunctionUses(_ other: LookupCounts) {
    for i in coefficients.indices { coefficients[i] += other.coefficients[i] }
    for i in scales.indices { scales[i] += other.scales[i] }
  }

  func reads(of cell: Cell, _ step: Step) -> Int64 {
    let address = Int(cell.address(framePointer: step.framePointer))
    return address < reads.count ? reads[address] : 0
  }
}

/// The columns of an operand's address: m·fp + offset, with m from the program.
struct Operand {
  let m: Expression
  let offset: Expression
  let address: Expression

  init(_ builder: TableBuilder, _ name: String, framePointer: Expression) {
    m = builder.column("\(name)_m", "1 if \(name)'s offset counts from fp.")
    offset = builder.column("\(name)_offset", "\(name)'s offset.")
    address = builder.column("\(name)_address", "\(name)'s address.")
    builder.assertEqual(address, m * framePointer + offset, "\(name)'s address is m·fp + offset")
  }

  var fields: [Expression] { [m, offset] }

  func fill(_ row: RowWriter, _ cell: Cell, _ step: Step) {
    row.set(m, cell.isFrameRelative)
    row.set(offset, Int64(cell.offset))
    row.set(address, cell.address(framePointer: step.framePointer))
  }
}

/// The columns that every unit has: the token, the selectors and the fetch.
struct Fetch {
  let pc: Expression
  let framePointer: Expression
  let selectors: [Opcode: Expression]
  let opcodes: [Opcode]

  init(_ builder: TableBuilder, _ unit: UnitKind) {
    pc = builder.column("pc", "The instruction's index.")
    framePointer = builder.column("fp", "The frame pointer.")
    opcodes = Opcode.allCases.filter { $0.unit == unit }
    var selectors: [Opcode: Expression] = [:]
    for opcode in opcodes {
      let selector = builder.column("is_\(opcode)", "1 if the row executes \(opcode.mnemonic).")
      builder.assertBoolean(selector, "is_\(opcode)")
      selectors[opcode] = selector
    }
    self.selectors = selectors
    builder.assertBoolean(active, "the sum of the selectors")
  }

  subscript(opcode: Opcode) -> Expression { selectors[opcode]! }

  /// The sum of some selectors: 1 if the row executes one of the opcodes.
  func any(_ matches: (Opcode) -> Bool) -> Expression {
    sum(opcodes.filter(matches).map { selectors[$0]! })
  }

  /// 1 if the row executes an instruction.
  var active: Expression { any { _ in true } }

  /// Takes the token in and fetches the instruction; `slots` are (m, offset) pairs, those behind the
  /// last one are unused.
  func receive(_ builder: TableBuilder, slots: [[Expression]], extra: Expression = 0) {
    builder.receive(Buses.token, times: active, [pc, framePointer], "token in")
    let opcode = sum(opcodes.map { .constant(Goldilocks(Int($0.rawValue))) * selectors[$0]! })
    let used = slots.flatMap { $0 }
    let unused = Array(repeating: Expression.zero, count: Fetch.slotFields - used.count)
    builder.receive(
      Buses.program, times: active, [pc, opcode] + used + unused + [extra], "fetch")
  }

  /// Hands the token to the next instruction.
  func sendNext(_ builder: TableBuilder) {
    builder.send(Buses.token, times: active, [pc + 1, framePointer], "token out")
  }

  func fill(_ row: RowWriter, _ step: Step, _ opcode: Opcode) {
    row.set(pc, Int64(step.pc))
    row.set(framePointer, step.framePointer)
    row.set(selectors[opcode]!, true)
  }

  static let unusedSlot: [Expression] = [0, 0]
  private static let slotFields = 2 * Instruction.slotCount
}

/// The columns of a published result: its frame offset and how often it is read.
struct Destination {
  let offset: Expression
  let multiplicity: Expression

  init(_ builder: TableBuilder, when publishes: Expression) {
    offset = builder.column("result_offset", "The result's offset from fp.")
    multiplicity = builder.column("reads", "How often the result is read.")
    builder.assertZero((1 - publishes) * multiplicity, "only a result is published")
  }

  /// The fetched (m, offset): m is 1 exactly when there is a result.
  func fields(when publishes: Expression) -> [Expression] { [publishes, offset] }

  func send(
    _ builder: TableBuilder, framePointer: Expression, limbs: [Expression]
  ) {
    builder.send(
      Buses.value, times: multiplicity, [framePointer + offset] + limbs, "publish the result")
  }

  func fill(_ row: RowWriter, _ cell: Cell, _ step: Step, _ counts: LookupCounts) {
    row.set(offset, Int64(cell.offset))
    row.set(multiplicity, counts.reads(of: cell, step))
  }
}
