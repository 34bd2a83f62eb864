import ZKVMFixedPoint
import ZKVMMachine

/// Declarations, includes, and where procedures and repeats begin and end.
extension Expander {
  static let directives = [
    ".program", ".include", ".public", ".secret", ".output", ".const", ".stream", ".array",
    ".proc", ".repeat", ".end",
  ]

  func collectDirectives(_ lines: [Line]) {
    var index = 0
    while index < lines.count {
      let line = lines[index]
      index += 1
      guard let first = line.tokens.first, first.kind == .directive else {
        if !line.tokens.isEmpty || line.isBroken { topLevel.append(line) }
        continue
      }
      switch first.text {
      case ".proc":
        let (body, next) = block(lines, from: index, opening: first)
        index = next
        var cursor = TokenCursor(line.tokens, index: 1)
        define(&cursor, body: body, at: first.location)
      case ".repeat":
        let (body, next) = block(lines, from: index, opening: first)
        topLevel += [line] + body + (next > index ? [lines[next - 1]] : [])
        index = next
      case ".stream":
        var parts = [line]
        while !parts.contains(where: {
          $0.tokens.contains { $0.kind == .punctuation && $0.text == "}" }
        }),
          index < lines.count
        {
          parts.append(lines[index])
          index += 1
        }
        declare(parts, first)
      default: declare([line], first)
      }
    }
  }

  /// A declaration that may go over several lines. One that is wrong is reported once, and what it
  /// declares is not missed again.
  private func declare(_ lines: [Line], _ directive: Token) {
    let tokens = lines.flatMap(\.tokens)
    var cursor = TokenCursor(tokens, index: 1)
    let name = tokens.dropFirst().first
    var isRead = false
    // What is no token was reported with its line.
    if !lines.contains(where: \.isBroken) { isRead = read(directive, &cursor) }
    guard isRead else {
      if let name { declarations.broken.insert(name.text) }
      if directive.text == ".program" { declarations.hasBrokenName = true }
      return
    }
    if !cursor.isAtEnd {
      diagnostics.error(cursor.location, "expected the end of the line, found \(cursor.found)")
    }
  }

  /// Whether a declaration could be read; else there is an error.
  private func read(_ directive: Token, _ cursor: inout TokenCursor) -> Bool {
    switch directive.text {
    case ".program": return program(&cursor, directive)
    case ".include":
      guard let path = cursor.accept(.string) else {
        diagnostics.error(cursor.location, "expected a path in quotes, found \(cursor.found)")
        return false
      }
      include(path.text, in: path.location.file, at: path.location)
      return true
    case ".public", ".secret", ".output":
      guard let field = namedFormat(&cursor) else { return false }
      declare(directive.text, field)
      return true
    case ".const": return constant(&cursor)
    case ".array": return array(&cursor)
    case ".stream": return stream(&cursor)
    case ".end":
      diagnostics.error(directive.location, ".end without .proc or .repeat")
      return false
    default:
      let suggestion = closest(to: directive.text, among: Expander.directives)
      diagnostics.error(
        directive.location, "unknown directive \(directive.text)",
        help: suggestion.map { "did you mean \($0)?" })
      return false
    }
  }

  /// `.program "name"`: the name is part of the digest, so the source says it, not the file's name.
  private func program(_ cursor: inout TokenCursor, _ directive: Token) -> Bool {
    guard let name = cursor.next(), name.kind == .name || name.kind == .string else {
      diagnostics.error(directive.location, "expected the program's name in quotes")
      return false
    }
    guard ProgramName.isValid(name.text) else {
      diagnostics.error(
        name.location, "\"\(name.text)\" is no name of a program",
        help: "expected \(ProgramName.rule)")
      return false
    }
    guard directive.location.file == mainFile else {
      diagnostics.error(
        directive.location, "a file that is included cannot name the program",
        help: "remove the line, or assemble this file alone")
      return false
    }
    guard declarations.programName == nil else {
      diagnostics.error(directive.location, "the program is named twice")
      return false
    }
    declarations.programName = name.text
    return true
  }

