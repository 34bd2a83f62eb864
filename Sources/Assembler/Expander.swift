import ZKVMFixedPoint
import ZKVMMachine

/// Reads source files by path; the assembler itself touches no file system. It throws
/// ``MissingSource`` where there is no such file, and any other error where it may not be read.
public typealias SourceLoader = (_ path: String) throws -> String

/// There is no source file of this path.
public struct MissingSource: Error, CustomStringConvertible {
  public init() {}
  public var description: String { "no such file" }
}

/// Turns source files into declarations and a flat list of statements: includes, `.repeat` and
/// procedures are expanded here.
final class Expander {
  struct Line {
    let tokens: [Token]
    /// Whether something in the line is no token; that is reported, and the line means nothing.
    let isBroken: Bool
    let text: String
    let file: String
    let number: Int

    /// What is no token is reported here, wherever the line stands; what stands in braces is made of tokens.
    init(_ text: String, file: String, number: Int, _ diagnostics: Diagnostics) {
      (tokens, isBroken) = Lexer.scan(text, file: file, number: number, diagnostics)
      self.text = text
      self.file = file
      self.number = number
    }

    /// The directive that the line begins with.
    var directive: String? {
      tokens.first.flatMap { $0.kind == .directive ? $0.text : nil }
    }

    /// The tokens after the labels before an instruction.
    var withoutLabels: ArraySlice<Token> {
      var rest = tokens[...]
      while rest.count > 1, rest.first?.kind == .name, rest.dropFirst().first?.text == ":" {
        rest = rest.dropFirst(2)
      }
      return rest
    }

    /// What expanding the line costs: a step, and more for one that is very long.
    var cost: Int { 1 + tokens.count / 16 + text.utf8.count / 256 }
  }

  struct Procedure {
    let name: String
    let parameters: [(name: String, format: Format?)]
    let results: [(name: String, format: Format?)]
    let body: [Line]
    let location: SourceLocation

    /// A call with the names of the definition.
    var usage: String {
      let arguments = parameters.map(\.name).joined(separator: ", ")
      let names = results.map(\.name).joined(separator: ", ")
      return "call \(name)(\(arguments))" + (names.isEmpty ? "" : " -> (\(names))")
    }
  }

  let loader: SourceLoader
  let libraries: [String]
  let diagnostics: Diagnostics
  var sources: [String: String] = [:]
  var fileOrder: [String] = []
  var declarations = Declarations()
  var statements: [Statement] = []
  var procedures: [String: Procedure] = [:]
  /// Names of procedures whose definition was reported.
  var brokenProcedures: Set<String> = []
  var expansions = 0
  var callStack: [String] = []
  /// How many calls and repeats are being expanded, the source itself included.
  private var depth = 0
  var includeDepth = 0
  /// Lines and rounds of expansion that are left. Nested repeats multiply, also where they are empty
  /// or wrong, so it is the work that is bounded, not the result.
  private var budget: Int
  private let expandedLines: Int

  init(
    loader: @escaping SourceLoader, libraries: [String], expandedLines: Int,
    diagnostics: Diagnostics
  ) {
    self.loader = loader
    self.libraries = libraries
    self.expandedLines = expandedLines
    budget = expandedLines
    self.diagnostics = diagnostics
  }

  func expand(_ source: SourceText, file: String) {
    mainFile = file
    collectDirectives(lines(of: source, file: file))
    emit(topLevel, renaming: nil)
  }

  /// The lines that are neither declarations nor procedures, in order.
  var topLevel: [Line] = []
  private(set) var mainFile = ""

  func lines(of source: SourceText, file: String) -> [Line] {
    sources[file] = source.text
    fileOrder.append(file)
    var lines: [Line] = []
    for (index, text) in source.lines.enumerated() {
      let line = Line(text, file: file, number: index + 1, diagnostics)
      if !line.tokens.isEmpty || line.isBroken { lines.append(line) }
    }
    return lines
  }

  /// Names of one expansion of a procedure.
  struct Renaming {
    let suffix: String
    let local: (String) -> Bool

