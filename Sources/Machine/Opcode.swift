import ZKVMFixedPoint

/// The units of the machine that execute instructions.
public enum UnitKind: String, CaseIterable, Sendable {
  case control = "Control"
  case adder = "Adder"
  case product = "Product"
  case function = "Function"
  case port = "Port"
  case hash = "Hash"
  case memory = "Memory"
}

/// The instruction table. Numbers are frozen: they are part of every program's digest.
///
/// An instruction has up to six operand slots; ``reads`` and ``writes`` say which of them are
/// read and which one is published. The roles in the slots are, by unit:
///
/// | unit | slot 0 | slot 1 | slot 2 | slot 3 | slot 4 | slot 5 | extra |
/// |---|---|---|---|---|---|---|---|
/// | Control | condition | target if 1 | target if 0 | frame size | | | |
/// | Adder | a | b | condition | result | | | |
/// | Product | X | Y | W | Z | | | s / 16 |
/// | Function | argument | | | result | | | |
/// | Port | operand | | | result | | | index; 1 for a digest's move |
/// | Hash, words | state | word 1 | word 2 | result | word 3 | word 4 | length |
/// | Hash, digests | a | b | swap | result | | | squeezed element |
/// | Memory | stored | index | length | result | | | first cell |
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

  public var unit: UnitKind {
    switch rawValue {
    case 1...3: .control
    case 8...11: .port
    case 16...30: .adder
    case 32...42: .product
    case 64...68: .hash
    case 72...73: .memory
    default: .function
    }
  }

  /// The slots whose cells the instruction reads.
  public var reads: [Int] {
    switch self {
    case .jump, .halt, .secret, .secretDigest: []
    case .branch, .reveal, .move, .exp, .ln, .cdf, .pdf, .icdf, .erfcx, .squeeze: [0]
    case .select: [0, 1, 2]
    case .mulNearest, .mulFloor, .mulCeil: [0, 1, 2]
    case .divNearest, .divFloor, .divCeil: [3, 1]
    case .sqrtNearest, .sqrtFloor, .sqrtCeil: [3]
    case .hashStart: [1, 2, 4, 5]
    case .hashNext: [0, 1, 2, 4, 5]
    case .merkle: [0, 1, 2]
    case .load: [1]
    default: [0, 1]
    }
  }

  /// The slots of the four words of a hash.
  public static let hashedWordSlots = Opcode.hashStart.reads

  /// The slot whose cell the instruction publishes.
  public var writes: Int? {
    switch self {
    case .jump, .branch, .halt, .reveal, .assertLt, .assertGe, .assertEq, .assertNe, .assertSame:
      nil
    case .divNearest, .divFloor, .divCeil, .sqrtNearest, .sqrtFloor, .sqrtCeil: 0
    default: 3
    }
  }

  public var isControl: Bool { unit == .control }

  public var isMultiplication: Bool { (32...34).contains(rawValue) }
  public var isDivision: Bool { (36...38).contains(rawValue) }
  public var isSquareRoot: Bool { (40...42).contains(rawValue) }

  /// The rounding of a Product instruction.
  public var rounding: Rounding {
    switch self {
    case .mulFloor, .divFloor, .sqrtFloor: .floor
    case .mulCeil, .divCeil, .sqrtCeil: .ceil
    default: .nearest
    }
  }

  public static func multiplication(_ rounding: Rounding) -> Opcode {
    switch rounding {
    case .nearest: .mulNearest
    case .floor: .mulFloor
    case .ceil: .mulCeil
    }
  }

  public static func division(_ rounding: Rounding) -> Opcode {
    switch rounding {
    case .nearest: .divNearest
    case .floor: .divFloor
    case .ceil: .divCeil
    }
  }

  public static func squareRoot(_ rounding: Rounding) -> Opcode {
    switch rounding {
    case .nearest: .sqrtNearest
    case .floor: .sqrtFloor
    case .ceil: .sqrtCeil
    }
  }

  public var function: Function? {
    switch self {
    case .exp: .exp
    case .ln: .ln
    case .cdf: .cdf
    case .pdf: .pdf
    case .icdf: .icdf
    case .erfcx: .erfcx
    default: nil
    }
  }

  /// The name in a disassembly.
  public var mnemonic: String {
    switch self {
    case .mulNearest: "mul"
    case .mulFloor: "mul.floor"
    case .mulCeil: "mul.ceil"
    case .divNearest: "div"
    case .divFloor: "div.floor"
    case .divCeil: "div.ceil"
    case .sqrtNearest: "sqrt"
    case .sqrtFloor: "sqrt.floor"
    case .sqrtCeil: "sqrt.ceil"
    case .assertLt: "assert_lt"
    case .assertGe: "assert_ge"
    case .assertEq: "assert_eq"
    case .assertNe: "assert_ne"
    case .secretDigest: "secret_digest"
    case .hashStart: "hash_start"
    case .hashNext: "hash_next"
    case .assertSame: "assert_same"
    default: "\(self)"
    }
  }

  /// How the assembler writes an instruction whose operands follow a common pattern.
  public enum Signature: Sendable {
    /// `op r, a, b`: operands and result of one format.
    case sum
    /// `op r, a, b`: operands of one format, a flag as the result.
    case comparison
    /// `op a, b, "message"`: operands of one format, no result.
    case assertion
    /// `op r, a`: q48 to q48.
    case function

    public var usage: String {
      switch self {
      case .sum, .comparison: "result, a, b"
      case .assertion: "a, b, \"message\""
      case .function: "result, a"
      }
    }
  }

  /// The pattern, or `nil` for what the assembler lowers in its own way.
  public var signature: Signature? {
    switch self {
    case .add, .sub, .min, .max, .pos: .sum
    case .lt, .ge, .eq, .ne: .comparison
    case .assertLt, .assertGe, .assertEq, .assertNe: .assertion
    case _ where unit == .function: .function
    default: nil
    }
  }
}
