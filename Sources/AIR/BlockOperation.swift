import ZKVMField

/// What a block evaluator executes for one node of a graph.
///
/// Sums of parameters times base field values, such as the fingerprints of messages, become one
/// operation: its products are reduced only once.
struct BlockOperation: Sendable {
  typealias Term = (parameter: Int, node: Int)

  enum Kind: Sendable {
    case binary(BlockStep.Operation, Int, Int)
    /// An extension value plus Σ parameter·node.
    case combination(Int, [Term])
  }

  let node: Int
  let kind: Kind

  var terms: [Term] {
    if case .combination(_, let terms) = kind { terms } else { [] }
  }

  var operands: [Int] {
    switch kind {
    case .binary(_, let a, let b): [a, b]
    case .combination(let initial, let terms): [initial] + terms.map(\.node)
    }
  }

  /// Fewer terms are not worth the reduction.
  private static let leastTerms = 3

  /// The operations that `outputs` need, operands before their users.
  static func compile(_ graph: Graph, outputs: [Int]) -> [BlockOperation] {
    let chains = combinations(graph, outputs: outputs)
    var needed = [Bool](repeating: false, count: graph.nodes.count)
    for output in outputs { needed[output] = true }
    var operations: [BlockOperation] = []
    for index in graph.nodes.indices.reversed() where needed[index] {
      let operation: BlockOperation
      if let chain = chains[index], chain.terms.count >= leastTerms {
        operation = BlockOperation(
          node: index, kind: .combination(chain.initial, chain.terms))
      } else {
        switch graph.nodes[index] {
        case .sum(let a, let b): operation = .init(node: index, kind: .binary(.add, a, b))
        case .difference(let a, let b):
          operation = .init(node: index, kind: .binary(.subtract, a, b))
        case .product(let a, let b):
          operation = .init(node: index, kind: .binary(.multiply, a, b))
        default: continue
        }
      }
      for operand in operation.operands { needed[operand] = true }
      operations.append(operation)
    }
    return operations.reversed()
  }

  /// For sums that end in weighted terms, the terms, back to a value that others use too.
  private static func combinations(
    _ graph: Graph, outputs: [Int]
  ) -> [(initial: Int, terms: [Term])?] {
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    for output in outputs { uses[output] += 1 }
    for node in graph.nodes {
      switch node {
      case .sum(let a, let b), .difference(let a, let b), .product(let a, let b):
        uses[a] += 1
        uses[b] += 1
      default: break
      }
    }
    func weighted(_ index: Int) -> Term? {
      guard case .product(let a, let b) = graph.nodes[index] else { return nil }
      if case .parameter(let parameter) = graph.nodes[a], !graph.isExtension[b] {
        return (parameter, b)
      }
      if case .parameter(let parameter) = graph.nodes[b], !graph.isExtension[a] {
        return (parameter, a)
      }
      return nil
    }
    var chains = [(initial: Int, terms: [Term])?](repeating: nil, count: graph.nodes.count)
    for index in graph.nodes.indices {
      guard case .sum(let a, let b) = graph.nodes[index] else { continue }
      for (rest, last) in [(a, b), (b, a)] where graph.isExtension[rest] {
        guard let term = weighted(last) else { continue }
        if let chain = chains[rest], uses[rest] == 1,
          chain.terms.count < BlockStep.largestCombination
        {
          chains[index] = (chain.initial, chain.terms + [term])
        } else {
          chains[index] = (rest, [term])
        }
        break
      }
    }
    return chains
  }
}
