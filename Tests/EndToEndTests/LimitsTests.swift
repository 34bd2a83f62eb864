import Foundation
import TestSupport
import Testing
import ZKVMAlgebraicHash
import ZKVMField
import ZKVMFixedPoint
import ZKVMHashing
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier

/// A size that programs may have: what has it at its edge is accepted, one more is refused.
private struct Limit: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let edge: Int
  let make: @Sendable (Int) -> ProgramDraft

  init(_ name: String, _ edge: Int, _ change: @escaping @Sendable (Int, inout ProgramDraft) -> Void)
  {
    testDescription = name
    self.edge = edge
    make = { size in
      var draft = ProgramDraft()
      change(size, &draft)
      return draft
    }
  }

  static func fields(_ count: Int) -> [NamedFormat] {
    (0..<count).map { NamedFormat("f\($0)", .digest) }
  }

  static func name(_ bytes: Int) -> String { String(repeating: "n", count: bytes) }

  /// A source map of one instruction.
  static func entry(name: String, message: String) -> SourceMap.Entry {
    SourceMap.Entry(
      file: 0, line: 1, column: 1, names: [name, "", "", "", "", ""],
      formats: Array(repeating: .int, count: Instruction.slotCount), message: message)
  }

  static let all: [Limit] = [
    Limit("instructions", Limits.instructions) { count, draft in
      draft.constants = [7]
      let one = Instruction(.assertEq, [.absolute(0), .absolute(0)])
      draft.instructions = Array(repeating: one, count: count - 1) + [.halt(end: count)]
    },
    Limit("blocks", Limits.instructions) { count, draft in
      draft.blocks = (0..<count).map { Block(start: $0, incoming: 0, size: 1) }
      draft.instructions =
        (1..<count).map { .jump(to: $0, size: 1) } + [.halt(end: count)]
    },
    Limit("constants", Limits.constants) { $1.constants = Array(repeating: 7, count: $0) },
    Limit("public inputs", Limits.fields) { $1.publicInputs = fields($0) },
    Limit("secret inputs", Limits.fields) { $1.secretInputs = fields($0) },
    Limit("outputs", Limits.fields) { $1.outputs = fields($0) },
    Limit("fields of a stream", Limits.fields) {
      $1.streams = [ZKVMMachine.Stream("s", fields($0))]
    },
    Limit("streams", Limits.streams) { count, draft in
      draft.streams = (0..<count).map { ZKVMMachine.Stream("s\($0)", []) }
    },
    Limit("the program's name", Limits.nameLength) { $1.name = name($0) },
    Limit("a field's name", Limits.nameLength) {
      $1.outputs = [NamedFormat(name($0), .int)]
    },
    // An é is two bytes.
    Limit("a stream's name", Limits.nameLength) { $1.streams = [ZKVMMachine.Stream(name($0), [])] },
    Limit("arrays", Limits.arrays) {
      $1.arrays = Array(repeating: ArrayShape(length: 1, isDigest: false), count: $0)
    },
    Limit("cells of an array", Limits.memory) {
      $1.arrays = [ArrayShape(length: $0, isDigest: true)]
    },
    Limit("cells of all arrays", Limits.memory) {
      $1.arrays = [$0 - 1000, 999, 1].map { ArrayShape(length: $0, isDigest: false) }
    },
    Limit("frame size", Limits.frameSize) {
      $1.blocks = [Block(start: 0, incoming: 0, size: $0)]
    },
    Limit("hashed words", Limits.hashedWords) { count, draft in
      let zero = Cell.absolute(0)
      draft.constants = [0]
      draft.instructions = [
        Instruction(.hashStart, [.none, zero, zero, .frame(0), zero, zero], extra: count),
        .halt(end: 2),
      ]
    },
    Limit("squeezed elements", 3) { element, draft in
      draft.publicInputs = fields(1)
      draft.instructions = [
        Instruction(.squeeze, [.absolute(0), .none, .none, .frame(0)], extra: element),
        .halt(end: 2),
      ]
    },
    Limit("the scale of a product", 4) { scale, draft in
      let zero = Cell.absolute(0)
      draft.constants = [0]
      draft.instructions = [
        Instruction(.mulFloor, [zero, zero, zero, .frame(0)], extra: scale), .halt(end: 2),
      ]
    },
    Limit("channels", 2) { channel, draft in
      draft.secretInputs = [NamedFormat("s", .int)]
      draft.streams = [ZKVMMachine.Stream("t", [NamedFormat("f", .q32)])]
      draft.instructions = [
        Instruction(.secret, [.none, .none, .none, .frame(0)], extra: channel), .halt(end: 2),
      ]
    },
    Limit("the largest constant", Int(Word.maximum)) { $1.constants = [Int64($0)] },
    Limit("the least constant", -Int(Word.minimum)) { $1.constants = [-Int64($0)] },
    Limit("source files", Limits.sourceFiles) {
      $1.source = SourceMap(files: Array(repeating: "f", count: $0), entries: [])
    },
    Limit("a source file's name", Limits.sourceText) {
      $1.source = SourceMap(files: [name($0)], entries: [])
    },
    Limit("an operand's name", Limits.sourceText) {
      $1.source = SourceMap(files: ["f"], entries: [entry(name: name($0), message: "")])
    },
    Limit("a message", Limits.sourceText) {
      $1.source = SourceMap(files: ["f"], entries: [entry(name: "", message: name($0))])
    },
    Limit("source map entries", 1) {
      $1.source = SourceMap(
        files: ["f"], entries: Array(repeating: entry(name: "", message: ""), count: $0))
    },
  ]
}

