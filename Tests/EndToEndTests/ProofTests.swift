import AttackSupport
import Foundation
import TestSupport
import Testing
import ZKVMAlgebraicHash
import ZKVMAssembler
import ZKVMField
import ZKVMFixedPoint
import ZKVMHashing
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMVerifierReport
import ZKVMWitness

@Suite struct ProofTests {
  private func verified(_ execution: Execution, _ profile: Profile) throws -> Verdict {
    let proof = try Prover(ProofParameters(profile: profile, isHiding: true)).prove(execution)
    return try Verifier(program: execution.program).verify(ProofFormat.encode(proof))
  }

  @Test(arguments: Profile.allCases, [true, false])
  func everyInstructionProves(profile: Profile, hiding: Bool) throws {
    let parameters = ProofParameters(profile: profile, isHiding: hiding)
    let execution = try Samples.everyInstructionExecution()
    let proof = ProofFormat.encode(try Prover(parameters).prove(execution))
    let verdict = try Verifier(program: execution.program).verify(proof)
    #expect(verdict.outputs == execution.outputs)
    #expect(verdict.publicInputs == execution.publicInputs)
    #expect(verdict.securityBits == 128)
    #expect(verdict.isZeroKnowledge == hiding)
    // One proof's size differs from the mean by a few percent, as its queries share paths.
    let predicted = ProofEstimate(execution, parameters: parameters).proofSize
    #expect(abs(predicted - proof.count) < proof.count / 12, "\(predicted) \(proof.count)")
  }

  private func book(_ positions: Int) throws -> Execution {
    var generator = SeededGenerator(seed: 42)
    let today: Int64 = 20_000
    let marks = (0..<50).map { row -> [Int64] in
      [
        Int64.random(in: (30 << 32)...(120 << 32), using: &generator),
        today + 91 + 20 * Int64(row), Int64.random(in: (1 << 44)...(1 << 48), using: &generator),
      ]
    }
    let held = (0..<positions).map { _ -> (sealed: [Int64], mark: Int64) in
      let row = Int.random(in: 0..<marks.count, using: &generator)
      return (
        [
          Int64.random(in: -500...500, using: &generator),
          Int64.random(in: 0...1, using: &generator), marks[row][0], marks[row][1],
        ], Int64(row)
      )
    }
    func chain(_ records: [[Int64]]) -> Digest {
      records.reduce(Digest.hash([Int64(records.count)])) { .compress($0, .hash($1)) }
    }
    let blind = Digest([1, 2, 3, 4])
    return try Interpreter.run(
      try assemble(file: "Programs/book/book.zkasm"),
      ProgramInputs(
        publicInputs: [today] + chain(marks).words
          + [word("60", .q32), word("0.03", .q48)]
          + (0..<4).flatMap { _ in [word("-100000000", .q32), word("100000000", .q32)] }
          + Digest.compress(chain(held.map { $0.sealed }), blind).words,
        secretInputs: blind.words, streams: [marks, held.map { $0.sealed + [$0.mark] }]))
  }

  @Test(arguments: [0, 1, 2000]) func booksProve(positions: Int) throws {
    let execution = try book(positions)
    #expect(try verified(execution, .standard).outputs == [1])
  }

  /// The tables depend on the program, not on the run: a book of 0 and of 5 look alike.
  @Test func heightsHideSmallCounts() throws {
    let none = ProofEstimate(
      try book(0), parameters: ProofParameters(profile: .standard, isHiding: true))
    let some = ProofEstimate(
      try book(5), parameters: ProofParameters(profile: .standard, isHiding: true))
    #expect(none.layout.tables == some.layout.tables)
  }

  @Test func twoProofsOfOneRunDiffer() throws {
    let execution = try Samples.tinyExecution()
    let prover = Prover(ProofParameters(profile: .standard, isHiding: true))
    let first = try prover.prove(execution)
    let second = try prover.prove(execution)
    #expect(first.mainRoot != second.mainRoot)
    #expect(first.terminals != second.terminals)
    #expect(first.openings != second.openings)
  }

