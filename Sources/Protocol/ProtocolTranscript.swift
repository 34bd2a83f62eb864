import ZKVMField
import ZKVMHashing

/// α and β: what the lookup argument's fractions are made with.
package struct LookupChallenges: Sendable {
  package let alpha: CubicExtension
  package let beta: CubicExtension
}

/// The transcript of one proof: a method for each round of `Spec/Protocol.md`, which absorbs what the
/// prover sends in it and draws what the verifier answers. A challenge is had from what comes before
/// it, and from nowhere else.
///
/// Prover, verifier and tests go through the same rounds, in this order: ``mainRound``,
/// ``lookupRound``, ``quotientRound``, ``openings``, for each layer ``foldingLayer``,
/// ``finalPolynomial``, ``queries``.
package struct ProtocolTranscript: Sendable {
  private let layout: ProofLayout
  private var transcript: Transcript

  /// Steps 1 to 7: the statement, all that is fixed before the first commitment.
  package init(_ layout: ProofLayout, publicInputs: [Int64], outputs: [Int64]) {
    self.layout = layout
    transcript = Transcript(layout.hash)
    absorb(.name, Array("zkvm lifted STARK v1".utf8))
    absorb(.parameters, layout.parameters.encoded)
    absorb(.air, layout.airDigest)
    absorb(.program, layout.program.digest)
    absorb(.publicInputs, words: publicInputs)
    absorb(.outputs, words: outputs)
    absorb(.tables, layout.tables.flatMap { [UInt8($0.kind.rawValue), UInt8($0.logHeight)] })
  }

  /// Steps 8 to 10: the root of the main columns' tree; α and β.
  package mutating func mainRound(root: ProofDigest) -> LookupChallenges {
    absorb(.mainRoot, root)
    let alpha = challenge(.alpha)
    return LookupChallenges(alpha: alpha, beta: challenge(.beta))
  }

  /// Steps 11 to 13: the root of the lookup columns' tree and the terminals; λ.
  package mutating func lookupRound(
    root: ProofDigest, terminals: [CubicExtension]
  ) -> CubicExtension {
    absorb(.lookupRoot, root)
    absorb(.terminals, elements: terminals)
    return challenge(.lambda)
  }

  /// Steps 14 and 15: the root of the quotient's tree; ζ, outside all domains.
  package mutating func quotientRound(root: ProofDigest) -> CubicExtension {
    absorb(.quotientRoot, root)
    while true {
      let zeta = challenge(.zeta)
      if layout.isOutsideDomains(zeta) { return zeta }
    }
  }

  /// Steps 16 to 21: the openings, table by table, then the quotient's; γ.
  package mutating func openings(
    _ tables: [TableOpening], quotient: [CubicExtension]
  ) -> CubicExtension {
    for table in tables {
      absorb(.mainOpenings, elements: table.main)
      absorb(.lookupOpenings, elements: table.auxiliary)
      absorb(.nextMainOpenings, elements: table.mainNext)
      absorb(.nextLookupOpenings, elements: table.auxiliaryNext)
    }
    absorb(.quotientOpenings, elements: quotient)
    return challenge(.gamma)
  }

  /// Steps 22 and 23: the root of a FRI layer's tree; the challenge that folds the layer.
  package mutating func foldingLayer(root: ProofDigest) -> CubicExtension {
    absorb(.layerRoot, root)
    return challenge(.fold)
  }

  /// Step 24: the final polynomial's coefficients.
  package mutating func finalPolynomial(_ coefficients: [CubicExtension]) {
    absorb(.finalPolynomial, elements: coefficients)
  }

  /// Step 25: whether the transcript accepts a nonce. Its state stays.
  package var workTest: @Sendable (_ nonce: UInt64) -> Bool {
    transcript.workTest(ProtocolStep.work.label, bits: ProofParameters.grindingBits)
  }

  /// Steps 26 and 27: the nonce; the queries' positions, as they are drawn.
  package mutating func queries(nonce: UInt64) -> [Int] {
    var writer = ByteWriter()
    writer.integer(nonce)
    absorb(.nonce, writer.bytes)
    return transcript.indices(
      ProtocolStep.queries.label, count: layout.parameters.queries, bits: layout.logDomain)
  }

  // MARK: Encodings

  private mutating func absorb(_ step: ProtocolStep, _ bytes: [UInt8]) {
    transcript.absorb(step.label, bytes)
  }

  private mutating func absorb(_ step: ProtocolStep, _ digest: ProofDigest) {
    absorb(step, digest.bytes)
  }

  private mutating func absorb(_ step: ProtocolStep, words: [Int64]) {
    var writer = ByteWriter()
    for word in words { writer.integer(word) }
    absorb(step, writer.bytes)
  }

  private mutating func absorb(_ step: ProtocolStep, elements: [CubicExtension]) {
    var writer = ByteWriter()
    for element in elements {
      for coordinate in element.coordinates { writer.integer(coordinate.value) }
    }
    absorb(step, writer.bytes)
  }

  private mutating func challenge(_ step: ProtocolStep) -> CubicExtension {
    transcript.challenge(step.label)
  }
}
