import AttackSupport
import Foundation
import Synchronization
import TestSupport
import Testing
import ZKVMAIR
import ZKVMAssembler
import ZKVMField
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// Attacks on privacy by somebody who guesses the witness, and distributions over many proofs. Each
/// attack fails against the real prover and succeeds as soon as its ingredient is left out.
@Suite(.serialized) struct HidingTests {
  private let parameters = ProofParameters(profile: .standard, isHiding: true)

  /// a and b are private, their sum is not.
  private func execution(_ a: Int64, _ b: Int64) throws -> Execution {
    try Interpreter.run(
      assemble(
        snippet:
          ".secret a: int\n.secret b: int\n.output s: int\nadd r, a, b\nmul p, a, b\nreveal s, r"
      ).program,
      ProgramInputs(publicInputs: [], secretInputs: [a, b], streams: []))
  }

  /// The same with digests and memory.
  private func hashingExecution(_ a: Int64, _ b: Int64) throws -> Execution {
    try Interpreter.run(
      assemble(
        snippet:
          """
          .secret a: int
          .secret b: int
          .array m: int, 2
          .output s: int
           add r, a, b
           mul p, a, b
           hash h, a, b
           store m, 1, a
           load x, m, 1
           reveal s, r
          """
      ).program,
      ProgramInputs(publicInputs: [], secretInputs: [a, b], streams: []))
  }

  private func prove(
    _ execution: Execution, without use: RandomUse? = nil,
    observer: (@Sendable (ExtensionMatrix) -> Void)? = nil
  ) throws -> Proof {
    var tampering = Tampering()
    if let use { tampering.withoutRandomness.insert(use) }
    tampering.chunksObserver = observer
    let proof = try Prover(parameters).prove(
      execution, trace: trace(execution, parameters), tampering)
    _ = try Verifier(program: execution.program).verify(proof)
    return proof
  }

  // MARK: Blind rows

  /// The opened values that a guessed trace without blind rows explains.
  private func explainedOpenings(_ proof: Proof, guess: Execution) -> Int {
    let challenges = Challenges(proof, guess.program)
    let layout = challenges.layout
    var explained = 0
    for (index, table) in trace(guess, parameters).tables.enumerated()
    where table.kind.unit != nil || table.kind == .ram {
      let point = layout.lifted(challenges.zeta, logHeight: table.logHeight)
      let root = Goldilocks.rootOfUnity(logOrder: table.logHeight)
      var weights: [CubicExtension] = []
      var power = Goldilocks.one
      for _ in 0..<table.height {
        weights.append(point - power)
        power *= root
      }
      invertAll(&weights)
      let factor =
        (point.power(UInt64(table.height)) - CubicExtension.one) * Goldilocks(table.height).inverse
      for column in 3..<table.main.columns {
        var value = CubicExtension.zero
        power = .one
        for row in 0..<table.height {
          value += weights[row] * (table.main[row, column] * power)
          power *= root
        }
        if value * factor == proof.openings[index].main[column] { explained += 1 }
      }
    }
    return explained
  }

  @Test func openingsDoNotConfirmAGuess() throws {
    for execution in [try execution(3, 4), try hashingExecution(3, 4)] {
      #expect(explainedOpenings(try prove(execution), guess: execution) == 0)
      #expect(explainedOpenings(try prove(execution, without: .blindRows), guess: execution) > 100)
    }
  }

  // MARK: Terminals

  /// The sum of a table's fractions for a guessed witness.
  private func fractionSum(_ kind: TableKind, _ proof: Proof, guess: Execution) -> CubicExtension {
    let challenges = Challenges(proof, guess.program)
    let table = trace(guess, parameters).table(kind)
    let code = MessageCode(table.table.messages)
    let evaluator = BlockEvaluator(code.code)
    evaluator.evaluate(main: table.main, fixed: table.fixed, auxiliary: nil, start: 0, next: { $0 })
    var total = CubicExtension.zero
    for row in 0..<table.activeRows {
      for (message, position) in zip(table.table.messages, code.multiplicities) {
        let values = message.values.indices.map { evaluator.output(position + 1 + $0)[row] }
        let fingerprint = ConstraintSystem.fingerprint(
          bus: message.bus, values, alpha: challenges.lookups.alpha,
          beta: challenges.lookups.beta)
        total += fingerprint.inverse * evaluator.output(position)[row]
      }
    }
    return total
  }

