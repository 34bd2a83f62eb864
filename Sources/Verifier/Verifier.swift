import AIR
import Field
import FixedPoint
import Hashing
import Machine
import Protocol

/// What an accepted proof says.
public struct Verdict: Sendable {
  public let programDigest: BLAKE3.Digest
  public let publicInputs: [Int64]
  public let outputs: [Int64]
  /// Whole bits of proven security.
  public let securityBits: Int
  public let isZeroKnowledge: Bool
  public let profile: Profile
}

/// Checks proofs. Total: every byte string gets a verdict or an error; shapes are checked before
/// any arithmetic, and memory stays proportional to the proof's length and the program's.
public struct Verifier: Sendable {
  public let program: Program
  /// Proofs with less proven security are refused.
  public let minimumSecurity: Int

  public init(program: Program, minimumSecurity: Int = 128) {
    self.program = program
    self.minimumSecurity = minimumSecurity
  }

  /// Verifies an encoded proof; `publicInputs`, if given, must be the proof's.
  public func verify(
    _ bytes: [UInt8], publicInputs: [Int64]? = nil
  ) throws(VerificationError) -> Verdict {
    let proof: Proof
    do throws(ProofFormatError) {
      proof = try ProofFormat.decode(bytes)
    } catch {
      throw .format(error)
    }
    return try verify(proof, publicInputs: publicInputs)
  }

  public func verify(
    _ proof: Proof, publicInputs: [Int64]? = nil
  ) throws(VerificationError) -> Verdict {
    try checkStatement(proof, publicInputs)
    let layout = try checkHeights(proof)
    let security = layout.security.wholeBits
    guard security >= minimumSecurity else {
      throw .insufficientSecurity(minimum: minimumSecurity, found: security)
    }
    try checkShapes(proof, layout)
    var check = ProofCheck(proof: proof, layout: layout)
    try check.run()
    return Verdict(
      programDigest: proof.programDigest, publicInputs: proof.publicInputs,
      outputs: proof.outputs, securityBits: security,
      isZeroKnowledge: proof.parameters.isHiding, profile: proof.parameters.profile)
  }

  private func checkStatement(
    _ proof: Proof, _ expected: [Int64]?
  ) throws(VerificationError) {
    let digest = program.digest
    guard proof.programDigest == digest else {
      throw .wrongProgram(
        expected: digest.description, found: proof.programDigest.description)
    }
    let interface = program.interface
    let publicCount = interface.publicInputs.wordCount
    guard proof.publicInputs.count == publicCount else {
      throw .publicInputCount(expected: publicCount, found: proof.publicInputs.count)
    }
    guard proof.outputs.count == interface.outputs.wordCount else {
      throw .outputCount(expected: interface.outputs.wordCount, found: proof.outputs.count)
    }
    let publics = interface.publicInputs.split(proof.publicInputs)
    for value in publics + interface.outputs.split(proof.outputs) where !value.isValid {
      throw .notAWord(name: value.field.name)
    }
    guard let expected else { return }
    guard expected.count == publicCount else {
      throw .publicInputCount(expected: publicCount, found: expected.count)
    }
    for (wanted, found) in zip(interface.publicInputs.split(expected), publics)
    where wanted.words != found.words {
      throw .publicInputMismatch(
        name: found.field.name, expected: wanted.text, found: found.text)
    }
  }

  private func checkHeights(_ proof: Proof) throws(VerificationError) -> ProofLayout {
    let machine = MachineTables(program: program, blindRows: proof.parameters.blindRows)
    var kinds: [TableKind] = []
    for (index, table) in proof.tables.enumerated() {
      if index > 0, table.kind == proof.tables[index - 1].kind {
        let name = "\(table.kind)"
        guard table.kind.unit != nil else { throw .repeatedTable(name) }
        guard table.logHeight < proof.tables[index - 1].logHeight else {
          throw .instanceOrder(name)
        }
      } else {
        kinds.append(table.kind)
      }
    }
    guard kinds == machine.kinds else {
      throw .tables(
        expected: machine.kinds.map { "\($0)" }, found: kinds.map { "\($0)" })
    }
    let minimum = MachineTables.minimumLogHeight(blindRows: proof.parameters.blindRows)
    let maximum = ProofParameters.maximumLogHeight
    for table in proof.tables {
      let (kind, log) = (table.kind, table.logHeight)
      let name = machine.table(kind).name
      if let fixed = machine.fixedLogHeight(kind, program: program) {
        guard log == fixed else {
          throw .tableHeight(table: name, expected: "2^\(fixed)", found: log)
        }
      } else {
        guard (minimum...maximum).contains(log) else {
          throw .tableHeight(table: name, expected: "2^\(minimum) … 2^\(maximum)", found: log)
        }
      }
    }
    return ProofLayout(
      program: program, parameters: proof.parameters, tables: proof.tables)
  }

  private func checkShapes(_ proof: Proof, _ layout: ProofLayout) throws(VerificationError) {
    func require(_ what: String, _ expected: Int, _ found: Int) throws(VerificationError) {
      guard expected == found else {
        throw .shape(what: what, expected: expected, found: found)
      }
    }
    try require("terminals", layout.tableCount, proof.terminals.count)
    try require("opened tables", layout.tableCount, proof.openings.count)
    for (system, opening) in zip(layout.systems, proof.openings) {
      let name = system.table.name
      try require("main openings of \(name)", system.table.columns.count, opening.main.count)
      try require(
        "lookup openings of \(name)", 3 * system.auxiliaryColumns, opening.auxiliary.count)
      try require(
        "next-row openings of \(name)", system.nextColumns.count, opening.mainNext.count)
      try require("next-row lookup openings of \(name)", 3, opening.auxiliaryNext.count)
    }
    try require("quotient openings", layout.quotientColumns, proof.quotientOpening.count)
    let layers = layout.fri.layers.count
    try require("FRI roots", layers, proof.friRoots.count)
    try require("FRI openings", layers, proof.friQueries.count)
    try require("final coefficients", 1 << layout.fri.final, proof.finalPolynomial.count)
  }
}
