import FixedPoint
import Machine

/// Declarations, includes, and where procedures and repeats begin and end.
extension Expander {
  func collectDirectives(_ lines: [Line]) {
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
      case ".array":
        guard array(&cursor) else { continue }
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
          ".program", ".include", ".public", ".secret", ".output", ".const", ".stream", ".array",
          ".proc", ".repeat", ".end",
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

  /// The lines up to the matching `.end`, and the index behind it.
  func block(_ lines: [Line], from start: Int, opening: Token) -> ([Line], Int) {
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

  func declare(_ kind: String, _ field: (name: Token, format: Format)) {
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
    guard cursor.accept(":"), let format = format(&cursor) else {
      diagnostics.error(
        cursor.location, "expected \": format\" behind \(name.text), found \(cursor.found)",
        help: "formats are \(Format.allCases.map(\.description).joined(separator: ", "))")
      return nil
    }
    return (name, format)
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
    let first = declarations.arrays.reduce(0) { $0 + $1.length }
    guard (1...Limits.memory - first).contains(length) else {
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
}