/// Every limit at its edge and one beyond.
@Suite struct LimitsTests {
  /// Loader and file reader draw the same line, and what is accepted has one file.
  @Test(arguments: Limit.all) fileprivate func programsAtTheEdge(limit: Limit) throws {
    let draft = limit.make(limit.edge)
    let program = try draft.program()
    let bytes = draft.bytecode
    #expect(Bytecode.encode(program) == bytes)
    #expect(try Bytecode.decode(bytes) == program)
    let beyond = limit.make(limit.edge + 1)
    #expect(throws: InvalidProgram.self) { try beyond.program() }
    #expect(throws: BytecodeError.self) { try Bytecode.decode(beyond.bytecode) }
  }

  /// Nothing that has a name may go without one.
  @Test func emptyNames() throws {
    var draft = ProgramDraft()
    draft.name = ""
    #expect(throws: InvalidProgram.self) { try draft.program() }
    #expect(throws: BytecodeError.self) { try Bytecode.decode(draft.bytecode) }
    draft.name = "p"
    draft.streams = [ZKVMMachine.Stream("", [])]
    #expect(throws: InvalidProgram.self) { try draft.program() }
    #expect(throws: BytecodeError.self) { try Bytecode.decode(draft.bytecode) }
    draft.streams = [ZKVMMachine.Stream("s", [NamedFormat("", .int)])]
    #expect(throws: InvalidProgram.self) { try draft.program() }
    #expect(throws: BytecodeError.self) { try Bytecode.decode(draft.bytecode) }
  }

  /// As many public inputs and outputs as there may be, of four numbers each.
  @Test func digestsAtTheEdgeProve() throws {
    var draft = ProgramDraft()
    draft.publicInputs = Limit.fields(Limits.fields)
    draft.outputs = draft.publicInputs
    draft.instructions =
      (0..<Limits.fields).map { Instruction(.reveal, [.absolute($0)], extra: $0) }
      + [.halt(end: Limits.fields + 1)]
    let program = try draft.program()
    let words = (0..<Limits.words).map { Int64($0) }
    let execution = try Interpreter.run(
      program, ProgramInputs(publicInputs: words, secretInputs: [], streams: []))
    #expect(execution.outputs == words)
    let parameters = ProofParameters(profile: .fast, isHiding: true)
    let bytes = ProofFormat.encode(try Prover(parameters).prove(execution))
    let verdict = try Verifier(program: program).verify(bytes, publicInputs: .all(words))
    #expect(verdict.outputs == words)
  }

  // MARK: Runs

  @Test func stepsAtTheEdge() throws {
    var draft = ProgramDraft()
    draft.constants = [7]
    let one = Instruction(.assertEq, [.absolute(0), .absolute(0)])
    draft.instructions = Array(repeating: one, count: 99) + [.halt(end: 100)]
    let program = try draft.program()
    let inputs = ProgramInputs(publicInputs: [], secretInputs: [], streams: [])
    #expect(try Interpreter.run(program, inputs, stepLimit: 100).steps.count == 100)
    do throws(Trap) {
      _ = try Interpreter.run(program, inputs, stepLimit: 99)
      Issue.record("a run of more steps than its limit")
    } catch {
      #expect(error.kind == .stepLimit(99))
    }
  }

