import Foundation

extension TableDescription {
  /// One JSON object with sorted names. Each entry of a list has a line of its own, so that a change
  /// of one constraint is a change of few lines. `Spec/tables.json` is it, for 256 blind rows.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    var lines = ""
    lines.reserveCapacity(text.utf8.count + text.utf8.count / 32)
    var isQuoted = false
    var isEscaped = false
    var previous: Character = " "
    for character in text {
      if !isQuoted, character == "{", previous == "[" || previous == "," { lines.append("\n") }
      lines.append(character)
      if character == "\"", !isEscaped { isQuoted.toggle() }
      isEscaped = character == "\\" && !isEscaped
      previous = character
    }
    return lines + "\n"
  }
}
