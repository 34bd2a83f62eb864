import ZKVMFixedPoint

/// The instructions. Numbers are frozen: they are part of every program's digest. What an instruction
/// is stands in its ``row``.
public enum Opcode: UInt8, CaseIterable, Sendable {
  case jump = 1
  case branch = 2
  case halt = 3

  case secret = 8
  case reveal = 9
  case move = 10
  case secretDigest = 11

  case add = 16
  case sub = 17
  case lt = 18
  case ge = 19
  case min = 20
  case max = 21
  case pos = 22
  case abs = 23
  case eq = 24
  case ne = 25
  case select = 26
  case assertLt = 27
  case assertGe = 28
  case assertEq = 29
  case assertNe = 30

  case mulNearest = 32
  case mulFloor = 33
  case mulCeil = 34
  case divNearest = 36
  case divFloor = 37
  case divCeil = 38
  case sqrtNearest = 40
  case sqrtFloor = 41
  case sqrtCeil = 42

  case exp = 48
  case ln = 49
  case cdf = 50
  case pdf = 51
  case icdf = 52
  case erfcx = 53

  case hashStart = 64
  case hashNext = 65
  case merkle = 66
  case assertSame = 67
  case squeeze = 68

  case load = 72
  case store = 73

  /// The row of the instruction table.
  private var declaration: InstructionRow {
    switch self {
    case .jump: .control("jump", .jump, .jump, "label")
    case .branch:
      .control("branch", .branch, condition: true, .branch, "condition, if_one [, if_zero]")
    case .halt: .control("halt", .halt, .halt, "")
    case .secret: .input("secret", .word)
    case .reveal: .reveal("reveal", "output, a")
    case .move: .move("move")
    case .secretDigest: .input("secret_digest", .digest)
    case .add: .adder("add", side: .either)
    case .sub: .adder("sub", side: .difference)
    case .lt: .comparison("lt", .less)
    case .ge: .comparison("ge", .notLess)
    case .min: .adder("min", side: .either)
    case .max: .adder("max", side: .either)
    case .pos: .adder("pos", side: .difference)
    case .abs: .adder("abs", side: .distance, .own("result, a [, b]"))
    case .eq: .comparison("eq", .equal)
    case .ne: .comparison("ne", .unequal)
    case .select: .select("select", "result, condition, if_one, if_zero")
    case .assertLt: .assertion("assert_lt", .less)
    case .assertGe: .assertion("assert_ge", .notLess)
    case .assertEq: .assertion("assert_eq", .equal)
    case .assertNe: .assertion("assert_ne", .unequal)
    case .mulNearest: .product(.multiplication, .nearest)
    case .mulFloor: .product(.multiplication, .floor)
    case .mulCeil: .product(.multiplication, .ceil)
    case .divNearest: .product(.division, .nearest)
    case .divFloor: .product(.division, .floor)
    case .divCeil: .product(.division, .ceil)
    case .sqrtNearest: .product(.squareRoot, .nearest)
    case .sqrtFloor: .product(.squareRoot, .floor)
    case .sqrtCeil: .product(.squareRoot, .ceil)
    case .exp: .function("exp", .exp)
    case .ln: .function("ln", .ln)
    case .cdf: .function("cdf", .cdf)
    case .pdf: .function("pdf", .pdf)
    case .icdf: .function("icdf", .icdf)
    case .erfcx: .function("erfcx", .erfcx)
    case .hashStart: .hash("hash_start", isFirst: true)
    case .hashNext: .hash("hash_next", isFirst: false)
    case .merkle: .merkle("merkle", "result, swap, current, sibling")
    case .assertSame: .sameDigest("assert_same")
    case .squeeze: .squeeze("squeeze", "result, digest, element")
    case .load: .memory("load", stores: false, "result, array, index")
    case .store: .memory("store", stores: true, "array, index, a")
    }
  }

