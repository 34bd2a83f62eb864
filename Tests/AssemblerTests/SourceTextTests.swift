import TestSupport
import Testing
import ZKVMAssembler
import ZKVMMachine

/// A source means what its reader sees: no line break, invisible character or name hides a line.
@Suite struct SourceTextTests {
  private static let lines = [
    ".program \"guard\"", ".secret size: int", ".output shown: int",
    "    assert_le size, 100 ; the limit", "    reveal shown, size",
  ]

  private func messages(_ source: String) -> [String] {
    do throws(AssemblyError) {
      _ = try Assembler.assemble(source)
      return []
    } catch {
      return error.diagnostics.map { "\($0.location.line):\($0.location.column) \($0.message)" }
    }
  }

  @Test func lineFeedsWithReturnsAreLineFeeds() throws {
    let unix = try Assembler.assemble(SourceTextTests.lines.joined(separator: "\n")).program
    let windows = try Assembler.assemble(SourceTextTests.lines.joined(separator: "\r\n")).program
    let marked = try Assembler.assemble(
      "\u{FEFF}" + SourceTextTests.lines.joined(separator: "\r\n"))
    let tabbed = try Assembler.assemble(
      SourceTextTests.lines.map { $0.replacing("    ", with: "\t") }.joined(separator: "\n"))
    #expect(unix.instructions.count == 4)
    #expect(windows.digest == unix.digest)
    #expect(marked.program.digest == unix.digest)
    #expect(tabbed.program.digest == unix.digest)
    // Places are those of the lines that an editor shows.
    #expect(
      messages(SourceTextTests.lines.joined(separator: "\r\n") + "\r\n add x, 1, missing")
        == ["6:12 missing has no value here"])
  }

  @Test func listingsWithReturnsAssembleToTheSameDigest() throws {
    let program = try Assembler.assemble(SourceTextTests.lines.joined(separator: "\n")).program
    let listing = MachineListing.print(program).replacing("\n", with: "\r\n")
    #expect(try Assembler.assemble(listing).program.digest == program.digest)
    let swallowed = listing.replacing("; 0: size\r\n", with: "; 0: size\r")
    #expect(swallowed != listing)
    #expect(throws: AssemblyError.self) { try Assembler.assemble(swallowed) }
  }

  private static let hidden: [(String, String)] =
    [
      ("\r", "a carriage return without a line feed: it would hide what follows it"),
      ("\u{0B}", "the hidden character U+000B"),
      ("\u{0C}", "the hidden character U+000C"),
      ("\u{85}", "the hidden character U+0085"),
      ("\u{2028}", "the hidden character U+2028 LINE SEPARATOR"),
      ("\u{2029}", "the hidden character U+2029 PARAGRAPH SEPARATOR"),
      ("\u{0}", "the hidden character U+0000"),
      ("\u{1B}", "the hidden character U+001B"),
      ("\u{7F}", "the hidden character U+007F"),
      ("\u{61C}", "the hidden character U+061C ARABIC LETTER MARK"),
      ("\u{FEFF}", "the hidden character U+FEFF ZERO WIDTH NO-BREAK SPACE"),
      ("\u{AD}", "the hidden character U+00AD SOFT HYPHEN"),
    ]
    + ([0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2060, 0x2066...0x2069] as [ClosedRange<UInt32>])
    .joined().map {
      let scalar = Unicode.Scalar($0)!
      return (String(Character(scalar)), "the hidden character \(scalar.codePoint)")
    }

  /// In a comment, before the assertion that it would swallow; in a text; between operands; also on
  /// a line with braces.
  @Test(arguments: hidden) func hiddenCharactersAreErrors(character: String, message: String) {
    let places = [
      "; note\(character).", ".secret a: int\(character) ",
      " assert_eq size, 1, \"a\(character)b\"",
      " add x, size,\(character) 1", " add x, size, 1 ; {\(character)}",
    ]
    for place in places {
      let source = SourceTextTests.lines[..<3] + [place] + SourceTextTests.lines[3...]
      let found = messages(source.joined(separator: "\n"))
      let column = place.unicodeScalars.firstIndex { $0.isHidden }.map {
        place.unicodeScalars.distance(from: place.startIndex, to: $0) + 1
      }
      #expect(found.contains("4:\(column!) \(message)"), "\(place.debugDescription): \(found)")
    }
  }

  @Test func hiddenCharactersOfIncludedFilesAreErrors() {
    let main = SourceTextTests.lines + [".include \"library.zkasm\""]
    #expect {
      try Assembler.assemble(file: "main.zkasm") { path in
        path == "main.zkasm"
          ? main.joined(separator: "\n") : "; a library\u{2028}.const k: int = 1\n"
      }
    } throws: { error in
      "\(error)".contains("library.zkasm:1:12: error: the hidden character U+2028")
    }
  }

  /// The caret is below what it means, and nothing that moves a cursor is printed.
  @Test func diagnosticsShowNoHiddenCharacter() {
    #expect {
      try Assembler.assemble("; a\u{1B}[2Jb\u{202E}c\n")
    } throws: { error in
      "\(error)".unicodeScalars.allSatisfy { $0 == "\n" || !$0.isHidden }
        && "\(error)".contains("    ; a\u{FFFD}[2Jb\u{FFFD}c\n       ^\n")
    }
  }

  @Test(arguments: [
    ("sizé", "2:12 unexpected character \"é\""), ("ѕize", "2:9 unexpected character \"ѕ\""),
    ("a.b", "2:9 a.b is no name: expected letters, digits and _"),
  ])
  func namesAreASCII(name: String, message: String) {
    let source = SourceTextTests.lines.joined(separator: "\n").replacing("size", with: name)
    #expect(messages(source).contains(message), "\(messages(source))")
  }

  /// A line with a brace is read like any other.
  @Test(arguments: [
    " assert_le size, 100 ! ; {", ".stream s { a: int, ? }", ".repeat 2\n add x, size, § {i}\n.end",
  ])
  func bracesHideNoMistake(line: String) {
    #expect(
      messages((SourceTextTests.lines + [line]).joined(separator: "\n")).contains {
        $0.contains("unexpected character")
      })
  }

  // MARK: Programs that say nothing

  @Test func aProgramHasANameInstructionsAndAnOutput() {
    #expect(messages("") == ["1:1 the source is empty: it declares and does nothing"])
    #expect(messages(".secret a: int").first == "1:1 the program has no name")
    #expect(messages(".program \"p\"\n; nothing\n") == ["1:1 the program has no instructions"])
    #expect(messages(".program \"p\"\n.secret a: int\n") == ["1:1 the program has no instructions"])
    #expect(
      messages(".program \"p\"\n.secret a: int\n assert_eq a, 1")
        == ["1:1 the program has no output: its proof would show nothing"])
    #expect(messages(".program \"p\"\n.program \"q\"") == ["2:1 the program is named twice"])
    for name in ["", "a\u{301}b", "line\u{2014}", String(repeating: "n", count: 201)] {
      #expect(messages(".program \"\(name)\"").first?.hasPrefix("1:10 ") == true)
    }
  }

  /// The digest comes from what the source says, not from where it lies.
  @Test func theFilesNameIsNotInTheDigest() throws {
    let source = SourceTextTests.lines.joined(separator: "\n")
    let digests = try ["a.zkasm", "folder/b.zkasm"].map {
      try Assembler.assemble(source, name: $0).program.digest
    }
    #expect(digests[0] == digests[1])
    #expect {
      try Assembler.assemble(file: "a.zkasm") { path in
        path == "a.zkasm" ? source + "\n.include \"b.zkasm\"" : ".program \"other\""
      }
    } throws: {
      "\($0)".contains("b.zkasm:1:1: error: a file that is included cannot name the program")
    }
  }

  // MARK: Libraries

  @Test func includesAreLookedForInLibraries() throws {
    let files = [
      "contracts/a/a.zkasm": SourceTextTests.lines.joined(separator: "\n")
        + "\n.include \"own.zkasm\"\n.include \"shared.zkasm\"",
      "contracts/a/own.zkasm": "; own", "library/shared.zkasm": ".include \"deep/more.zkasm\"",
      "library/deep/more.zkasm": "; more",
    ]
    func load(_ path: String) throws -> String {
      guard let text = files[path] else { throw MissingSource() }
      return text
    }
    let result = try Assembler.assemble(
      file: "contracts/a/a.zkasm", libraries: ["library"], loader: load)
    #expect(Set(result.sources.keys) == Set(files.keys))
    #expect {
      try Assembler.assemble(file: "contracts/a/a.zkasm", libraries: ["other"], loader: load)
    } throws: {
      "\($0)".contains("looked for contracts/a/shared.zkasm, other/shared.zkasm")
    }
  }
}
