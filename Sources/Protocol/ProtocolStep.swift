/// The steps of `Spec/Protocol.md`, by number. Their labels in the transcript stand here and nowhere
/// else.
package enum ProtocolStep: Int, CaseIterable, Sendable {
  // Statement
  case name = 1
  case parameters = 2
  case air = 3
  case program = 4
  case publicInputs = 5
  case outputs = 6
  case tables = 7
  // Main round
  case mainRoot = 8
  case alpha = 9
  case beta = 10
  // Lookup round
  case lookupRoot = 11
  case terminals = 12
  case lambda = 13
  // Quotient round
  case quotientRoot = 14
  case zeta = 15
  // Openings
  case mainOpenings = 16
  case lookupOpenings = 17
  case nextMainOpenings = 18
  case nextLookupOpenings = 19
  case quotientOpenings = 20
  case gamma = 21
  // Folding
  case layerRoot = 22
  case fold = 23
  case finalPolynomial = 24
  // Queries
  case work = 25
  case nonce = 26
  case queries = 27

  /// What a step does with the transcript.
  package enum Operation: String, Sendable {
    case absorb
    case challenge
    case accepts
    case indices
  }

  package var operation: Operation {
    switch self {
    case .name, .parameters, .air, .program, .publicInputs, .outputs, .tables, .mainRoot,
      .lookupRoot, .terminals, .quotientRoot, .mainOpenings, .lookupOpenings, .nextMainOpenings,
      .nextLookupOpenings, .quotientOpenings, .layerRoot, .finalPolynomial, .nonce:
      .absorb
    case .alpha, .beta, .lambda, .zeta, .gamma, .fold: .challenge
    case .work: .accepts
    case .queries: .indices
    }
  }

  package var label: String {
    switch self {
    case .name: "protocol"
    case .parameters: "parameters"
    case .air: "air"
    case .program: "program"
    case .publicInputs: "public inputs"
    case .outputs: "outputs"
    case .tables: "tables"
    case .mainRoot: "main root"
    case .alpha: "alpha"
    case .beta: "beta"
    case .lookupRoot: "lookup root"
    case .terminals: "terminals"
    case .lambda: "lambda"
    case .quotientRoot: "quotient root"
    case .zeta: "zeta"
    case .mainOpenings: "main openings"
    case .lookupOpenings: "lookup openings"
    case .nextMainOpenings: "next main openings"
    case .nextLookupOpenings: "next lookup openings"
    case .quotientOpenings: "quotient openings"
    case .gamma: "gamma"
    case .layerRoot: "FRI root"
    case .fold: "FRI fold"
    case .finalPolynomial: "final polynomial"
    case .work: "grind"
    case .nonce: "nonce"
    case .queries: "queries"
    }
  }
}
