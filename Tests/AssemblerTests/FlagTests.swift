import TestSupport
import Testing
import ZKVMAssembler
import ZKVMInterpreter
import ZKVMMachine

/// An int becomes a bool only by a comparison or by a check that the run makes.
@Suite struct FlagTests {
  private func error(_ body: String) -> String? {
    do throws(AssemblyError) {
      _ = try assemble(
        snippet: """
          .secret n: int
          .secret x: q48
          .output o: int
          .array flags: bool, 3
          .proc takes(f: bool) -> (r: int)
           set r: int, f
          .end
          \(body)
           reveal o, n
          """)
      return nil
    } catch {
      return error.diagnostics.first.map { "\($0.location.line) \($0.message)" }
    }
  }

  @Test(arguments: [
    (" set f: bool, n", "8 n is int, expected bool"),
    (" call takes(n) -> (r)", "8 n is int, expected bool"),
    (" store flags, 0, n", "8 n is int, flags holds bool"),
    (" eq f, n, 1\n set f, n", "9 n is int, expected bool"),
    (" mul f: bool, n, n", "8 the result is int, but f is bool"),
    (" fma f: bool, n, n, n", "8 the result is int, but f is bool"),
    (" div f: bool, n, 3", "8 the result is int, but f is bool"),
    (" sqrt f: bool, n", "8 the result is int, but f is bool"),
    (" add f: bool, n, n", "8 the result is int, but f is bool"),
    (" eq g, n, 1\n clamp f: bool, g, n, n", "9 the result is int, but f is bool"),
    (" eq g, n, 1\n select f: bool, g, n, n", "9 the result is int, but f is bool"),
    (" count f: bool, s\n.stream s { a: int }", "8 the result is int, but f is bool"),
    (" hash h, n\n squeeze f: bool, h, 0", "9 squeeze gives int or q48, the result is bool"),
    (" convert f: bool, x", "8 x is q48, which is no flag"),
    (" set f: bool, 2", "8 2 is out of range for bool, which holds 0 and 1"),
    (".stream s { a: bool }", "8 the field a cannot be a bool"),
  ])
  func intsAreNoFlags(body: String, expected: String) {
    #expect(error(body) == expected)
  }

  @Test(arguments: [
    " eq f, n, 1\n store flags, 0, f\n load g, flags, 0\n assert g", " set f: bool, 1\n assert f",
    " store flags, 1, 1", " eq f, n, 1\n set i: int, f\n add j, f, f",
    " eq f, n, 1\n call takes(f) -> (r)", " call takes(1) -> (r)", " convert f: bool, n\n assert f",
    " eq f, n, 1\n ge g, n, 1\n select h: bool, f, g, f\n min m, f, g",
  ])
  func flagsAreInts(body: String) { #expect(error(body) == nil) }

  /// The check is a row of the run: −5 is no flag that an assertion takes for one.
  @Test(arguments: [-5, -1, 0, 1, 2, 7] as [Int64]) func conversionsAreChecked(n: Int64) throws {
    let program = try assemble(
      snippet: """
        .secret n: int
        .output o: int
         convert f: bool, n
         not     g, f
         set     r: int, g
         reveal  o, r
        """
    ).program
    func run() throws -> [Int64] {
      try Interpreter.run(
        program, ProgramInputs(publicInputs: [], secretInputs: [n], streams: [])
      ).outputs
    }
    if (0...1).contains(n) {
      #expect(try run() == [1 - n])
    } else {
      let trap = #expect(throws: Trap.self) { try run() }
      #expect(trap?.kind == .conditionNotBoolean)
    }
  }
}
