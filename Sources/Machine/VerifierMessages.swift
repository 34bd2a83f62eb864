import ZKVMAIR
import ZKVMField

/// What the verifier itself puts on the buses: the token at the start, its arrival at the end and
/// every revealed value once.
public struct VerifierMessages: Sendable {
  public let bus: Bus
  public let values: [Goldilocks]
  public let multiplicity: Goldilocks

  public static func all(program: Program, outputs: [Int64]) -> [VerifierMessages] {
    let start = VerifierMessages(
      bus: Buses.token, values: [.zero, Goldilocks(program.frameStart)], multiplicity: .one)
    let end = VerifierMessages(
      bus: Buses.token, values: [Goldilocks(program.instructions.count), .zero],
      multiplicity: -.one)
    return [start, end]
      + program.interface.outputs.split(outputs).enumerated().map { index, output in
        VerifierMessages(
          bus: Buses.output, values: [Goldilocks(index)] + output.value.elements,
          multiplicity: -.one)
      }
  }
}
