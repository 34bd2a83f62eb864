import ZKVMField
import ZKVMHashing

/// A node of a hash-consed expression graph; operands come before their users.
public enum Node: Hashable, Sendable {
  case constant(Goldilocks)
  case main(Int)
  case mainNext(Int)
  case fixed(Int)
  case auxiliary(Int)
  case auxiliaryNext(Int)
  case parameter(Int)
  case sum(Int, Int)
  case difference(Int, Int)
  case product(Int, Int)
}

/// A growing graph in which equal expressions are one node.
public struct Graph: Sendable {
  public private(set) var nodes: [Node] = []
  /// Whether a node's value is an extension element.
  public private(set) var isExtension: [Bool] = []
  public private(set) var degrees: [Int] = []
  private var indices: [Node: Int] = [:]

  public init() {}

  public mutating func insert(_ expression: Expression) -> Int {
    switch expression {
    case .constant(let value): return add(.constant(value), false, 0)
    case .main(let i): return add(.main(i), false, 1)
    case .mainNext(let i): return add(.mainNext(i), false, 1)
    case .fixed(let i): return add(.fixed(i), false, 1)
    case .auxiliary(let i): return add(.auxiliary(i), true, 1)
    case .auxiliaryNext(let i): return add(.auxiliaryNext(i), true, 1)
    case .parameter(let i): return add(.parameter(i), true, 0)
    case .sum(let a, let b):
      let (x, y) = (insert(a), insert(b))
      return add(.sum(x, y), isExtension[x] || isExtension[y], max(degrees[x], degrees[y]))
    case .difference(let a, let b):
      let (x, y) = (insert(a), insert(b))
      return add(.difference(x, y), isExtension[x] || isExtension[y], max(degrees[x], degrees[y]))
    case .product(let a, let b):
      let (x, y) = (insert(a), insert(b))
      return add(.product(x, y), isExtension[x] || isExtension[y], degrees[x] + degrees[y])
    }
  }

  private mutating func add(_ node: Node, _ isExtension: Bool, _ degree: Int) -> Int {
    if let index = indices[node] { return index }
    nodes.append(node)
    self.isExtension.append(isExtension)
    degrees.append(degree)
    indices[node] = nodes.count - 1
    return nodes.count - 1
  }
}

/// A table's constraints together with those of its lookup argument (LogUp, Haböck 2022/1530,
/// with committed fractions), as one graph.
///
/// Messages are packed `packing` to an extension column. With D_j = α + bus_j + Σ β^(i+1)·v_i and
/// multiplicity μ_j, group g has the fraction Σ μ_j / D_j; the first group is not committed but
/// enters the accumulator's step:
///
///     s_g·∏ D_j = Σ μ_j ∏_(i≠j) D_i                                   g ≥ 1, everywhere
///     (acc' − acc − Σ_g s_g)·∏ D_j = Σ μ_j ∏_(i≠j) D_i                group 0, everywhere
///     acc' = c0 + c1·u + c2·u²                                        last row
///     acc = terminal                                                  row n − h
///
/// Auxiliary column 0 is acc, column g is s_g.
public struct ConstraintSystem: Sendable {
  /// The parameters of the lookup argument, by index.
  public enum Parameter {
    public static let alpha = 0
    public static let terminal = 1
    /// u, u² of the extension, as constants.
    public static let u = 2
    public static let uSquared = 3
    /// β^(i+1) is at `betaPowers + i`.
    public static let betaPowers = 4
  }

  public struct Entry: Sendable {
    public let label: String
    public let node: Int
    public let domain: ConstraintDomain
    public let degree: Int
  }

  public let table: Table
  public let packing: Int
  public let graph: Graph
  /// In the order of the powers of λ.
  public let constraints: [Entry]
  /// The messages of each group.
  public let groups: [Range<Int>]

  public var auxiliaryColumns: Int { groups.count }

  /// The highest degree of a constraint.
  public let degree: Int

  /// The width of the widest message.
  public let messageWidth: Int

  /// The witness columns whose next row some constraint uses, in order.
  public let nextColumns: [Int]

  public init(_ table: Table, packing: Int) {
    precondition(!table.messages.isEmpty, "\(table.name) is on no bus")
    self.table = table
    self.packing = packing
    var graph = Graph()
    var entries: [Entry] = []
    func add(_ label: String, _ expression: Expression, _ domain: ConstraintDomain) {
      let node = graph.insert(expression)
      entries.append(
        Entry(label: label, node: node, domain: domain, degree: graph.degrees[node]))
    }
    for constraint in table.constraints {
      add(constraint.label, constraint.expression, constraint.domain)
      precondition(
        entries.last!.degree <= 3, "\(table.name): \(constraint.label) has degree over 3")
    }
    groups = stride(from: 0, to: table.messages.count, by: packing).map {
      $0..<min($0 + packing, table.messages.count)
    }
    let accumulator = Expression.auxiliary(0)
    for (index, group) in groups.enumerated() {
      let messages = table.messages[group]
      let denominators = messages.map(ConstraintSystem.fingerprint)
      for (message, denominator) in zip(messages, denominators) {
        let index = graph.insert(denominator)
        precondition(graph.degrees[index] == 1, "\(table.name): \(message.label) is not linear")
      }
      var fraction = Expression.auxiliary(index)
      if index == 0 {
        fraction = accumulator.next - accumulator
        for other in groups.indices.dropFirst() { fraction = fraction - .auxiliary(other) }
      }
      let labels = messages.map(\.label).joined(separator: ", ")
      add(
        "lookup of \(labels)",
        ConstraintSystem.equate(fraction, messages.map(\.multiplicity), denominators), .everywhere)
    }
    let start =
      .main(0) + Expression.parameter(Parameter.u) * .main(1)
      + Expression.parameter(Parameter.uSquared) * .main(2)
    add("the lookup accumulator starts at the blind", accumulator.next - start, .last)
    add(
      "the lookup accumulator ends at the terminal",
      accumulator - .parameter(Parameter.terminal), .terminal)
    self.graph = graph
    constraints = entries
    degree = entries.map(\.degree).max() ?? 0
    messageWidth = table.messages.map(\.values.count).max() ?? 0
    nextColumns = graph.nodes.compactMap { if case .mainNext(let i) = $0 { i } else { nil } }
      .sorted()
  }

