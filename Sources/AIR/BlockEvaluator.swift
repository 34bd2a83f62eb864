import ZKVMField

/// Evaluates a graph's nodes on blocks of consecutive rows, one vector operation a node. One evaluator
/// serves one thread.
public final class BlockEvaluator {
  public static let blockSize = 128

  private let code: BlockCode
  private var weights = CombinationWeights()
  private let registers: UnsafeMutablePointer<Goldilocks>
  private var mainBase: UnsafePointer<Goldilocks>?
  private var mainStride = 0
  private var fixedBase: UnsafePointer<Goldilocks>?
  private var fixedStride = 0
  private var rowStart = 0

  public init(_ code: BlockCode) {
    self.code = code
    let count = code.registerCount * BlockEvaluator.blockSize
    registers = .allocate(capacity: count)
    registers.initialize(repeating: .zero, count: count)
    for constant in code.constants { fill(constant.register, constant.value) }
  }

  deinit { registers.deallocate() }

  private func register(_ index: Int) -> UnsafeMutablePointer<Goldilocks> {
    registers + index * BlockEvaluator.blockSize
  }

  private func fill(_ index: Int, _ value: Goldilocks) {
    register(index).update(repeating: value, count: BlockEvaluator.blockSize)
  }

  public func setParameters(_ values: [CubicExtension]) {
    for (register, parameter) in code.parameterRegisters {
      fill(register, values[parameter].a)
      fill(register + 1, values[parameter].b)
      fill(register + 2, values[parameter].c)
    }
    weights = CombinationWeights(
      code.operations.flatMap { operation in operation.terms.map { values[$0.parameter] } })
  }

  /// Evaluates rows `start ..< start + blockSize`.
  ///
  /// Extension column k of `auxiliary` is its base columns 3k, 3k + 1, 3k + 2. `next` gives the
  /// storage row that follows a storage row.
  public func evaluate(
    main: Matrix, fixed: Matrix, auxiliary: Matrix?, start: Int, next: (Int) -> Int
  ) {
    let size = BlockEvaluator.blockSize
    precondition(start >= 0 && start + size <= main.rows)
    mainBase = main.columns > 0 ? UnsafePointer(main.column(0)) : nil
    mainStride = main.stride
    fixedBase = fixed.columns > 0 ? UnsafePointer(fixed.column(0)) : nil
    fixedStride = fixed.stride
    rowStart = start
    for load in code.loads {
      switch load.node {
      case .mainNext(let column):
        let source = main.column(column)
        let target = register(load.register)
        for i in 0..<size { target[i] = source[next(start + i)] }
      case .auxiliary(let column):
        guard let auxiliary else { preconditionFailure("no auxiliary columns") }
        for plane in 0..<3 {
          register(load.register + plane).update(
            from: auxiliary.column(3 * column + plane) + start, count: size)
        }
      case .auxiliaryNext(let column):
        guard let auxiliary else { preconditionFailure("no auxiliary columns") }
        for plane in 0..<3 {
          let source = auxiliary.column(3 * column + plane)
          let target = register(load.register + plane)
          for i in 0..<size { target[i] = source[next(start + i)] }
        }
      default: break
      }
    }
    code.program(.init(main: mainStride, fixed: fixedStride)).run(
      weights: weights, registers: registers, main: mainBase.map { $0 + start },
      fixed: fixedBase.map { $0 + start })
  }

  private func pointer(_ node: Int) -> UnsafePointer<Goldilocks> {
    switch code.places[node] {
    case .main(let column): mainBase! + column * mainStride + rowStart
    case .fixed(let column): fixedBase! + column * fixedStride + rowStart
    case .register(let index): UnsafePointer(register(index))
    }
  }

  /// The block of output `index`; an extension value has its planes `blockSize` apart.
  public func output(_ index: Int) -> UnsafePointer<Goldilocks> { pointer(code.outputs[index]) }

  public func outputIsExtension(_ index: Int) -> Bool { code.isExtension[code.outputs[index]] }
}
