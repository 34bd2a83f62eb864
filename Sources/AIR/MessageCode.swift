/// Messages as the outputs of one block code: of each its multiplicity, then its values.
public struct MessageCode: Sendable {
  public let code: BlockCode
  /// By message: the output that is its multiplicity. Its values are the outputs after it.
  public let multiplicities: [Int]

  public init(_ messages: [Message]) {
    var graph = Graph()
    var outputs: [Int] = []
    var multiplicities: [Int] = []
    for message in messages {
      multiplicities.append(outputs.count)
      outputs.append(graph.insert(message.multiplicity))
      outputs += message.values.map { graph.insert($0) }
    }
    code = BlockCode(graph: graph, outputs: outputs)
    self.multiplicities = multiplicities
  }
}
