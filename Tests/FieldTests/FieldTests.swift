import TestSupport
import Testing
import ZKVMField

@Suite struct FieldTests {
  @Test func arithmeticMatchesPythonIntegers() throws {
    for row in try vectors("field.csv") {
      let v = row.map { Goldilocks(UInt64($0)!) }
      let x = CubicExtension(v[0], v[1], v[2])
      let y = CubicExtension(v[3], v[4], v[5])
      #expect(v[0] + v[3] == v[6])
      #expect(v[0] - v[3] == v[7])
      #expect(v[0] * v[3] == v[8])
      #expect(v[0].inverse == v[9])
      #expect(x * y == CubicExtension(v[10], v[11], v[12]))
      #expect(x.inverse == CubicExtension(v[13], v[14], v[15]))
    }
  }

  @Test func signedAndEncodedValues() {
    #expect(Goldilocks(Int64(-1)).value == Goldilocks.modulus - 1)
    #expect(Goldilocks(Int64.min) + Goldilocks(canonical: 1 << 63) == .zero)
    #expect(Goldilocks(Int128(-1) << 100) == -(Goldilocks.two.power(100)))
    #expect(Goldilocks(exactly: Goldilocks.modulus) == nil)
    #expect(Goldilocks(exactly: Goldilocks.modulus - 1)?.signedValue == -1)
  }

  @Test func rootsOfUnityHaveTheirOrder() {
    for log in 1...32 {
      let root = Goldilocks.rootOfUnity(logOrder: log)
      #expect(root.power(1 << UInt64(log - 1)) == -Goldilocks.one)
    }
    // 7 generates the group: its order divides no (p − 1)/q for the primes q of p − 1.
    for q: UInt64 in [2, 3, 5, 17, 257, 65537] {
      #expect(Goldilocks.generator.power((Goldilocks.modulus - 1) / q) != .one)
    }
  }

  @Test func batchInversionSkipsZeros() {
    var base: [Goldilocks] = [3, 0, 5, -7]
    let before = base
    invertAll(&base)
    #expect(base == before.map(\.inverse))
    var wide = before.map { CubicExtension($0, 1, $0) } + [.zero]
    let wideBefore = wide
    invertAll(&wide)
    #expect(wide == wideBefore.map(\.inverse))
  }

  private func evaluate(_ coefficients: [Goldilocks], _ x: Goldilocks) -> Goldilocks {
    coefficients.reversed().reduce(.zero) { $0 * x + $1 }
  }

  @Test(arguments: [0, 1, 3, 6]) func transformEvaluates(log: Int) {
    var generator = SeededGenerator(seed: UInt64(log))
    let n = 1 << log
    let coefficients = (0..<n).map { _ in Goldilocks(generator.next()) }
    let root = Goldilocks.rootOfUnity(logOrder: log)
    let transform = Transform(logSize: log)
    var values = coefficients
    transform.forward(coefficients, into: &values)
    for i in 0..<n {
      #expect(values[i] == evaluate(coefficients, root.power(UInt64(reverseBits(i, count: log)))))
    }
    transform.inverse(&values)
    #expect(values == coefficients)
  }

  /// From values on the subgroup to values on a coset and back to coefficients.
  @Test(arguments: [0, 1, 3, 6, 7]) func extendsToACoset(log: Int) {
    var generator = SeededGenerator(seed: 10)
    let coefficients = (0..<(1 << log)).map { _ in Goldilocks(generator.next()) }
    let root = Goldilocks.rootOfUnity(logOrder: log)
    let shift = Goldilocks(generator.next() as UInt64)
    let column = coefficients.indices.map { evaluate(coefficients, root.power(UInt64($0))) }
    var output = [Goldilocks](repeating: .zero, count: 4 << log)
    lowDegreeExtension(
      of: column, logSize: log, logBlowup: 2, blocks: 4, shift: shift, into: &output)
    let large = Goldilocks.rootOfUnity(logOrder: log + 2)
    for i in output.indices {
      let x = shift * large.power(UInt64(reverseBits(i, count: log + 2)))
      #expect(output[i] == evaluate(coefficients, x))
    }
    Transform(logSize: log + 2).inverse(&output, shift: shift)
    #expect(Array(output[..<(1 << log)]) == coefficients)
    #expect(output[(1 << log)...].allSatisfy { $0 == .zero })
  }

  @Test func extensionEvaluatesInBitReversedOrder() {
    var generator = SeededGenerator(seed: 9)
    let (log, blowup) = (4, 2)
    let coefficients = (0..<(1 << log)).map { _ in Goldilocks(generator.next()) }
    let shift = Goldilocks.generator
    var output = [Goldilocks](repeating: .zero, count: 1 << (log + blowup))
    output.withUnsafeMutableBufferPointer {
      evaluateOnCoset(
        coefficients: coefficients, logSize: log, logBlowup: blowup, blocks: 1 << blowup,
        shift: shift, into: $0.baseAddress!)
    }
    let root = Goldilocks.rootOfUnity(logOrder: log + blowup)
    for i in output.indices {
      let x = shift * root.power(UInt64(reverseBits(i, count: log + blowup)))
      #expect(output[i] == evaluate(coefficients, x))
    }
  }
}
