import Foundation
import ZKVMAssembler
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// The repository's folder.
public let repository = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The rows of a file in Tests/Vectors, without its header.
public func vectors(_ name: String) throws -> [[Substring]] {
  let url = repository.appendingPathComponent("Tests/Vectors/\(name)")
  let text = try String(contentsOf: url, encoding: .utf8)
  return text.split(separator: "\n").dropFirst().map {
    $0.split(separator: ",", omittingEmptySubsequences: false)
  }
}

/// Assembles a file of the repository.
public func assemble(file: String) throws -> Program {
  try Assembler.assemble(file: file) { path in
    try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
  }.program
}

/// Assembles a text; one that gives itself no name is called "test".
public func assemble(snippet source: String) throws(AssemblyError) -> Assembler.Result {
  try Assembler.assemble(
    source.contains(".program ") || source.contains(".machine ")
      ? source : source + "\n.program \"test\"")
}

/// A word from a decimal that is known to be good.
public func word(_ text: String, _ format: Format) -> Int64 {
  guard let word = try? Decimal.parse(text, as: format) else {
    preconditionFailure("\(text) is not a \(format)")
  }
  return word
}

/// A small reproducible generator (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Small programs that several suites use.
public enum Samples {
  /// Executes every opcode, with operands at the edges: negative divisors, ties, zero roots,
  /// saturation, both arms of a branch.
  public static let everyInstruction = """
    .program "every-instruction"
    .public scale: q32
    .secret x: q48
    .secret n: int
    .secret key: digest
    .stream rows { a: int, b: q32 }
    .output result: q48
    .output total: int
    .output id: digest
    .array cells: q48, 5
    .array nodes: digest, 3

        add   s1, x, x
        sub   s2, x, 1.5
        neg   s3, x
        abs   s4, s3
        abs   s5, x, s1
        min   s6, x, s2
        max   s7, x, s2
        pos   s8, s2, x
        clamp s9, x, -1, 1
        lt    f1, s2, x
        ge    f2, s2, x
        eq    f3, x, x
        ne    f4, x, s1
        and   f5, f1, f3
        or    f6, f2, f4
        not   f7, f2
        select s10, f7, s1, s2
        mul   p1, x, s2
        mul.floor p2, x, s2
        mul.ceil p3, x, s2
        mul   p4: q32, scale, x
        mul   p5: q16, scale, scale
        mul   p6, n, n
        mul   p7: q32, s2, x
        fma   p8, x, s2, s1
        div   d1, x, s2
        div.floor d2, x, s2
        div.ceil d3, x, s2
        div   d4, scale, x
        div.floor d5: int, n, -3
        div.ceil d6: int, n, -3
        div   d7: int, n, 2
        sqrt  r1, s1
        sqrt.floor r2, s1
        sqrt.ceil r3, s1
        sqrt  r4: q48, 0
        sqrt.floor r5: q48, 0
        sqrt.ceil r6: q48, 0
        sqrt  r7: q48, scale
        exp   e1, x
        exp   e2, -40
        exp   e3, -35
        exp   e4, s3
        ln    l1, x
        ln    l2, 5000
        ln    l3, 0.00000001
        cdf   c1, x
        cdf   c2, s3
        cdf   c3, 12
        cdf   c4, -12
        pdf   g1, x
        pdf   g2, -4.25
        pdf   g3, 11
        pdf   g4, 0.001
        icdf  i1, 0.975
        icdf  i2, 0.00001
        icdf  i3, 0.5
        erfcx h1, x
        erfcx h2, 1000
        convert v1: q32, x
        convert v2: q48, scale
        assert_lt s2, x, "less"
        assert_ge x, s2
        assert_eq x, x
        assert_ne x, s1
        assert f1
        hash  k1, n, x, 5
        hash  k2, n, x, 3, 4, -5, scale
        compress k3, k1, key
        merkle k4, f1, k3, k2
        merkle k5, f2, k3, k2
        assert_eq k4, k4, "same"
        squeeze u1, k3, 0
        squeeze u2: int, k4, 1
        squeeze u3, k5, 2
        squeeze u4, k5, 3
        squeeze u5, key, 0
        squeeze u6, key, 1
        store cells, 2, s1
        store cells, 2, s2
        load  m1, cells, 2
        load  m2, cells, 4
        store nodes, 1, k3
        load  m3, nodes, 1
        load  m4, nodes, 0
        margin g5, x, s4, 0.5
        assert_margin s4, x, 0.5, "covered"
        count left, rows
        set   chain, m3
        set   sum, n
        set   alternate, f1
    loop:
        gt    more, left, 0
        branch more, body, end
    body:
        read  rows
        add   sum, sum, rows.a
        convert b48: q48, rows.b
        select pick, alternate, b48, x
        sub   slot, left, 1
        store nodes, slot, chain
        branch alternate, odd
        compress chain, chain, key
    odd:
        not   alternate, alternate
        sub   left, left, 1
        load  x2, cells, left
        jump  loop
    end:
        reveal result, c1
        reveal total, sum
        reveal id, chain
        halt
    """

  public static func everyInstructionExecution() throws -> Execution {
    let program = try Assembler.assemble(everyInstruction).program
    return try Interpreter.run(
      program,
      ProgramInputs(
        publicInputs: [word("7.25", .q32)],
        // The key's elements are at the edges of the canonical ones.
        secretInputs: [word("0.625", .q48), 7]
          + [0xFFFF_FFFF_0000_0000, 5, 0xFFFF_FFFE_FFFF_FFFF, 1 << 63].map {
            Int64(bitPattern: $0 as UInt64)
          },
        streams: [[[5, word("2.5", .q32)], [-6, word("0.25", .q32)], [9, word("1", .q32)]]]))
  }

  /// The smallest program that shows anything.
  public static let tiny = """
    .program "tiny"
    .public limit: int
    .secret x: int
    .output y: int
        add y1, x, 1
        assert_lt y1, limit, "x is below the limit"
        reveal y, y1
    """

  public static func tinyExecution() throws -> Execution {
    try Interpreter.run(
      Assembler.assemble(tiny).program,
      ProgramInputs(publicInputs: [100], secretInputs: [41], streams: []))
  }
}
