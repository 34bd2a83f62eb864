import ZKVMAIR
import ZKVMField
import ZKVMProtocol

/// The fractions Σ μ_j/D_j of a table's message groups on blocks of trace rows.
///
/// A row's denominators are inverted together. One of them is zero with probability 2^-180; the
/// row's fractions are then zero, and no proof is made.
struct LookupFractions: Sendable {
  fileprivate let system: ConstraintSystem
  fileprivate let alpha: CubicExtension
  fileprivate let betaPowers: [CubicExtension]
  /// The first k powers of β, by k.
  fileprivate let weights: [CombinationWeights]
  fileprivate let code: MessageCode

  init(_ system: ConstraintSystem, _ challenges: LookupChallenges) {
    self.system = system
    alpha = challenges.alpha
    let powers = challenges.beta.powers(
      count: max(1, system.messageWidth), from: challenges.beta)
    betaPowers = powers
    weights = (0...powers.count).map { CombinationWeights(powers[..<$0]) }
    code = MessageCode(system.table.messages)
  }

  /// Fills the columns of the groups but the first; returns each row's sum of all fractions.
  func fill(_ columns: ExtensionMatrix, main: Matrix, _ table: ProvingTable) -> ExtensionMatrix {
    let rowSums = ExtensionMatrix(rows: table.height)
    let activeRows = table.activeRows
    let block = BlockEvaluator.blockSize
    let blocks = (activeRows + block - 1) / block
    let tasks = taskCount(blocks)
    parallel(tasks) { task in
      let worker = FractionWorker(self)
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        let count = min(block, activeRows - start)
        worker.compute(main: main, fixed: table.fixed, start: start)
        rowSums.column().advanced(by: start).update(from: worker.total, count: count)
        for group in system.groups.indices.dropFirst() {
          columns.column(group).advanced(by: start).update(
            from: worker.fraction(group), count: count)
        }
      }
    }
    return rowSums
  }
}

/// Computes one block of fractions at a time, for one thread.
private final class FractionWorker {
  private static let block = BlockEvaluator.blockSize
  /// An extension element of each row.
  private static let wide = CubicExtension.degree * block

  private let fractions: LookupFractions
  private let evaluator: BlockEvaluator
  /// By message; then their inverses.
  private let denominators: UnsafeMutablePointer<Goldilocks>
  private let scratch: UnsafeMutablePointer<Goldilocks>
  /// By group, then the total.
  private let sums: UnsafeMutablePointer<Goldilocks>
  private let term: UnsafeMutablePointer<Goldilocks>

  init(_ fractions: LookupFractions) {
    self.fractions = fractions
    evaluator = BlockEvaluator(fractions.code.code)
    func allocate(_ count: Int) -> UnsafeMutablePointer<Goldilocks> {
      let size = count * FractionWorker.wide
      let memory = UnsafeMutablePointer<Goldilocks>.allocate(capacity: size)
      memory.initialize(repeating: .zero, count: size)
      return memory
    }
    let messages = fractions.system.table.messages.count
    denominators = allocate(messages)
    scratch = allocate(messages)
    sums = allocate(fractions.system.groups.count + 1)
    term = allocate(1)
  }

  deinit {
    for memory in [denominators, scratch, sums, term] { memory.deallocate() }
  }

  private func planes(
    _ memory: UnsafeMutablePointer<Goldilocks>, _ index: Int
  ) -> ExtensionPlanes {
    ExtensionPlanes(memory + index * FractionWorker.wide, stride: FractionWorker.block)
  }

  /// A group's sum of fractions.
  func fraction(_ group: Int) -> ExtensionPlanes { planes(sums, group) }

  /// The sum of all fractions.
  var total: ExtensionPlanes { fraction(fractions.system.groups.count) }

  func compute(main: Matrix, fixed: Matrix, start: Int) {
    evaluator.evaluate(
      main: main, fixed: fixed, auxiliary: nil, start: start,
      next: { ($0 + 1) & (main.rows - 1) })
    fillDenominators()
    BlockKernels.invertExtensions(
      denominators, groups: fractions.system.table.messages.count, width: FractionWorker.block,
      scratch: scratch)
    sumFractions()
  }

  private func fillDenominators() {
    let block = FractionWorker.block
    for (m, message) in fractions.system.table.messages.enumerated() {
      let denominator = planes(denominators, m)
      denominator.update(
        repeating: fractions.alpha + Goldilocks(message.bus.number), count: block)
      let output = fractions.code.multiplicities[m]
      let values = message.values.indices.map { evaluator.output(output + 1 + $0) }
      if values.count == 1 {
        BlockKernels.accumulate(
          denominator.start, values[0], weight: fractions.betaPowers[0], isExtension: false, block)
      } else {
        BlockKernels.combine(
          denominator.start, values, weights: fractions.weights[values.count], block)
      }
    }
  }

  private func sumFractions() {
    let (block, wide) = (FractionWorker.block, FractionWorker.wide)
    let system = fractions.system
    sums.update(repeating: .zero, count: (system.groups.count + 1) * wide)
    let term = planes(term, 0)
    for (index, group) in system.groups.enumerated() {
      let sum = fraction(index).start
      for m in group {
        let multiplicity = evaluator.output(fractions.code.multiplicities[m])
        let inverse = planes(denominators, m)
        for plane in CubicExtension.planes {
          BlockKernels.multiply(term.plane(plane), inverse.plane(plane), multiplicity, block)
        }
        BlockKernels.add(sum, sum, term.start, wide)
      }
      BlockKernels.add(total.start, total.start, sum, wide)
    }
  }
}