  /// s·∏ D_j − Σ μ_j·∏_(i≠j) D_i, with few products of extension elements.
  private static func equate(
    _ fraction: Expression, _ multiplicities: [Expression], _ denominators: [Expression]
  ) -> Expression {
    let (m, d) = (multiplicities, denominators)
    switch d.count {
    case 1: return fraction * d[0] - m[0]
    case 2: return (fraction * d[0] - m[0]) * d[1] - m[1] * d[0]
    default:
      var product = d[0] * d[1]
      var difference =
        fraction * product - (m[0] == m[1] ? m[0] * (d[0] + d[1]) : m[0] * d[1] + m[1] * d[0])
      for index in 2..<d.count {
        difference = difference * d[index] - m[index] * product
        if index + 1 < d.count { product = product * d[index] }
      }
      return difference
    }
  }

  /// D = α + bus + Σ β^(i+1)·v_i.
  public static func fingerprint(_ message: Message) -> Expression {
    var total = Expression.parameter(Parameter.alpha) + .constant(Goldilocks(message.bus.number))
    for (index, value) in message.values.enumerated() {
      total += Expression.parameter(Parameter.betaPowers + index) * value
    }
    return total
  }

  /// The parameters in order.
  public static func parameters(
    alpha: CubicExtension, beta: CubicExtension, terminal: CubicExtension, width: Int
  ) -> [CubicExtension] {
    var values = [
      alpha, terminal, CubicExtension(.zero, .one, .zero), CubicExtension(.zero, .zero, .one),
    ]
    var power = beta
    for _ in 0..<width {
      values.append(power)
      power *= beta
    }
    return values
  }

  /// D of a tuple that the verifier puts on a bus itself.
  public static func fingerprint(
    bus: Bus, _ values: [Goldilocks], alpha: CubicExtension, beta: CubicExtension
  ) -> CubicExtension {
    precondition(values.count == bus.fields.count)
    var total = alpha + Goldilocks(bus.number)
    var power = beta
    for value in values {
      total += power * value
      power *= beta
    }
    return total
  }

  /// The value of every constraint at one point, all columns given as extension elements.
  public func evaluate(
    main: [CubicExtension], mainNext: [CubicExtension], fixed: [CubicExtension],
    auxiliary: [CubicExtension], auxiliaryNext: [CubicExtension], parameters: [CubicExtension]
  ) -> [CubicExtension] {
    var values = [CubicExtension]()
    values.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let value: CubicExtension =
        switch node {
        case .constant(let constant): CubicExtension(constant)
        case .main(let i): main[i]
        case .mainNext(let i): mainNext[i]
        case .fixed(let i): fixed[i]
        case .auxiliary(let i): auxiliary[i]
        case .auxiliaryNext(let i): auxiliaryNext[i]
        case .parameter(let i): parameters[i]
        case .sum(let a, let b): values[a] + values[b]
        case .difference(let a, let b): values[a] - values[b]
        case .product(let a, let b): values[a] * values[b]
        }
      values.append(value)
    }
    return constraints.map { values[$0.node] }
  }

  /// A fingerprint of everything that the verifier checks in this table.
  public var digest: BLAKE3.Digest {
    var writer = ByteWriter()
    writer.string("zkvm table v1")
    writer.string(table.name)
    writer.integer(UInt32(packing))
    writer.integer(UInt32(table.columns.count))
    writer.integer(UInt32(table.fixedColumns.count))
    writer.integer(UInt32(auxiliaryColumns))
    writer.integer(UInt32(graph.nodes.count))
    func put(_ tag: UInt8, _ a: Int, _ b: Int = 0) {
      writer.byte(tag)
      writer.integer(UInt32(a))
      writer.integer(UInt32(b))
    }
    for node in graph.nodes {
      switch node {
      case .constant(let value):
        writer.byte(0)
        writer.integer(value.value)
      case .main(let i): put(1, i)
      case .mainNext(let i): put(2, i)
      case .fixed(let i): put(3, i)
      case .auxiliary(let i): put(4, i)
      case .auxiliaryNext(let i): put(5, i)
      case .parameter(let i): put(6, i)
      case .sum(let a, let b): put(7, a, b)
      case .difference(let a, let b): put(8, a, b)
      case .product(let a, let b): put(9, a, b)
      }
    }
    writer.integer(UInt32(constraints.count))
    for constraint in constraints {
      writer.integer(UInt32(constraint.node))
      writer.byte(constraint.domain.rawValue)
    }
    return BLAKE3.hash(writer.bytes)
  }
}
