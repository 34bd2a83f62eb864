import ZKVMFixedPoint
import ZKVMMachine

/// An operand whose format is known.
struct TypedOperand {
  enum Value: Hashable {
    case variable(String)
    /// A constant's word.
    case constant(Int64)
    case publicInput(Int)
  }

  let value: Value
  let format: Format
  /// As the source calls it.
  let name: String
  let location: SourceLocation
}

/// An instruction on variables.
struct VariableInstruction {
  let opcode: Opcode
  /// The operands in the opcode's slots.
  let operands: [Int: TypedOperand]
  let result: (name: String, format: Format)?
  let extra: Int
  let message: String
  let location: SourceLocation
}

/// What a block does, in order.
enum BlockItem {
  case instruction(VariableInstruction)
  /// Gives a value another name; costs nothing.
  case alias(String, TypedOperand)
}

struct VariableBlock {
  enum Exit {
    case jump(String)
    case branch(TypedOperand, String, String)
    case halt
  }

  let label: String
  var items: [BlockItem] = []
  var exit: (kind: Exit, location: SourceLocation)?
}

/// Gives every name a format and turns statements into instructions on variables, in blocks.
final class Lowering {
  private let declarations: Declarations
  private let diagnostics: Diagnostics
  private(set) var formats: [String: Format] = [:]
  /// Names without a value because an instruction before was wrong; that one was reported.
  private var failed: Set<String> = []
  private(set) var blocks: [VariableBlock] = []
  private var labels: [String: SourceLocation] = [:]
  private var references: [(label: String, location: SourceLocation)] = []
  private var generated = 0

  static let entryLabel = "$entry"

  init(_ declarations: Declarations, _ diagnostics: Diagnostics) {
    self.declarations = declarations
    self.diagnostics = diagnostics
  }

  func lower(_ statements: [Statement], end: SourceLocation) {
    blocks = [VariableBlock(label: Lowering.entryLabel)]
    for (index, input) in declarations.secretInputs.enumerated() {
      emit(
        Lowering.input(input.format), [:], result: (input.name, input.format), extra: index,
        at: declarations.locations[input.name]!)
      formats[input.name] = input.format
    }
    for statement in statements {
      switch statement.kind {
      case .label(let name): startBlock(name, at: statement.location)
      case .unreadable(let names): failed.formUnion(names.filter { formats[$0] == nil })
      case .instruction(let mnemonic, let operands, let message):
        if blocks.last!.exit != nil { startBlock(freshLabel(), at: statement.location) }
        InstructionLowering(self, mnemonic, operands, message, statement.location).lower()
        if diagnostics.hasErrors, case .name(let result)? = operands.first?.kind,
          formats[result] == nil
        {
          failed.insert(result)
        }
      }
    }
    if blocks.last!.exit == nil { exit(.halt, at: end) }
    for reference in references where labels[reference.label] == nil && !diagnostics.isFull {
      let suggestion = closest(to: reference.label, among: labels.keys)
      diagnostics.error(
        reference.location, "there is no label \(plain(reference.label))",
        help: suggestion.map { "did you mean \(plain($0))?" })
    }
  }

  /// The instruction that takes a value in.
  static func input(_ format: Format) -> Opcode { format == .digest ? .secretDigest : .secret }

  private func freshLabel() -> String { temporary("next") }

  /// A name that no source can have.
  ///
  /// It begins with `$`: what an expansion calls its own names ends in `$` and a number too.
  func temporary(_ name: String) -> String {
    generated += 1
    return "$\(name)$\(generated)"
  }

  /// Whether a name stands for a digest.
  func isDigest(_ name: String) -> Bool {
    let input = declarations.publicInputs.first { $0.name == name }
    return (input?.format ?? formats[name]) == .digest
  }

  func startBlock(_ label: String, at location: SourceLocation) {
    if let earlier = labels[label] {
      diagnostics.error(
        location, "the label \(plain(label)) is defined twice",
        help: "the first one is at \(earlier.file):\(earlier.line)")
      return
    }
    labels[label] = location
    if blocks.last!.exit == nil { exit(.jump(label), at: location) }
    blocks.append(VariableBlock(label: label))
  }

  func exit(_ kind: VariableBlock.Exit, at location: SourceLocation) {
    blocks[blocks.count - 1].exit = (kind, location)
  }

  func reference(_ label: String, at location: SourceLocation) {
    references.append((label, location))
  }

  /// Ends the block with a branch whose second target is the next instruction.
  func branchOrFallThrough(_ condition: TypedOperand, _ label: String, at location: SourceLocation)
  {
    let next = freshLabel()
    exit(.branch(condition, label, next), at: location)
    startBlock(next, at: location)
  }

  func emit(
    _ opcode: Opcode, _ operands: [Int: TypedOperand], result: (name: String, format: Format)?,
    extra: Int = 0, message: String = "", at location: SourceLocation
  ) {
    if let result { formats[result.name] = formats[result.name] ?? result.format }
    blocks[blocks.count - 1].items.append(
      .instruction(
        VariableInstruction(
          opcode: opcode, operands: operands, result: result, extra: extra, message: message,
          location: location)))
  }