  /// A proof has no room for more steps, whatever its tables, and the frame pointer stays below p.
  @Test func stepsOfAProofAreFewer() {
    let rows = (0...ProofParameters.maximumLogHeight).reduce(0) { $0 + 1 << $1 }
    #expect(UnitKind.allCases.count * rows <= Limits.steps)
    let furthest =
      UInt128(Limits.constants + Limits.fields) + UInt128(Limits.steps) * UInt128(Limits.frameSize)
      + 2 * UInt128(UInt32.max)
    #expect(furthest < UInt128(Goldilocks.modulus))
  }

  /// An index within the array is read, the next one traps.
  @Test func indicesAtTheEdge() throws {
    for (index, isInside) in [(0, true), (4, true), (5, false), (-1, false)] {
      var draft = ProgramDraft()
      draft.constants = [Int64(index)]
      draft.arrays = [ArrayShape(length: 5, isDigest: false)]
      draft.instructions = [
        Instruction(.load, [.none, .absolute(0), .absolute(5), .frame(0)]), .halt(end: 2),
      ]
      let program = try draft.program()
      let inputs = ProgramInputs(publicInputs: [], secretInputs: [], streams: [])
      #expect(((try? Interpreter.run(program, inputs)) != nil) == isInside, "\(index)")
    }
  }

  // MARK: Numbers

  @Test func decimalsAtTheEdge() throws {
    let zeros = String(repeating: "0", count: Decimal.maximumLength - 1)
    #expect(try Decimal.parse(zeros + "7", as: .int) == 7)
    #expect(throws: DecimalError.self) { try Decimal.parse("0" + zeros + "7", as: .int) }
    let most = Decimal.maximumExponent
    #expect(try Decimal.parse("0e\(most)", as: .q48) == 0)
    #expect(try Decimal.parse("1e-\(most)", as: .q48) == 0)
    #expect(throws: DecimalError.malformed("0e\(most + 1)")) {
      try Decimal.parse("0e\(most + 1)", as: .q48)
    }
    #expect(throws: DecimalError.malformed("0e-\(most + 1)")) {
      try Decimal.parse("0e-\(most + 1)", as: .q48)
    }
    // Numbers that have no absolute value, or that no integer holds.
    for exponent in ["\(Int.min)", "\(Int.max)", "-99999999999999999999"] {
      #expect(throws: DecimalError.malformed("1e\(exponent)")) {
        try Decimal.parse("1e\(exponent)", as: .q48)
      }
    }
    for format in [Format.int, .q16, .q32, .q48] {
      for (word, beyond) in [(Word.minimum, Word.minimum - 1), (Word.maximum, Word.maximum + 1)] {
        #expect(try Decimal.parse(Decimal.string(word, format), as: format) == word)
        #expect(throws: DecimalError.self) {
          try Decimal.parse(Decimal.string(beyond, format), as: format)
        }
      }
    }
  }

  // MARK: The document

  /// Spec/Machine.md has this table.
  @Test func limitsAreDocumented() throws {
    let text = try String(
      contentsOf: repository.appendingPathComponent("Spec/Machine.md"), encoding: .utf8)
    let table = text.components(separatedBy: "| limit | value |\n|---|---|\n")[1]
    let rows = table.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0 != "" }
    let expected: [(String, Int)] = [
      ("instructions", Limits.instructions), ("constants", Limits.constants),
      ("fields of an interface list", Limits.fields),
      ("numbers of an interface list, a digest's four", Limits.words),
      ("bytes of a name", Limits.nameLength), ("streams", Limits.streams),
      ("arrays", Limits.arrays), ("cells of all arrays", Limits.memory),
      ("words of a `hash`", Limits.hashedWords), ("frame size", Limits.frameSize),
      ("executed instructions", Limits.steps), ("source files", Limits.sourceFiles),
      ("bytes of a source map's text", Limits.sourceText),
    ]
    let lines = expected.map { name, value in
      let isPower = value >= 1 << 10
      return "| \(name) | \(isPower ? "2^\(value.trailingZeroBitCount)" : "\(value)") |"
    }
    #expect(rows.map(String.init) == lines)
    for (name, value) in expected where value >= 1 << 10 {
      #expect(value.nonzeroBitCount == 1, "\(name) is no power of two")
    }
  }
}

