import AIR
import Field
import Protocol

/// A table's quotient: its constraints, folded by powers of λ and divided by the vanishing
/// polynomials of their domains, as coefficients at the table's own height.
///
///     Q_T = Z_blind·(Σ_everywhere λ^i·C_i + (X − g^(n−h−1))·Σ_transition λ^i·C_i)/(X^n − 1)
///         + Σ_row k: g^k/(n·(X − g^k))·Σ λ^i·C_i
struct TableQuotient {
  private let prover: TableProver
  private let n: Int
  private let domainSize: Int
  private let root: Goldilocks

  init(_ prover: TableProver) {
    self.prover = prover
    n = prover.height
    domainSize = n << TableProver.logQuotientBlowup
    root = Goldilocks.rootOfUnity(logOrder: prover.logHeight)
  }

  /// The three base coordinates' coefficients, 4n each.
  func coefficients(
    lambdaPowers: ArraySlice<CubicExtension>, parameters: [CubicExtension]
  ) -> Matrix {
    let values = Matrix(rows: domainSize, columns: 3)
    let fixed = extendFixed()
    let domain = makeDomain()
    let zeroInverses = (0..<(1 << TableProver.logQuotientBlowup)).map { block in
      (domain.points[block * n].power(UInt64(n)) - .one).inverse
    }
    let lastTransition = root.power(UInt64(n - prover.blindRows - 1))
    let weights = Array(lambdaPowers)
    let outputs = prover.system.constraints.map(\.node)
    let block = BlockEvaluator.blockSize
    let blocks = domainSize / block
    let tasks = min(blocks, 16)
    parallel(tasks) { [self] task in
      let evaluator = BlockEvaluator(graph: prover.system.graph, outputs: outputs)
      evaluator.setParameters(parameters)
      var sums: [[Goldilocks]] = []
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        evaluator.evaluate(
          main: prover.mainExtension, fixed: fixed, auxiliary: prover.auxiliaryExtension,
          start: start, next: { [n] row in (row & ~(n - 1)) | Int(domain.next[row & (n - 1)]) })
        // By domain, the coordinates a block apart.
        sums = Array(
          repeating: Array(repeating: .zero, count: 3 * block),
          count: ConstraintDomain.allCases.count)
        for (position, constraint) in prover.system.constraints.enumerated() {
          BlockKernels.accumulate(
            &sums[Int(constraint.domain.rawValue)], evaluator.output(position),
            weight: weights[position],
            isExtension: evaluator.outputIsExtension(position), block)
        }
        func sum(_ part: ConstraintDomain, _ offset: Int) -> CubicExtension {
          let planes = sums[Int(part.rawValue)]
          return CubicExtension(planes[offset], planes[block + offset], planes[2 * block + offset])
        }
        for offset in 0..<block {
          let row = start + offset
          let x = domain.points[row]
          var total = sum(.everywhere, offset) + sum(.transition, offset) * (x - lastTransition)
          total = total * (domain.blind[row] * zeroInverses[row / n])
          for (part, selector) in domain.selectors { total += sum(part, offset) * selector[row] }
          values[row, 0] = total.a
          values[row, 1] = total.b
          values[row, 2] = total.c
        }
      }
    }
    let transform = Transform(logSize: prover.logHeight + TableProver.logQuotientBlowup)
    parallel(3) { [self] coordinate in
      transform.inverse(values.column(coordinate), shift: prover.shift)
    }
    return values
  }

  /// What depends on the domain alone.
  private struct Domain: Sendable {
    /// In bit-reversed order.
    var points: [Goldilocks] = []
    var selectors: [(ConstraintDomain, [Goldilocks])] = []
    /// Z_blind.
    var blind: [Goldilocks] = []
    /// The index of x·g within a block of n points.
    var next: [Int32] = []
  }

  /// Half of it on each core.
  private func makeDomain() -> Domain {
    nonisolated(unsafe) var first = Domain()
    nonisolated(unsafe) var second = Domain()
    parallel(2) { [self] half in
      if half == 0 {
        first.points = domainPoints()
        first.selectors = rowSelectors(first.points)
      } else {
        second.blind = blindValues()
        second.next = successors()
      }
    }
    first.blind = second.blind
    first.next = second.next
    return first
  }

  private func extendFixed() -> Matrix {
    let source = prover.trace.fixed
    let output = Matrix(rows: source.columns == 0 ? 0 : domainSize, columns: source.columns)
    parallel(source.columns) { [self] column in
      lowDegreeExtension(
        of: source.column(column), logSize: prover.logHeight,
        logBlowup: TableProver.logQuotientBlowup, blocks: 1 << TableProver.logQuotientBlowup,
        shift: prover.shift, into: output.column(column))
    }
    return output
  }

  /// The points of the quotient's coset in bit-reversed order.
  private func domainPoints() -> [Goldilocks] {
    let log = prover.logHeight + TableProver.logQuotientBlowup
    let root = Goldilocks.rootOfUnity(logOrder: log)
    var points = [Goldilocks](repeating: .zero, count: domainSize)
    var x = prover.shift
    for i in points.indices {
      points[i] = x
      x *= root
    }
    points.withUnsafeMutableBufferPointer { bitReverse($0.baseAddress!, logSize: log) }
    return points
  }

  /// Z_blind on the coset: the product of X − g^i over the blind rows.
  private func blindValues() -> [Goldilocks] {
    var coefficients = [Goldilocks](repeating: .zero, count: n)
    coefficients[0] = .one
    var degree = 0
    for row in (n - prover.blindRows)..<n {
      let point = root.power(UInt64(row))
      degree += 1
      if degree < n { coefficients[degree] = coefficients[degree - 1] }
      for i in stride(from: degree - 1, to: 0, by: -1) {
        coefficients[i] = coefficients[i - 1] - point * coefficients[i]
      }
      coefficients[0] = -point * coefficients[0]
    }
    var values = [Goldilocks](repeating: .zero, count: domainSize)
    values.withUnsafeMutableBufferPointer {
      evaluateOnCoset(
        coefficients: coefficients, logSize: prover.logHeight,
        logBlowup: TableProver.logQuotientBlowup, blocks: 1 << TableProver.logQuotientBlowup,
        shift: prover.shift, into: $0.baseAddress!)
    }
    return values
  }

  /// g^k/(n·(x − g^k)) = L_k(x)/(x^n − 1) for the domains of one row.
  private func rowSelectors(
    _ points: [Goldilocks]
  ) -> [(ConstraintDomain, [Goldilocks])] {
    let used = Set(prover.system.constraints.map(\.domain))
    let rows: [(ConstraintDomain, Int)] = [
      (.first, 0), (.terminal, n - prover.blindRows), (.last, n - 1),
    ]
    return rows.filter { used.contains($0.0) }.map { domain, row in
      let point = root.power(UInt64(row))
      var selector = points.map { $0 - point }
      invertAll(&selector)
      let factor = point * Goldilocks(n).inverse
      for i in selector.indices { selector[i] *= factor }
      return (domain, selector)
    }
  }

  /// Within a block of n points in bit-reversed order, the index of x·g.
  private func successors() -> [Int32] {
    (0..<n).map { index in
      let natural = reverseBits(index, count: prover.logHeight)
      return Int32(reverseBits((natural + 1) & (n - 1), count: prover.logHeight))
    }
  }
}
