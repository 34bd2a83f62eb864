import ZKVMFixedPoint
import ZKVMMachine

/// Definitions of procedures, and their expansion where they are called.
extension Expander {
  func define(_ cursor: inout TokenCursor, body: [Line], at location: SourceLocation) {
    if let name = cursor.peek { brokenProcedures.insert(name.text) }
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
    guard cursor.isAtEnd else {
      return diagnostics.error(
        cursor.location, "expected the end of the line, found \(cursor.found)")
    }
    for list in [parameters, results] {
      guard Set(list.map(\.name)).count < list.count else { continue }
      return diagnostics.error(
        name.location, "two parameters or results of \(name.text) have one name")
    }
    brokenProcedures.remove(name.text)
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

  /// `call name(arguments) -> results`: copies in, the renamed body, copies out. Copies are
  /// renamings and cost nothing.
  ///
  /// Whether the call could be expanded; else there is an error.
  func call(
    _ cursor: inout TokenCursor, _ mnemonic: Token, _ renaming: Renaming?
  ) -> Bool {
    guard let name = cursor.accept(.name), let arguments = operandList(&cursor, renaming) else {
      diagnostics.error(
        cursor.location, "expected \"call name(arguments) -> (results)\", found \(cursor.found)")
      return false
    }
    var results: [OperandSyntax] = []
    if cursor.accept("->") {
      guard let list = operandList(&cursor, renaming) else {
        diagnostics.error(cursor.location, "expected results in parentheses, found \(cursor.found)")
        return false
      }
      results = list
    }
    guard cursor.isAtEnd else {
      diagnostics.error(
        cursor.location, "expected the end of the line, found \(cursor.found)",
        help: cursor.peek?.text == "("
          ? "results come after an arrow: call \(name.text)(…) -> (…)" : nil)
      return false
    }
    guard let procedure = procedure(name, arguments: arguments.count, results: results.count) else {
      return false
    }
    expand(procedure, arguments, results, at: mnemonic.location)
    return true
  }

  /// The procedure of a call; `nil` with an error if it cannot be called so.
  private func procedure(_ name: Token, arguments: Int, results: Int) -> Procedure? {
    guard let procedure = procedures[name.text] else {
      guard !brokenProcedures.contains(name.text) else { return nil }
      let suggestion = closest(to: name.text, among: procedures.keys)
      diagnostics.error(
        name.location, "there is no procedure \(name.text)",
        help: suggestion.map { "did you mean \($0)?" }
          ?? "define it with .proc, or include the file that does")
      return nil
    }
    guard arguments == procedure.parameters.count, results == procedure.results.count else {
      diagnostics.error(
        name.location,
        "arguments of \(name.text): expected \(procedure.parameters.count), found \(arguments); "
          + "results: expected \(procedure.results.count), found \(results)",
        help: "write: \(procedure.usage)")
      return nil
    }
    guard !callStack.contains(name.text) else {
      diagnostics.error(
        name.location, "\(name.text) calls itself: procedures are expanded in place",
        help: "use labels and branch for a loop")
      return nil
    }
    return procedure
  }

  private func expand(
    _ procedure: Procedure, _ arguments: [OperandSyntax], _ results: [OperandSyntax],
    at location: SourceLocation
  ) {
    callStack.append(procedure.name)
    defer { callStack.removeLast() }
    expansions += 1
    let suffix = "$\(expansions)"
    let inner = Renaming(suffix: suffix, local: isLocal(to: procedure))
    func set(_ target: OperandSyntax, _ source: OperandSyntax) {
      statements.append(
        Statement(
          kind: .instruction(mnemonic: "set", operands: [target, source], message: nil),
          location: location))
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

  /// Whether a name in a procedure's body is the body's own: all but the program's constants, inputs,
  /// streams, arrays and revealed outputs; and these too where the body assigns the name.
  private func isLocal(to procedure: Procedure) -> (String) -> Bool {
    // An output's name means the output where the body reveals it, and is the body's own elsewhere.
    let revealed = procedure.body.compactMap { line in
      line.withoutLabels.first?.text == "reveal" ? line.withoutLabels.dropFirst().first?.text : nil
    }
    let outputs = Set(declarations.outputs.map(\.name)).subtracting(revealed)
    let assigned = Set(
      procedure.parameters.map(\.name) + procedure.results.map(\.name)
        + procedure.body.flatMap(Expander.assignedNames))
    // "w{i}" assigns w0, w1, …
    let stems = procedure.body.compactMap { line -> String? in
      let rest = Array(line.withoutLabels.prefix(3))
      guard rest.count == 3, rest[2].text == "{", assigned.contains(rest[1].text) else {
        return nil
      }
      return rest[1].text
    }
    return { [declarations] name in
      !declarations.isGlobal(name) || outputs.contains(name) || assigned.contains(name)
        || stems.contains { name.hasPrefix($0) && name.dropFirst($0.count).first?.isNumber == true }
    }
  }

  /// The names that a line of a procedure gives values to.
  static func assignedNames(_ line: Line) -> [String] {
    let tokens = line.withoutLabels
    guard let first = tokens.first, first.kind == .name else { return [] }
    if first.text == "call" {
      guard let arrow = tokens.firstIndex(where: { $0.kind == .punctuation && $0.text == "->" })
      else { return [] }
      return tokens[arrow...].filter { $0.kind == .name }.map(\.text)
    }
    guard InstructionLowering.namesResult(first.text), let result = tokens.dropFirst().first,
      result.kind == .name
    else { return [] }
    return [result.text]
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
