import TestSupport
import Testing
import ZKVMAssembler
import ZKVMInterpreter
import ZKVMMachine

/// Sources that a reviewer reads one way and an assembler could take another way.
@Suite struct ReadersTests {
  private func error(_ body: String) -> String? {
    do throws(AssemblyError) {
      _ = try assemble(
        snippet: ".secret a: int\n.public limit: int\n.output r: int\n" + body + "\n reveal r, a")
      return nil
    } catch {
      return error.diagnostics.first.map { "\($0.location.line) \($0.message)" }
    }
  }

  private func output(_ source: String, _ secrets: [Int64], streams: [[[Int64]]] = []) throws
    -> Int64
  {
    let program = try assemble(snippet: source).program
    return try Interpreter.run(
      program, ProgramInputs(publicInputs: [], secretInputs: secrets, streams: streams)
    ).outputs[0]
  }

  /// A line whose first character is no token does not vanish, with a brace or without one.
  @Test(arguments: ["\u{A0}", "\u{430}", "\u{3164}", "\u{FE0F}", "§", "'"], ["", " ; {", " {"])
  func noLineVanishes(start: String, end: String) {
    for place in ["%", ".repeat 2\n%\n.end", ".proc f() -> ()\n%\n.end"] {
      let line = start + "assert_le a, limit" + end
      #expect(
        error(place.replacing("%", with: line)) != nil, "\(line.debugDescription) in \(place)")
    }
  }

  @Test(arguments: [
    ".repeat 1\n set t, a\n.end  assert_le t, 5", ".proc f(x: int) -> (y: int)\n set y, x\n.end {",
    ".proc f(x: int) -> (y: int)   assert_le x, 5\n set y, x\n.end",
    ".proc f(x: int) -> (y: int) {\n.end",
    ".repeat 3 × 4 ; {i}\n.end", ".repeat 3 '{\n.end", ".repeat 2,\n.end",
    "\".repeat\" 3\n set t, a\n\".end\"", ".proc f(x: int, x: int) -> (y: int)\n set y, x\n.end",
    ".repeat 3\n.repeat 2\n add t{i}, a, 1\n.end\n.end", " assert_le a, 5, \"one\", \"two\"",
    " add b, a, 1,", ".include \"caf\u{E9}.zkasm\"",
  ])
  func nothingIsPassedOver(body: String) { #expect(error(body) != nil) }

  @Test func onlyThePlaceholderItselfIsReplaced() {
    let body = ".repeat 1, i\n.repeat 2, i1\n add t{i1}, a, {i1}\n.end\n.end\n add u, t1, 0"
    #expect(error(body) == nil)
  }

  /// What an instruction keeps for itself has no name that a procedure's own could have.
  @Test func temporariesAreNobodysNames() throws {
    let source = """
      .secret e: int
      .secret x: int
      .secret req: int
      .output r: int
      .proc check(equity: int, exposure: int, requirement: int) -> (ok: bool, q: int)
        margin ok, equity, exposure, 2
        set q, requirement
      .end
        call check(e, x, req) -> (ok, q)
        reveal r, q
      """
    #expect(try output(source, [100, 10, 5]) == 5)
  }

  /// A field is what was read, in its format.
  @Test func fieldsAreNotAssigned() {
    #expect(
      error(".stream s { f: int }\n lt s.f, a, 0\n read s\n not g, s.f")?.hasPrefix(
        "5 s.f cannot be assigned") == true)
    #expect(error(".stream s { f: int }\n set s.f: q48, a\n read s") != nil)
  }

  @Test func proceduresKeepTheirNumberedNames() throws {
    let source = """
      .secret a: int
      .output r: int
      .proc f(x: int) -> (y: int)
      .repeat 2
        set w{i}, x
      .end
        set y, w1
      .end
        set w0, a
        call f(7) -> (z)
        reveal r, w0
      """
    #expect(try output(source, [3]) == 3)
  }

  @Test func aLabelHidesNoAssignment() throws {
    let source = """
      .secret a: int
      .output r: int
      .proc f(x: int) -> (y: int)
       go: set a, 7
       set y, x
      .end
       call f(1) -> (z)
       reveal r, a
      """
    #expect(try output(source, [3]) == 3)
  }

  /// A label that is named like an input is the procedure's own all the same.
  @Test func proceduresDoNotJumpOut() {
    let body = """
      .secret done: int
      .proc f(x: int) -> (y: int)
       set y, x
       lt c, x, 0
       branch c, done
      .end
       call f(a) -> (z)
       assert_le z, 5
      done:
      """
    #expect(error(body)?.contains("there is no label done") == true)
  }

  /// Long lines cost more than short ones, declarations and nesting are counted as they come.
  @Test func smallSourcesMakeLittleWork() {
    let names = (0..<20_000).map { "a\($0)" }.joined(separator: ", ")
    let fields = (0..<100_000).map { "f\($0): int" }.joined(separator: ", ")
    let comment = String(repeating: "x", count: 1 << 20)
    for source in [
      ".repeat 65536\n hash h, \(names)\n.end", ".stream s { \(fields) }",
      ".repeat 65536\n add x, a, 1 ; {i} \(comment)\n.end",
      String(repeating: ".array m: int, 1\n", count: 100_000),
      (0..<100_000).map { ".public p\($0): int\n" }.joined(),
      (0..<200_000).map { ".repeat 1, i\($0)\n" }.joined(),
    ] {
      #expect(error(source) != nil)
    }
  }
}
