import ZKVMFixedPoint
import ZKVMMachine

/// An operand as it is written: a name or a number.
struct OperandSyntax {
  enum Kind: Equatable {
    case name(String)
    case number(String)
  }

  var kind: Kind
  /// The format after a colon, on results.
  var format: Format?
  var location: SourceLocation
}

/// A line after expansion of includes, procedures and repeats.
struct Statement {
  enum Kind {
    case label(String)
    case instruction(mnemonic: String, operands: [OperandSyntax], message: String?)
    /// A line that was reported, with the names that it was to assign.
    case unreadable([String])
  }

  var kind: Kind
  var location: SourceLocation

  var isInstruction: Bool {
    if case .instruction = kind { true } else { false }
  }
}

/// What the directives declare.
struct Declarations {
  /// An array in the memory, after those declared before it.
  struct ArrayDeclaration {
    let name: String
    let format: Format
    let first: Int
    let length: Int
  }

  var programName: String?
  /// Whether a `.program` was reported.
  var hasBrokenName = false
  /// Names whose declaration was reported.
  var broken: Set<String> = []
  var publicInputs: [NamedFormat] = []
  var secretInputs: [NamedFormat] = []
  var streams: [ZKVMMachine.Stream] = []
  var outputs: [NamedFormat] = []
  var arrays: [ArrayDeclaration] = []
  /// Named constants.
  var constants: [String: (word: Int64, format: Format)] = [:]
  var locations: [String: SourceLocation] = [:]

  /// Whether a name means the same inside procedures.
  func isGlobal(_ name: String) -> Bool {
    locations[name] != nil || streams.contains { name.hasPrefix($0.name + ".") }
  }
}
