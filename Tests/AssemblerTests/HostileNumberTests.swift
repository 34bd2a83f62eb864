import Testing
import ZKVMAssembler
import ZKVMMachine

/// Numbers at the edge of what arithmetic on them can hold give diagnostics.
@Suite struct HostileNumberTests {
  private func messages(_ source: String) -> [String] {
    do throws(AssemblyError) {
      _ = try Assembler.assemble(".program \"n\"\n.output q: int\n" + source)
      return []
    } catch {
      return error.diagnostics.map(\.message)
    }
  }

  @Test func arraysFillTheMemoryAndNoMore() {
    let full = ".array a: int, \(Limits.memory)\n"
    let use = "load x, a, 0\nreveal q, x\n"
    #expect(messages(full + use) == [])
    for length in ["1", "0", "-1", "\(Int.max)", "\(Int.min)", "9223372036854775808"] {
      let found = messages(full + ".array b: int, \(length)\n" + use)
      #expect(found.first?.contains("\"\(length)\" is no length") == true, "\(found)")
    }
    #expect(
      messages(".array a: int, \(Limits.memory + 1)\n").first?.contains("is no length") == true)
  }

  @Test(arguments: ["i+9223372036854775807", "i-9223372036854775808", "i+9223372036854775808"])
  func repeatsRefuseOffsetsThatOverflow(offset: String) {
    #expect(!messages(".repeat 2, i\nset x{\(offset)}, 1\n.end\n").isEmpty)
  }

  @Test(arguments: ["-1", "65537", "9223372036854775807", "9223372036854775808", "1e3"])
  func repeatsHaveACount(count: String) {
    #expect(
      messages(".repeat \(count), i\n.end\n").first?.hasPrefix("expected a number of repetitions")
        == true)
  }

  @Test func exponentsHaveALimit() {
    #expect(
      messages("set x: q48, 1e-9223372036854775808\n").first?.hasPrefix("expected a decimal number")
        == true)
    #expect(
      messages(".const c: q48 = 1e-9223372036854775808\n").first?
        .hasPrefix("expected a decimal number") == true)
  }

  /// Nesting is recursion: too deep a one is a diagnostic, not the end of the stack.
  @Test func nestingIsBounded() {
    let calls = (0..<5000).map {
      ".proc p\($0)(a: int) -> (r: int)\n call p\($0 + 1)(a) -> (r)\n.end\n"
    }
    #expect(
      messages(calls.joined() + "call p0(1) -> (x)\n").contains {
        $0.hasPrefix("calls and repeats nest more than 128 deep")
      })
    let repeats = (0..<20_000).map { ".repeat 1, i\($0)\n" }.joined()
    let ends = String(repeating: ".end\n", count: 20_000)
    #expect(
      messages(repeats + ends).contains { $0.hasPrefix("calls and repeats nest more than") })
    #expect {
      try Assembler.assemble(file: "0.zkasm") { path in
        ".include \"\(Int(path.dropLast(6))! + 1).zkasm\"\n"
      }
    } throws: {
      "\($0)".contains("includes nest more than 128 deep")
    }
  }
}
