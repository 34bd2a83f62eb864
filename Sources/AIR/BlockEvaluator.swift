import Field

/// Evaluates a graph's nodes on blocks of consecutive rows, one vector operation a node.
///
/// The graph becomes straight-line code (see ``BlockOperation``) over registers of `blockSize` elements, an extension value
/// taking three; a register is used again after its last reader. One evaluator serves one thread.
public final class BlockEvaluator {
  public static let blockSize = 128

  /// Where a node's value lies.
  private enum Place {
    case main(Int)
    case fixed(Int)
    /// First of one or three consecutive registers.
    case register(Int)
  }

  private struct Load {
    let node: Node
    let register: Int
  }

  private let isExtension: [Bool]
  private let outputs: [Int]
  private var places: [Place]
  private let operations: [BlockOperation]
  private var program = BlockStep.Program()
  /// The strides that the program's column addresses were computed for.
  private var strides = (main: -1, fixed: -1)
  private var weights = CombinationWeights()
  /// Leaves copied into registers before each block: next rows and auxiliary columns.
  private var loads: [Load] = []
  /// Registers that hold the same value in every block.
  private var constants: [(register: Int, value: Goldilocks)] = []
  private var parameterRegisters: [(register: Int, parameter: Int)] = []
  private let registers: UnsafeMutablePointer<Goldilocks>
  private let registerCount: Int
  private var mainBase: UnsafePointer<Goldilocks>?
  private var mainStride = 0
  private var fixedBase: UnsafePointer<Goldilocks>?
  private var fixedStride = 0
  private var rowStart = 0

  /// Compiles the part of `graph` that `outputs` needs.
  public init(graph: Graph, outputs: [Int]) {
    isExtension = graph.isExtension
    self.outputs = outputs
    operations = BlockOperation.compile(graph, outputs: outputs)
    let count = graph.nodes.count
    var lastUse = [Int](repeating: -1, count: count)
    for output in outputs { lastUse[output] = count }
    for operation in operations {
      for operand in operation.operands { lastUse[operand] = max(lastUse[operand], operation.node) }
    }
    places = [Place](repeating: .register(-1), count: count)
    var next = 0
    var freeSingles: [Int] = []
    var freeTriples: [Int] = []
    func allocate(extension wide: Bool) -> Int {
      if wide {
        if let register = freeTriples.popLast() { return register }
        next += 3
        return next - 3
      }
      if let register = freeSingles.popLast() { return register }
      next += 1
      return next - 1
    }
    for index in 0..<count where lastUse[index] >= 0 {
      switch graph.nodes[index] {
      case .main(let column):
        places[index] = .main(column)
      case .fixed(let column):
        places[index] = .fixed(column)
      case .constant(let value):
        places[index] = .register(next)
        constants.append((next, value))
        next += 1
      case .parameter(let parameter):
        places[index] = .register(next)
        parameterRegisters.append((next, parameter))
        next += 3
      case .mainNext, .auxiliary, .auxiliaryNext:
        places[index] = .register(next)
        loads.append(Load(node: graph.nodes[index], register: next))
        next += graph.isExtension[index] ? 3 : 1
      case .sum, .difference, .product: break
      }
    }
    var expiring: [Int: [Int]] = [:]
    for operation in operations {
      let node = operation.node
      places[node] = .register(allocate(extension: graph.isExtension[node]))
      expiring[lastUse[node], default: []].append(node)
      // The target was allocated before its operands are freed, so no step overwrites its input.
      for dead in expiring.removeValue(forKey: node) ?? [] {
        guard case .register(let register) = places[dead] else { continue }
        if graph.isExtension[dead] {
          freeTriples.append(register)
        } else {
          freeSingles.append(register)
        }
      }
    }
    registerCount = max(1, next)
    registers = .allocate(capacity: registerCount * BlockEvaluator.blockSize)
    registers.initialize(repeating: .zero, count: registerCount * BlockEvaluator.blockSize)
    for constant in constants { fill(constant.register, constant.value) }
  }

