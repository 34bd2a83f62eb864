import AttackSupport
import Dispatch
import Foundation
import TestSupport
import Testing
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

/// Changes to an honest proof: each refused, with the reason that fits, and nothing traps.
@Suite struct TamperingTests {
  private static let execution = try! Samples.tinyExecution()
  private static let honest = try! Prover(
    ProofParameters(profile: .compact, isHiding: true)
  ).prove(execution)

  private func refusal(_ proof: Proof) -> VerificationError? {
    do throws(VerificationError) {
      _ = try Verifier(program: TamperingTests.execution.program).verify(proof)
      return nil
    } catch {
      return error
    }
  }

  private func refusal(_ change: (inout Proof) -> Void) -> VerificationError? {
    var proof = TamperingTests.honest
    change(&proof)
    return refusal(proof)
  }

  @Test func honestProofIsAccepted() throws {
    #expect(refusal(TamperingTests.honest) == nil)
  }

  @Test func everyFlippedByteIsCorruption() {
    let bytes = ProofFormat.encode(TamperingTests.honest)
    nonisolated(unsafe) var wrong: [Int] = []
    let lock = NSLock()
    DispatchQueue.concurrentPerform(iterations: 64) { part in
      var damaged = bytes
      for index in stride(from: part, to: bytes.count, by: 64) {
        damaged[index] ^= 1 << UInt8(index % 8)
        do throws(ProofFormatError) {
          _ = try ProofFormat.decode(damaged)
          lock.withLock { wrong.append(index) }
        } catch {
          let isExpected =
            switch error {
            case .notAProof: index < 4
            case .corrupted: index >= 4
            default: false
            }
          if !isExpected { lock.withLock { wrong.append(index) } }
        }
        damaged[index] ^= 1 << UInt8(index % 8)
      }
    }
    #expect(wrong.isEmpty)
  }

  /// The same with the checksum made good: every byte up to the queries, and a sample of those.
  @Test func everyFlippedByteUnderAGoodChecksumIsRefused() {
    let body = Array(ProofFormat.encode(TamperingTests.honest).dropLast(8))
    var headless = TamperingTests.honest
    let none = MerkleOpening(rows: [], salts: [], siblings: [])
    headless.mainQueries = none
    headless.auxiliaryQueries = none
    headless.quotientQueries = none
    headless.friQueries = []
    let beforeQueries = ProofFormat.encode(headless).count - 8 - 28
    let verifier = Verifier(program: TamperingTests.execution.program)
    let indices =
      Array(4..<beforeQueries) + Array(stride(from: beforeQueries, to: body.count, by: 29))
    nonisolated(unsafe) var accepted: [Int] = []
    let lock = NSLock()
    DispatchQueue.concurrentPerform(iterations: 32) { part in
      for position in stride(from: part, to: indices.count, by: 32) {
        let index = indices[position]
        var damaged = body
        damaged[index] ^= 1 << UInt8(index % 8)
        var writer = ByteWriter()
        writer.raw(damaged)
        writer.integer(xxh3(damaged))
        if (try? verifier.verify(writer.bytes)) != nil { lock.withLock { accepted.append(index) } }
      }
    }
    #expect(accepted.isEmpty)
  }

