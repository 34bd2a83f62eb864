import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMHashing
import ZKVMMachine
import ZKVMProtocol

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

/// What a proof's public inputs have to be.
public enum ExpectedInputs: Sendable {
  /// Whatever the proof says they are.
  case any
  /// All of them, word by word in the order of the interface.
  case all([Int64])
  /// Some of them, each by its place in the interface with its words (see `Format.wordCount`). Traps
  /// if the interface has no such place.
  case some([(field: Int, words: [Int64])])
}

/// Checks proofs. Total: every byte string gets a verdict or an error; shapes are checked before
/// any arithmetic, and memory stays proportional to the proof's length and the program's.
///
/// The checks are V1 to V10 of `Spec/Protocol.md`, in this order, and the first that fails is the
/// error (``VerificationError``):
///
/// - V1 to V3: the bytes are a proof, of this program, with tables that the program can have.
/// - V4: its proven security is enough.
/// - V5: everything in it has the length that the later checks rely on.
/// - V6 to V10: the protocol itself, on the challenges that the transcript draws (`ProofCheck`).
public struct Verifier: Sendable {
  public let program: Program
  /// Proofs with less proven security are refused.
  public let minimumSecurity: Int
  private let hash: any ProofHash

  public init(program: Program, minimumSecurity: Int = 128) {
    self.init(program: program, minimumSecurity: minimumSecurity, hash: BLAKE3ProofHash())
  }

  /// A verifier of proofs whose trees and transcript have another hash.
  package init(program: Program, minimumSecurity: Int = 128, hash: any ProofHash) {
    self.program = program
    self.minimumSecurity = minimumSecurity
    self.hash = hash
  }

  /// Verifies an encoded proof (V1 of `Spec/Protocol.md`), whose public inputs have to be the expected ones.
  public func verify(
    _ bytes: [UInt8], publicInputs expected: ExpectedInputs = .any
  ) throws(VerificationError) -> Verdict {
    let proof: Proof
    do throws(ProofFormatError) {
      proof = try ProofFormat.decode(bytes)
    } catch {
      throw .format(error)
    }
    return try verify(proof, publicInputs: expected)
  }

  /// Verifies a proof, whose public inputs have to be the expected ones.
  public func verify(
    _ proof: Proof, publicInputs expected: ExpectedInputs = .any
  ) throws(VerificationError) -> Verdict {
    let layout = try layout(of: proof, publicInputs: expected)
    // V4. The error of the protocol at this shape.
    let security = layout.security.wholeBits
    guard security >= minimumSecurity else {
      throw .insufficientSecurity(minimum: minimumSecurity, found: security)
    }
    try checkShapes(proof, layout)
    try ProofCheck(proof: proof, layout: layout).run()
    return Verdict(
      programDigest: proof.programDigest, publicInputs: proof.publicInputs,
      outputs: proof.outputs, securityBits: security,
      isZeroKnowledge: proof.parameters.isHiding, profile: proof.parameters.profile)
  }

  /// The layout that a proof's tables have, hence the security that it would have, if its statement
  /// is one of the program and its tables and heights are such as a proof of the program can have.
  ///
  /// Everything that judges a proof begins here. No commitment or opening is looked at: what passes
  /// may still be no proof.
  public func layout(
    of proof: Proof, publicInputs expected: ExpectedInputs = .any
  ) throws(VerificationError) -> ProofLayout {
    try checkStatement(proof)
    try checkInputs(proof, expected)
    try checkTables(proof)
    try checkHeights(proof)
    return ProofLayout(
      program: program, parameters: proof.parameters, tables: proof.tables, hash: hash)
  }

  /// V2. The proof speaks of this program, and its public inputs and outputs are such as the program
  /// has.
  private func checkStatement(_ proof: Proof) throws(VerificationError) {
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
  }

  /// V2. The public inputs are the expected ones.
  private func checkInputs(
    _ proof: Proof, _ expected: ExpectedInputs
  ) throws(VerificationError) {
    let fields = program.interface.publicInputs
    let found = fields.split(proof.publicInputs)
    let wanted: [(field: Int, words: [Int64])]
    switch expected {
    case .any: return
    case .some(let values): wanted = values
    case .all(let words):
      guard words.count == fields.wordCount else {
        throw .publicInputCount(expected: fields.wordCount, found: words.count)
      }
      wanted = fields.split(words).enumerated().map { ($0, Array($1.words)) }
    }
    for (index, words) in wanted where Array(found[index].words) != words {
      let field = fields[index]
      throw .publicInputMismatch(
        name: field.name, expected: FieldWords(field: field, words: words[...]).text,
        found: found[index].text)
    }
  }

  /// V3. The tables are the program's: a table that is missing would answer no lookup, and one that is
  /// there twice could answer it twice.
  private func checkTables(_ proof: Proof) throws(VerificationError) {
    let expected = MachineTables(program: program, blindRows: proof.parameters.blindRows).kinds
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
    guard kinds == expected else {
      throw .tables(expected: expected.map { "\($0)" }, found: kinds.map { "\($0)" })
    }
  }

  /// V3. The tables have room for their entries and blind rows, and fit the field.
  private func checkHeights(_ proof: Proof) throws(VerificationError) {
    let machine = MachineTables(program: program, blindRows: proof.parameters.blindRows)
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
  }

  /// V5. Everything that is indexed later has the length that follows from parameters and tables.
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
        "lookup openings of \(name)", system.auxiliaryBaseColumns, opening.auxiliary.count)
      try require(
        "next-row openings of \(name)", system.nextColumns.count, opening.mainNext.count)
      try require(
        "next-row lookup openings of \(name)", CubicExtension.degree, opening.auxiliaryNext.count)
    }
    try require("quotient openings", layout.quotientColumns, proof.quotientOpening.count)
    let layers = layout.fri.layers.count
    try require("FRI roots", layers, proof.friRoots.count)
    try require("FRI openings", layers, proof.friQueries.count)
    try require("final coefficients", 1 << layout.fri.final, proof.finalPolynomial.count)
  }
}
