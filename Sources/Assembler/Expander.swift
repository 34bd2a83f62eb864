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

  private struct Procedure {
    let name: String
    let parameters: [(name: String, format: Format?)]
    let results: [(name: String, format: Format?)]
    let body: [Line]
    let location: SourceLocation
  }

  private let loader: SourceLoader
  private let diagnostics: Diagnostics
  private(set) var sources: [String: String] = [:]
  private(set) var fileOrder: [String] = []
  private(set) var declarations = Declarations()
  private(set) var statements: [Statement] = []
  private var procedures: [String: Procedure] = [:]
  private var expansions = 0
  private var callStack: [String] = []
  /// Lines and rounds of expansion that are left. Nested repeats multiply, also where they are empty
  /// or wrong, so it is the work that is bounded, not the result.
  private var budget = 1 << 18

  init(loader: @escaping SourceLoader, diagnostics: Diagnostics) {
    self.loader = loader
    self.diagnostics = diagnostics
  }

  func expand(file: String) {
    let lines = load(file, from: nil)
    collectDirectives(lines)
    emit(topLevel, renaming: nil)
  }

  /// The lines that are neither declarations nor procedures, in order.
  private var topLevel: [Line] = []

  private func load(_ path: String, from location: SourceLocation?) -> [Line] {
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

  // MARK: Directives

  private func collectDirectives(_ lines: [Line]) {
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      guard let first = line.tokens.first else { continue }
      guard first.kind == .directive else {
        topLevel.append(line)
        continue
      }
      var cursor = TokenCursor(line.tokens, index: 1)
      switch first.text {
      case ".program":
        if let name = cursor.next(), name.kind == .name || name.kind == .string {
          declarations.programName = name.text
        } else {
          diagnostics.error(first.location, "expected the program's name")
        }
      case ".include":
        guard let path = cursor.accept(.string) else {
          diagnostics.error(cursor.location, "expected a path in quotes, found \(cursor.found)")
          continue
        }
        let resolved = Expander.resolve(path.text, relativeTo: line.file)
        collectDirectives(load(resolved, from: path.location))
        continue
      case ".public", ".secret", ".output":
        guard let field = namedFormat(&cursor) else { continue }
        declare(first.text, field)
      case ".const":
        guard constant(&cursor) else { continue }
      case ".stream":
        var tokens = line.tokens
        while !tokens.contains(where: { $0.text == "}" }), index < lines.count {
          tokens += lines[index].tokens
          index += 1
        }
        cursor = TokenCursor(tokens, index: 1)
        guard stream(&cursor) else { continue }
      case ".proc":
        let (body, next) = block(lines, from: index, opening: first)
        index = next
        procedure(&cursor, body: body, at: first.location)
      case ".repeat":
        let (body, next) = block(lines, from: index, opening: first)
        topLevel += [line] + body + (next > index ? [lines[next - 1]] : [])
        index = next
        continue
      case ".end":
        diagnostics.error(first.location, ".end without .proc or .repeat")
      default:
        let known = [
          ".program", ".include", ".public", ".secret", ".output", ".const", ".stream", ".proc",
          ".repeat", ".end",
        ]
        let suggestion = closest(to: first.text, among: known)
        diagnostics.error(
          first.location, "unknown directive \(first.text)",
          help: suggestion.map { "did you mean \($0)?" })
        continue
      }
      if first.text != ".proc", first.text != ".end", !cursor.isAtEnd {
        diagnostics.error(cursor.location, "expected the end of the line, found \(cursor.found)")
      }
    }
  }

  static func resolve(_ path: String, relativeTo file: String) -> String {
    if path.hasPrefix("/") { return path }
    var parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(
      String.init)
    for part in path.split(separator: "/").map(String.init) {
      if part == "." { continue }
      if part == "..", let last = parts.last, last != "..", !last.isEmpty {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  /// The lines up to the matching `.end`, and the index behind it.
  private func block(_ lines: [Line], from start: Int, opening: Token) -> ([Line], Int) {
    var depth = 1
    var index = start
    while index < lines.count {
      let first = lines[index].tokens.first?.text
      if first == ".proc" || first == ".repeat" { depth += 1 }
      if first == ".end" { depth -= 1 }
      index += 1
      if depth == 0 { return (Array(lines[start..<(index - 1)]), index) }
    }
    diagnostics.error(opening.location, "\(opening.text) has no .end")
    return (Array(lines[start...]), lines.count)
  }

  private func declare(_ kind: String, _ field: (name: Token, format: Format)) {
    guard claim(field.name) else { return }
    if field.format == .bool {
      diagnostics.error(
        field.name.location, "\(kind) \(field.name.text) cannot be a bool",
        help: kind == ".output"
          ? "declare it as int" : "declare it as int and derive the flag by a comparison")
    }
    let value = NamedFormat(field.name.text, field.format)
    switch kind {
    case ".public": declarations.publicInputs.append(value)
    case ".secret": declarations.secretInputs.append(value)
    default: declarations.outputs.append(value)
    }
  }

  private func claim(_ name: Token) -> Bool {
    if let earlier = declarations.locations[name.text] {
      diagnostics.error(
        name.location, "\(name.text) is declared twice",
        help: "the first declaration is at \(earlier.file):\(earlier.line)")
      return false
    }
    declarations.locations[name.text] = name.location
    return true
  }

  private func namedFormat(_ cursor: inout TokenCursor) -> (name: Token, format: Format)? {
    guard let name = cursor.accept(.name) else {
      diagnostics.error(cursor.location, "expected a name, found \(cursor.found)")
      return nil
    }
    guard cursor.accept(":"), let format = format(&cursor) else {
      diagnostics.error(
        cursor.location, "expected \": format\" behind \(name.text), found \(cursor.found)",
        help: "formats are \(Format.allCases.map(\.description).joined(separator: ", "))")
      return nil
    }
    return (name, format)
  }

  private func format(_ cursor: inout TokenCursor) -> Format? {
    guard let token = cursor.peek, let format = Format(name: token.text) else { return nil }
    _ = cursor.next()
    return format
  }

  /// Whether the rest of the line is worth a look.
  private func constant(_ cursor: inout TokenCursor) -> Bool {
    guard let (name, format) = namedFormat(&cursor) else { return false }
    guard cursor.accept("="), let number = cursor.accept(.number) else {
      diagnostics.error(cursor.location, "expected \"= number\", found \(cursor.found)")
      return false
    }
    guard claim(name) else { return false }
    do throws(DecimalError) {
      declarations.constants[name.text] = (try Decimal.parse(number.text, as: format), format)
    } catch {
      diagnostics.error(number.location, error.description)
      declarations.constants[name.text] = (0, format)
    }
    return true
  }

  private func stream(_ cursor: inout TokenCursor) -> Bool {
    guard let name = cursor.accept(.name), cursor.accept("{") else {
      diagnostics.error(
        cursor.location, "expected \".stream name { field: format, … }\", found \(cursor.found)")
      return false
    }
    var fields: [NamedFormat] = []
    while !cursor.accept("}") {
      guard let field = namedFormat(&cursor) else { return false }
      if fields.contains(where: { $0.name == field.name.text }) {
        diagnostics.error(field.name.location, "the field \(field.name.text) is declared twice")
      }
      fields.append(NamedFormat(field.name.text, field.format))
      if !cursor.accept(","), cursor.peek?.text != "}" {
        diagnostics.error(cursor.location, "expected \",\" or \"}\", found \(cursor.found)")
        return false
      }
    }
    if claim(name) { declarations.streams.append(Machine.Stream(name.text, fields)) }
    return true
  }

  // MARK: Procedures and repeats

  private func procedure(_ cursor: inout TokenCursor, body: [Line], at location: SourceLocation) {
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

  private func signature(_ cursor: inout TokenCursor) -> [(name: String, format: Format?)]? {
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
  private struct Renaming {
    let suffix: String
    let local: (String) -> Bool

    func callAsFunction(_ name: String) -> String { local(name) ? name + suffix : name }
  }

  /// Takes one step of the budget; the first one too many is an error.
  private func spend(_ line: Line) -> Bool {
    budget -= 1
    if budget == 0 {
      diagnostics.error(
        SourceLocation(file: line.file, line: line.number, column: 1),
        "the program expands to too many lines, at most \(1 << 18) are allowed",
        help: "write a loop with labels and branch")
    }
    return budget > 0
  }

  private func emit(_ lines: [Line], renaming: Renaming?) {
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

  private func emitRepeat(_ line: Line, _ body: [Line], _ renaming: Renaming?) {
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
  private func substitute(_ text: String, _ variable: String, _ round: Int) -> String {
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

  private func emitLine(_ line: Line, _ renaming: Renaming?) {
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

  private func operand(_ cursor: inout TokenCursor, _ renaming: Renaming?) -> OperandSyntax? {
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
  private func call(_ cursor: inout TokenCursor, _ mnemonic: Token, _ renaming: Renaming?) {
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
    for line in procedure.body {
      // What a line assigns or labels is local: the first name behind the mnemonic, call results.
      for token in line.tokens where token.kind == .name && !declarations.isGlobal(token.text) {
        locals.insert(token.text)
      }
    }
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

  private func operandList(
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