  deinit { registers.deallocate() }

  private func register(_ index: Int) -> UnsafeMutablePointer<Goldilocks> {
    registers + index * BlockEvaluator.blockSize
  }

  private func fill(_ index: Int, _ value: Goldilocks) {
    register(index).update(repeating: value, count: BlockEvaluator.blockSize)
  }

  public func setParameters(_ values: [CubicExtension]) {
    for (register, parameter) in parameterRegisters {
      fill(register, values[parameter].a)
      fill(register + 1, values[parameter].b)
      fill(register + 2, values[parameter].c)
    }
    weights = CombinationWeights(
      operations.flatMap { operation in operation.terms.map { values[$0.parameter] } })
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
    for load in loads {
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
    if strides != (mainStride, fixedStride) {
      strides = (mainStride, fixedStride)
      assemble()
    }
    program.run(
      weights: weights, registers: registers, main: mainBase.map { $0 + start },
      fixed: fixedBase.map { $0 + start })
  }

  private func assemble() {
    program = BlockStep.Program()
    for operation in operations {
      switch operation.kind {
      case .binary(let kind, let a, let b):
        program.steps += steps(operation.node, kind, a, b)
      case .combination(let initial, let terms):
        let first = program.termCount
        for term in terms { program.addTerm(operand(term.node)) }
        program.steps.append(
          BlockStep(
            combining: first..<program.termCount, target: operand(operation.node),
            operand(initial), count: BlockEvaluator.blockSize))
      }
    }
  }

  private func operand(_ node: Int, plane: Int = 0) -> BlockStep.Operand {
    switch places[node] {
    case .main(let column): .init(base: .main, offset: column * mainStride)
    case .fixed(let column): .init(base: .fixed, offset: column * fixedStride)
    case .register(let index):
      .init(base: .registers, offset: (index + plane) * BlockEvaluator.blockSize)
    }
  }

  /// The vector operations of one node: extension values have their planes side by side.
  private func steps(
    _ node: Int, _ operation: BlockStep.Operation, _ a: Int, _ b: Int
  ) -> [BlockStep] {
    let size = BlockEvaluator.blockSize
    func step(
      _ operation: BlockStep.Operation, _ plane: Int, _ a: BlockStep.Operand,
      _ b: BlockStep.Operand, planes: Int = 1
    ) -> BlockStep {
      BlockStep(
        operation, target: operand(node, plane: plane), a, b, count: planes * size)
    }
    let (x, y) = (operand(a), operand(b))
    switch (isExtension[a], isExtension[b], operation) {
    case (false, false, _): return [step(operation, 0, x, y)]
    case (true, true, .multiply): return [step(.multiplyExtension, 0, x, y)]
    case (true, true, _): return [step(operation, 0, x, y, planes: 3)]
    case (true, false, .multiply):
      return (0..<3).map { step(operation, $0, operand(a, plane: $0), y) }
    case (false, true, .multiply):
      return (0..<3).map { step(operation, $0, x, operand(b, plane: $0)) }
    case (true, false, _):
      let rest = operand(a, plane: 1)
      return [step(operation, 0, x, y), step(.copy, 1, rest, rest, planes: 2)]
    case (false, true, _):
      let rest = operand(b, plane: 1)
      return [
        step(operation, 0, x, y),
        step(operation == .subtract ? .negate : .copy, 1, rest, rest, planes: 2),
      ]
    }
  }

  private func pointer(_ node: Int) -> UnsafePointer<Goldilocks> {
    switch places[node] {
    case .main(let column): mainBase! + column * mainStride + rowStart
    case .fixed(let column): fixedBase! + column * fixedStride + rowStart
    case .register(let index): UnsafePointer(register(index))
    }
  }

  /// The block of output `index`; an extension value has its planes `blockSize` apart.
  public func output(_ index: Int) -> UnsafePointer<Goldilocks> { pointer(outputs[index]) }

  public func outputIsExtension(_ index: Int) -> Bool { isExtension[outputs[index]] }
}
