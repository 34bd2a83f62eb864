import Synchronization
import ZKVMField

/// Straight-line code for the part of a graph that some outputs need (see ``BlockOperation``), over
/// registers of ``BlockEvaluator/blockSize`` elements, an extension value taking three; a register
/// is used again after its last reader. Compiled once, it serves the evaluators of all threads.
public final class BlockCode: Sendable {
  /// Where a node's value lies.
  enum Place: Sendable {
    case main(Int)
    case fixed(Int)
    /// First of one or three consecutive registers.
    case register(Int)
  }

  struct Load: Sendable {
    let node: Node
    let register: Int
  }

  let isExtension: [Bool]
  let outputs: [Int]
  let places: [Place]
  let operations: [BlockOperation]
  /// Leaves copied into registers before each block: next rows and auxiliary columns.
  let loads: [Load]
  /// Registers that hold the same value in every block.
  let constants: [(register: Int, value: Goldilocks)]
  let parameterRegisters: [(register: Int, parameter: Int)]
  let registerCount: Int

  public init(graph: Graph, outputs: [Int]) {
    isExtension = graph.isExtension
    self.outputs = outputs
    operations = BlockOperation.compile(graph, outputs: outputs)
    var registers = Registers(graph, operations, outputs: outputs)
    registers.placeLeaves()
    registers.placeOperations(operations)
    places = registers.places
    loads = registers.loads
    constants = registers.constants
    parameterRegisters = registers.parameters
    registerCount = max(1, registers.count)
  }

  // MARK: Addresses

  /// The distances of columns that addresses are computed for.
  struct Strides: Hashable, Sendable {
    let main: Int
    let fixed: Int
  }

  private let assembled = Mutex<(strides: Strides, program: BlockStep.Program)?>(nil)

  /// The steps for columns with these distances.
  func program(_ strides: Strides) -> BlockStep.Program {
    assembled.withLock { last in
      if let last, last.strides == strides { return last.program }
      let program = assemble(strides)
      last = (strides, program)
      return program
    }
  }

  private func assemble(_ strides: Strides) -> BlockStep.Program {
    var program = BlockStep.Program()
    func operand(_ node: Int, plane: Int = 0) -> BlockStep.Operand {
      self.operand(node, plane: plane, strides)
    }
    for operation in operations {
      switch operation.kind {
      case .binary(let kind, let a, let b):
        program.steps += steps(operation.node, kind, a, b) { operand($0, plane: $1) }
      case .combination(let initial, let terms):
        let first = program.termCount
        for term in terms { program.addTerm(operand(term.node)) }
        program.steps.append(
          BlockStep(
            combining: first..<program.termCount, target: operand(operation.node),
            operand(initial), count: BlockEvaluator.blockSize))
      }
    }
    return program
  }

  private func operand(
    _ node: Int, plane: Int, _ strides: Strides
  ) -> BlockStep.Operand {
    switch places[node] {
    case .main(let column): .init(base: .main, offset: column * strides.main)
    case .fixed(let column): .init(base: .fixed, offset: column * strides.fixed)
    case .register(let index):
      .init(base: .registers, offset: (index + plane) * BlockEvaluator.blockSize)
    }
  }

  /// The vector operations of one node: extension values have their planes side by side.
  private func steps(
    _ node: Int, _ operation: BlockStep.Operation, _ a: Int, _ b: Int,
    _ operand: (_ node: Int, _ plane: Int) -> BlockStep.Operand
  ) -> [BlockStep] {
    let size = BlockEvaluator.blockSize
    func step(
      _ operation: BlockStep.Operation, _ plane: Int, _ a: BlockStep.Operand,
      _ b: BlockStep.Operand, planes: Int = 1
    ) -> BlockStep {
      BlockStep(
        operation, target: operand(node, plane), a, b, count: planes * size)
    }
    let (x, y) = (operand(a, 0), operand(b, 0))
    switch (isExtension[a], isExtension[b], operation) {
    case (false, false, _): return [step(operation, 0, x, y)]
    case (true, true, .multiply): return [step(.multiplyExtension, 0, x, y)]
    case (true, true, _): return [step(operation, 0, x, y, planes: 3)]
    case (true, false, .multiply):
      return (0..<3).map { step(operation, $0, operand(a, $0), y) }
    case (false, true, .multiply):
      return (0..<3).map { step(operation, $0, x, operand(b, $0)) }
    case (true, false, _):
      let rest = operand(a, 1)
      return [step(operation, 0, x, y), step(.copy, 1, rest, rest, planes: 2)]
    case (false, true, _):
      let rest = operand(b, 1)
      return [
        step(operation, 0, x, y),
        step(operation == .subtract ? .negate : .copy, 1, rest, rest, planes: 2),
      ]
    }
  }
}

/// Gives every node that is used a place.
private struct Registers {
  private let graph: Graph
  /// The last operation that reads a node; −1 if none does, the number of nodes for an output.
  private var lastUse: [Int]
  private(set) var places: [BlockCode.Place]
  private(set) var loads: [BlockCode.Load] = []
  private(set) var constants: [(register: Int, value: Goldilocks)] = []
  private(set) var parameters: [(register: Int, parameter: Int)] = []
  private(set) var count = 0
  private var freeSingles: [Int] = []
  private var freeTriples: [Int] = []

  init(_ graph: Graph, _ operations: [BlockOperation], outputs: [Int]) {
    self.graph = graph
    let count = graph.nodes.count
    lastUse = [Int](repeating: -1, count: count)
    for output in outputs { lastUse[output] = count }
    for operation in operations {
      for operand in operation.operands { lastUse[operand] = max(lastUse[operand], operation.node) }
    }
    places = [BlockCode.Place](repeating: .register(-1), count: count)
  }

  /// Columns of this row stay where they are; the other leaves have registers of their own.
  mutating func placeLeaves() {
    for index in graph.nodes.indices where lastUse[index] >= 0 {
      switch graph.nodes[index] {
      case .main(let column):
        places[index] = .main(column)
      case .fixed(let column):
        places[index] = .fixed(column)
      case .constant(let value):
        constants.append((take(1, for: index), value))
      case .parameter(let parameter):
        parameters.append((take(3, for: index), parameter))
      case .mainNext, .auxiliary, .auxiliaryNext:
        let register = take(graph.isExtension[index] ? 3 : 1, for: index)
        loads.append(BlockCode.Load(node: graph.nodes[index], register: register))
      case .sum, .difference, .product: break
      }
    }
  }

  /// An operation's result takes a register that is free after its last reader.
  mutating func placeOperations(_ operations: [BlockOperation]) {
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
  }

  private mutating func take(_ width: Int, for node: Int) -> Int {
    defer { count += width }
    places[node] = .register(count)
    return count
  }

  private mutating func allocate(extension wide: Bool) -> Int {
    if wide {
      if let register = freeTriples.popLast() { return register }
      count += 3
      return count - 3
    }
    if let register = freeSingles.popLast() { return register }
    count += 1
    return count - 1
  }
}