/// The counts of a proof file at their edges: what the reader takes, and one more.
@Suite struct ProofLimitsTests {
  private static let base = Proof(
    parameters: ProofParameters(profile: .standard, isHiding: false),
    programDigest: BLAKE3.hash([]), publicInputs: [], outputs: [], tables: [],
    mainRoot: BLAKE3.hash([]), auxiliaryRoot: BLAKE3.hash([]), terminals: [],
    quotientRoot: BLAKE3.hash([]), openings: [], quotientOpening: [], friRoots: [],
    finalPolynomial: [], nonce: 0, mainQueries: none, auxiliaryQueries: none,
    quotientQueries: none, friQueries: [])

  private static let none = MerkleOpening(rows: [], salts: [], siblings: [])

  private static func rows(_ count: Int, width: Int) -> MerkleOpening {
    let row = Array(repeating: Goldilocks.one, count: width)
    return MerkleOpening(
      rows: [Array(repeating: row, count: count)], salts: [Array(repeating: [], count: count)],
      siblings: [])
  }

  struct Count: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let edge: Int
    let set: @Sendable (inout Proof, Int) -> Void

    init(_ name: String, _ edge: Int, _ set: @escaping @Sendable (inout Proof, Int) -> Void) {
      testDescription = name
      self.edge = edge
      self.set = set
    }
  }

  static let counts: [Count] = [
    Count("public inputs", Limits.words) { $0.publicInputs = Array(repeating: 1, count: $1) },
    Count("outputs", Limits.words) { $0.outputs = Array(repeating: 1, count: $1) },
    Count("tables", 64) {
      $0.tables = Array(repeating: TableSize(.control, logHeight: 7), count: $1)
    },
    Count("terminals", 1 << 20) { $0.terminals = Array(repeating: .one, count: $1) },
    Count("opened tables", 64) {
      let opening = TableOpening(main: [], auxiliary: [], mainNext: [], auxiliaryNext: [])
      $0.openings = Array(repeating: opening, count: $1)
    },
    Count("FRI roots", 1 << 20) { $0.friRoots = Array(repeating: BLAKE3.hash([]), count: $1) },
    Count("FRI layers", 64) { $0.friQueries = Array(repeating: none, count: $1) },
    Count("groups", 64) {
      $0.mainQueries.rows = Array(repeating: [], count: $1)
      $0.mainQueries.salts = Array(repeating: [], count: $1)
    },
    Count("rows", 1 << 16) { $0.mainQueries = rows($1, width: 1) },
    Count("width", 1 << 16) { $0.mainQueries = rows(1, width: $1) },
    Count("siblings", 1 << 20) {
      $0.quotientQueries.siblings = Array(repeating: BLAKE3.hash([]), count: $1)
    },
  ]

  @Test(arguments: counts) func countsAtTheEdge(count: Count) throws {
    var proof = ProofLimitsTests.base
    count.set(&proof, count.edge)
    #expect(try ProofFormat.decode(ProofFormat.encode(proof)) == proof)
    count.set(&proof, count.edge + 1)
    #expect(throws: ProofFormatError.self) { try ProofFormat.decode(ProofFormat.encode(proof)) }
  }

  /// A file of the greatest length is read, if only to find its checksum wrong; a longer one is not.
  @Test func lengthAtTheEdge() {
    var bytes = [UInt8](repeating: 0, count: ProofFormat.maximumLength)
    bytes.replaceSubrange(0..<4, with: ProofFormat.magic)
    #expect {
      try ProofFormat.decode(bytes)
    } throws: {
      if case ProofFormatError.corrupted = $0 { true } else { false }
    }
    bytes.append(0)
    #expect {
      try ProofFormat.decode(bytes)
    } throws: {
      if case ProofFormatError.malformed = $0 { true } else { false }
    }
  }

  /// No honest proof comes near them.
  @Test func proofsAreWithinTheCounts() {
    for profile in Profile.allCases {
      let parameters = ProofParameters(profile: profile, isHiding: true)
      let tables =
        TableKind.allCases.count + UnitKind.allCases.count * (parameters.maximumInstances - 1)
      #expect(tables <= 64)
      #expect(parameters.queries <= 1 << 16)
    }
    let columns = MachineTables.all(blindRows: 1).reduce(0) { $0 + $1.columns.count }
    #expect(columns * 3 <= 1 << 16)
  }
}