  @Test func truncatedAndExtendedProofs() {
    let body = Array(ProofFormat.encode(TamperingTests.honest).dropLast(8))
    func sealed(_ bytes: [UInt8]) -> [UInt8] {
      var writer = ByteWriter()
      writer.raw(bytes)
      writer.integer(xxh3(bytes))
      return writer.bytes
    }
    for count in stride(from: 0, to: body.count, by: 211) {
      #expect(throws: ProofFormatError.self) {
        try ProofFormat.decode(sealed(Array(body[..<count])))
      }
    }
    #expect(throws: ProofFormatError.self) { try ProofFormat.decode(sealed(body + [0])) }
    #expect(throws: ProofFormatError.self) { try ProofFormat.decode([]) }
  }

  @Test func publicValues() {
    #expect(refusal { $0.outputs[0] += 1 } == .unbalancedBuses)
    #expect(refusal { $0.publicInputs[0] += 1 } != nil)
    #expect(refusal { $0.outputs.append(0) } == .outputCount(expected: 1, found: 2))
    #expect(refusal { $0.publicInputs = [] } == .publicInputCount(expected: 1, found: 0))
    #expect(refusal { $0.outputs[0] = .max } == .notAWord(name: "y"))
    #expect(
      throws: VerificationError.publicInputMismatch(name: "limit", expected: "99", found: "100")
    ) {
      try Verifier(program: TamperingTests.execution.program).verify(
        TamperingTests.honest, publicInputs: .all([99]))
    }
  }

  @Test func anotherProgram() throws {
    let other = try Assembler.assemble(Samples.tiny.replacing("add y1, x, 1", with: "add y1, x, 2"))
      .program
    #expect {
      try Verifier(program: other).verify(TamperingTests.honest)
    } throws: {
      if case .wrongProgram? = $0 as? VerificationError { true } else { false }
    }
    // Claiming to be that program does not help.
    var claimed = TamperingTests.honest
    claimed.programDigest = other.digest
    #expect(throws: VerificationError.self) { try Verifier(program: other).verify(claimed) }
  }

  @Test func tables() {
    func resize(_ index: Int, _ change: (Int) -> Int) -> VerificationError? {
      refusal {
        let old = $0.tables[index]
        $0.tables[index] = TableSize(old.kind, logHeight: change(old.logHeight))
      }
    }
    let names = TamperingTests.honest.tables.map { "\($0.kind)" }
    #expect(
      refusal { $0.tables.removeLast() }
        == .tables(expected: names, found: Array(names.dropLast())))
    #expect(
      refusal { $0.tables.swapAt(0, 1) }
        == .tables(expected: names, found: [names[1], names[0]] + names[2...]))
    #expect(refusal { $0.tables.append($0.tables[5]) } == .repeatedTable("limbs"))
    #expect(refusal { $0.tables.insert($0.tables[0], at: 0) } == .instanceOrder("control"))
    #expect(
      resize(0) { _ in 0 }
        == .tableHeight(table: "Control", expected: "2^8 … 2^26", found: 0))
    #expect(
      resize(0) { _ in 255 }
        == .tableHeight(table: "Control", expected: "2^8 … 2^26", found: 255))
    #expect(
      resize(5) { _ in 14 } == .tableHeight(table: "Limbs", expected: "2^13", found: 14)
    )
    #expect(resize(0) { $0 + 1 } != nil)
    #expect(refusal { $0.openings.swapAt(0, 1) } != nil)
    #expect(
      refusal { $0.openings.append($0.openings[0]) }
        == .shape(what: "opened tables", expected: 6, found: 7))
    #expect(refusal { $0.openings[1] = $0.openings[2] } != nil)
    #expect(
      refusal { $0.terminals.removeLast() } == .shape(what: "terminals", expected: 6, found: 5))
  }

  /// What judges a proof without its commitments, as `zkvm security` does, refuses for the same reasons
  /// as the verifier.
  @Test func layoutsAreJudgedAlike() throws {
    let verifier = Verifier(program: TamperingTests.execution.program)
    func layoutRefusal(_ proof: Proof) -> VerificationError? {
      do throws(VerificationError) {
        _ = try verifier.layout(of: proof)
        return nil
      } catch {
        return error
      }
    }
    let changes: [(inout Proof) -> Void] = [
      { $0.programDigest.words[0] ^= 1 }, { $0.publicInputs = [] }, { $0.outputs.append(0) },
      { $0.outputs[0] = .max }, { $0.tables.removeLast() }, { $0.tables = [] },
      { $0.tables.swapAt(0, 1) }, { $0.tables.append($0.tables[5]) },
      { $0.tables.insert($0.tables[0], at: 0) },
      { $0.tables[5] = TableSize(.limbs, logHeight: 14) },
      { $0.tables[0] = TableSize(.control, logHeight: 255) },
      { $0.tables[1] = TableSize(.adder, logHeight: 7) },
    ]
    for change in changes {
      var forged = TamperingTests.honest
      change(&forged)
      let error = layoutRefusal(forged)
      #expect(error != nil && error == refusal(forged))
    }
    let bits = try verifier.layout(of: TamperingTests.honest).security.wholeBits
    #expect(try verifier.verify(TamperingTests.honest).securityBits == bits)
  }

  /// Expectations of all public inputs and of some are one check.
  @Test func expectedInputs() throws {
    let verifier = Verifier(program: TamperingTests.execution.program)
    let mismatch = VerificationError.publicInputMismatch(
      name: "limit", expected: "99", found: "100")
    for right in [ExpectedInputs.any, .all([100]), .some([(0, [100])]), .some([])] {
      #expect(try verifier.verify(TamperingTests.honest, publicInputs: right).outputs == [42])
    }
    for wrong in [ExpectedInputs.all([99]), .some([(0, [100]), (0, [99])])] {
      #expect(throws: mismatch) {
        try verifier.verify(TamperingTests.honest, publicInputs: wrong)
      }
      #expect(throws: mismatch) {
        try verifier.layout(of: TamperingTests.honest, publicInputs: wrong)
      }
    }
    #expect(throws: VerificationError.publicInputCount(expected: 1, found: 2)) {
      try verifier.verify(TamperingTests.honest, publicInputs: .all([100, 100]))
    }
    let bytes = ProofFormat.encode(TamperingTests.honest)
    let report = try VerificationReport.verify(
      bytes, program: TamperingTests.execution.program, minimumSecurity: 128,
      publicInputs: ["limit=99"])
    #expect(report.error == mismatch)
  }

  @Test func profileAndHiding() {
    #expect(refusal { $0.parameters = ProofParameters(profile: .standard, isHiding: true) } != nil)
    #expect(refusal { $0.parameters = ProofParameters(profile: .compact, isHiding: false) } != nil)
    #expect(throws: VerificationError.insufficientSecurity(minimum: 129, found: 128)) {
      try Verifier(program: TamperingTests.execution.program, minimumSecurity: 129).verify(
        TamperingTests.honest)
    }
  }

  @Test func commitmentsAndOpenings() {
    #expect(refusal { $0.mainRoot.words[0] ^= 1 } == .unbalancedBuses)
    #expect(refusal { $0.auxiliaryRoot.words[7] ^= 1 } == .constraints)
    #expect(refusal { $0.quotientRoot.words[3] ^= 1 } == .constraints)
    #expect(refusal { $0.terminals[0] += .one } == .unbalancedBuses)
    // Moved from one terminal to another: the sum is right, the tables are not.
    #expect(
      refusal {
        $0.terminals[0] += .one
        $0.terminals[1] -= .one
      } == .constraints)
    #expect(refusal { $0.openings[1].main[0] += .one } == .constraints)
    #expect(refusal { $0.openings[1].auxiliary[4] += .one } == .constraints)
    #expect(refusal { $0.openings[5].mainNext[0] += .one } == .constraints)
    #expect(refusal { $0.openings[0].auxiliaryNext[2] += .one } == .constraints)
    #expect(refusal { $0.quotientOpening[0] += .one } == .constraints)
  }

  @Test func folding() {
    #expect(refusal { $0.friRoots[0].words[0] ^= 1 } != nil)
    #expect(
      refusal { $0.friRoots.append($0.friRoots[0]) }
        == .shape(what: "FRI roots", expected: 2, found: 3))
    #expect(
      refusal { $0.finalPolynomial.append(.zero) }
        == .shape(what: "final coefficients", expected: 128, found: 129))
    #expect(refusal { $0.finalPolynomial[3] += .one } != nil)
    // The nonce is absorbed: another one, should it be good as well, moves the queries.
    #expect(refusal { $0.nonce ^= 1 } == .proofOfWork)
    #expect(refusal { $0.nonce = .max } == .proofOfWork)
  }

  @Test func queries() {
    #expect(refusal { $0.mainQueries.rows[0][0][0] += 1 } == .merkle(tree: "main"))
    #expect(refusal { $0.mainQueries.salts[0][0][0] ^= 1 } == .merkle(tree: "main"))
    #expect(refusal { $0.auxiliaryQueries.rows[0][1][0] += 1 } == .merkle(tree: "lookup"))
    #expect(refusal { $0.quotientQueries.siblings[0].words[0] ^= 1 } == .merkle(tree: "quotient"))
    #expect(refusal { $0.friQueries[0].rows[0][0][0] += 1 } == .merkle(tree: "FRI layer 0"))
    #expect(refusal { $0.friQueries[1].rows[0].removeLast() } == .merkle(tree: "FRI layer 1"))
    #expect(
      refusal { $0.friQueries.removeLast() } == .shape(what: "FRI openings", expected: 2, found: 1))
    #expect(
      refusal { $0.mainQueries.rows[0].append($0.mainQueries.rows[0][0]) } == .merkle(tree: "main"))
    #expect(refusal { $0.mainQueries.rows[0].swapAt(0, 1) } == .merkle(tree: "main"))
    #expect(refusal { $0.mainQueries = $0.auxiliaryQueries } == .merkle(tree: "main"))
  }

  @Test func anotherVersion() throws {
    var bytes = Array(ProofFormat.encode(TamperingTests.honest).dropLast(8))
    bytes[4] = 3
    var writer = ByteWriter()
    writer.raw(bytes)
    writer.integer(xxh3(bytes))
    #expect(throws: ProofFormatError.version(3)) { try ProofFormat.decode(writer.bytes) }
  }

  /// v and v + p are one field element; only v is a proof.
  @Test func nonCanonicalElements() throws {
    var bytes = Array(ProofFormat.encode(TamperingTests.honest).dropLast(8))
    // The first terminal's first coordinate follows the header, words, tables and two roots.
    let offset = 4 + 4 + 2 + 32 + (4 + 8) + (4 + 8) + (4 + 12) + 64 + 4
    for index in 0..<8 { bytes[offset + index] = 0xFF }
    var writer = ByteWriter()
    writer.raw(bytes)
    writer.integer(xxh3(bytes))
    #expect {
      try ProofFormat.decode(writer.bytes)
    } throws: { error in
      "\(error)".contains("terminals: 18446744073709551615 is not below p")
    }
  }

  @Test func reportsCarryTheReason() throws {
    let program = TamperingTests.execution.program
    var forged = TamperingTests.honest
    forged.outputs[0] = 43
    let report = try VerificationReport.verify(
      ProofFormat.encode(forged), program: program, minimumSecurity: 128, publicInputs: [])
    #expect(!report.isAccepted && report.exitStatus == 1)
    #expect(report.text.hasPrefix("refused: the lookup terminals do not balance"))
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect(document["verdict"] as? String == "refused")
    let accepted = try VerificationReport.verify(
      ProofFormat.encode(TamperingTests.honest), program: program, minimumSecurity: 128,
      publicInputs: ["limit=100"])
    let good = try #require(
      try JSONSerialization.jsonObject(with: Data(accepted.json.utf8)) as? [String: Any])
    #expect(
      Set(good.keys) == [
        "verdict", "reason", "programDigest", "public", "outputs", "securityBits", "zeroKnowledge",
      ])
    #expect(good["reason"] is NSNull)
    #expect(good["outputs"] as? [String: String] == ["y": "42"])
    #expect(good["public"] as? [String: String] == ["limit": "100"])
    #expect(throws: VerificationReport.ArgumentError.self) {
      try VerificationReport.verify(
        [], program: program, minimumSecurity: 128, publicInputs: ["x=1"])
    }
  }
}
