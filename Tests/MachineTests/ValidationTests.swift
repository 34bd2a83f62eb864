import TestSupport
import Testing
import ZKVMAssembler
import ZKVMFixedPoint
import ZKVMHashing
import ZKVMMachine

/// Hostile bytecode, named by what it tries.
@Suite struct ValidationTests {
  private func program(
    _ instructions: [Instruction], _ blocks: [Block], constants: [Int64] = [7],
    outputs: [NamedFormat] = [], secrets: [NamedFormat] = [NamedFormat("s", .int)]
  ) throws(InvalidProgram) -> Program {
    try Program(
      interface: Interface(
        name: "hostile", publicInputs: [], secretInputs: secrets, streams: [], outputs: outputs),
      constants: constants, blocks: blocks, instructions: instructions, source: .empty)
  }

  private func refuses(
    _ instructions: [Instruction], _ blocks: [Block], constants: [Int64] = [7],
    _ matches: (InvalidProgram.Reason) -> Bool
  ) -> Bool {
    do throws(InvalidProgram) {
      _ = try program(instructions, blocks, constants: constants)
      return false
    } catch {
      return matches(error.reason)
    }
  }

  private func isDoubleWrite(_ reason: InvalidProgram.Reason) -> Bool {
    if case .doubleWrite = reason { true } else { false }
  }
  private func isUndefinedRead(_ reason: InvalidProgram.Reason) -> Bool {
    if case .undefinedRead = reason { true } else { false }
  }
  private func isControlFlow(_ reason: InvalidProgram.Reason) -> Bool {
    if case .controlFlow = reason { true } else { false }
  }
  private func isLayout(_ reason: InvalidProgram.Reason) -> Bool {
    if case .blockLayout = reason { true } else { false }
  }
  private func isOperand(_ reason: InvalidProgram.Reason) -> Bool {
    if case .operand = reason { true } else { false }
  }
  private func isLimit(_ reason: InvalidProgram.Reason) -> Bool {
    if case .limit = reason { true } else { false }
  }

  private func secret(_ slot: Int) -> Instruction {
    Instruction(.secret, [.none, .none, .none, .frame(slot)])
  }
  private func move(_ from: Cell, _ to: Int) -> Instruction {
    Instruction(.move, [from, .none, .none, .frame(to)])
  }

  // MARK: Digests and memory

  private func digestProgram(
    _ instructions: [Instruction], _ blocks: [Block], arrays: [ArrayShape] = []
  ) throws(InvalidProgram) -> Program {
    try Program(
      interface: Interface(
        name: "hostile", publicInputs: [NamedFormat("root", .digest)],
        secretInputs: [NamedFormat("s", .int), NamedFormat("d", .digest)], streams: [],
        outputs: [NamedFormat("o", .int), NamedFormat("p", .digest)]),
      constants: [7], blocks: blocks, instructions: instructions, arrays: arrays, source: .empty)
  }

  /// Why a program is refused, by the case's name; `nil` if it is accepted.
  private func reason(
    _ instructions: [Instruction], _ blocks: [Block], arrays: [ArrayShape] = []
  ) -> String? {
    do throws(InvalidProgram) {
      _ = try digestProgram(instructions, blocks, arrays: arrays)
      return nil
    } catch {
      return String("\(error.reason)".prefix { $0 != "(" })
    }
  }

