import Foundation
import TestSupport
import Testing
import ZKVMAlgebraicHash
import ZKVMAssembler
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine

@Suite struct AssemblerTests {
  private func messages(_ source: String) -> [String] {
    do throws(AssemblyError) {
      return try assemble(snippet: source).warnings.map {
        "\($0.location.line):\($0.location.column) \($0.severity.rawValue): \($0.message)"
      }
    } catch {
      return error.diagnostics.map {
        "\($0.location.line):\($0.location.column) \($0.message)"
          + ($0.suggestion.map { " [\($0)]" } ?? "")
      }
    }
  }

  private func outputs(
    _ source: String, public publics: [Int64] = [], _ secrets: [Int64] = [],
    streams: [[[Int64]]] = []
  ) throws -> [Int64] {
    let program = try assemble(snippet: source).program
    return try Interpreter.run(
      program, ProgramInputs(publicInputs: publics, secretInputs: secrets, streams: streams)
    ).outputs
  }

  // MARK: Meaning

  @Test func loopsCarryVariables() throws {
    let source = """
      .secret n: int
      .output sum: int
      .output last: int
          set   i: int, 0
          set   s: int, 0
          set   previous: int, -1
      again:
          lt    more, i, n
          branch more, body, end
      body:
          set   previous, i
          add   i, i, 1
          add   s, s, i
          jump  again
      end:
          reveal sum, s
          reveal last, previous
      """
    #expect(try outputs(source, [10]) == [55, 9])
    #expect(try outputs(source, [0]) == [0, -1])
  }

  /// Two variables change places: naive moves would give both the same value.
  @Test func swapsAcrossBlocks() throws {
    let source = """
      .secret a: int
      .secret b: int
      .output x: int
      .output y: int
          set p, a
          set q, b
          set n: int, 3
      again:
          set t, p
          set p, q
          set q, t
          sub n, n, 1
          gt  more, n, 0
          branch more, again
          reveal x, p
          reveal y, q
      """
    #expect(try outputs(source, [1, 2]) == [2, 1])
  }

  @Test func oneValueInTwoVariables() throws {
    let source = """
      .secret a: int
      .output x: int
      .output y: int
      .output z: int
          add v, a, 1
          set p, v
          set q, v
          set keep, v
          jump next
      next:
          add p, p, q
          add q, q, keep
          jump end
      end:
          reveal x, p
          reveal y, q
          reveal z, keep
      """
    #expect(try outputs(source, [4]) == [10, 10, 5])
  }

  /// A name for a constant, read in a later block or nowhere; found by fuzzing.
  @Test func constantsUnderOtherNames() throws {
    let source = """
      .secret a: int
      .output x: int
          set five: int, 5
          set unused: int, 6
          set copy, five
          jump next
      next:
          add r, a, copy
          gt  f, r, five
          branch f, end, end
      end:
          reveal x, r
      """
    #expect(try outputs(source, [4]) == [9])
  }

  @Test func proceduresHaveTheirOwnNames() throws {
    let source = """
      .secret a: int
      .output x: int
      .output y: int
      .proc twice(v: int) -> (r: int)
          set t, v
          add v, v, t
          set r, v
      .end
      .proc four(v: int) -> (r: int)
          call twice(v) -> (t)
          call twice(t) -> (r)
      .end
          set t: int, 100
          call four(a) -> (r)
          reveal x, r
          add z, t, a
          reveal y, z
      """
    #expect(try outputs(source, [3]) == [12, 103])
  }

  @Test func loopsInProcedures() throws {
    let source = """
      .secret a: int
      .output x: int
      .proc power(base: int, n: int) -> (r: int)
          set r: int, 1
      again:
          gt more, n, 0
          branch more, body, end
      body:
          mul r, r, base
          sub n, n, 1
          jump again
      end:
      .end
          call power(a, 3) -> (p)
          call power(p, 2) -> (q)
          reveal x, q
      """
    #expect(try outputs(source, [2]) == [64])
  }