  static func resolve(_ path: String, relativeTo file: String) -> String {
    if path.hasPrefix("/") { return path }
    // An absolute path begins with an empty part; others come of doubled slashes.
    var parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().enumerated()
      .filter { $0.offset == 0 || !$0.element.isEmpty }.map { String($0.element) }
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

  /// The lines up to the matching `.end`, and the index after it.
  func block(_ lines: [Line], from start: Int, opening: Token) -> ([Line], Int) {
    var depth = 1
    var index = start
    while index < lines.count {
      let line = lines[index]
      if line.directive == ".proc" || line.directive == ".repeat" { depth += 1 }
      if line.directive == ".end" {
        depth -= 1
        if line.tokens.count > 1 {
          diagnostics.error(
            line.tokens[1].location, "expected the end of the line after .end",
            help: "what follows .end stands on a line of its own")
        }
      }
      guard depth <= Expander.maximumDepth else {
        diagnostics.error(
          line.tokens[0].location, "calls and repeats nest more than \(Expander.maximumDepth) deep",
          help: "write a loop with labels and branch")
        return ([], lines.count)
      }
      index += 1
      if depth == 0 { return (Array(lines[start..<(index - 1)]), index) }
    }
    diagnostics.error(opening.location, "\(opening.text) has no .end")
    return (Array(lines[start...]), lines.count)
  }

  func declare(_ kind: String, _ field: (name: Token, format: Format)) {
    guard claim(field.name) else { return }
    refuseFlag(kind, field)
    let value = NamedFormat(field.name.text, field.format)
    let declared = [
      ".public": declarations.publicInputs, ".secret": declarations.secretInputs,
      ".output": declarations.outputs,
    ]
    guard declared[kind, default: []].count < Limits.fields else {
      return diagnostics.error(
        field.name.location, "more than \(Limits.fields) declarations by \(kind)")
    }
    switch kind {
    case ".public": declarations.publicInputs.append(value)
    case ".secret": declarations.secretInputs.append(value)
    default: declarations.outputs.append(value)
    }
  }

  /// What comes from outside or goes there is checked as a word, not as a flag.
  private func refuseFlag(_ kind: String, _ field: (name: Token, format: Format)) {
    guard field.format == .bool else { return }
    diagnostics.error(
      field.name.location, "\(kind) \(field.name.text) cannot be a bool",
      help: kind == ".output"
        ? "declare it as int" : "declare it as int and derive the flag by a comparison")
  }

  func claim(_ name: Token) -> Bool {
    if let earlier = declarations.locations[name.text] {
      diagnostics.error(
        name.location, "\(name.text) is declared twice",
        help: "the first declaration is at \(earlier.file):\(earlier.line)")
      return false
    }
    declarations.locations[name.text] = name.location
    return true
  }

  func namedFormat(_ cursor: inout TokenCursor) -> (name: Token, format: Format)? {
    guard let name = cursor.accept(.name) else {
      diagnostics.error(cursor.location, "expected a name, found \(cursor.found)")
      return nil
    }
    guard isDeclarable(name) else { return nil }
    guard cursor.accept(":"), let format = format(&cursor) else {
      diagnostics.error(
        cursor.location, "expected \": format\" after \(name.text), found \(cursor.found)",
        help: Expander.formats(like: cursor.peek?.text))
      return nil
    }
    return (name, format)
  }

  /// Dots are those of a stream's fields.
  private func isDeclarable(_ name: Token) -> Bool {
    guard !name.text.isName else { return true }
    diagnostics.error(
      name.location, "\(name.text) is no name: expected letters, digits and _",
      help: "a stream's fields are declared as .stream name { field: format, … }")
    return false
  }

  /// The formats, or the one that was meant.
  static func formats(like text: String?) -> String {
    let names = Format.allCases.map(\.description)
    if let text, let same = names.first(where: { $0 == text.lowercased() }) {
      return "write \(same)"
    }
    return "formats are \(names.joined(separator: ", "))"
  }

  func format(_ cursor: inout TokenCursor) -> Format? {
    guard let token = cursor.peek, let format = Format(name: token.text) else { return nil }
    _ = cursor.next()
    return format
  }

  /// Whether the rest of the line is worth a look.
  func constant(_ cursor: inout TokenCursor) -> Bool {
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

  /// `.array name: format, length`; whether the rest of the line is worth a look.
  func array(_ cursor: inout TokenCursor) -> Bool {
    guard let (name, format) = namedFormat(&cursor) else { return false }
    guard cursor.accept(","), let token = cursor.next() else {
      diagnostics.error(cursor.location, "expected \", length\", found \(cursor.found)")
      return false
    }
    let constant = declarations.constants[token.text]
    let length = constant.map { $0.format == .int ? Int($0.word) : 0 } ?? Int(token.text) ?? 0
    guard declarations.arrays.count < Limits.arrays, token.kind == .number || token.kind == .name
    else {
      diagnostics.error(
        token.location,
        "expected a length, and at most \(Limits.arrays) arrays, found \"\(token.text)\"")
      return false
    }
    let first = declarations.arrays.reduce(0) { $0 + $1.length }
    guard length >= 1, length <= Limits.memory - first else {
      diagnostics.error(
        token.location,
        "\"\(token.text)\" is no length: expected a whole number or an int constant; all arrays "
          + "together have up to \(Limits.memory) cells")
      return false
    }
    guard claim(name) else { return false }
    declarations.arrays.append(
      .init(name: name.text, format: format, first: first, length: length))
    return true
  }

  func stream(_ cursor: inout TokenCursor) -> Bool {
    guard let name = cursor.accept(.name), cursor.accept("{") else {
      diagnostics.error(
        cursor.location, "expected \".stream name { field: format, … }\", found \(cursor.found)")
      return false
    }
    guard isDeclarable(name) else { return false }
    guard declarations.streams.count < Limits.streams else {
      diagnostics.error(name.location, "more than \(Limits.streams) streams")
      return false
    }
    var fields: [NamedFormat] = []
    while !cursor.accept("}") {
      guard fields.count < Limits.fields else {
        diagnostics.error(cursor.location, "more than \(Limits.fields) fields of a stream")
        return false
      }
      guard let field = namedFormat(&cursor) else { return false }
      if fields.contains(where: { $0.name == field.name.text }) {
        diagnostics.error(field.name.location, "the field \(field.name.text) is declared twice")
      }
      refuseFlag("the field", field)
      fields.append(NamedFormat(field.name.text, field.format))
      if !cursor.accept(","), cursor.peek?.text != "}" {
        diagnostics.error(cursor.location, "expected \",\" or \"}\", found \(cursor.found)")
        return false
      }
    }
    if claim(name) { declarations.streams.append(ZKVMMachine.Stream(name.text, fields)) }
    return true
  }
}
