import ZKVMAIR
import ZKVMField
import ZKVMProtocol

/// A table's quotient: its constraints, folded by powers of λ and divided by the vanishing
/// polynomials of their domains, as coefficients at the table's own height.
///
///     Q_T = Z_blind·(Σ_everywhere λ^i·C_i + (X − ω^(n−h−1))·Σ_transition λ^i·C_i)/(X^n − 1)
///         + Σ_row r: ω^r/(n·(X − ω^r))·Σ λ^i·C_i
struct TableQuotient {
  private let columns: CommittedLookups.Columns
  private let weights: [CubicExtension]
  private let parameters: [CubicExtension]
  private let code: BlockCode

  private var table: ProvingTable { columns.table }
  private var root: Goldilocks { Goldilocks.rootOfUnity(logOrder: table.logHeight) }

  /// `weights` are the powers of λ of the table's constraints.
  init(
    _ columns: CommittedLookups.Columns, _ challenges: LookupChallenges,
    weights: [CubicExtension]
  ) {
    self.columns = columns
    self.weights = weights
    let system = columns.table.system
    parameters = ConstraintSystem.parameters(
      alpha: challenges.alpha, beta: challenges.beta, terminal: columns.terminal,
      width: system.messageWidth)
    code = BlockCode(graph: system.graph, outputs: system.constraints.map(\.node))
  }

  /// The quotient's coefficients.
  ///
  /// `isExact` is false if they exceed the degree bound, so that a constraint does not hold; with
  /// a quotient of blowup 4 the caller sees that by coefficients that the chunks have no room for.
  func coefficients() -> (values: ExtensionMatrix, isExact: Bool) {
    let fixed = table.extend(table.fixed, logBlowup: table.logQuotientBlowup, next: [])
    let logSize = table.logHeight + table.logQuotientBlowup
    let low = evaluate(
      Domain(
        main: columns.main.large, fixed: fixed.large, lookups: columns.lookups.large,
        logSize: logSize, shift: table.shift, next: successors()))
    let transform = Transform(logSize: logSize)
    parallel(CubicExtension.degree) { [shift = table.shift] plane in
      transform.inverse(low.plane(plane), shift: shift)
    }
    guard let coset = table.smallCoset else { return (low, true) }
    let high = evaluate(
      Domain(
        main: columns.main.small, fixed: fixed.small, lookups: columns.lookups.small,
        logSize: coset.logSize, shift: coset.shift, next: nil))
    let values = ExtensionMatrix(rows: low.rows + high.rows)
    var isExact = true
    for plane in CubicExtension.planes {
      let (a, b) = (low.plane(plane), high.plane(plane))
      coset.separate(a, b, cosetShift: table.shift)
      values.plane(plane).update(from: a, count: low.rows)
      (values.plane(plane) + low.rows).update(from: b, count: high.rows)
      if (table.blindRows..<high.rows).contains(where: { b[$0] != .zero }) { isExact = false }
    }
    return (values, isExact)
  }

  /// Where the quotient is evaluated: a coset in bit-reversed order.
  private struct Domain: Sendable {
    let main: Matrix
    let fixed: Matrix
    let lookups: Matrix
    let logSize: Int
    let shift: Goldilocks
    /// The index of x·ω within a block of n points; `nil` if x·ω is stored after all points.
    let next: [Int32]?

    var size: Int { 1 << logSize }
  }

  private func evaluate(_ domain: Domain) -> ExtensionMatrix {
    let n = table.height
    let values = ExtensionMatrix(rows: domain.size)
    let points = CosetPoints(logSize: domain.logSize, shift: domain.shift)
    let blind = blindValues(domain)
    // X^n has one value on each block of n points, or on all of a smaller coset.
    let run = min(n, domain.size)
    let vanishing = stride(from: 0, to: domain.size, by: run).map {
      (points[$0].power(UInt64(n)) - .one).inverse
    }
    let block = BlockEvaluator.blockSize
    let blocks = domain.size / block
    let tasks = taskCount(blocks)
    parallel(tasks) { [self] task in
      let evaluator = BlockEvaluator(code)
      evaluator.setParameters(parameters)
      let combiner = ConstraintCombiner(
        table.system, weights: weights, root: root, height: n, blindRows: table.blindRows)
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        evaluator.evaluate(
          main: domain.main, fixed: domain.fixed, auxiliary: domain.lookups, start: start,
          next: { row in
            guard let next = domain.next else { return row + domain.size }
            return (row & ~(n - 1)) | Int(next[row & (n - 1)])
          })
        combiner.combine(
          evaluator, points: points, start: start, blind: blind.column(0) + start,
          vanishing: vanishing[start / run])
        values.column().advanced(by: start).update(from: combiner.result, count: block)
      }
    }
    return values
  }

  /// Z_blind on the domain: the product of X − ω^i over the blind rows.
  private func blindValues(_ domain: Domain) -> Matrix {
    // A table has at least twice as many rows as blind ones, and the small coset as many points.
    let log = min(table.logHeight, domain.logSize)
    var coefficients = [Goldilocks](repeating: .zero, count: 1 << log)
    coefficients[0] = .one
    for (degree, row) in (table.activeRows..<table.height).enumerated() {
      let point = root.power(UInt64(row))
      for i in stride(from: degree + 1, to: 0, by: -1) {
        coefficients[i] = coefficients[i - 1] - point * coefficients[i]
      }
      coefficients[0] = -point * coefficients[0]
    }
    let values = Matrix(rows: domain.size, columns: 1)
    evaluateOnCoset(
      coefficients: coefficients, logSize: log, logBlowup: domain.logSize - log,
      blocks: 1 << (domain.logSize - log), shift: domain.shift, into: values.column(0))
    return values
  }

  /// Within a block of n points in bit-reversed order, the index of x·ω.
  private func successors() -> [Int32] {
    let (log, n) = (table.logHeight, table.height)
    return [Int32](unsafeUninitializedCapacity: n) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      parallelRanges(n, grain: 1 << 14) { range in
        for index in range {
          let natural = reverseBits(index, count: log)
          target[index] = Int32(reverseBits((natural + 1) & (n - 1), count: log))
        }
      }
      initialized = n
    }
  }
}