  /// A field element where a limb is expected would let the prover choose a sum.
  @Test func digestsTakenForWords() {
    let digest = Instruction(.secretDigest, [.none, .none, .none, .frame(0)], extra: 1)
    func one(_ first: Instruction, _ second: Instruction) -> String? {
      reason([first, second, .halt(end: 3)], [Block(start: 0, incoming: 0, size: 3)])
    }
    #expect(
      one(digest, Instruction(.add, [.frame(0), .absolute(0), .none, .frame(1)])) == "cellKind")
    #expect(
      one(digest, Instruction(.add, [.absolute(1), .absolute(0), .none, .frame(1)])) == "cellKind")
    #expect(
      one(digest, Instruction(.add, [.absolute(2), .absolute(0), .none, .frame(1)])) == "cellKind")
    #expect(one(digest, move(.frame(0), 1)) == "cellKind")
    #expect(one(digest, Instruction(.move, [.frame(0), .none, .none, .frame(1)], extra: 1)) == nil)
    #expect(
      one(digest, Instruction(.move, [.frame(0), .none, .none, .frame(1)], extra: 2)) == "operand")
    #expect(
      one(secret(0), Instruction(.move, [.frame(0), .none, .none, .frame(1)], extra: 1))
        == "cellKind")
    #expect(one(digest, Instruction(.reveal, [.frame(0)])) == "cellKind")
    #expect(one(digest, Instruction(.reveal, [.frame(0)], extra: 1)) == nil)
    #expect(one(secret(0), Instruction(.reveal, [.frame(0)], extra: 1)) == "cellKind")
    #expect(one(secret(0), Instruction(.assertSame, [.frame(0), .absolute(1)])) == "cellKind")
    #expect(
      one(digest, Instruction(.merkle, [.frame(0), .absolute(1), .frame(0), .frame(1)]))
        == "cellKind")
    // A digest's channel gives no word, and the other way round.
    #expect(
      one(Instruction(.secret, [.none, .none, .none, .frame(0)], extra: 1), secret(1)) == "operand")
    #expect(
      one(Instruction(.secretDigest, [.none, .none, .none, .frame(0)]), secret(1)) == "operand")
  }

  @Test func digestsTakenForWordsAcrossEdges() {
    func loop(_ first: Instruction, _ second: Instruction) -> String? {
      reason(
        [
          first, .jump(to: 2, size: 1),
          Instruction(.add, [.frame(0), .absolute(0), .none, .frame(1)]),
          second, .jump(to: 2, size: 2),
        ], [Block(start: 0, incoming: 0, size: 1), Block(start: 2, incoming: 1, size: 2)])
    }
    let word = Instruction(.secret, [.none, .none, .none, .frame(1)])
    let digest = Instruction(.secretDigest, [.none, .none, .none, .frame(1)], extra: 1)
    let next = Instruction(.move, [.frame(1), .none, .none, .frame(2)])
    #expect(loop(word, next) == nil)
    #expect(loop(digest, next) == "cellKind")
    #expect(
      loop(word, Instruction(.secretDigest, [.none, .none, .none, .frame(2)], extra: 1))
        == "cellKind")
  }

  @Test func memoryOutsideTheRules() {
    let words = [ArrayShape(length: 5, isDigest: false), ArrayShape(length: 2, isDigest: true)]
    func load(first: Int, length: Int, to slot: Int = 0, arrays: [ArrayShape]? = nil) -> String? {
      reason(
        [
          Instruction(
            .load, [.none, .absolute(0), .absolute(length), .frame(slot)], extra: first),
          Instruction(.add, [.frame(slot), .absolute(0), .none, .frame(1)]), .jump(to: 3, size: 2),
          .halt(end: 4),
        ], [Block(start: 0, incoming: 0, size: 2), Block(start: 3, incoming: 1, size: 1)],
        arrays: arrays ?? words)
    }
    #expect(load(first: 0, length: 5) == nil)
    #expect(load(first: 0, length: 7) == "operand", "a length that reaches into the next array")
    #expect(load(first: 1, length: 4) == "operand")
    #expect(load(first: 7, length: 1) == "operand")
    #expect(load(first: 5, length: 2) == "cellKind", "a digest's array")
    #expect(load(first: 0, length: 5, to: 2) == "operand", "a time in the next frame")
    #expect(
      load(first: 0, length: 0, arrays: [ArrayShape(length: 0, isDigest: false)]) == "encoding")
    #expect(
      load(first: 0, length: 1 << 21, arrays: [ArrayShape(length: 1 << 21, isDigest: false)])
        == "limit")
    #expect(
      load(
        first: 0, length: 5,
        arrays: words + Array(repeating: ArrayShape(length: 1 << 15, isDigest: true), count: 40))
        == "limit")
  }

  @Test func hashImmediatesOutOfRange() {
    func one(_ instruction: Instruction) -> String? {
      reason([instruction, .halt(end: 2)], [Block(start: 0, incoming: 0, size: 1)])
    }
    let zero = Cell.absolute(0)
    func hash(_ words: Int) -> Instruction {
      Instruction(.hashStart, [.none, zero, zero, .frame(0), zero, zero], extra: words)
    }
    #expect(one(hash(1)) == nil)
    #expect(one(hash(0)) == "operand")
    #expect(one(hash(65537)) == "operand")
    func squeeze(_ element: Int) -> Instruction {
      Instruction(.squeeze, [.absolute(1), .none, .none, .frame(0)], extra: element)
    }
    #expect(one(squeeze(3)) == nil)
    #expect(one(squeeze(4)) == "operand")
  }

  @Test func twoWritesOfOneCell() {
    #expect(
      refuses(
        [secret(0), secret(0), .halt(end: 3)], [Block(start: 0, incoming: 0, size: 1)],
        isDoubleWrite))
  }

  @Test func writesOutOfOrder() {
    #expect(
      refuses(
        [secret(1), secret(0), .halt(end: 3)], [Block(start: 0, incoming: 0, size: 2)],
        isDoubleWrite))
  }

  @Test func readBeforeWrite() {
    #expect(
      refuses(
        [move(.frame(1), 0), .halt(end: 2)], [Block(start: 0, incoming: 0, size: 2)],
        isUndefinedRead))
    #expect(
      refuses(
        [move(.frame(0), 0), .halt(end: 2)], [Block(start: 0, incoming: 0, size: 1)],
        isUndefinedRead))
    #expect(
      refuses(
        [move(.absolute(1), 0), .halt(end: 2)], [Block(start: 0, incoming: 0, size: 1)],
        isUndefinedRead))
  }

  /// x = f(y); y = g(x).
  @Test func circularReads() {
    #expect(
      refuses(
        [move(.frame(1), 0), move(.frame(0), 1), .halt(end: 3)],
        [Block(start: 0, incoming: 0, size: 2)], isUndefinedRead))
  }

  @Test func frameOfSizeZero() {
    #expect(refuses([.halt(end: 1)], [Block(start: 0, incoming: 0, size: 0)], isLayout))
    // Would run the loop in place, on the same cells.
    #expect(
      refuses(
        [.jump(to: 1, size: 1), .jump(to: 1, size: 0)],
        [Block(start: 0, incoming: 0, size: 1), Block(start: 1, incoming: 0, size: 0)], isLayout))
  }

  /// The frame pointer would advance by less than the block's own slots.
  @Test func jumpWithAnotherFrameSize() {
    #expect(
      refuses(
        [secret(0), secret(1), .jump(to: 3, size: 1), secret(0), .halt(end: 5)],
        [Block(start: 0, incoming: 0, size: 2), Block(start: 3, incoming: 0, size: 1)], isOperand))
  }

  /// A branch not taken leaves an incoming slot without a value.
  @Test func edgeThatWritesTooLittle() {
    #expect(
      refuses(
        [
          secret(0), .branch(.frame(0), 2, 4, size: 1), secret(1), .jump(to: 4, size: 2),
          move(.frame(0), 1), .halt(end: 6),
        ],
        [
          Block(start: 0, incoming: 0, size: 1), Block(start: 2, incoming: 1, size: 2),
          Block(start: 4, incoming: 1, size: 2),
        ],
        isUndefinedRead))
  }

  /// The next frame's slot 1 is its owner's to write.
  @Test func writeIntoTheNextBlocksOwnSlot() {
    #expect(
      refuses(
        [secret(2), .jump(to: 2, size: 1), secret(1), .halt(end: 4)],
        [Block(start: 0, incoming: 0, size: 1), Block(start: 2, incoming: 1, size: 2)],
        isDoubleWrite))
  }

  @Test func writeIntoAnIncomingSlot() {
    #expect(
      refuses(
        [secret(1), .jump(to: 2, size: 1), secret(0), .halt(end: 4)],
        [Block(start: 0, incoming: 0, size: 1), Block(start: 2, incoming: 1, size: 1)],
        isDoubleWrite))
  }

  @Test func jumpIntoTheMiddleOfABlock() {
    #expect(
      refuses(
        [secret(0), .jump(to: 3, size: 1), secret(0), secret(1), .halt(end: 5)],
        [Block(start: 0, incoming: 0, size: 1), Block(start: 2, incoming: 0, size: 2)],
        isControlFlow))
  }

  @Test func jumpOutsideOrToTheEntry() {
    for target in [0, 2, 9] {
      #expect(
        refuses(
          [secret(0), .jump(to: target, size: 1)], [Block(start: 0, incoming: 0, size: 1)],
          isControlFlow))
    }
  }

  @Test func fallingOffTheEnd() {
    #expect(refuses([secret(0)], [Block(start: 0, incoming: 0, size: 1)], isControlFlow))
    #expect(
      refuses([.halt(end: 2), secret(0)], [Block(start: 0, incoming: 0, size: 1)], isControlFlow))
  }

  @Test func haltThatIsNotTheEnd() {
    #expect(refuses([.halt(end: 0)], [Block(start: 0, incoming: 0, size: 1)], isOperand))
  }

  @Test func unusedSlotsAndImmediates() {
    let block = [Block(start: 0, incoming: 0, size: 1)]
    #expect(
      refuses(
        [Instruction(.secret, [.frame(0), .none, .none, .frame(0)]), .halt(end: 2)], block,
        isOperand))
    #expect(
      refuses(
        [Instruction(.secret, [.none, .none, .none, .frame(0)], extra: 5), .halt(end: 2)], block,
        isOperand))
    #expect(
      refuses(
        [Instruction(.secret, [.none, .none, .none, .absolute(0)]), .halt(end: 2)], block, isOperand
      ))
    let zero = Cell.absolute(0)
    #expect(
      refuses(
        [Instruction(.mulNearest, [zero, zero, zero, .frame(0)], extra: 0), .halt(end: 2)], block,
        isOperand))
    #expect(
      refuses(
        [Instruction(.mulFloor, [zero, zero, zero, .frame(0)], extra: 5), .halt(end: 2)], block,
        isOperand))
    #expect(refuses([Instruction(.reveal, [zero], extra: 0), .halt(end: 2)], block, isOperand))
  }

  @Test func hugeFrame() {
    #expect(
      refuses([.halt(end: 1)], [Block(start: 0, incoming: 0, size: Limits.frameSize + 1)], isLayout)
    )
  }

  @Test func constantThatIsNoWord() {
    #expect(
      refuses([.halt(end: 1)], [Block(start: 0, incoming: 0, size: 1)], constants: [.max]) {
        if case .encoding = $0 { true } else { false }
      })
    #expect(
      refuses(
        [.halt(end: 1)], [Block(start: 0, incoming: 0, size: 1)],
        constants: Array(repeating: 0, count: Limits.constants + 1), isLimit))
  }

  // MARK: Bytecode

  @Test func bytecodeRoundTrips() throws {
    let program = try Assembler.assemble(Samples.everyInstruction).program
    let bytes = Bytecode.encode(program)
    #expect(try Bytecode.decode(bytes) == program)
    #expect(try Bytecode.decode(bytes).digest == program.digest)
  }

  @Test func bytecodeHasALimit() {
    let limit = FileKind.program.limit
    let bytes = Bytecode.magic + Array(repeating: 0, count: limit - 3)
    #expect(
      throws: BytecodeError.malformed(
        DecodingError(offset: limit, reason: "\(limit + 1) bytes, at most \(limit) are allowed"))
    ) { try Bytecode.decode(bytes) }
    do throws(BytecodeError) {
      _ = try Bytecode.decode(Array(bytes.dropLast()))
      Issue.record("expected an error")
    } catch {
      if case .corrupted = error {} else { Issue.record("\(error)") }
    }
  }

  @Test func everyFlippedByteIsCorruption() throws {
    let bytes = Bytecode.encode(try Assembler.assemble(Samples.tiny).program)
    for index in bytes.indices.dropFirst(4) {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      #expect(throws: BytecodeError.self) { try Bytecode.decode(damaged) }
      do throws(BytecodeError) {
        _ = try Bytecode.decode(damaged)
      } catch {
        if case .corrupted = error {} else { Issue.record("\(index): \(error)") }
      }
    }
  }

  /// With the checksum made good, changed and truncated files are refused with a reason or are
  /// another valid program; nothing traps.
  @Test func hostileBytecodeNeverTraps() throws {
    let program = try Assembler.assemble(Samples.everyInstruction).program
    let body = Array(Bytecode.encode(program).dropLast(8))
    func sealed(_ bytes: [UInt8]) -> [UInt8] {
      var writer = ByteWriter()
      writer.raw(bytes)
      writer.integer(xxh3(bytes))
      return writer.bytes
    }
    for count in stride(from: 0, to: body.count, by: 7) {
      #expect(throws: BytecodeError.self) { try Bytecode.decode(sealed(Array(body[..<count]))) }
    }
    #expect(throws: BytecodeError.self) { try Bytecode.decode(sealed(body + [0])) }
    var generator = SeededGenerator(seed: 21)
    for round in 0..<20_000 {
      var bytes = body
      for _ in 0...(round % 3) {
        let index = Int.random(in: 4..<bytes.count, using: &generator)
        bytes[index] =
          round % 2 == 0 ? UInt8.random(in: 0...255, using: &generator) : bytes[index] ^ 0x80
      }
      _ = try? Bytecode.decode(sealed(bytes))
    }
  }

  /// Numbers that are in every digest and fingerprint.
  @Test func frozenNumbers() {
    #expect(Buses.all.map(\.number) == Array(1...9))
    #expect(TableKind.allCases.map(\.rawValue) == Array(0...12))
    #expect(
      Opcode.allCases.map { "\($0.rawValue) \($0.mnemonic)" } == [
        "1 jump", "2 branch", "3 halt", "8 secret", "9 reveal", "10 move",
        "11 secret_digest", "16 add", "17 sub",
        "18 lt", "19 ge", "20 min", "21 max", "22 pos", "23 abs", "24 eq", "25 ne", "26 select",
        "27 assert_lt", "28 assert_ge", "29 assert_eq", "30 assert_ne", "32 mul", "33 mul.floor",
        "34 mul.ceil", "36 div", "37 div.floor", "38 div.ceil", "40 sqrt", "41 sqrt.floor",
        "42 sqrt.ceil", "48 exp", "49 ln", "50 cdf", "51 pdf", "52 icdf", "53 erfcx",
        "64 hash_start", "65 hash_next", "66 merkle", "67 assert_same", "68 squeeze", "72 load",
        "73 store",
      ])
  }
}
