import Testing
import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// Numbers and shapes of declarations that the arguments in Spec rest on.
@Suite struct BoundsTests {
  private let tables = Array(zip(TableKind.allCases, MachineTables.all(blindRows: 512)))

  /// Columns that say how often something is sent, or −1 where it is read instead.
  private static let countColumns: Set<String> = ["reads", "x_reads", "z_reads"]

  /// The columns that an expression is a sum of, each once; `nil` if it is anything else.
  private func terms(_ expression: Expression) -> [Int]? {
    switch expression {
    case .main(let column): return [column]
    case .sum(let a, let b):
      guard let x = terms(a), let y = terms(b) else { return nil }
      return Set(x).isDisjoint(with: y) ? x + y : nil
    case .constant, .mainNext, .fixed, .auxiliary, .auxiliaryNext, .parameter, .difference,
      .product:
      return nil
    }
  }

  /// Every message is there as often as a sum of distinct selectors says, once or not at all, but for
  /// what results and tables of the verifier offer.
  @Test func multiplicitiesAreSelectors() {
    var counted: [String] = []
    for (kind, table) in tables where kind.unit != nil {
      for message in table.messages {
        var multiplicity = message.multiplicity
        if case .difference(.constant(.zero), let negated) = multiplicity { multiplicity = negated }
        let names = terms(multiplicity)?.map { table.columns[$0].name }
        if let names, names.allSatisfy({ $0.hasPrefix("is_") }) { continue }
        #expect(names.map { Set($0).isSubset(of: BoundsTests.countColumns) } == true)
        #expect(message.bus == Buses.value, "\(table.name): \(message.label)")
        counted.append(table.name)
      }
    }
    #expect(
      counted.sorted() == ["Adder", "Function", "Hash", "Memory", "Port", "Product", "Product"])
  }

  /// A tuple is received fewer than p times: there are not as many messages.
  @Test func messagesAreFewerThanTheField() {
    // Instances have falling heights of at most 2^26; other tables are one each.
    let perRow = tables.filter { $0.0.unit != nil }.reduce(0) { $0 + $1.1.messages.count }
    #expect(perRow == 159)
    let others = tables.filter { $0.0.unit == nil }.reduce(0) { $0 + $1.1.messages.count }
    #expect(perRow << 27 + others << 26 < 1 << 35)
  }

  /// The sum of what all rows of all units could add to fp.
  @Test func framesDoNotWrap() {
    let units = tables.filter { $0.0.unit != nil }.count
    let rows = units << 27
    #expect(rows < 1 << 30)
    #expect(Limits.frameSize == 1 << 20)
    #expect(UInt64(rows) * UInt64(Limits.frameSize) < Goldilocks.modulus)
  }
}
