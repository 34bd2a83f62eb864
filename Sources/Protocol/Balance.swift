import ZKVMAIR
import ZKVMField
import ZKVMMachine

extension ProofLayout {
  /// What all fractions sum to: the terminals and the verifier's own messages. Zero if every tuple is
  /// sent as often as it is received.
  package func balance(
    terminals: [CubicExtension], outputs: [Int64], _ challenges: LookupChallenges
  ) -> CubicExtension {
    var total = terminals.reduce(.zero, +)
    for message in VerifierMessages.all(program: program, outputs: outputs) {
      let fingerprint = ConstraintSystem.fingerprint(
        bus: message.bus, message.values, alpha: challenges.alpha, beta: challenges.beta)
      total += fingerprint.inverse * message.multiplicity
    }
    return total
  }
}
