import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver

/// How a prover departs from the protocol, in tests of the verifier and of hiding.
package struct Tampering: ProvingStrategy {
  /// Goes on where the honest prover would notice that the trace is invalid.
  package var ignoresInvalidity = false
  /// What hides the witness and is left out: zeros stand there.
  package var withoutRandomness: Set<RandomUse> = []
  /// Stands in for the operating system's randomness, of which only the hedge is left then.
  package var fixedEntropy: [UInt64]?
  /// Added to the sum of the accumulators' starts, which should be zero.
  package var accumulatorExcess = CubicExtension.zero
  /// Makes up for unbalanced buses by breaking one constraint of the lookup argument.
  package var lookupFault: LookupFault?
  /// A FRI layer, or the number of layers for the final polynomial, to whose values 1 is added before
  /// they are committed.
  package var shiftedLayer: Int?
  /// Answers queries at other positions than the transcript's.
  package var otherPositions: (@Sendable ([Int], ProofLayout) -> [Int])?
  /// Sees the quotient chunks' coefficients before they are committed.
  package var chunksObserver: (@Sendable (ExtensionMatrix) -> Void)?

  package init() {}

  package static let none = Tampering()
  package static var ignoringInvalidity: Tampering {
    var tampering = Tampering()
    tampering.ignoresInvalidity = true
    return tampering
  }

  package var stopsAtInvalidTraces: Bool { !ignoresInvalidity }

  package func entropy() -> [UInt64] { fixedEntropy ?? HonestStrategy().entropy() }

  package func draws(_ use: RandomUse) -> Bool { !withoutRandomness.contains(use) }

  package var startsTotal: CubicExtension { accumulatorExcess }

  package func finish(_ lookups: inout [FilledLookups], balance: CubicExtension) {
    guard let lookupFault,
      let index = lookups.firstIndex(where: { $0.kind == lookupFault.table })
    else { return }
    lookups[index].falsify(lookupFault, by: -balance)
  }

  package func finish(chunks: ExtensionMatrix) { chunksObserver?(chunks) }

  package func finish(_ codeword: ExtensionMatrix, ofLayer layer: Int) {
    guard shiftedLayer == layer else { return }
    for row in 0..<codeword.rows { codeword[row] += .one }
  }

  package func positions(_ drawn: [Int], _ layout: ProofLayout) -> [Int] {
    otherPositions?(drawn, layout) ?? drawn
  }
}

/// A constraint of the lookup argument that a cheating prover breaks, and no other, so that the
/// terminals sum to what the verifier expects.
package struct LookupFault: Sendable {
  package enum Place: Sendable {
    /// The fractions of a group of messages; group 0 is the accumulator's step.
    case group(Int)
    /// The accumulator starts beside the blind.
    case start
    /// The published terminal is not the accumulator's.
    case terminal
  }

  package let table: TableKind
  package let place: Place
  /// The row on which a group's constraint is broken, below n − h.
  package let row: Int

  package init(_ table: TableKind, _ place: Place, row: Int = 0) {
    self.table = table
    self.place = place
    self.row = row
  }
}

extension FilledLookups {
  /// Adds `amount` to the terminal by breaking one constraint.
  fileprivate mutating func falsify(_ fault: LookupFault, by amount: CubicExtension) {
    terminal += amount
    var first = fault.row + 1
    switch fault.place {
    case .terminal: return
    case .start: first = 0
    case .group(let group): if group > 0 { columns[fault.row, group] += amount }
    }
    for row in first...activeRows { columns[row] += amount }
  }
}