  /// With the operating system's randomness fixed, a proof is a function of the run: neither its
  /// bytes nor what is drawn may change unless the protocol does.
  @Test(arguments: [
    (Profile.fast, true, "da9ac86a47dc487fa8aaf01c756fc7d5eac87e259a0b6c4df786efa01349b38c"),
    (.fast, false, "0f89db7b1d5daaf6dadbf33c226dc6fa3f6110299914320c2cfe209c3b45da13"),
    (.standard, true, "489918b0c99f466c638b908bd7c9a2c8b58e02551a1c0c1ceb8896388ec477fa"),
    (.standard, false, "c0381acefaa423c24c398570762ce95c10bfe05cb7a3a4f3801ae006c2e1af31"),
    (.smallest, true, "a7fe0712bbbafa737ce49b9757f37cc7214f1635eacddc2d6fcc014fbd28f727"),
    (.smallest, false, "1cc1b631b05ee8b041c3ad2aada715df91ff20d36f805f3ceb07bab72ba7fb35"),
  ])
  func proofsOfFixedRandomnessAreFrozen(
    profile: Profile, hiding: Bool, expected: String
  ) throws {
    let parameters = ProofParameters(profile: profile, isHiding: hiding)
    let execution = try Samples.everyInstructionExecution()
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    var tampering = Tampering()
    tampering.fixedEntropy = [1, 2, 3, 4, 5, 6, 7, 8]
    let proof = try Prover(parameters).prove(
      execution,
      trace: Trace(execution, machine: machine, maximumInstances: parameters.maximumInstances),
      tampering)
    #expect(BLAKE3.hash(ProofFormat.encode(proof)).description == expected)
  }

  /// Programs at the lower end: no Given cell, no output, nothing at all, a load in the first cell.
  @Test(arguments: [
    (".secret a: int\n.secret b: int\n.output r: int\nmin x, a, b\nreveal r, x", [-7, 4], [-7]),
    (".secret a: int\n.output r: int\njump next\nnext:\nmin x, a, a\nreveal r, a", [5], [5]),
    (
      """
      .stream rows { a: int }
      .output seen: int
      .array cells: int, 4
          count left, rows
          load  first, cells, left
      next:
          add   left, left, first
          reveal seen, left
      """, [], [0]
    ),
  ])
  func smallProgramsProve(source: String, secrets: [Int], outputs: [Int]) throws {
    let program = try assemble(snippet: source).program
    let execution = try Interpreter.run(
      program,
      ProgramInputs(
        publicInputs: [], secretInputs: secrets.map { Int64($0) },
        streams: program.interface.streams.map { _ in [] }))
    #expect(try verified(execution, .standard).outputs == outputs.map { Int64($0) })
  }

  /// Proofs made by an earlier build: what is frozen has not moved.
  @Test(arguments: [
    ("tiny", "tiny", true), ("tiny-fast-plain", "tiny", false),
    ("black-scholes", "black-scholes", true),
  ])
  func goldenProofsVerify(proof: String, program: String, hiding: Bool) throws {
    func read(_ name: String) throws -> [UInt8] {
      Array(try Data(contentsOf: repository.appendingPathComponent("Tests/Golden/\(name)")))
    }
    let verdict = try Verifier(program: Bytecode.decode(read("\(program).bytecode"))).verify(
      read("\(proof).proof"))
    #expect(verdict.securityBits == 128 && verdict.isZeroKnowledge == hiding)
  }

  /// The fuzzer's honest proof, stored without its checksum, is of the present format: else fuzzing
  /// would end at the version.
  @Test func fuzzingStartsFromAProof() throws {
    let path = repository.appendingPathComponent("Tests/Fuzz/Corpus/Proof/whole")
    let bytes = Array(try Data(contentsOf: path))
    var writer = ByteWriter()
    writer.raw(bytes)
    writer.integer(xxh3(bytes))
    #expect(try ProofFormat.decode(writer.bytes).outputs == [42])
  }

  @Test func encodingIsCanonical() throws {
    let proof = try Prover(ProofParameters(profile: .standard, isHiding: true)).prove(
      Samples.tinyExecution())
    let bytes = ProofFormat.encode(proof)
    #expect(try ProofFormat.decode(bytes) == proof)
    #expect(try ProofFormat.encode(ProofFormat.decode(bytes)) == bytes)
  }

  /// A trace with a changed cell makes no proof, and a prover that goes on regardless is refused.
  @Test func invalidTracesMakeNoProof() throws {
    let execution = try Samples.tinyExecution()
    let parameters = ProofParameters(profile: .standard, isHiding: true)
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    let trace = Trace(execution, machine: machine)
    let adder = trace.tables.first { $0.kind == .adder }!
    adder.main[0, adder.table.columns.firstIndex { $0.name == "result_0" }!] += 1
    #expect(throws: ProverError.self) {
      try Prover(parameters).prove(execution, trace: trace)
    }
    let forged = try Prover(parameters).prove(
      execution, trace: trace, Tampering.ignoringInvalidity)
    #expect(throws: VerificationError.self) {
      try Verifier(program: execution.program).verify(forged)
    }
  }
}

/// Prices and Greeks against mpmath at fifty digits, within the bounds that Spec/Pricing.md derives.