  /// Without blinds a table's terminal is a function of its contents: who guesses them sees it.
  @Test func terminalsDoNotConfirmAGuess() throws {
    let execution = try hashingExecution(3, 4)
    let kinds = MachineTables(program: execution.program, blindRows: 256).kinds
    for kind in [TableKind.control, .adder, .product, .port, .hash, .memory] {
      let index = kinds.firstIndex(of: kind)!
      let hidden = try prove(execution)
      #expect(fractionSum(kind, hidden, guess: execution) != hidden.terminals[index])
      let bare = try prove(execution, without: .terminals)
      #expect(fractionSum(kind, bare, guess: execution) == bare.terminals[index])
    }
  }

  // MARK: Mask, chunks, salts

  private func masks(_ proof: Proof) -> [CubicExtension] {
    let first = 3 * proof.parameters.quotientChunks
    return proof.quotientQueries.rows[0].map {
      CubicExtension(coordinates: $0[first...])
    }
  }

  @Test func theBatchIsMasked() throws {
    let execution = try execution(3, 4)
    let values = masks(try prove(execution))
    #expect(Set(values).count == values.count && !values.contains(.zero))
    #expect(masks(try prove(execution, without: .mask)).allSatisfy(\.isZero))
  }

  /// The overlaps of neighbouring chunks cancel in the quotient and are uniform in each.
  @Test func chunksOverlapAtRandom() throws {
    let execution = try execution(3, 4)
    let overlap = parameters.chunkOverlap
    func overlaps(without use: RandomUse?) throws -> [UInt64] {
      let found = Mutex<[UInt64]>([])
      _ = try prove(execution, without: use) { chunks in
        var values: [UInt64] = []
        for column in 0..<9 {
          for row in (chunks.rows - overlap)..<chunks.rows {
            values.append(chunks.base[row, column].value)
          }
        }
        found.withLock { $0 = values }
      }
      return found.withLock { $0 }
    }
    let values = try overlaps(without: nil)
    #expect(Set(values).count == 9 * overlap)
    #expect(isUniform(values))
    #expect(try overlaps(without: .chunks).allSatisfy { $0 == 0 })
  }

  @Test func leavesAreSalted() throws {
    let execution = try execution(3, 4)
    func salts(_ proof: Proof) -> [[UInt8]] {
      (proof.mainQueries.salts + proof.auxiliaryQueries.salts + proof.quotientQueries.salts)
        .flatMap { $0 }
    }
    let honest = salts(try prove(execution))
    #expect(Set(honest).count == honest.count)
    #expect(isUniform(honest.flatMap { $0.map { UInt64($0) << 56 } }))
    #expect(Set(salts(try prove(execution, without: .salts))).count == 1)
  }

  // MARK: Distributions

