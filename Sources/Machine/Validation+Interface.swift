import FixedPoint

/// What a program may call itself and what it takes and gives.
extension Program {
  /// Names are shown to people beside values: they can neither hide nor imitate one another, nor
  /// move a terminal's cursor.
  func validateInterface() throws(InvalidProgram) {
    guard ProgramName.isValid(interface.name) else {
      throw InvalidProgram(.encoding("the program's name is not \(ProgramName.rule)"))
    }
    for stream in interface.streams { try validateName(stream.name) }
    for fields in [interface.publicInputs, interface.secretInputs, interface.outputs]
      + interface.streams.map(\.fields)
    {
      guard Set(fields.map(\.name)).count == fields.count else {
        throw InvalidProgram(.encoding("a name is declared twice"))
      }
      for field in fields {
        try validateName(field.name)
        // Nothing checks a word from outside for 0 or 1.
        guard field.format != .bool else {
          throw InvalidProgram(.encoding("\(field.name) is a bool, expected an int"))
        }
      }
    }
    guard Set(interface.streams.map(\.name)).count == interface.streams.count else {
      throw InvalidProgram(.encoding("a stream is declared twice"))
    }
  }

  private func validateName(_ name: String) throws(InvalidProgram) {
    guard name.isName, name.utf8.count <= Limits.nameLength else {
      throw InvalidProgram(
        .encoding(
          "a name of \(name.utf8.count) bytes, expected 1 … \(Limits.nameLength) ASCII letters, "
            + "digits and _, no digit first"))
    }
  }

  /// The source map is no part of the digest, but traps print it.
  func validateSourceMap() throws(InvalidProgram) {
    guard source.entries.isEmpty || source.entries.count == instructions.count else {
      throw InvalidProgram(
        .encoding("\(source.entries.count) source map entries, expected \(instructions.count)"))
    }
    let texts = source.files.lazy + source.entries.lazy.flatMap { $0.names + [$0.message] }
    for text in texts {
      guard let hidden = text.unicodeScalars.first(where: { $0.isHidden && $0 != "\t" }) else {
        continue
      }
      throw InvalidProgram(.encoding("the source map has the hidden character \(hidden.codePoint)"))
    }
  }
}