    func callAsFunction(_ name: String) -> String { local(name) ? name + suffix : name }

    /// A procedure's labels are its own: it neither jumps out nor is jumped into.
    func label(_ name: String) -> String { name + suffix }
  }

  /// Takes one step of the budget; the first one too many is an error.
  func spend(_ line: Line) -> Bool {
    guard budget > 0 else { return false }
    budget -= line.cost
    if budget <= 0 {
      diagnostics.error(
        SourceLocation(file: line.file, line: line.number, column: 1),
        "the program expands to too many lines, at most \(expandedLines) are allowed",
        help: "write a loop with labels and branch")
    }
    return budget > 0
  }

  /// How deep calls and repeats, and how deep includes may nest.
  static let maximumDepth = 128

  func emit(_ lines: [Line], renaming: Renaming?) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Expander.maximumDepth else {
      guard let line = lines.first else { return }
      return diagnostics.error(
        SourceLocation(file: line.file, line: line.number, column: 1),
        "calls and repeats nest more than \(Expander.maximumDepth) deep",
        help: "write a loop with labels and branch")
    }
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      guard spend(line) else { return }
      guard let first = line.tokens.first else { continue }
      if line.directive == ".repeat" {
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
    if cursor.accept(",") { variable = cursor.accept(.name)?.text ?? "" }
    guard cursor.isAtEnd, variable.isName, !line.isBroken else {
      return diagnostics.error(
        cursor.location, "expected \".repeat count, variable\", found \(cursor.found)")
    }
    for inner in body where inner.directive == ".repeat" {
      guard (inner.tokens.count > 3 ? inner.tokens[3].text : "i") == variable else { continue }
      return diagnostics.error(
        inner.tokens[0].location, "a .repeat within one over \(variable) counts by \(variable) too",
        help: "name another variable: .repeat count, j")
    }
    for round in 0..<count {
      guard spend(line) else { return }
      let lines = body.map { line -> Line in
        guard line.text.contains("{") else { return line }
        return substitute(line, variable, round, renaming)
      }
      emit(lines, renaming: renaming)
    }
  }

  /// k of "variable+k" and "variable-k".
  private static func offset(_ text: String, from variable: String) -> Int? {
    guard text.hasPrefix(variable) else { return nil }
    let rest = text.dropFirst(variable.count)
    guard let sign = rest.first, sign == "+" || sign == "-",
      rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int32(rest).map { Int($0) }
  }