  func alias(_ name: String, _ format: Format, _ operand: TypedOperand) {
    formats[name] = formats[name] ?? format
    blocks[blocks.count - 1].items.append(.alias(name, operand))
  }

  /// What a name stands for, or `nil` with an error.
  func resolve(_ name: String, at location: SourceLocation) -> TypedOperand? {
    if let constant = declarations.constants[name] {
      return TypedOperand(
        value: .constant(constant.word), format: constant.format, name: name, location: location)
    }
    if let index = declarations.publicInputs.firstIndex(where: { $0.name == name }) {
      return TypedOperand(
        value: .publicInput(index), format: declarations.publicInputs[index].format, name: name,
        location: location)
    }
    if let format = formats[name] {
      return TypedOperand(
        value: .variable(name), format: format, name: plain(name), location: location)
    }
    guard !diagnostics.isFull, !failed.contains(name), !isBroken(name) else { return nil }
    let (what, remedy) = missing(plain(name))
    diagnostics.error(location, "\(plain(name)) \(what)", help: remedy)
    return nil
  }

  /// Whether a name, or the stream that it is a field of, has a declaration that was reported.
  func isBroken(_ name: String) -> Bool {
    let name = plain(name)
    return declarations.broken.contains(name)
      || declarations.broken.contains(String(name.prefix { $0 != "." }))
  }

  /// What a name that stands for no value is, and what to write instead.
  private func missing(_ name: String) -> (what: String, remedy: String) {
    if declarations.outputs.contains(where: { $0.name == name }) {
      return (
        "is an output, expected a value", "compute into another name, and reveal that"
      )
    }
    if array(named: name) != nil {
      return ("is an array, expected a value", "write: load result, \(name), index")
    }
    if let stream = declarations.streams.first(where: { $0.name == name }) {
      let field = stream.fields.first?.name ?? "field"
      return ("is a stream, expected a value", "read \(name), and then use \(name).\(field)")
    }
    if let stream = declarations.streams.first(where: { name.hasPrefix($0.name + ".") }) {
      let fields = stream.fields.map(\.name)
      return fields.contains { stream.name + "." + $0 == name }
        ? ("has no value here", "write before it: read \(stream.name)")
        : (
          "is no field of \(stream.name)",
          "its fields are \(fields.joined(separator: ", "))"
        )
    }
    let candidates =
      formats.keys.map(plain) + declarations.publicInputs.map(\.name)
      + Array(declarations.constants.keys)
    return (
      "has no value here",
      closest(to: name, among: candidates).map { "did you mean \($0)?" }
        ?? "assign it before it is used"
    )
  }

  /// Whether a name can be assigned; reports why not.
  func isAssignable(_ name: String, at location: SourceLocation) -> Bool {
    guard !plain(name).contains(".") else {
      diagnostics.error(
        location, "\(plain(name)) cannot be assigned: names with a dot are the fields of streams",
        help: "copy the field into another name: set copy, \(plain(name))")
      return false
    }
    let what: String
    if declarations.constants[name] != nil {
      what = "a constant"
    } else if declarations.publicInputs.contains(where: { $0.name == name }) {
      what = "a public input"
    } else if declarations.arrays.contains(where: { $0.name == name }) {
      diagnostics.error(
        location, "\(name) is an array and cannot be assigned",
        help: "write \"store \(name), index, value\"")
      return false
    } else if declarations.outputs.contains(where: { $0.name == name }) {
      diagnostics.error(
        location, "\(name) is an output and cannot be assigned",
        help: "compute into another name, and then write: reveal \(name), that name")
      return false
    } else {
      return true
    }
    diagnostics.error(location, "\(name) is \(what) and cannot be assigned")
    return false
  }

  func output(named name: String) -> (index: Int, format: Format)? {
    declarations.outputs.firstIndex { $0.name == name }.map {
      ($0, declarations.outputs[$0].format)
    }
  }

  func array(named name: String) -> Declarations.ArrayDeclaration? {
    declarations.arrays.first { $0.name == name }
  }

  var arrayNames: [String] { declarations.arrays.map(\.name) }
  var outputNames: [String] { declarations.outputs.map(\.name) }
  var streamNames: [String] { declarations.streams.map(\.name) }

  /// A stream's number, fields and the number of its count channel.
  func stream(named name: String) -> (stream: ZKVMMachine.Stream, channel: Int)? {
    var channel = declarations.secretInputs.count
    for stream in declarations.streams {
      if stream.name == name { return (stream, channel) }
      channel += 1 + stream.fields.count
    }
    return nil
  }

  func error(_ location: SourceLocation, _ message: String, help: String? = nil) {
    diagnostics.error(location, message, help: help)
  }

  /// A name without the suffix of a procedure's expansion.
  func plain(_ name: String) -> String { String(name.prefix { $0 != "$" }) }
}