  /// χ² over sixteen bins of the highest bits: 15 degrees of freedom, 60 is beyond 1 in 10^6.
  private func isUniform(_ values: [UInt64]) -> Bool {
    var bins = [Double](repeating: 0, count: 16)
    for value in values { bins[Int(value >> 60)] += 1 }
    let expected = Double(values.count) / 16
    return bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected } < 60
  }

  private struct Sample {
    var openings: [UInt64] = []
    var rows: [UInt64] = []
    var terminals: [UInt64] = []
    var quotient: [UInt64] = []

    mutating func add(_ proof: Proof) {
      for opening in proof.openings {
        openings += (opening.main + opening.auxiliary).map(\.a.value)
      }
      // The rows of the smallest tables, of which many positions open the same few.
      for row in proof.mainQueries.rows.last! { rows += row.map(\.value) }
      terminals += proof.terminals.flatMap { $0.coordinates.map(\.value) }
      quotient += proof.quotientOpening.map(\.b.value)
    }
  }

  /// Many proofs of two witnesses with the same public values: everything that is opened is
  /// uniform for both, in tables of one row as in others.
  @Test func openedValuesOfTwoWitnessesAreUniform() throws {
    for (a, b) in [(3, 4), (-1_000_000, 1_000_007)] as [(Int64, Int64)] {
      var sample = Sample()
      for _ in 0..<12 { sample.add(try prove(execution(a, b))) }
      #expect(isUniform(sample.openings))
      #expect(isUniform(sample.rows))
      #expect(isUniform(sample.terminals))
      #expect(isUniform(sample.quotient))
    }
    var bare = Sample()
    for _ in 0..<3 { bare.add(try prove(execution(3, 4), without: .blindRows)) }
    #expect(!isUniform(bare.rows))
  }

  /// The first coefficients of the mask that a prover draws whose operating system always gives it
  /// the same.
  private func drawn(
    _ execution: Execution, _ profile: Profile = .standard, taller: Bool = false
  ) throws -> [Goldilocks] {
    let parameters = ProofParameters(profile: profile, isHiding: true)
    let machine = MachineTables(program: execution.program, blindRows: parameters.blindRows)
    // Heights that are enough for every profile, so that they are the same for all.
    let sizes = MachineTables(program: execution.program, blindRows: 512).sizes(
      program: execution.program, rows: execution.rowCounts, maximumInstances: 1
    ).map { TableSize($0.kind, logHeight: $0.logHeight + (taller && $0.kind == .adder ? 1 : 0)) }
    let found = Mutex<[Goldilocks]>([])
    var tampering = Tampering()
    tampering.fixedEntropy = [1, 2, 3, 4, 5, 6, 7, 8]
    tampering.chunksObserver = { chunks in
      found.withLock { $0 = (0..<64).map { chunks.base[$0, chunks.base.columns - 1] } }
    }
    _ = try Prover(parameters).prove(
      execution, trace: Trace(execution, machine: machine, sizes: sizes), tampering)
    return found.withLock { $0 }
  }

  /// A generator that repeats itself repeats nothing but the proof of one run with one shape: every
  /// secret, the blinds of commitments above all, and the shape are in the hedge.
  @Test func theHedgeDependsOnEverySecretAndTheShape() throws {
    let program = try assemble(
      snippet: """
        .public limit: int
        .secret a: int
        .secret blind: digest
        .stream rows { value: int }
        .output id: int
         compress c, blind, blind
         read rows
         mul p, a, rows.value
         assert_lt p, limit
         reveal id, limit
        """
    ).program
    func run(_ limit: Int64, _ a: Int64, blind: Int64, _ value: Int64) throws -> Execution {
      try Interpreter.run(
        program,
        ProgramInputs(
          publicInputs: [limit], secretInputs: [a, 1, 2, 3, blind], streams: [[[value]]]))
    }
    let base = try run(1000, 5, blind: 4, 6)
    let reference = try drawn(base)
    #expect(try drawn(base) == reference)
    for other in [
      try run(1001, 5, blind: 4, 6), try run(1000, 6, blind: 4, 6),
      try run(1000, 5, blind: 5, 6), try run(1000, 5, blind: 4, 7),
    ] {
      #expect(Set(try drawn(other)).isDisjoint(with: reference))
    }
    #expect(Set(try drawn(base, .fast)).isDisjoint(with: reference))
    #expect(Set(try drawn(base, taller: true)).isDisjoint(with: reference))
  }

  /// Two proofs of one run share nothing that depends on the witness.
  @Test func randomnessIsFresh() throws {
    let execution = try execution(3, 4)
    let first = try prove(execution)
    let second = try prove(execution)
    #expect(first.mainRoot != second.mainRoot)
    #expect(Set(masks(first)).isDisjoint(with: masks(second)))
    #expect(zip(first.terminals, second.terminals).allSatisfy { $0 != $1 })
    let firstRows = Set(first.mainQueries.rows.last!.flatMap { $0 })
    #expect(firstRows.isDisjoint(with: second.mainQueries.rows.last!.flatMap { $0 }))
  }
}