  /// Replaces {variable}, {variable+k} and {variable-k}.
  private func substitute(
    _ line: Line, _ variable: String, _ round: Int, _ renaming: Renaming?
  ) -> Line {
    var result = ""
    var rest = line.text[...]
    var isWrong = false
    func put(_ number: Int) {
      if number < 0, let last = result.last, ("_" + String(last)).isName {
        diagnostics.error(
          SourceLocation(file: line.file, line: line.number, column: 1),
          "in round \(round) a name would end in \(number): \(variable) counts from 0",
          help: "name the first one 0, and the next one {\(variable)+1}")
        isWrong = true
      } else {
        result += String(number)
      }
    }
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let inner = rest[rest.index(after: open)..<close].filter { !$0.isWhitespace }
      result += rest[..<open]
      if inner == variable {
        put(round)
      } else if let offset = Expander.offset(inner, from: variable) {
        put(round + offset)
      } else {
        result += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    guard !isWrong else {
      giveUp(
        Line(result + rest, file: line.file, number: line.number, Diagnostics()), renaming)
      return Line("", file: line.file, number: line.number, diagnostics)
    }
    return Line(result + rest, file: line.file, number: line.number, diagnostics)
  }

  /// Goes on after a line that was reported: the names that it was to assign are not missed again.
  private func giveUp(_ line: Line, _ renaming: Renaming?) {
    guard let first = line.tokens.first else { return }
    statements.append(
      Statement(
        kind: .unreadable(Expander.assignedNames(line).map { renaming?($0) ?? $0 }),
        location: first.location))
  }

  func emitLine(_ line: Line, _ renaming: Renaming?) {
    guard !line.isBroken else { return giveUp(line, renaming) }
    var cursor = TokenCursor(line.tokens)
    // Labels: a name followed by a colon at the start of the line.
    while line.tokens.count > cursor.index + 1, cursor.peek?.kind == .name,
      line.tokens[cursor.index + 1].text == ":"
    {
      let name = cursor.next()!
      _ = cursor.next()
      statements.append(
        Statement(kind: .label(renaming?.label(name.text) ?? name.text), location: name.location))
    }
    guard !cursor.isAtEnd else { return }
    guard let mnemonic = cursor.accept(.name) else {
      diagnostics.error(
        cursor.location, "expected an instruction, found \(cursor.found)",
        help: cursor.peek?.text == "#" ? "comments begin with ;" : nil)
      return giveUp(line, renaming)
    }
    if cursor.peek?.text == "=" {
      diagnostics.error(
        cursor.location, "expected an instruction, found an assignment",
        help: "the instruction comes first, then the result: add \(mnemonic.text), a, b")
      let name = renaming?(mnemonic.text) ?? mnemonic.text
      statements.append(Statement(kind: .unreadable([name]), location: mnemonic.location))
      return
    }
    if mnemonic.text == "call" {
      if !call(&cursor, mnemonic, renaming) { giveUp(line, renaming) }
      return
    }
    guard let (operands, message) = operandsAndMessage(&cursor, of: mnemonic.text, renaming) else {
      return giveUp(line, renaming)
    }
    statements.append(
      Statement(
        kind: .instruction(mnemonic: mnemonic.text, operands: operands, message: message),
        location: mnemonic.location))
  }

  /// What follows an instruction's name; `nil` with an error.
  private func operandsAndMessage(
    _ cursor: inout TokenCursor, of mnemonic: String, _ renaming: Renaming?
  ) -> (operands: [OperandSyntax], message: String?)? {
    var operands: [OperandSyntax] = []
    var message: String?
    while !cursor.isAtEnd {
      if message == nil, let string = cursor.accept(.string) {
        message = string.text
      } else if message == nil, cursor.peek?.kind == .name || cursor.peek?.kind == .number {
        let isLabel = mnemonic == "jump" || mnemonic == "branch" && !operands.isEmpty
        let naming = isLabel ? renaming.map { Renaming(suffix: $0.suffix) { _ in true } } : renaming
        guard let operand = operand(&cursor, naming) else { return nil }
        operands.append(operand)
      } else if message != nil {
        diagnostics.error(cursor.location, "the message stands last, found \(cursor.found)")
        return nil
      } else {
        diagnostics.error(cursor.location, "expected a name or a number, found \(cursor.found)")
        return nil
      }
      if !cursor.isAtEnd, !cursor.accept(",") {
        diagnostics.error(
          cursor.location, "expected \",\" or the end of the line, found \(cursor.found)",
          help: Expander.remedy(cursor.peek))
        return nil
      }
      if cursor.isAtEnd, cursor.endsIn(",") {
        diagnostics.error(cursor.location, "expected another operand after \",\"")
        return nil
      }
    }
    return (operands, message)
  }

  /// What a token out of place was meant to be.
  private static func remedy(_ token: Token?) -> String? {
    switch token?.text {
    case "#": "comments begin with ;"
    case "+": "there are no operators; write: add result, a, b"
    case "-": "there are no operators; write: sub result, a, b"
    case "=": "there are no assignments; write: set name, value"
    case _ where token?.kind == .name || token?.kind == .string: "separate operands by commas"
    case _ where token?.kind == .number: "separate operands by commas; subtract with sub"
    default: nil
    }
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
          help: Expander.formats(like: cursor.peek?.text))
        return nil
      }
      type = parsed
    }
    return OperandSyntax(
      kind: .name(renaming?(name.text) ?? name.text), format: type, location: name.location)
  }
}
