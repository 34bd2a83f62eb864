import ZKVMProtocol

/// Why a proof is refused: what was expected and what was found.
public enum VerificationError: Error, Equatable, Sendable, CustomStringConvertible {
  case format(ProofFormatError)
  case wrongProgram(expected: String, found: String)
  case publicInputCount(expected: Int, found: Int)
  case outputCount(expected: Int, found: Int)
  case notAWord(name: String)
  case publicInputMismatch(name: String, expected: String, found: String)
  case tables(expected: [String], found: [String])
  /// Only units have several instances.
  case repeatedTable(String)
  /// A unit's instances have falling heights.
  case instanceOrder(String)
  case tableHeight(table: String, expected: String, found: Int)
  case insufficientSecurity(minimum: Int, found: Int)
  case shape(what: String, expected: Int, found: Int)
  case unbalancedBuses
  case constraints
  case proofOfWork
  case merkle(tree: String)
  case foldingMismatch(layer: Int)
  case finalPolynomialMismatch

  public var description: String {
    switch self {
    case .format(let error): return error.description
    case .wrongProgram(let expected, let found):
      return "the proof is for the program \(found), expected \(expected)"
    case .publicInputCount(let expected, let found):
      return "the program has \(expected) public inputs, the proof \(found)"
    case .outputCount(let expected, let found):
      return "the program has \(expected) outputs, the proof \(found)"
    case .notAWord(let name): return "the value of \(name) is not a word of the machine"
    case .publicInputMismatch(let name, let expected, let found):
      return "the public input \(name) is \(found) in the proof, expected \(expected)"
    case .tables(let expected, let found):
      return "the program has the tables \(expected.joined(separator: ", ")), the proof "
        + found.joined(separator: ", ")
    case .repeatedTable(let name):
      return "expected one table \(name), found several; only units have several instances"
    case .instanceOrder(let name):
      return "expected the instances of \(name) by falling height"
    case .tableHeight(let table, let expected, let found):
      return "the table \(table) has height 2^\(found), expected \(expected)"
    case .insufficientSecurity(let minimum, let found):
      return "the proof has \(found) bits of proven security, \(minimum) are required"
    case .shape(let what, let expected, let found):
      return "expected \(expected) \(what), found \(found)"
    case .unbalancedBuses:
      return "the lookup terminals do not balance: outputs, start or halt do not match the run"
    case .constraints: return "the constraints do not hold at the challenge point"
    case .proofOfWork: return "the proof of work is missing"
    case .merkle(let tree): return "the openings of the \(tree) tree do not lead to its root"
    case .foldingMismatch(let layer):
      return layer == 0
        ? "the opened columns do not match the first FRI layer"
        : "FRI layer \(layer) does not match the one before"
    case .finalPolynomialMismatch: return "the final polynomial does not match the last FRI layer"
    }
  }
}
