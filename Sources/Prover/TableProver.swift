import AIR
import Field
import Machine
import Protocol

/// One table's columns on their way through the rounds.
final class TableProver: @unchecked Sendable {
  let trace: TableTrace
  let system: ConstraintSystem
  let blindRows: Int
  /// log2 of the blowup that is kept: the committed rate's, and at least 4 for the quotient.
  let logExtension: Int
  let shift: Goldilocks
  let main: Matrix
  /// Blocks of the low-degree extension in bit-reversed order.
  private(set) var mainExtension: Matrix
  private(set) var auxiliary: Matrix
  private(set) var auxiliaryExtension: Matrix
  private(set) var terminal = CubicExtension.zero

  var logHeight: Int { trace.logHeight }
  var height: Int { 1 << trace.logHeight }

  /// log2 of the quotient's blowup: constraints of degree 4 times Z_blind stay below 4n.
  static let logQuotientBlowup = 2

  init(
    _ trace: TableTrace, system: ConstraintSystem, parameters: ProofParameters, shift: Goldilocks
  ) {
    self.trace = trace
    self.system = system
    self.shift = shift
    blindRows = parameters.blindRows
    logExtension = max(parameters.logBlowup, TableProver.logQuotientBlowup)
    main = trace.main
    mainExtension = Matrix(rows: 0, columns: 0)
    auxiliary = Matrix(rows: 0, columns: 0)
    auxiliaryExtension = Matrix(rows: 0, columns: 0)
  }

  /// Fills the blind rows of the witness columns with uniform elements.
  func randomizeMain(_ randomness: HidingRandomness) {
    parallel(main.columns) { [self] column in
      var stream = randomness.stream("main \(trace.table.name)", column)
      stream.fill(main.column(column) + (height - blindRows), count: blindRows)
    }
  }

  /// The start of the lookup accumulator: the last row of the first three columns.
  var accumulatorStart: CubicExtension {
    get {
      let last = height - 1
      return CubicExtension(main[last, 0], main[last, 1], main[last, 2])
    }
    set {
      let last = height - 1
      main[last, 0] = newValue.a
      main[last, 1] = newValue.b
      main[last, 2] = newValue.c
    }
  }

  func extendMain() { mainExtension = extend(main) }

  func extendAuxiliary() { auxiliaryExtension = extend(auxiliary) }

  private func extend(_ matrix: Matrix) -> Matrix {
    let output = Matrix(rows: height << logExtension, columns: matrix.columns)
    parallel(matrix.columns) { [self] column in
      lowDegreeExtension(
        of: matrix.column(column), logSize: logHeight, logBlowup: logExtension,
        blocks: 1 << logExtension, shift: shift, into: output.column(column))
    }
    return output
  }

  // MARK: Lookups

  /// Computes the committed fractions and the accumulator.
  func fillAuxiliary(
    alpha: CubicExtension, beta: CubicExtension, randomness: HidingRandomness?
  ) {
    auxiliary = Matrix(rows: height, columns: 3 * system.auxiliaryColumns)
    let rowSums = fillFractions(alpha: alpha, beta: beta)
    let activeRows = height - blindRows
    var accumulator = accumulatorStart
    for row in 0...activeRows {
      auxiliary[row, 0] = accumulator.a
      auxiliary[row, 1] = accumulator.b
      auxiliary[row, 2] = accumulator.c
      accumulator += CubicExtension(rowSums[row, 0], rowSums[row, 1], rowSums[row, 2])
    }
    terminal = CubicExtension(
      auxiliary[activeRows, 0], auxiliary[activeRows, 1], auxiliary[activeRows, 2])
    guard let randomness else { return }
    parallel(auxiliary.columns) { [self] column in
      var stream = randomness.stream("lookup \(trace.table.name)", column)
      // The accumulator's first blind row is its terminal.
      let first = column < 3 ? activeRows + 1 : activeRows
      stream.fill(auxiliary.column(column) + first, count: height - first)
    }
  }

  /// Fills the groups' columns and returns each row's sum of all fractions.
  private func fillFractions(alpha: CubicExtension, beta: CubicExtension) -> Matrix {
    let rowSums = Matrix(rows: height, columns: 3)
    let fractions = LookupFractions(system, alpha: alpha, beta: beta)
    let activeRows = height - blindRows
    let block = BlockEvaluator.blockSize
    let blocks = (activeRows + block - 1) / block
    let tasks = min(blocks, 16)
    parallel(tasks) { [self] task in
      let worker = fractions.worker()
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        let count = min(block, activeRows - start)
        worker.compute(main: main, fixed: trace.fixed, start: start)
        for plane in 0..<3 {
          (rowSums.column(plane) + start).update(from: worker.total(plane), count: count)
          for group in 1..<max(1, system.groups.count) {
            (auxiliary.column(3 * group + plane) + start).update(
              from: worker.fraction(group, plane), count: count)
          }
        }
      }
    }
    return rowSums
  }

  /// Adds `amount` to the terminal by breaking one constraint.
  func falsify(_ place: LookupFault.Place, by amount: CubicExtension) {
    func add(_ row: Int, _ column: Int) {
      auxiliary[row, column] += amount.a
      auxiliary[row, column + 1] += amount.b
      auxiliary[row, column + 2] += amount.c
    }
    terminal += amount
    switch place {
    case .terminal: return
    case .start: add(0, 0)
    case .group(let group): if group > 0 { add(0, 3 * group) }
    }
    for row in 1...(height - blindRows) { add(row, 0) }
  }

  // MARK: Opening

  /// The columns' values at a point of the extension: barycentric evaluation from the trace.
  func open(
    at point: CubicExtension, mainColumns: [Int], auxiliaryColumns: [Int]
  ) -> (main: [CubicExtension], auxiliary: [CubicExtension]) {
    let n = height
    let root = Goldilocks.rootOfUnity(logOrder: logHeight)
    var weights = [CubicExtension](repeating: .zero, count: n)
    var power = Goldilocks.one
    for i in 0..<n {
      weights[i] = point - power
      power *= root
    }
    invertAll(&weights)
    let factor =
      (point.power(UInt64(n)) - CubicExtension.one) * Goldilocks(n).inverse
    power = .one
    for i in 0..<n {
      weights[i] = weights[i] * factor * power
      power *= root
    }
    let shared = weights
    func evaluate(_ matrix: Matrix, _ columns: [Int]) -> [CubicExtension] {
      var values = [CubicExtension](repeating: .zero, count: columns.count)
      values.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let target = buffer
        parallel(columns.count) { index in
          let source = matrix.column(columns[index])
          var total = CubicExtension.zero
          for i in 0..<n { total += shared[i] * source[i] }
          target[index] = total
        }
      }
      return values
    }
    return (evaluate(main, mainColumns), evaluate(auxiliary, auxiliaryColumns))
  }

  /// Frees what the batch does not need.
  func releaseTrace() { auxiliary = Matrix(rows: 0, columns: 0) }
}
