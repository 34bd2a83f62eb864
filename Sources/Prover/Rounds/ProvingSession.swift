import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// What stays the same through all rounds of one proof.
struct ProvingSession: Sendable {
  let layout: ProofLayout
  let execution: Execution
  let strategy: any ProvingStrategy
  private let randomness: HidingRandomness?

  var parameters: ProofParameters { layout.parameters }

  init(_ layout: ProofLayout, _ execution: Execution, _ strategy: any ProvingStrategy) {
    self.layout = layout
    self.execution = execution
    self.strategy = strategy
    randomness =
      layout.parameters.isHiding
      ? HidingRandomness(execution, layout, entropy: strategy.entropy()) : nil
  }

  /// The randomness for one use; `nil` if the proof goes without it.
  func randomness(for use: RandomUse) -> HidingRandomness? {
    strategy.draws(use) ? randomness : nil
  }

  /// Commits to the first 2^(logHeight + logBlowup) rows of matrices, salted under the round's name.
  func commit(_ matrices: [(Matrix, logHeight: Int)], round: String) -> MerkleTree {
    let randomness = randomness(for: .salts)
    return MerkleTree(
      matrices.map { .init($0.0, logRows: $0.logHeight + parameters.logBlowup) },
      hash: layout.hash, saltLength: parameters.saltLength
    ) { group, count in
      var stream = randomness?.stream("salt \(round)", group)
      return stream?.words(count) ?? [UInt32](repeating: 0, count: count)
    }
  }

  /// Throws unless the strategy goes on with an invalid trace.
  func require(_ isValid: Bool, _ what: String) throws(ProverError) {
    guard isValid || !strategy.stopsAtInvalidTraces else { throw .unsatisfied(what) }
  }
}

/// A value of each element in turn, letting go of an element before the next: memory that an element
/// alone holds is free again when its value is there.
func replaceEach<Element, Value>(
  _ elements: consuming [Element], _ body: (consuming Element) -> Value
) -> [Value] {
  elements.reverse()
  var values: [Value] = []
  values.reserveCapacity(elements.count)
  while let element = elements.popLast() { values.append(body(element)) }
  return values
}