  @Test func repeatsSubstitute() throws {
    let source = """
      .secret a: int
      .output x: int
          set v0, a
      .repeat 5
          add v{i+1}, v{i}, {i}
      .end
      .repeat 2, j
      .repeat 2, k
          add v5, v5, {j}
      .end
      .end
          reveal x, v5
      """
    #expect(try outputs(source, [1]) == [1 + 0 + 1 + 2 + 3 + 4 + 2])
  }

  @Test func numbersTakeTheirFormatFromTheOtherOperand() throws {
    let source = """
      .secret price: q32
      .secret ratio: q48
      .output x: q32
      .output y: q48
      .output z: q32
      .output w: int
      .const fee: q32 = 0.25
          sub a, price, 0.5
          mul b, a, 2
          mul c, b, ratio
          add c, c, fee
          reveal x, c
          div d, 1, ratio
          reveal y, d
          fma e, price, -0.5, 10
          reveal z, e
          convert f: int, price
          reveal w, f
      """
    #expect(
      try outputs(source, [word("3", .q32), word("0.25", .q48)]) == [
        word("1.5", .q32), word("4", .q48), word("8.5", .q32), 3,
      ])
  }

  @Test func streamsAreReadRecordByRecord() throws {
    let source = """
      .stream trades { size: int, price: q32 }
      .output value: q32
          count n, trades
          set v: q32, 0
      next:
          eq done, n, 0
          branch done, end
          read trades
          fma v, trades.price, trades.size, v
          sub n, n, 1
          jump next
      end:
          reveal value, v
      """
    #expect(try outputs(source, streams: [[]]) == [0])
    #expect(
      try outputs(source, streams: [[[2, word("1.5", .q32)], [-1, word("0.25", .q32)]]]) == [
        word("2.75", .q32)
      ])
  }

  @Test func assemblyIsDeterministic() throws {
    let first = try Assembler.assemble(Samples.everyInstruction).program
    for _ in 0..<5 {
      #expect(
        try Bytecode.encode(Assembler.assemble(Samples.everyInstruction).program)
          == Bytecode.encode(first))
    }
  }

  @Test(arguments: ["Programs/black-scholes/black-scholes.zkasm", "Programs/book/book.zkasm"])
  func listingsAssembleToTheSameDigest(file: String) throws {
    let program = try assemble(file: file)
    let again = try Assembler.assemble(MachineListing.print(program)).program
    #expect(again.digest == program.digest)
    let every = try Assembler.assemble(Samples.everyInstruction).program
    #expect(try Assembler.assemble(MachineListing.print(every)).program.digest == every.digest)
  }

  /// A library's local name may be the name of an output of the program that includes it.
  @Test func proceduresKeepTheirNamesFromOutputs() throws {
    let source = """
      .secret a: int
      .output value: int
      .output other: int
      .proc twice(x: int) -> (r: int)
       add value, x, x
       add r, value, 1
      .end
      .proc show(x: int) -> (r: int)
       reveal other, x
       set r, x
      .end
       call twice(a) -> (b)
       call show(b) -> (c)
       reveal value, c
      """
    let program = try assemble(snippet: source).program
    let execution = try Interpreter.run(
      program, ProgramInputs(publicInputs: [], secretInputs: [20], streams: []))
    #expect(execution.outputs == [41, 41])
  }

  /// Rounding that favours the prover, and rounding that does not.
  @Test(arguments: [
    ("mul.floor x, a, b\n assert_lt x, c", ["x is rounded to less"]),
    ("mul.ceil x, a, b\n assert_lt x, c", []),
    ("mul x, a, b\n assert_lt x, c", ["x may be rounded to less"]),
    ("mul.ceil x, a, b\n assert_ge x, c", ["x is rounded to more"]),
    ("mul.floor x, a, b\n assert_ge x, c", []),
    ("mul.floor x, a, b\n sub y, c, x\n assert_ge y, 0", ["y is rounded to more"]),
    ("mul.ceil x, a, b\n sub y, c, x\n add z, y, a\n assert_ge z, 0", []),
    ("div.floor x, a, b\n mul.floor y, x, -2\n assert_ge y, c", ["y is rounded to more"]),
    ("div.floor x, a, b\n mul.floor y, x, 2\n assert_ge y, c", []),
    ("sqrt.ceil x, a\n lt f, x, c\n assert f", []),
    ("sqrt.floor x, a\n lt f, x, c\n assert f", ["x is rounded to less"]),
    ("cdf x, a\n assert_lt x, c", ["x may be rounded to less"]),
    ("add x, a, b\n assert_lt x, c", []),
  ])
  func lintsRoundingInFavourOfTheProver(body: String, expected: [String]) throws {
    let source = """
      .secret a: q48
      .secret b: q48
      .secret c: q48
      .output q: q48
       \(body)
       reveal q, a
      """
    let warnings = try assemble(snippet: source).warnings.map(\.message)
    #expect(warnings.count == expected.count, "\(warnings)")
    for (warning, start) in zip(warnings, expected) { #expect(warning.hasPrefix(start)) }
  }

  /// Equity 0.5, exposure 3, ratio a third in q48: a third of 3 is an ulp less than 1.
  @Test func marginsAreExact() throws {
    let source = """
      .secret equity: q32
      .secret exposure: q32
      .secret ratio: q48
      .output covered: int
       margin m, equity, exposure, ratio
       reveal covered, m
      """
    let third = (Int64(1) << 48) / 3
    let one = Int64(1) << 32
    // 3·third = 1 − 2^-48: its ceiling in q32 is 1.
    #expect(try outputs(source, [one, 3 * one, third]) == [1])
    #expect(try outputs(source, [one - 1, 3 * one, third]) == [0])
    #expect(try outputs(source, [-one, -3 * one, third]) == [0])
    #expect(try outputs(source, [-one + 1, -3 * one, third]) == [1])
    #expect(try outputs(source, [0, 0, third]) == [1])
  }

  @Test func arraysKeepWhatWasStoredLast() throws {
    let source = """
      .const size: int = 4
      .secret i: int
      .array a: q32, size
      .array d: digest, 2
      .array b: int, 3
      .output first: q32
      .output second: int
      .output same: digest
       store a, i, 2.5
       store b, 2, 7
       store b, 2, 8
       hash h, i
       store d, 1, h
       load x, a, i
       add y, x, 1
       store a, 3, y
       load z, a, i
       reveal first, z
       load w, b, 2
       reveal second, w
       load e, d, 1
       reveal same, e
      """
    let hash = Digest.hash([1]).words
    #expect(try outputs(source, [1]) == [word("2.5", .q32), 8] + hash)
    #expect(try outputs(source, [3])[..<2] == [word("3.5", .q32), 8])
    for index in [-1, 4, 1 << 40] as [Int64] {
      #expect(throws: Trap.self) { try outputs(source, [index]) }
    }
  }

  /// The assembler takes flags only; bytecode may say otherwise.
  @Test(arguments: [0, 1, 2, -1, 65537] as [Int64]) func swapsAreFlags(swap: Int64) throws {
    let listing = """
      .machine 2
      .program "swap"
      .secret swap : int
      .public a : digest
      .output r : digest
      .block incoming=0 size=2
      secret _ _ _ fp+0 _ _ #0
      merkle @0 @0 fp+0 fp+1 _ _ #0
      reveal fp+1 _ _ _ _ _ #0
      halt _ @4 @4 _ _ _ #0
      """
    let digest = Digest.hash([7])
    if (0...1).contains(swap) {
      let result = Digest.compress(digest, digest).words
      #expect(try outputs(listing, public: digest.words, [swap]) == result)
    } else {
      let trap = #expect(throws: Trap.self) {
        try outputs(listing, public: digest.words, [swap])
      }
      #expect(trap?.kind == .conditionNotBoolean)
    }
  }

  /// Frames may be large and written to at their start: their number is what bounds the memory.
  @Test func framesHaveALimit() throws {
    let program = try Assembler.assemble(
      """
      .machine 2
      .program "frames"
      .output r : int
      .constant 1
      .block incoming=0 size=1048576
      add @0 @0 _ fp+0 _ _ #0
      jump _ @2 @2 @1048576 _ _ #0
      .block incoming=0 size=1048576
      add @0 @0 _ fp+0 _ _ #0
      branch @0 @2 @4 @1048576 _ _ #0
      .block incoming=0 size=1
      reveal @0 _ _ _ _ _ #0
      halt _ @6 @6 _ _ _ #0
      """
    ).program
    let trap = #expect(throws: Trap.self) {
      try Interpreter.run(
        program, ProgramInputs(publicInputs: [], secretInputs: [], streams: []), stepLimit: 1000)
    }
    #expect(trap?.kind == .frameLimit(cells: (1 << 22) + 8000))
  }

  /// A digest is no number, and a number no digest.
  @Test func digestsAreKeptFromArithmetic() {
    #expect(
      messages(
        """
        .public root: digest
        .secret n: int
        .array a: digest, 3
        .array b: int, 0
        .output o: int
            add x, root, n
            hash h, root
            compress c, root, n
            squeeze s, root, 4
            squeeze t: q32, root, 0
            assert_eq root, n
            assert_lt root, root
            store a, 0, n
            load y: int, a, 0
            store a, root, root
            reveal o, root
            select z, n, root, root
            load w, c, 0
            set k: int, root
            set root, n
            add a, n, n
        """
      ).map { $0.prefix { $0 != "[" } }
        == [
          "4:16 \"0\" is no length: expected a whole number or an int constant; all arrays together have "
            + "up to 1048576 cells",
          "6:12 root is a digest, expected a number ",
          "7:13 root is a digest, expected a number ",
          "8:23 n is int, expected a digest ",
          "9:22 expected the element's number, 0 to 3",
          "10:13 squeeze gives int or q48, the result is q32",
          "11:21 n is int, expected a digest ",
          "12:15 root is a digest, expected a number ",
          "13:17 n is int, a holds digest",
          "14:10 the result is digest, but y is int ",
          "15:14 root is a digest, expected a number ",
          "16:15 root is digest, the output o is int",
          "17:15 n is int, expected a bool ",
          "18:13 there is no array c ",
          "19:17 root is digest, expected int ",
          "20:9 root is a public input and cannot be assigned",
          "21:9 a is an array and cannot be assigned ",
        ].map { $0[...] })
  }

  /// A library's procedure does not know which inputs a program has.
  @Test func proceduresDoNotChangeInputs() throws {
    let source = """
      .public base: int
      .secret number: int
      .const weight: int = 5
      .output result: int
      .output same: int
      .proc twice(a: int) -> (r: int)
          add number, a, a
          mul weight, number, 3
          call inner(weight) -> (base)
          set r, base
      .end
      .proc inner(a: int) -> (r: int)
          add r, a, 1
      .end
          call twice(7) -> (t)
          reveal result, t
          add all, number, base
          add sum, all, weight
          reveal same, sum
      """
    #expect(try outputs(source, public: [100], [10]) == [43, 115])
  }

  @Test func blackScholesTakesFiftyTwoInstructions() throws {
    #expect(
      try assemble(file: "Programs/black-scholes/black-scholes.zkasm").instructions.count == 52)
  }

  // MARK: Diagnostics

  @Test func allErrorsAreReportedWithPlaceAndRemedy() {
    #expect(
      messages(
        """
        .secret spot: q32
        .secret vol: q99
        .output price: q32
            mull x, spot, spot
            add y, spot, volx
            mul z2: q16, spot, 0.5
            add y2, spot, z2
            reveal prise, spot
            jump nowhere
        """) == [
          "2:14 expected \": format\" after vol, found \"q99\" [formats are int, q16, q32, q48, bool, digest]",
          "4:5 unknown instruction mull [did you mean mul?  mul result, a, b]",
          "5:18 volx has no value here [assign it before it is used]",
          "7:19 z2 is q16, expected q32 like the other operand [write: convert other: q32, z2]",
          "8:12 expected an output's name [outputs are price]",
          "9:10 there is no label nowhere",
        ])
  }

  @Test(arguments: [
    (
      "set x: int, 1\nbranch x, a\na:",
      "2:8 x is int, expected a bool [flags come from comparisons: ne flag, x, 0]"
    ),
    ("add x, 1", "1:1 add has the wrong number of operands: found 2 [write: add result, a, b]"),
    (
      ".secret a: q16\nmul x: q48, a, a",
      "2:1 q16·q16 as q48 would need a scale of 2^-16; scales are 0 to 64 bits [give the result another format, or convert an operand]"
    ),
    (".secret a: q32\nexp x, a", "2:8 exp takes q48, a is q32 [write: convert other: q48, a]"),
    (".secret a: int\nset a, 1.5", "2:8 1.5 is not a whole number, as int requires"),
    (
      ".secret a: int\n.secret a: q32",
      "2:9 a is declared twice [the first declaration is at program.zkasm:1]"
    ),
    (
      ".const c: q48 = 99999",
      "1:17 99999 is out of range for q48, which holds numbers from -16383 to below 16384"
    ),
    (".public p: int\nset p, 3", "2:5 p is a public input and cannot be assigned"),
    ("a:\na:", "2:1 the label a is defined twice [the first one is at program.zkasm:1]"),
    (
      ".proc f()\ncall f()\n.end\ncall f()",
      "2:6 f calls itself: procedures are expanded in place [use labels and branch for a loop]"
    ),
    (
      ".secret a: int\nlt f, a, 1\nbranch f, t, e\nt:\nset x: int, 1\njump e\ne:\nadd y, x, 1\n.output o: int",
      "8:8 x may be read before it is assigned [assign it on every path that leads here]"
    ),
    ("halt \"x", "1:6 the string has no closing quote"),
    (".repeat 3\nhalt", "1:1 .repeat has no .end"),
    (
      ".include \"missing.zkasm\"",
      "1:10 cannot read missing.zkasm: no such file [looked for missing.zkasm]"
    ),
    (
      ".secret a: bool",
      "1:9 .secret a cannot be a bool [declare it as int and derive the flag by a comparison]"
    ),
    ("set x: int, 5\nset x, 0.5", "2:8 0.5 is not a whole number, as int requires"),
    (".outptu x: int", "1:1 unknown directive .outptu [did you mean .output?]"),
    (".output o: int\nhalt\nset x: int, 1\nadd y, x, 1", "3:1 error-free"),
  ])
  func diagnostics(source: String, expected: String) {
    if expected.hasSuffix("error-free") {
      #expect(messages(source) == ["3:13 warning: these instructions are never reached"])
    } else {
      #expect(messages(source).contains(expected), "\(messages(source))")
    }
  }

  /// What a wrong instruction does not compute is not reported again where it is used.
  @Test func aMistakeIsReportedOnce() {
    let source = """
      .secret a: q32
      .proc twice(x: q32) -> (y: q32)
          add y, x, x
      .end
          sub b, a, missing
          call twice(b) -> (c)
          add d, c, b
          assert_ge d, c
          add e, wrong, 1
      """
    #expect(
      messages(source) == [
        "5:15 missing has no value here [assign it before it is used]",
        "9:12 wrong has no value here [assign it before it is used]",
      ])
  }

  @Test func diagnosticsShowTheLine() {
    #expect {
      try assemble(snippet: "  add x, 1, volx\n")
    } throws: { error in
      "\(error)" == """
        program.zkasm:1:13: error: volx has no value here
              add x, 1, volx
                        ^~~~
            help: assign it before it is used
        1 error
        """
    }
  }

  // MARK: Traps

  @Test(arguments: [
    (
      ".secret a: q32\n.output o: q32\ndiv x: q32, a, a\nreveal o, x", [0],
      "program.zkasm:3:1: division by zero (a = 0, a = 0)"
    ),
    (
      ".secret a: q48\n.output o: q48\nln x, a\nreveal o, x", [-5],
      "program.zkasm:3:1: domain error: ln expects a value greater than 0 (a = -0.0000000000000177635683940025046467781066894531250)"
    ),
    (
      ".secret a: int\n.output o: int\nassert_lt a, 10, \"a is small\"\nreveal o, a", [12],
      "program.zkasm:3:1: assertion failed: a is small (a = 12, 10)"
    ),
    (
      ".secret a: int\n.output o: int\nmul x, a, a\nreveal o, x", [1 << 40],
      "program.zkasm:3:1: overflow: the result of mul, x, is outside int, which holds numbers from -4611404543450677248 to below 4611686018427387904; give it a coarser format, or compute in larger units (a = 1099511627776, a = 1099511627776)"
    ),
    (
      ".stream s { v: int }\n.output o: int\nread s\nreveal o, s.v", [],
      "program.zkasm:3:1: input exhausted: s has 0 records and one more is read"
    ),
    (
      ".secret a: int\n.output o: int\nreveal o, a\nreveal o, a", [1],
      "program.zkasm:4:1: the output o is revealed twice; if control falls into a label here, end what comes before it with halt or jump"
    ),
    (
      ".secret a: int\n.output o: int\nadd b, a, 1", [1],
      "program.zkasm:4:1: the output o is never revealed"
    ),
    (
      ".secret a: int\n.output o: int\nl:\njump l", [1],
      "program.zkasm:4:1: the step limit of 1000 instructions is reached; raise it with --max-steps"
    ),
  ])
  func trapsNameOperands(source: String, secrets: [Int], expected: String) throws {
    let program = try assemble(snippet: source).program
    let streams: [[[Int64]]] = program.interface.streams.map { _ in [] }
    do throws(Trap) {
      _ = try Interpreter.run(
        program,
        ProgramInputs(publicInputs: [], secretInputs: secrets.map { Int64($0) }, streams: streams),
        stepLimit: 1000)
      Issue.record("no trap")
    } catch {
      #expect(error.description.replacing("0)", with: ")") == expected.replacing("0)", with: ")"))
    }
  }

  // MARK: Hostile sources

  /// Nested repeats multiply; found by fuzzing.
  @Test(arguments: ["halt", "", "?", "jump x"]) func nestedRepeatsAreBounded(body: String) {
    let nest = 12
    let source =
      (0..<nest).map { ".repeat 60000, i\($0)\n" }.joined() + body + "\n"
      + String(repeating: ".end\n", count: nest)
    #expect(messages(source).contains { $0.contains("the program expands to too many lines") })
  }

  /// Changed and truncated sources give diagnostics or a program, never a trap.
  @Test func hostileSourcesNeverTrap() {
    var generator = SeededGenerator(seed: 5)
    let seeds = [
      Samples.everyInstruction, Samples.tiny, "call f(a", ".proc f(", ".stream s {", "x:y:z: add",
    ]
    let alphabet = Array(".,:(){}->\"; \nabcdefxyz0123456789_$@#+-\u{e9}\u{1F600}")
    for round in 0..<3000 {
      var text = Array(seeds[round % seeds.count])
      for _ in 0...(round % 5) {
        let index = Int.random(in: 0..<text.count, using: &generator)
        switch round % 4 {
        case 0: text[index] = alphabet.randomElement(using: &generator)!
        case 1: text.insert(alphabet.randomElement(using: &generator)!, at: index)
        case 2: text.removeSubrange(index..<min(text.count, index + 5))
        default: text = Array(text[..<max(1, index)])
        }
        if text.isEmpty { text = [" "] }
      }
      _ = try? Assembler.assemble(String(text))
    }
  }
}
