import FixedPoint
import Machine

/// Reads source files by path; the assembler itself touches no file system.
public typealias SourceLoader = (_ path: String) throws -> String

/// Turns source files into declarations and a flat list of statements: includes, `.repeat` and
/// procedures are expanded here.
final class Expander {
  struct Line {
    var tokens: [Token]
    let text: String
    let file: String
    let number: Int
  }

  struct Procedure {
    let name: String
    let parameters: [(name: String, format: Format?)]
    let results: [(name: String, format: Format?)]
    let body: [Line]
    let location: SourceLocation
  }

  let loader: SourceLoader
  let diagnostics: Diagnostics
  var sources: [String: String] = [:]
  var fileOrder: [String] = []
  var declarations = Declarations()
  var statements: [Statement] = []
  var procedures: [String: Procedure] = [:]
  var expansions = 0
  var callStack: [String] = []
  /// Lines and rounds of expansion that are left. Nested repeats multiply, also where they are empty
  /// or wrong, so it is the work that is bounded, not the result.
  private var budget: Int
  private let expandedLines: Int

  init(loader: @escaping SourceLoader, expandedLines: Int, diagnostics: Diagnostics) {
    self.loader = loader
    self.expandedLines = expandedLines
    budget = expandedLines
    self.diagnostics = diagnostics
  }

  func expand(file: String) {
    let lines = load(file, from: nil)
    collectDirectives(lines)
    emit(topLevel, renaming: nil)
  }

  /// The lines that are neither declarations nor procedures, in order.
  var topLevel: [Line] = []