  /// What the instruction computes, in the names of its slots, and when it traps.
  public var meaning: (result: String, traps: String) {
    switch self {
    case .jump: ("goes on at the target, with the next frame", "")
    case .branch: ("goes on at one target or the other, with the next frame", "c is not 0 or 1")
    case .halt: ("ends the run", "an output was not revealed")
    case .secret: ("the next word of the input channel", "the stream is exhausted")
    case .reveal: ("none; the output is the operand", "the output was revealed before")
    case .move: ("the operand", "")
    case .secretDigest: ("the next digest of the input channel", "the stream is exhausted")
    case .add: ("a + b", "overflow")
    case .sub: ("a − b", "overflow")
    case .lt: ("1 if a < b, else 0", "")
    case .ge: ("0 if a < b, else 1", "")
    case .min: ("the lesser of a and b", "")
    case .max: ("the greater of a and b", "")
    case .pos: ("max(a − b, 0)", "overflow")
    case .abs: ("|a − b|", "overflow")
    case .eq: ("1 if a = b, else 0", "")
    case .ne: ("0 if a = b, else 1", "")
    case .select: ("a if the condition is 1, b if it is 0", "the condition is not 0 or 1")
    case .assertLt: ("none", "a ≥ b")
    case .assertGe: ("none", "a < b")
    case .assertEq: ("none", "a ≠ b")
    case .assertNe: ("none", "a = b")
    case .mulNearest, .mulFloor, .mulCeil: ("round(X·Y/2^s) + W", "overflow")
    case .divNearest, .divFloor, .divCeil:
      ("round(Z·2^s/Y)", "Y = 0; overflow; remainder out of range")
    case .sqrtNearest, .sqrtFloor, .sqrtCeil:
      ("round(√(Z·2^s))", "Z < 0; overflow; remainder out of range")
    case .exp: ("e^x", "overflow: x > 9.7040605278392343…")
    case .ln: ("ln x", "domain: x ≤ 0")
    case .cdf: ("Φ(x), the standard normal distribution", "")
    case .pdf: ("φ(x) = e^(−x²/2)/√(2π)", "")
    case .icdf: ("Φ⁻¹(x)", "domain: x ≤ 0 or x ≥ 1")
    case .erfcx: ("e^(x²)·erfc(x)", "domain: x < 0")
    case .hashStart: ("C((n, 0, 0, 0), words), n the number of words of the hash", "")
    case .hashNext: ("C(a, words)", "")
    case .merkle: ("C(a, b) if c is 0, C(b, a) if it is 1", "c is not 0 or 1")
    case .assertSame: ("none", "a ≠ b")
    case .squeeze: ("the low 48 bits of the element of a", "")
    case .load: ("what the cell holds", "the index is out of bounds")
    case .store: ("the stored one, which the cell then holds", "the index is out of bounds")
    }
  }

  private static let rows: [InstructionRow?] = {
    var rows = [InstructionRow?](repeating: nil, count: 1 << UInt8.bitWidth)
    for opcode in Opcode.allCases { rows[Int(opcode.rawValue)] = opcode.declaration }
    return rows
  }()

  /// What the instruction is.
  public var row: InstructionRow { Opcode.rows[Int(rawValue)]! }
}

/// What is asked most of the table.
extension Opcode {
  public var mnemonic: String { row.mnemonic }
  public var unit: UnitKind { row.unit }
  public var effect: Effect { row.effect }
  /// The slots whose cells the instruction reads.
  public var reads: [Int] { row.reads }
  /// The slot whose cell the instruction publishes.
  public var writes: Int? { row.writes }
  public var isControl: Bool { unit == .control }

  public var isMultiplication: Bool { productKind == .multiplication }
  public var isDivision: Bool { productKind == .division }
  public var isSquareRoot: Bool { productKind == .squareRoot }

  private var productKind: ProductKind? {
    if case .product(let kind, _) = row.operation { kind } else { nil }
  }

  /// The rounding of a Product instruction; traps for others.
  public var rounding: Rounding {
    guard case .product(_, let rounding) = row.operation else {
      preconditionFailure("\(mnemonic) does not round")
    }
    return rounding
  }

  public var function: Function? {
    if case .function(let function) = row.operation { function } else { nil }
  }

  /// The Product instruction of a kind and rounding.
  public static func product(_ kind: ProductKind, _ rounding: Rounding) -> Opcode {
    allCases.first { $0.row.operation == .product(kind, rounding) }!
  }

  /// The instruction of a mnemonic.
  public init?(mnemonic: String) {
    guard let opcode = Opcode.byMnemonic[mnemonic] else { return nil }
    self = opcode
  }

  private static let byMnemonic = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.mnemonic, $0) })
}
