import ZKVMFixedPoint

/// What a program may call itself and what it takes and gives.
extension Program {
  /// Names are shown to people beside values: they can neither hide nor imitate one another, nor
  /// move a terminal's cursor.
  func validateInterface() throws(InvalidProgram) {
    try limit(interface.name.utf8.count, Limits.nameLength, "bytes of the program's name")
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
    try limit(name.utf8.count, Limits.nameLength, "bytes of a name")
    guard name.isName else {
      throw InvalidProgram(
        .encoding("a name is empty or not made of ASCII letters, digits and _, no digit first"))
    }
  }

  /// The source map is no part of the digest, but traps print it.
  func validateSourceMap() throws(InvalidProgram) {
    guard source.entries.isEmpty || source.entries.count == instructions.count else {
      throw InvalidProgram(
        .encoding("\(source.entries.count) source map entries, expected \(instructions.count)"))
    }
    try limit(source.files.count, Limits.sourceFiles, "source files")
    for file in source.files {
      try limit(file.utf8.count, Limits.sourceText, "bytes of a source file's name")
      try refuseHidden(file)
    }
    for (pc, entry) in source.entries.enumerated() {
      for text in entry.names + [entry.message] {
        guard text.utf8.count <= Limits.sourceText else {
          throw InvalidProgram(
            .limit(
              "\(text.utf8.count) bytes of an operand's name or a message, at most "
                + "\(Limits.sourceText) are allowed"), at: pc)
        }
        try refuseHidden(text)
      }
    }
  }

  private func refuseHidden(_ text: String) throws(InvalidProgram) {
    guard let hidden = text.unicodeScalars.first(where: { $0.isHidden && $0 != "\t" }) else {
      return
    }
    throw InvalidProgram(.encoding("the source map has the hidden character \(hidden.codePoint)"))
  }
}
