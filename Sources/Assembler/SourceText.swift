import Machine

/// A source's lines as every tool shows them.
///
/// Swift takes CR LF for one `Character`, and editors break lines at characters that are no line
/// feed; so lines are made of Unicode scalars, and what could hide a line from a reader is an error.
struct SourceText {
  /// Without byte-order mark, lines separated by single line feeds.
  let text: String
  let lines: [String]

  /// Ends a line at LF and at CR LF. TAB is white space, a byte-order mark before everything is
  /// skipped; every other hidden character is an error with its place.
  init(_ source: String, file: String, _ diagnostics: Diagnostics) {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var scalars = source.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    while let scalar = scalars.popFirst() {
      if scalar == "\n" || (scalar == "\r" && scalars.first == "\n") {
        if scalar == "\r" { scalars.removeFirst() }
        lines.append(String(line))
        line = String.UnicodeScalarView()
        continue
      }
      line.append(scalar)
      guard scalar != "\t", scalar.isHidden, !diagnostics.isFull else { continue }
      let location = SourceLocation(file: file, line: lines.count + 1, column: line.count)
      if scalar == "\r" {
        diagnostics.error(
          location, "a carriage return without a line feed: it would hide what follows it",
          help: "end lines with LF or CR LF")
      } else {
        diagnostics.error(
          location, "the hidden character \(scalar.codePoint)",
          help: "remove it: what people see must be what is assembled")
      }
    }
    lines.append(String(line))
    self.lines = lines
    text = lines.joined(separator: "\n")
  }
}
