import ZKVMField
import ZKVMProtocol

/// What the prover draws at random so that a proof hides its witness.
package enum RandomUse: Hashable, CaseIterable, Sendable {
  /// The blind rows of every witness column.
  case blindRows
  /// The starts of the lookup accumulators.
  case terminals
  /// The overlaps of the quotient's chunks.
  case chunks
  /// The mask of the batch.
  case mask
  /// The salts of the trees' leaves.
  case salts
}

/// What a prover decides by itself: the protocol cannot make it decide so, but refuses the proof or
/// loses its secrecy if it does otherwise. The defaults are the protocol's; tests of both replace them.
package protocol ProvingStrategy: Sendable {
  /// Whether it stops where it sees that the trace is not valid.
  var stopsAtInvalidTraces: Bool { get }

  /// Where randomness comes from; it is hedged before it is used (see `HidingRandomness`).
  func entropy() -> [UInt64]

  /// Whether what is used so is uniform; else it is zero.
  func draws(_ use: RandomUse) -> Bool

  /// What the starts of the lookup accumulators sum to.
  var startsTotal: CubicExtension { get }

  /// Sees the lookup columns before they are committed. `balance` is what all fractions sum to.
  func finish(_ lookups: inout [FilledLookups], balance: CubicExtension)

  /// Sees the quotient's chunks, by coefficients, before they are committed.
  func finish(chunks: ExtensionMatrix)

  /// Sees a FRI layer before it is committed; after the last layer, the final polynomial's values.
  func finish(_ codeword: ExtensionMatrix, ofLayer layer: Int)

  /// The positions that it opens, when these are drawn.
  func positions(_ drawn: [Int], _ layout: ProofLayout) -> [Int]
}

extension ProvingStrategy {
  package var stopsAtInvalidTraces: Bool { true }
  package func entropy() -> [UInt64] { HidingRandomness.systemEntropy() }
  package func draws(_ use: RandomUse) -> Bool { true }
  package var startsTotal: CubicExtension { .zero }
  package func finish(_ lookups: inout [FilledLookups], balance: CubicExtension) {}
  package func finish(chunks: ExtensionMatrix) {}
  package func finish(_ codeword: ExtensionMatrix, ofLayer layer: Int) {}
  package func positions(_ drawn: [Int], _ layout: ProofLayout) -> [Int] { drawn }
}

/// The protocol's prover.
package struct HonestStrategy: ProvingStrategy {
  package init() {}
}
