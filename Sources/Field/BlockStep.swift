import CKernels

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
  }

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
    precondition(target.base == .registers && count % 8 == 0)
    step = zkvm_block_step(
      operation: operation.rawValue, count: UInt32(count), a_base: a.base.rawValue,
      b_base: b.base.rawValue, target: target.offset, a: a.offset, b: b.offset)
  }

  /// Runs the steps on one block. Bases that no step uses may be `nil`.
  public static func run(
    _ steps: [BlockStep], registers: UnsafeMutablePointer<Goldilocks>,
    main: UnsafePointer<Goldilocks>?, fixed: UnsafePointer<Goldilocks>?, kernel: Kernel = .best
  ) {
    if kernel != .portable {
      steps.withUnsafeBufferPointer { steps in
        // A step is its one stored field.
        zkvm_run_steps(
          kernel.rawValue,
          steps.baseAddress.map {
            UnsafeRawPointer($0).assumingMemoryBound(to: zkvm_block_step.self)
          }, steps.count, words(registers),
          main.map { words($0) }, fixed.map { words($0) })
      }
      return
    }
    for item in steps {
      let step = item.step
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
      let b = operand(step.b_base, step.b)
      switch Operation(rawValue: step.operation)! {
      case .add: BlockKernels.add(target, a, b, count, kernel: kernel)
      case .subtract: BlockKernels.subtract(target, a, b, count, kernel: kernel)
      case .multiply: BlockKernels.multiply(target, a, b, count, kernel: kernel)
      case .multiplyExtension:
        BlockKernels.multiplyExtension(target, a, b, count, kernel: kernel)
      case .copy: target.update(from: a, count: count)
      case .negate: BlockKernels.negate(target, a, count)
      }
    }
  }
}
