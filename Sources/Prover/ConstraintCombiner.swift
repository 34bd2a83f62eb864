import ZKVMAIR
import ZKVMField

/// Folds a block's constraint values by powers of λ, each by its domain's selector; one serves one
/// thread.
final class ConstraintCombiner {
  private static let block = BlockEvaluator.blockSize
  private static let wide = CubicExtension.degree * block

  /// For each domain its constraints, by position, and their weights; an extension value
  /// a + b·u + c·u² by weight λ is a, b and c by λ, λ·u and λ·u².
  private let terms: [(domain: ConstraintDomain, positions: [Int], weights: CombinationWeights)]
  /// The last row of those that are not blind, at which a transition does not hold.
  private let lastTransition: Goldilocks
  /// The domains of one row: their place ω^r, and ω^r/n.
  private let rows: [(domain: ConstraintDomain, point: Goldilocks, factor: Goldilocks)]
  /// A sum for each domain.
  private let sums: UnsafeMutablePointer<Goldilocks>
  private let selector: UnsafeMutablePointer<Goldilocks>

  init(
    _ system: ConstraintSystem, weights: [CubicExtension], root: Goldilocks, height n: Int,
    blindRows: Int
  ) {
    let u = CubicExtension(.zero, .one, .zero)
    terms = ConstraintDomain.allCases.map { domain in
      let positions = system.constraints.indices.filter { system.constraints[$0].domain == domain }
      return (
        domain, positions,
        CombinationWeights(
          positions.flatMap { position in
            let weight = weights[position]
            return system.graph.isExtension[system.constraints[position].node]
              ? [weight, weight * u, weight * u * u] : [weight]
          })
      )
    }
    func rows(_ domain: ConstraintDomain) -> Range<Int> {
      domain.rows(height: n, blindRows: blindRows)
    }
    lastTransition = root.power(UInt64(rows(.transition).upperBound))
    let used = Set(system.constraints.map(\.domain))
    self.rows = ConstraintDomain.ofOneRow.filter(used.contains).map { domain in
      let point = root.power(UInt64(rows(domain).lowerBound))
      return (domain, point, point * Goldilocks(n).inverse)
    }
    let domains = ConstraintDomain.allCases.count
    sums = .allocate(capacity: domains * ConstraintCombiner.wide)
    selector = .allocate(capacity: ConstraintCombiner.block)
  }

  deinit {
    sums.deallocate()
    selector.deallocate()
  }

  private func sum(_ domain: ConstraintDomain) -> ExtensionPlanes {
    ExtensionPlanes(
      sums + Int(domain.rawValue) * ConstraintCombiner.wide, stride: ConstraintCombiner.block)
  }

  var result: ExtensionPlanes { sum(.everywhere) }

  /// `vanishing` is 1/(x^n − 1), the same on the whole block.
  func combine(
    _ evaluator: BlockEvaluator, points: CosetPoints, start: Int,
    blind: UnsafePointer<Goldilocks>, vanishing: Goldilocks
  ) {
    let (block, wide) = (ConstraintCombiner.block, ConstraintCombiner.wide)
    sums.update(repeating: .zero, count: ConstraintDomain.allCases.count * wide)
    for (domain, positions, weights) in terms where !positions.isEmpty {
      let sources = positions.flatMap { position in
        let output = evaluator.output(position)
        return evaluator.outputIsExtension(position)
          ? CubicExtension.planes.map { output + $0 * block } : [output]
      }
      BlockKernels.combine(sum(domain).start, sources, weights: weights, block)
    }
    let total = result.start
    for i in 0..<block { selector[i] = points[start + i] - lastTransition }
    scale(sum(.transition))
    BlockKernels.add(total, total, sum(.transition).start, wide)
    scaleByPowers(blind, of: .one, startingAt: vanishing, count: block, into: selector)
    scale(result)
    guard !rows.isEmpty else { return }
    // ω^r/(n·(x − ω^r)) = L_r(x)/(x^n − 1).
    var inverses = rows.flatMap { row in (0..<block).map { points[start + $0] - row.point } }
    invertAll(&inverses)
    for (index, row) in rows.enumerated() {
      for i in 0..<block { selector[i] = inverses[index * block + i] * row.factor }
      scale(sum(row.domain))
      BlockKernels.add(total, total, sum(row.domain).start, wide)
    }
  }

  /// Multiplies by `selector`.
  private func scale(_ values: ExtensionPlanes) {
    for index in CubicExtension.planes {
      let plane = values.plane(index)
      BlockKernels.multiply(plane, plane, selector, ConstraintCombiner.block)
    }
  }
}
