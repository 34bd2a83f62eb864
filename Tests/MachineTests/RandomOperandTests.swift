import TestSupport
import Testing
import ZKVMAssembler
import ZKVMFixedPoint
import ZKVMInspect
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// Completeness: whatever the interpreter accepts satisfies the constraints, for operands of every
/// size and sign and at the edges of their ranges.
@Suite struct RandomOperandTests {
  private static let edges: [Int64] = [
    0, 1, -1, 2, -2, Word.maximum, Word.minimum, Word.maximum - 1, Word.minimum + 1, 1 << 48,
    -(1 << 48), 1 << 47, (1 << 48) - 1, 65535, 65536, -65536, 1 << 61, -(1 << 61), 8 << 48,
    -(8 << 48), 9 << 48, 2 << 48, -35 << 48, (-35 << 48) - 1, 9 << 48 + 1,
  ]

  private func operands(_ count: Int, seed: UInt64) -> [Int64] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      Int64.random(in: 0..<4, using: &generator) == 0
        ? RandomOperandTests.edges.randomElement(using: &generator)!
        : Int64.random(in: Word.minimum...Word.maximum, using: &generator)
          >> Int64.random(in: 0...61, using: &generator)
    }
  }

  private func check(_ line: String, format: String, records: [[Int64]]) throws {
    let source = """
      .stream s { a: \(format), b: \(format) }
      .output rows: int
          count n, s
          gt more, n, 0
          branch more, next, end
      next:
          read s
          \(line)
          sub n, n, 1
          gt more, n, 0
          branch more, next, end
      end:
          reveal rows, n
      """
    let program = try assemble(snippet: source).program
    let execution = try Interpreter.run(
      program, ProgramInputs(publicInputs: [], secretInputs: [], streams: [records]))
    let machine = MachineTables(program: program, blindRows: 256)
    let report = Checker(execution, machine: machine).check(Trace(execution, machine: machine))
    #expect(
      report.holds,
      "\(line): \(report.constraints.first.map { "\($0)" } ?? "") \(report.buses.first.map { "\($0)" } ?? "")"
    )
    #expect(records.count > 100)
  }

  @Test(arguments: ["add", "sub", "min", "max", "pos", "abs", "lt", "ge", "eq", "ne", "gt", "le"])
  func adder(mnemonic: String) throws {
    let values = operands(1200, seed: 1)
    let pairs =
      stride(from: 0, to: values.count, by: 2).map { [values[$0], values[$0 + 1]] }
      + RandomOperandTests.edges.flatMap { a in RandomOperandTests.edges.map { [a, $0] } }
    let records = pairs.filter { pair in
      switch mnemonic {
      case "add": (try? Arithmetic.add(pair[0], pair[1])) != nil
      case "sub": (try? Arithmetic.subtract(pair[0], pair[1])) != nil
      case "pos": (try? Arithmetic.positivePart(pair[0], pair[1])) != nil
      case "abs": (try? Arithmetic.absoluteDifference(pair[0], pair[1])) != nil
      default: true
      }
    }
    try check("\(mnemonic) r, s.a, s.b", format: "int", records: records)
  }

  @Test(arguments: ["", ".floor", ".ceil"], ["q48", "q32", "q16", "int"])
  func product(suffix: String, format: String) throws {
    let bits = Format(name: format)!.fractionBits
    let rounding = Rounding(rawValue: String(suffix.dropFirst())) ?? .nearest
    let values = operands(6000, seed: 2)
    let pairs = stride(from: 0, to: values.count, by: 2).map { [values[$0], values[$0 + 1]] }
    try check(
      "mul\(suffix) r: \(format), s.a, s.b", format: format,
      records: pairs.filter {
        (try? Arithmetic.multiply($0[0], $0[1], plus: 0, shift: bits, bits == 0 ? .floor : rounding))
          != nil
      })
    try check(
      "div\(suffix) r: \(format), s.a, s.b", format: format,
      records: pairs.filter {
        (try? Arithmetic.divide($0[0], by: $0[1], shift: bits, rounding)) != nil
      })
    try check(
      "sqrt\(suffix) r: \(format), s.a", format: format,
      records: pairs.filter { (try? Arithmetic.squareRoot($0[0], shift: bits, rounding)) != nil })
  }

  @Test(arguments: Function.allCases) func function(function: Function) throws {
    let values = operands(4000, seed: 3).map { [$0, 0] }
    try check(
      "\(function) r, s.a", format: "q48",
      records: values.filter { (try? FunctionEvaluation(function, $0[0])) != nil })
  }
}