  func load(_ path: String, from location: SourceLocation?) -> [Line] {
    guard sources[path] == nil else { return [] }
    let text: String
    do {
      text = try loader(path)
    } catch {
      diagnostics.error(
        location ?? SourceLocation(file: path, line: 1, column: 1), "cannot read \(path): \(error)")
      return []
    }
    sources[path] = text
    fileOrder.append(path)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      let line = line.last == "\r" ? String(line.dropLast()) : String(line)
      let hasPlaceholder = line.contains("{")
      let tokens = Lexer.tokens(
        line, file: path, number: index + 1, hasPlaceholder ? Diagnostics() : diagnostics)
      return Line(tokens: tokens, text: line, file: path, number: index + 1)
    }
  }

  // MARK: Procedures and repeats

  func procedure(_ cursor: inout TokenCursor, body: [Line], at location: SourceLocation) {
    guard let name = cursor.accept(.name), let parameters = signature(&cursor) else {
      diagnostics.error(
        cursor.location,
        "expected \".proc name(parameter: format, …) -> (result: format, …)\", found \(cursor.found)"
      )
      return
    }
    var results: [(name: String, format: Format?)] = []
    if cursor.accept("->") {
      guard let list = signature(&cursor) else {
        diagnostics.error(cursor.location, "expected results in parentheses, found \(cursor.found)")
        return
      }
      results = list
    }
    if procedures[name.text] != nil {
      diagnostics.error(name.location, "the procedure \(name.text) is defined twice")
    }
    procedures[name.text] = Procedure(
      name: name.text, parameters: parameters, results: results, body: body, location: location)
  }

  func signature(_ cursor: inout TokenCursor) -> [(name: String, format: Format?)]? {
    guard cursor.accept("(") else { return nil }
    var list: [(name: String, format: Format?)] = []
    while !cursor.accept(")") {
      guard let name = cursor.accept(.name) else { return nil }
      var type: Format?
      if cursor.accept(":") {
        guard let parsed = format(&cursor) else { return nil }
        type = parsed
      }
      list.append((name.text, type))
      if !cursor.accept(","), cursor.peek?.text != ")" { return nil }
    }
    return list
  }

  /// Names of one expansion of a procedure.
  struct Renaming {
    let suffix: String
    let local: (String) -> Bool

    func callAsFunction(_ name: String) -> String { local(name) ? name + suffix : name }
  }

  /// Takes one step of the budget; the first one too many is an error.
  func spend(_ line: Line) -> Bool {
    budget -= 1
    if budget == 0 {
      diagnostics.error(
        SourceLocation(file: line.file, line: line.number, column: 1),
        "the program expands to too many lines, at most \(expandedLines) are allowed",
        help: "write a loop with labels and branch")
    }
    return budget > 0
  }

  func emit(_ lines: [Line], renaming: Renaming?) {
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      guard spend(line) else { return }
      guard let first = line.tokens.first else { continue }
      if first.text == ".repeat" {
        let (body, next) = block(lines, from: index, opening: first)
        index = next
        emitRepeat(line, body, renaming)
      } else if first.kind == .directive {
        diagnostics.error(first.location, "\(first.text) is not allowed here")
      } else {
        emitLine(line, renaming)
      }
    }
  }

  func emitRepeat(_ line: Line, _ body: [Line], _ renaming: Renaming?) {
    var cursor = TokenCursor(line.tokens, index: 1)
    guard let number = cursor.accept(.number), let count = Int(number.text),
      (0...65536).contains(count)
    else {
      diagnostics.error(
        cursor.location, "expected a number of repetitions from 0 to 65536, found \(cursor.found)")
      return
    }
    var variable = "i"
    if cursor.accept(","), let name = cursor.accept(.name) { variable = name.text }
    if !cursor.isAtEnd {
      diagnostics.error(
        cursor.location, "expected \".repeat count, variable\", found \(cursor.found)")
    }
    for round in 0..<count {
      guard spend(line) else { return }
      let lines = body.map { line -> Line in
        guard line.text.contains("{") else { return line }
        let text = substitute(line.text, variable, round)
        let stillOpen = text.contains("{")
        return Line(
          tokens: Lexer.tokens(
            text, file: line.file, number: line.number, stillOpen ? Diagnostics() : diagnostics),
          text: text, file: line.file, number: line.number)
      }
      emit(lines, renaming: renaming)
    }
  }

  /// Replaces {variable}, {variable+k} and {variable-k}.
  func substitute(_ text: String, _ variable: String, _ round: Int) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let inner = rest[rest.index(after: open)..<close].filter { !$0.isWhitespace }
      result += rest[..<open]
      if inner == variable {
        result += String(round)
      } else if inner.hasPrefix(variable), let offset = Int(inner.dropFirst(variable.count)) {
        result += String(round + offset)
      } else {
        result += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  func emitLine(_ line: Line, _ renaming: Renaming?) {
    var cursor = TokenCursor(line.tokens)
    // Labels: a name followed by a colon at the start of the line.
    while line.tokens.count > cursor.index + 1, cursor.peek?.kind == .name,
      line.tokens[cursor.index + 1].text == ":"
    {
      let name = cursor.next()!
      _ = cursor.next()
      statements.append(
        Statement(kind: .label(renaming?(name.text) ?? name.text), location: name.location))
    }
    guard !cursor.isAtEnd else { return }
    guard let mnemonic = cursor.accept(.name) else {
      diagnostics.error(cursor.location, "expected an instruction, found \(cursor.found)")
      return
    }
    if mnemonic.text == "call" {
      call(&cursor, mnemonic, renaming)
      return
    }
    var operands: [OperandSyntax] = []
    var message: String?
    while !cursor.isAtEnd {
      if let string = cursor.accept(.string) {
        message = string.text
      } else if let operand = operand(&cursor, renaming) {
        operands.append(operand)
      } else {
        diagnostics.error(cursor.location, "expected a name or a number, found \(cursor.found)")
        return
      }
      if !cursor.isAtEnd, !cursor.accept(",") {
        diagnostics.error(
          cursor.location, "expected \",\" or the end of the line, found \(cursor.found)")
        return
      }
    }
    statements.append(
      Statement(
        kind: .instruction(mnemonic: mnemonic.text, operands: operands, message: message),
        location: mnemonic.location))
  }

  func operand(_ cursor: inout TokenCursor, _ renaming: Renaming?) -> OperandSyntax? {
    if let number = cursor.accept(.number) {
      return OperandSyntax(kind: .number(number.text), format: nil, location: number.location)
    }
    guard let name = cursor.accept(.name) else { return nil }
    var type: Format?
    if cursor.accept(":") {
      guard let parsed = format(&cursor) else {
        diagnostics.error(
          cursor.location, "expected a format, found \(cursor.found)",
          help: "formats are \(Format.allCases.map(\.description).joined(separator: ", "))")
        return nil
      }
      type = parsed
    }
    return OperandSyntax(
      kind: .name(renaming?(name.text) ?? name.text), format: type, location: name.location)
  }

  /// `call name(arguments) -> results`: copies in, the renamed body, copies out. Copies are
  /// renamings and cost nothing.
  func call(_ cursor: inout TokenCursor, _ mnemonic: Token, _ renaming: Renaming?) {
    guard let name = cursor.accept(.name), let arguments = operandList(&cursor, renaming) else {
      diagnostics.error(
        cursor.location, "expected \"call name(arguments) -> (results)\", found \(cursor.found)")
      return
    }
    var results: [OperandSyntax] = []
    if cursor.accept("->") {
      guard let list = operandList(&cursor, renaming) else {
        diagnostics.error(cursor.location, "expected results in parentheses, found \(cursor.found)")
        return
      }
      results = list
    }
    guard let procedure = procedures[name.text] else {
      let suggestion = closest(to: name.text, among: procedures.keys)
      diagnostics.error(
        name.location, "there is no procedure \(name.text)",
        help: suggestion.map { "did you mean \($0)?" })
      return
    }
    guard arguments.count == procedure.parameters.count, results.count == procedure.results.count
    else {
      diagnostics.error(
        name.location,
        "\(name.text) takes \(procedure.parameters.count) arguments and gives "
          + "\(procedure.results.count) results, found \(arguments.count) and \(results.count)")
      return
    }
    guard !callStack.contains(name.text) else {
      diagnostics.error(
        name.location, "\(name.text) calls itself: procedures are expanded in place",
        help: "use labels and branch for a loop")
      return
    }
    callStack.append(name.text)
    defer { callStack.removeLast() }
    expansions += 1
    let suffix = "$\(expansions)"
    var locals = Set(procedure.parameters.map(\.name) + procedure.results.map(\.name))
    // An output's name means the output where the body reveals it, and is the body's own elsewhere.
    let revealed = procedure.body.compactMap { line in
      line.tokens.first?.text == "reveal" ? line.tokens.dropFirst().first?.text : nil
    }
    let outputs = Set(declarations.outputs.map(\.name)).subtracting(revealed)
    for line in procedure.body {
      for token in line.tokens where token.kind == .name {
        if !declarations.isGlobal(token.text) || outputs.contains(token.text) {
          locals.insert(token.text)
        }
      }
    }
    // What the body assigns is its own, also where the program has an input of that name.
    for line in procedure.body { locals.formUnion(Expander.assignedNames(line)) }
    let inner = Renaming(suffix: suffix) { locals.contains($0) }
    func set(_ target: OperandSyntax, _ source: OperandSyntax) {
      statements.append(
        Statement(
          kind: .instruction(mnemonic: "set", operands: [target, source], message: nil),
          location: mnemonic.location))
    }
    for (parameter, argument) in zip(procedure.parameters, arguments) {
      set(
        OperandSyntax(
          kind: .name(parameter.name + suffix), format: parameter.format,
          location: argument.location), argument)
    }
    emit(procedure.body, renaming: inner)
    for (result, target) in zip(procedure.results, results) {
      set(
        target,
        OperandSyntax(kind: .name(result.name + suffix), format: nil, location: target.location))
    }
  }

  /// Instructions whose first operand is no result.
  private static let withoutResult: Set = [
    "reveal", "read", "store", "jump", "branch", "halt", "call",
  ]

  /// The names that a line of a procedure gives values to.
  private static func assignedNames(_ line: Line) -> [String] {
    guard let first = line.tokens.first, first.kind == .name else { return [] }
    if first.text == "call" {
      guard let arrow = line.tokens.firstIndex(where: { $0.text == "->" }) else { return [] }
      return line.tokens[arrow...].filter { $0.kind == .name }.map(\.text)
    }
    guard !withoutResult.contains(first.text), !first.text.hasPrefix("assert"),
      line.tokens.count > 1, line.tokens[1].kind == .name
    else { return [] }
    return [line.tokens[1].text]
  }

  func operandList(
    _ cursor: inout TokenCursor, _ renaming: Renaming?
  ) -> [OperandSyntax]? {
    guard cursor.accept("(") else { return nil }
    var list: [OperandSyntax] = []
    while !cursor.accept(")") {
      guard let operand = operand(&cursor, renaming) else { return nil }
      list.append(operand)
      if !cursor.accept(","), cursor.peek?.text != ")" { return nil }
    }
    return list
  }
}
