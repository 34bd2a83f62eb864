import ZKVMAIR
import ZKVMField
import ZKVMProtocol

/// A table's quotient: its constraints, folded by powers of λ and divided by the vanishing
/// polynomials of their domains, as coefficients at the table's own height.
///
///     Q_T = Z_blind·(Σ_everywhere λ^i·C_i + (X − g^(n−h−1))·Σ_transition λ^i·C_i)/(X^n − 1)
///         + Σ_row k: g^k/(n·(X − g^k))·Σ λ^i·C_i
struct TableQuotient {
  private let prover: TableProver
  private let weights: [CubicExtension]
  private let parameters: [CubicExtension]
  private let code: BlockCode
  private let n: Int
  private let root: Goldilocks

  init(
    _ prover: TableProver, lambdaPowers: ArraySlice<CubicExtension>, parameters: [CubicExtension]
  ) {
    self.prover = prover
    weights = Array(lambdaPowers)
    self.parameters = parameters
    code = BlockCode(
      graph: prover.system.graph, outputs: prover.system.constraints.map(\.node))
    n = prover.height
    root = Goldilocks.rootOfUnity(logOrder: prover.logHeight)
  }

  /// The three base coordinates' coefficients.
  ///
  /// `isExact` is false if they exceed the degree bound, so that a constraint does not hold; with
  /// a quotient of blowup 4 the caller sees that by coefficients that the chunks have no room for.
  func coefficients() -> (values: Matrix, isExact: Bool) {
    let (fixed, smallFixed) = prover.extendFixed()
    let low = evaluate(
      Domain(
        main: prover.mainExtension, fixed: fixed, auxiliary: prover.auxiliaryExtension,
        logSize: prover.logHeight + prover.logQuotientBlowup, shift: prover.shift,
        next: successors()))
    let transform = Transform(logSize: prover.logHeight + prover.logQuotientBlowup)
    parallel(3) { [prover] coordinate in
      transform.inverse(low.column(coordinate), shift: prover.shift)
    }
    guard let coset = prover.smallCoset else { return (low, true) }
    let high = evaluate(
      Domain(
        main: prover.smallMain, fixed: smallFixed, auxiliary: prover.smallAuxiliary,
        logSize: coset.logSize, shift: coset.shift, next: nil))
    let values = Matrix(rows: low.rows + high.rows, columns: 3)
    var isExact = true
    for coordinate in 0..<3 {
      let (a, b) = (low.column(coordinate), high.column(coordinate))
      coset.separate(a, b, cosetShift: prover.shift)
      values.column(coordinate).update(from: a, count: low.rows)
      (values.column(coordinate) + low.rows).update(from: b, count: high.rows)
      if (prover.blindRows..<high.rows).contains(where: { b[$0] != .zero }) { isExact = false }
    }
    return (values, isExact)
  }

  /// Where the quotient is evaluated: a coset in bit-reversed order.
  private struct Domain: Sendable {
    let main: Matrix
    let fixed: Matrix
    let auxiliary: Matrix
    let logSize: Int
    let shift: Goldilocks
    /// The index of x·g within a block of n points; `nil` if x·g is stored behind all points.
    let next: [Int32]?

    var size: Int { 1 << logSize }
  }

  private func evaluate(_ domain: Domain) -> Matrix {
    let values = Matrix(rows: domain.size, columns: 3)
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
        prover.system, weights: weights, root: root, height: n, blindRows: prover.blindRows)
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        evaluator.evaluate(
          main: domain.main, fixed: domain.fixed, auxiliary: domain.auxiliary, start: start,
          next: { [n] row in
            guard let next = domain.next else { return row + domain.size }
            return (row & ~(n - 1)) | Int(next[row & (n - 1)])
          })
        combiner.combine(
          evaluator, points: points, start: start, blind: blind.column(0) + start,
          vanishing: vanishing[start / run])
        for plane in 0..<3 {
          (values.column(plane) + start).update(from: combiner.plane(plane), count: block)
        }
      }
    }
    return values
  }

  /// Z_blind on the domain: the product of X − g^i over the blind rows.
  private func blindValues(_ domain: Domain) -> Matrix {
    // A table has at least twice as many rows as blind ones, and the small coset as many points.
    let log = min(prover.logHeight, domain.logSize)
    var coefficients = [Goldilocks](repeating: .zero, count: 1 << log)
    coefficients[0] = .one
    for (degree, row) in ((n - prover.blindRows)..<n).enumerated() {
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

  /// Within a block of n points in bit-reversed order, the index of x·g.
  private func successors() -> [Int32] {
    let log = prover.logHeight
    return [Int32](unsafeUninitializedCapacity: n) { buffer, initialized in
      nonisolated(unsafe) let target = buffer
      parallelRanges(n, grain: 1 << 14) { [n] range in
        for index in range {
          let natural = reverseBits(index, count: log)
          target[index] = Int32(reverseBits((natural + 1) & (n - 1), count: log))
        }
      }
      initialized = n
    }
  }
}
