import CZKVMKernels

/// One vector operation of straight-line code on blocks of rows.
///
/// Operands are registers or columns, so that a list of steps is built once and runs on any block.
public struct BlockStep: Sendable {
  public enum Operation: UInt32, Sendable, CaseIterable {
    case add = 0
    case subtract
    case multiply
    /// On three planes of `count` elements side by side.
    case multiplyExtension
    case copy
    case negate
    /// The extension value a plus weighted base values, three planes of `count`.
    case combine
  }

  /// Combinations have at most this many terms.
  public static let largestCombination = 32

  public enum Base: UInt32, Sendable {
    case registers = 0
    case main
    case fixed
  }

  /// Elements behind a base.
  public struct Operand: Sendable {
    public let base: Base
    public let offset: Int

    public init(base: Base, offset: Int) {
      self.base = base
      self.offset = offset
    }
  }

  private let step: zkvm_block_step

  /// `count` is a multiple of 8; the target is in registers. `copy` and `negate` read `a` alone.
  public init(
    _ operation: Operation, target: Operand, _ a: Operand, _ b: Operand, count: Int
  ) {
    precondition(operation != .combine && target.base == .registers && count % 8 == 0)
    step = zkvm_block_step(
      operation: operation.rawValue, count: UInt32(count), a_base: a.base.rawValue,
      b_base: b.base.rawValue, target: target.offset, a: a.offset, b: b.offset)
  }

  /// `a` plus terms `terms` of the program's, each by the weight of its number.
  public init(combining terms: Range<Int>, target: Operand, _ a: Operand, count: Int) {
    precondition(terms.count <= BlockStep.largestCombination)
    precondition(target.base == .registers && count % 8 == 0)
    step = zkvm_block_step(
      operation: Operation.combine.rawValue, count: UInt32(count), a_base: a.base.rawValue,
      b_base: UInt32(terms.count), target: target.offset, a: a.offset, b: terms.lowerBound)
  }

  /// Steps, and what their combinations weight.
  public struct Program: Sendable {
    public var steps: [BlockStep] = []
    public private(set) var termCount = 0
    private var terms: [zkvm_block_term] = []

    public init() {}

    public mutating func addTerm(_ operand: Operand) {
      terms.append(zkvm_block_term(offset: operand.offset, base: operand.base.rawValue))
      termCount += 1
    }

    /// Runs the steps on one block. Bases that no step uses may be `nil`.
    public func run(
      weights: CombinationWeights, registers: UnsafeMutablePointer<Goldilocks>,
      main: UnsafePointer<Goldilocks>?, fixed: UnsafePointer<Goldilocks>?, kernel: Kernel = .best
    ) {
      precondition(weights.count >= termCount)
      if kernel != .portable {
        steps.withUnsafeBufferPointer { steps in
          // A step is its one stored field.
          zkvm_run_steps(
            kernel.rawValue,
            steps.baseAddress.map {
              UnsafeRawPointer($0).assumingMemoryBound(to: zkvm_block_step.self)
            }, steps.count, terms, weights.limbs, words(registers), main.map { words($0) },
            fixed.map { words($0) })
        }
        return
      }
      for item in steps {
        runPortable(item.step, weights, registers, main, fixed)
      }
    }

    private func runPortable(
      _ step: zkvm_block_step, _ weights: CombinationWeights,
      _ registers: UnsafeMutablePointer<Goldilocks>, _ main: UnsafePointer<Goldilocks>?,
      _ fixed: UnsafePointer<Goldilocks>?
    ) {
      let count = Int(step.count)
      func operand(_ base: UInt32, _ offset: Int) -> UnsafePointer<Goldilocks> {
        switch Base(rawValue: base)! {
        case .registers: UnsafePointer(registers) + offset
        case .main: main! + offset
        case .fixed: fixed! + offset
        }
      }
      let target = registers + step.target
      let a = operand(step.a_base, step.a)
      let operation = Operation(rawValue: step.operation)!
      let b = operation == .combine ? a : operand(step.b_base, step.b)
      switch operation {
      case .add: BlockKernels.add(target, a, b, count, kernel: .portable)
      case .subtract: BlockKernels.subtract(target, a, b, count, kernel: .portable)
      case .multiply: BlockKernels.multiply(target, a, b, count, kernel: .portable)
      case .multiplyExtension:
        BlockKernels.multiplyExtension(target, a, b, count, kernel: .portable)
      case .copy: target.update(from: a, count: count)
      case .negate: BlockKernels.negate(target, a, count)
      case .combine:
        target.update(from: a, count: 3 * count)
        for index in step.b..<(step.b + Int(step.b_base)) {
          BlockKernels.accumulate(
            target, operand(terms[index].base, terms[index].offset), weight: weights[index],
            isExtension: false, count, kernel: .portable)
        }
      }
    }
  }
}

/// Weights of sums of products, prepared for the vector code.
public struct CombinationWeights: Sendable {
  private var values: [CubicExtension] = []
  /// Nine words a weight: of each coordinate bits 0–21, 22–42 and 43–63.
  fileprivate(set) var limbs: [UInt64] = []

  public init() {}

  public init(_ weights: some Sequence<CubicExtension>) {
    for weight in weights { append(weight) }
  }

  public var count: Int { values.count }

  public subscript(index: Int) -> CubicExtension { values[index] }

  public mutating func append(_ weight: CubicExtension) {
    values.append(weight)
    for coordinate in [weight.a, weight.b, weight.c] {
      let word = coordinate.value
      limbs += [word & 0x3F_FFFF, word >> 22 & 0x1F_FFFF, word >> 43]
    }
  }
}
