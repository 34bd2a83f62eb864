import ZKVMAIR
import ZKVMField

/// The fractions Σ μ_m/D_m of a table's message groups on blocks of trace rows.
///
/// A row's denominators are inverted together. One of them is zero with probability 2^-180; the
/// row's fractions are then zero, and no proof is made.
struct LookupFractions: Sendable {
  private let system: ConstraintSystem
  private let alpha: CubicExtension
  private let betaPowers: [CubicExtension]
  /// The first k powers of β, by k.
  private let weights: [CombinationWeights]
  /// Of each message its multiplicity and its values.
  private let code: MessageCode

  init(_ system: ConstraintSystem, alpha: CubicExtension, beta: CubicExtension) {
    self.system = system
    self.alpha = alpha
    var powers: [CubicExtension] = [beta]
    while powers.count < system.messageWidth { powers.append(powers.last! * beta) }
    betaPowers = powers
    weights = (0...powers.count).map { CombinationWeights(powers[..<$0]) }
    code = MessageCode(system.table.messages)
  }

  func worker() -> Worker { Worker(self) }

  /// Computes one block at a time, for one thread.
  final class Worker {
    private static let block = BlockEvaluator.blockSize
    /// An extension element of each row: three planes.
    private static let wide = 3 * block

    private let fractions: LookupFractions
    private let evaluator: BlockEvaluator
    /// By message; then their inverses.
    private let denominators: UnsafeMutablePointer<Goldilocks>
    private let scratch: UnsafeMutablePointer<Goldilocks>
    /// By group, then the total.
    private let sums: UnsafeMutablePointer<Goldilocks>
    private let term: UnsafeMutablePointer<Goldilocks>

    fileprivate init(_ fractions: LookupFractions) {
      self.fractions = fractions
      evaluator = BlockEvaluator(fractions.code.code)
      func allocate(_ count: Int) -> UnsafeMutablePointer<Goldilocks> {
        let memory = UnsafeMutablePointer<Goldilocks>.allocate(capacity: count * Worker.wide)
        memory.initialize(repeating: .zero, count: count * Worker.wide)
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

    /// A plane of a group's sum of fractions.
    func fraction(_ group: Int, _ plane: Int) -> UnsafeMutablePointer<Goldilocks> {
      sums + group * Worker.wide + plane * Worker.block
    }

    /// A plane of the sum of all fractions.
    func total(_ plane: Int) -> UnsafeMutablePointer<Goldilocks> {
      fraction(fractions.system.groups.count, plane)
    }

    func compute(main: Matrix, fixed: Matrix, start: Int) {
      evaluator.evaluate(
        main: main, fixed: fixed, auxiliary: nil, start: start,
        next: { ($0 + 1) & (main.rows - 1) })
      fillDenominators()
      BlockKernels.invertExtensions(
        denominators, groups: fractions.system.table.messages.count, width: Worker.block,
        scratch: scratch)
      sumFractions()
    }

    private func fillDenominators() {
      let (block, wide) = (Worker.block, Worker.wide)
      for (m, message) in fractions.system.table.messages.enumerated() {
        let output = fractions.code.multiplicities[m]
        let denominator = denominators + m * wide
        let constant = fractions.alpha + Goldilocks(message.bus.number)
        for (plane, coordinate) in constant.coordinates.enumerated() {
          (denominator + plane * block).update(repeating: coordinate, count: block)
        }
        let values = message.values.indices.map { evaluator.output(output + 1 + $0) }
        if values.count == 1 {
          BlockKernels.accumulate(
            denominator, values[0], weight: fractions.betaPowers[0], isExtension: false, block)
        } else {
          BlockKernels.combine(
            denominator, values, weights: fractions.weights[values.count], block)
        }
      }
    }

    private func sumFractions() {
      let (block, wide) = (Worker.block, Worker.wide)
      let system = fractions.system
      sums.update(repeating: .zero, count: (system.groups.count + 1) * wide)
      for (index, group) in system.groups.enumerated() {
        let sum = fraction(index, 0)
        for m in group {
          let multiplicity = evaluator.output(fractions.code.multiplicities[m])
          for plane in 0..<3 {
            BlockKernels.multiply(
              term + plane * block, denominators + m * wide + plane * block, multiplicity, block)
          }
          BlockKernels.add(sum, sum, term, wide)
        }
        BlockKernels.add(total(0), total(0), sum, wide)
      }
    }
  }
}
