import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol

/// The identity of polynomials on which a proof rests: all constraints, each divided by what
/// vanishes on its rows, are the quotient that the chunks make up. Each side's value at a point
/// follows from the values of committed columns there. The verifier compares them at ζ; on an
/// honest proof they are equal at every point.
package struct QuotientIdentity {
  private let layout: ProofLayout
  private let publicInputs: [Int64]
  private let terminals: [CubicExtension]
  private let challenges: LookupChallenges
  private let lambda: CubicExtension

  package init(
    layout: ProofLayout, publicInputs: [Int64], terminals: [CubicExtension],
    challenges: LookupChallenges, lambda: CubicExtension
  ) {
    self.layout = layout
    self.publicInputs = publicInputs
    self.terminals = terminals
    self.challenges = challenges
    self.lambda = lambda
  }

  /// Q(x) from the tables' columns: `openings` are their values at x^(N/n) and, of what constraints
  /// use of the next row, at x^(N/n)·ω. x lies outside the trace's domain.
  package func quotient(at x: CubicExtension, _ openings: [TableOpening]) -> CubicExtension {
    var total = CubicExtension.zero
    var weight = CubicExtension.one
    let zeroInverse = (x.power(1 << UInt64(layout.logHeight)) - CubicExtension.one).inverse
    for (index, system) in layout.systems.enumerated() {
      let log = layout.logHeights[index]
      let point = layout.lifted(x, logHeight: log)
      let values = constraintValues(index, openings[index], at: point)
      var sums: [ConstraintDomain: CubicExtension] = [:]
      for (constraint, value) in zip(system.constraints, values) {
        sums[constraint.domain, default: .zero] += weight * value
        weight *= lambda
      }
      total += fold(sums, point: point, logHeight: log, zeroInverse: zeroInverse)
    }
    return total
  }

  /// Q(x) from the chunks' base columns: Σ x^(i·(N − h_p))·chunk_i(x).
  package func quotient(at x: CubicExtension, chunks: [CubicExtension]) -> CubicExtension {
    let step = x.power(
      (1 << UInt64(layout.logHeight)) - UInt64(layout.parameters.chunkOverlap))
    var quotient = CubicExtension.zero
    for chunk in (0..<layout.parameters.quotientChunks).reversed() {
      quotient = quotient * step + CubicExtension(column: chunk, ofBaseValues: chunks)
    }
    return quotient
  }

  private func constraintValues(
    _ index: Int, _ opening: TableOpening, at point: CubicExtension
  ) -> [CubicExtension] {
    let system = layout.systems[index]
    var mainNext = [CubicExtension](repeating: .zero, count: opening.main.count)
    for (column, value) in zip(system.nextColumns, opening.mainNext) { mainNext[column] = value }
    var auxiliaryNext = [CubicExtension](repeating: .zero, count: system.auxiliaryColumns)
    auxiliaryNext[0] = CubicExtension(column: 0, ofBaseValues: opening.auxiliaryNext)
    let fixed = evaluateFixedColumns(
      MachineTables.fixedEntries(
        layout.kinds[index], program: layout.program, publicInputs: publicInputs),
      logHeight: layout.logHeights[index], at: point)
    return system.evaluate(
      main: opening.main, mainNext: mainNext, fixed: fixed,
      auxiliary: (0..<system.auxiliaryColumns).map {
        CubicExtension(column: $0, ofBaseValues: opening.auxiliary)
      },
      auxiliaryNext: auxiliaryNext,
      parameters: ConstraintSystem.parameters(
        alpha: challenges.alpha, beta: challenges.beta, terminal: terminals[index],
        width: system.messageWidth))
  }

  /// Divides the sums by the vanishing polynomials of their domains.
  private func fold(
    _ sums: [ConstraintDomain: CubicExtension], point: CubicExtension, logHeight log: Int,
    zeroInverse: CubicExtension
  ) -> CubicExtension {
    let n = 1 << log
    let blindRows = layout.parameters.blindRows
    let root = Goldilocks.rootOfUnity(logOrder: log)
    func rows(_ domain: ConstraintDomain) -> Range<Int> {
      domain.rows(height: n, blindRows: blindRows)
    }
    var blind = CubicExtension.one
    var row = root.power(UInt64(rows(.everywhere).upperBound))
    for _ in 0..<blindRows {
      blind *= point - row
      row *= root
    }
    let everywhere = sums[.everywhere] ?? .zero
    let transition = sums[.transition] ?? .zero
    let excluded = root.power(UInt64(rows(.transition).upperBound))
    var total = (everywhere + transition * (point - excluded)) * blind * zeroInverse
    for domain in ConstraintDomain.ofOneRow {
      guard let value = sums[domain] else { continue }
      let power = root.power(UInt64(rows(domain).lowerBound))
      total += value * ((point - power) * Goldilocks(n)).inverse * power
    }
    return total
  }
}
