import ZKVMField

/// The Poseidon2 permutation (Grassi, Khovratovich, Schofnegger, 2023/323) over Goldilocks with
/// width 8: S-box x^7, 8 external and 22 internal rounds.
///
/// Parameters are the authors' own (HorizenLabs/poseidon2, `poseidon2_instance_goldilocks`); their
/// published vectors are in `AlgebraicHashTests`.
public enum Poseidon2 {
  public static let width = 8
  /// External rounds before and after the internal ones, each.
  public static let halfExternalRounds = 4
  public static let internalRounds = 22

  /// Round constants of the external rounds, in order.
  public static let externalConstants: [[Goldilocks]] = {
    let first = (0..<halfExternalRounds).map { Array(constants[($0 * width)..<(($0 + 1) * width)]) }
    let start = halfExternalRounds * width + internalRounds
    let last = (0..<halfExternalRounds).map {
      Array(constants[(start + $0 * width)..<(start + ($0 + 1) * width)])
    }
    return first + last
  }()

  /// Round constants of the internal rounds, which have one each.
  public static let internalConstants: [Goldilocks] = Array(
    constants[(halfExternalRounds * width)...].prefix(internalRounds))

  /// The internal layer is the matrix of ones plus this diagonal.
  public static let internalDiagonal: [Goldilocks] = [
    0xa988_11a1_fed4_e3a5, 0x1cc4_8b54_f377_e2a0, 0xe40c_d4f6_c560_9a26, 0x11de_79eb_ca97_a4a3,
    0x9177_c73d_8b7e_929c, 0x2a6f_e808_5797_e791, 0x3de6_e933_29f8_d5ad, 0x3f7a_f912_5da9_62fe,
  ].map { Goldilocks(canonical: $0) }

  /// The circulant of blocks (2M, M; M, 2M) with this M is the external layer.
  public static let externalBlock: [[Int64]] = [
    [5, 7, 1, 3], [4, 6, 1, 1], [1, 3, 5, 7], [1, 1, 4, 6],
  ]

  /// The entries of the external layer's matrix.
  public static let externalMatrix: [[Int64]] = (0..<width).map { row in
    (0..<width).map { column in
      externalBlock[row % 4][column % 4] * (row / 4 == column / 4 ? 2 : 1)
    }
  }

  /// The constants come from the Grain LFSR of the Poseidon paper (2019/458, appendix E), seeded with
  /// the field, the S-box, the width and the numbers of rounds.
  private static let constants: [Goldilocks] = {
    var generator = GrainGenerator(
      elementBits: 64, width: width, externalRounds: 2 * halfExternalRounds,
      internalRounds: internalRounds)
    return (0..<(2 * halfExternalRounds * width + internalRounds)).map { _ in generator.element() }
  }()

  public static func permute(_ state: inout [Goldilocks]) {
    state = permute(state) { x in
      let cube = x * x * x
      return cube * cube * x
    }
  }

  /// The permutation with an S-box of the caller's: x^7, and whatever it keeps of it. It is called for
  /// the S-boxes in order.
  @discardableResult
  public static func permute(
    _ input: [Goldilocks], sBox: (Goldilocks) -> Goldilocks
  ) -> [Goldilocks] {
    precondition(input.count == width)
    var state = input
    func externalRound(_ round: Int) {
      for i in 0..<width { state[i] = sBox(state[i] + externalConstants[round][i]) }
      external(&state)
    }
    external(&state)
    for round in 0..<halfExternalRounds { externalRound(round) }
    for constant in internalConstants {
      state[0] = sBox(state[0] + constant)
      var total = Goldilocks.zero
      for element in state { total += element }
      for i in 0..<width { state[i] = internalDiagonal[i] * state[i] + total }
    }
    for round in halfExternalRounds..<(2 * halfExternalRounds) { externalRound(round) }
    return state
  }

  private static func external(_ state: inout [Goldilocks]) {
    var blocks = [Goldilocks](repeating: .zero, count: width)
    for i in 0..<width {
      var value = Goldilocks.zero
      for j in 0..<4 { value += Goldilocks(externalBlock[i % 4][j]) * state[i / 4 * 4 + j] }
      blocks[i] = value
    }
    for i in 0..<width { state[i] = blocks[i] + blocks[i % 4] + blocks[i % 4 + 4] }
  }
}

/// The self-shrinking Grain LFSR that draws the constants of the Poseidon family.
private struct GrainGenerator {
  private var state: [Bool]
  private let elementBits: Int

  init(elementBits: Int, width: Int, externalRounds: Int, internalRounds: Int) {
    self.elementBits = elementBits
    func bits(_ value: Int, _ count: Int) -> [Bool] {
      (0..<count).reversed().map { value >> $0 & 1 == 1 }
    }
    // A prime field (1) and a power as the S-box (0).
    state =
      bits(1, 2) + bits(0, 4) + bits(elementBits, 12) + bits(width, 12) + bits(externalRounds, 10)
      + bits(internalRounds, 10) + Array(repeating: true, count: 30)
    for _ in 0..<160 { _ = step() }
  }

  private mutating func step() -> Bool {
    let taps = [62, 51, 38, 23, 13, 0]
    let bit = taps.reduce(false) { $0 != state[$1] }
    state.removeFirst()
    state.append(bit)
    return bit
  }

  /// Of two bits, the second if the first is 1.
  private mutating func bit() -> Bool {
    while !step() { _ = step() }
    return step()
  }

  /// The next number below p; others are dropped.
  mutating func element() -> Goldilocks {
    while true {
      var value: UInt64 = 0
      for _ in 0..<elementBits { value = value << 1 | (bit() ? 1 : 0) }
      if let element = Goldilocks(exactly: value) { return element }
    }
  }
}
