import TestSupport
import Testing
import ZKVMField

/// Every vector kernel of this machine against the portable one, edges of the field included.
@Suite struct KernelTests {
  private func elements(_ count: Int, seed: UInt64) -> [Goldilocks] {
    var generator = SeededGenerator(seed: seed)
    let p = Goldilocks.modulus
    let edges: [UInt64] = [
      0, 1, 2, p - 1, p - 2, 1 << 32, (1 << 32) - 1, (1 << 32) + 1, p - (1 << 32), 1 << 63,
    ]
    return (0..<count).map { _ in
      let random = generator.next()
      return random % 3 == 0
        ? Goldilocks(edges[Int(random >> 8) % edges.count]) : Goldilocks(generator.next())
    }
  }

  @Test(arguments: Kernel.available) func elementwise(kernel: Kernel) {
    let count = 3 * 512
    let (a, b) = (elements(count, seed: 1), elements(count, seed: 2))
    typealias Operation = (
      BlockKernels.Target, BlockKernels.Source, BlockKernels.Source, Int, Kernel
    ) -> Void
    let operations: [(Operation, Int)] = [
      (BlockKernels.add, count), (BlockKernels.subtract, count), (BlockKernels.multiply, count),
      (BlockKernels.multiplyExtension, 512),
    ]
    for (operation, size) in operations {
      var expected = [Goldilocks](repeating: .zero, count: count)
      var found = expected
      operation(&expected, a, b, size, .portable)
      operation(&found, a, b, size, kernel)
      #expect(found == expected)
      #expect(found.allSatisfy { $0.value < Goldilocks.modulus })
    }
  }

  @Test(arguments: Kernel.available) func transforms(kernel: Kernel) {
    for log in [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17] {
      let values = elements(1 << log, seed: UInt64(log))
      let transform = Transform(logSize: log, logBlowup: 2)
      for block in 0..<4 {
        var expected = values
        var found = values
        transform.forward(values, block: block, into: &expected, kernel: .portable)
        transform.forward(values, block: block, into: &found, kernel: kernel)
        #expect(found == expected, "2^\(log), block \(block)")
      }
      var expected = values
      var found = values
      transform.inverse(&expected, shift: 7, rescale: 11, kernel: .portable)
      transform.inverse(&found, shift: 7, rescale: 11, kernel: kernel)
      #expect(found == expected, "2^\(log), inverse")
      var extended = [Goldilocks](repeating: .zero, count: 2 << log)
      var other = extended
      lowDegreeExtension(
        of: values, logSize: log, logBlowup: 1, blocks: 2, shift: 7, into: &extended,
        kernel: .portable)
      lowDegreeExtension(
        of: values, logSize: log, logBlowup: 1, blocks: 2, shift: 7, into: &other, kernel: kernel)
      #expect(extended == other, "2^\(log), extension")
    }
  }

  /// Straight-line code with every operation, on columns and registers.
  @Test(arguments: Kernel.available) func steps(kernel: Kernel) {
    let (main, fixed) = (elements(64, seed: 30), elements(64, seed: 31))
    func operand(_ base: BlockStep.Base, _ offset: Int) -> BlockStep.Operand {
      .init(base: base, offset: offset)
    }
    var program = BlockStep.Program()
    let operations = BlockStep.Operation.allCases.filter { $0 != .combine }
    for (index, operation) in operations.enumerated() {
      let count = operation == .multiplyExtension ? 8 : 24
      program.steps.append(
        BlockStep(
          operation, target: operand(.registers, 24 * index), operand(.main, 8),
          operand(.fixed, 16), count: count))
      program.steps.append(
        BlockStep(
          operation, target: operand(.registers, 24 * (index + 6)), operand(.fixed, 0),
          operand(.registers, 24 * index), count: count))
    }
    for offset in 0..<BlockStep.largestCombination {
      program.addTerm(operand([.main, .fixed, .registers][offset % 3], offset))
    }
    program.steps.append(
      BlockStep(
        combining: 1..<32, target: operand(.registers, 288), operand(.registers, 24), count: 8))
    let random = elements(96, seed: 33)
    let weights = CombinationWeights(
      (0..<32).map { CubicExtension(random[$0], random[$0 + 32], random[$0 + 64]) })
    var expected = elements(24 * 13, seed: 32)
    var found = expected
    program.run(
      weights: weights, registers: &expected, main: main, fixed: fixed, kernel: .portable)
    program.run(weights: weights, registers: &found, main: main, fixed: fixed, kernel: kernel)
    #expect(found == expected)
  }

  /// Sums that are reduced once, to the greatest values and the most terms of the vector code.
  @Test(arguments: Kernel.available, [0, 1, 3, 1000, 1001])
  func combinations(kernel: Kernel, terms: Int) {
    let count = 16
    let greatest = Goldilocks(canonical: Goldilocks.modulus - 1)
    for isGreatest in [false, true] {
      var random = elements(terms * (3 + count), seed: 40)
      if isGreatest { for i in random.indices { random[i] = greatest } }
      let weights = CombinationWeights(
        (0..<terms).map { CubicExtension(random[3 * $0], random[3 * $0 + 1], random[3 * $0 + 2]) })
      var expected = elements(3 * count, seed: 41)
      var found = expected
      random.withUnsafeBufferPointer { random in
        let sources = (0..<terms).map { random.baseAddress! + (3 * terms + $0 * count) }
        BlockKernels.combine(&expected, sources, weights: weights, count, kernel: .portable)
        BlockKernels.combine(&found, sources, weights: weights, count, kernel: kernel)
      }
      #expect(found == expected)
    }
  }

  @Test(arguments: Kernel.available) func powers(kernel: Kernel) {
    for count in [1, 8, 24, 4096] {
      let values = elements(count, seed: 9)
      let step = elements(2, seed: 10)[1] + 7
      var expected = values
      var found = values
      scaleByPowers(
        values, of: step, startingAt: 5, count: count, into: &expected, kernel: .portable)
      scaleByPowers(
        values, of: step, startingAt: 5, count: count, into: &found, kernel: kernel)
      #expect(found == expected)
    }
  }

  @Test(arguments: Kernel.available, [false, true])
  func accumulation(kernel: Kernel, isExtension: Bool) {
    let count = 512
    let source = elements(3 * count, seed: 20)
    let w = elements(3, seed: 21)
    let weight = CubicExtension(w[0], w[1], w[2])
    var expected = elements(3 * count, seed: 22)
    var found = expected
    BlockKernels.accumulate(
      &expected, source, weight: weight, isExtension: isExtension, count, kernel: .portable)
    BlockKernels.accumulate(
      &found, source, weight: weight, isExtension: isExtension, count, kernel: kernel)
    #expect(found == expected)
  }
}
