import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// One table's columns on their way through the rounds.
final class TableProver: @unchecked Sendable {
  /// Its place among the proof's tables.
  let number: Int
  let kind: TableKind
  let table: Table
  let logHeight: Int
  /// The verifier's columns.
  let fixed: Matrix
  let system: ConstraintSystem
  let blindRows: Int
  /// log2 of the blowup that is kept: the committed rate's, and at least what the quotient needs.
  let logExtension: Int
  /// log2 of the quotient's blowup. Constraints of degree 4 times Z_blind stay below 4n; those of
  /// degree 3 exceed 2n only by as much as the small coset recovers.
  let logQuotientBlowup: Int
  let smallCoset: SmallCoset?
  let shift: Goldilocks
  private(set) var main: Matrix
  /// Blocks of the low-degree extension in bit-reversed order.
  private(set) var mainExtension: Matrix
  private(set) var auxiliary: Matrix
  private(set) var auxiliaryExtension: Matrix
  /// The columns on the small coset, if there is one, then its next rows.
  private(set) var smallMain: Matrix
  private(set) var smallAuxiliary: Matrix
  private(set) var terminal = CubicExtension.zero

  var height: Int { 1 << logHeight }

  init(
    _ trace: TableTrace, number: Int, system: ConstraintSystem, parameters: ProofParameters,
    shift: Goldilocks
  ) {
    self.number = number
    kind = trace.kind
    table = trace.table
    logHeight = trace.logHeight
    fixed = trace.fixed
    self.system = system
    self.shift = shift
    blindRows = parameters.blindRows
    smallCoset =
      system.degree <= 3 && parameters.logBlowup == 1
      ? SmallCoset(blindRows: blindRows, logHeight: trace.logHeight, shift: shift) : nil
    logQuotientBlowup = smallCoset == nil ? 2 : 1
    logExtension = max(parameters.logBlowup, logQuotientBlowup)
    main = trace.main
    let none = Matrix(rows: 0, columns: 0)
    mainExtension = none
    auxiliary = none
    auxiliaryExtension = none
    smallMain = none
    smallAuxiliary = none
  }

  /// Fills the blind rows of the witness columns with uniform elements.
  func randomizeMain(_ randomness: HidingRandomness) {
    parallel(main.columns) { [self] column in
      var stream = randomness.stream("main \(number)", column)
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

  func extendMain() {
    (mainExtension, smallMain) = extend(
      main, blowup: logExtension, next: Set(system.nextColumns))
  }

  /// Afterwards the lookup columns themselves are gone.
  func extendAuxiliary() {
    (auxiliaryExtension, smallAuxiliary) = extend(
      auxiliary, blowup: logExtension, next: [0, 1, 2])
    auxiliary = Matrix(rows: 0, columns: 0)
  }

  /// The verifier's columns where the quotient is evaluated.
  func extendFixed() -> (large: Matrix, small: Matrix) {
    extend(fixed, blowup: logQuotientBlowup, next: [])
  }

  private func extend(
    _ matrix: Matrix, blowup: Int, next: Set<Int>
  ) -> (large: Matrix, small: Matrix) {
    let output = Matrix(
      rows: matrix.columns == 0 ? 0 : height << blowup, columns: matrix.columns)
    let small = Matrix(
      rows: matrix.columns == 0 ? 0 : smallCoset?.rows ?? 0, columns: matrix.columns)
    parallel(matrix.columns) { [self] column in
      withShiftedCoefficients(of: matrix.column(column), logSize: logHeight, shift: shift) {
        evaluateBlocks(
          $0, logSize: logHeight, logBlowup: blowup, blocks: 1 << blowup,
          into: output.column(column))
        smallCoset?.evaluate(
          $0, usesNext: next.contains(column), into: small.column(column))
      }
    }
    return (output, small)
  }

  // MARK: Lookups

  /// Computes the committed fractions and the accumulator. Afterwards the main columns are gone, but
  /// for their extension.
  func fillAuxiliary(
    alpha: CubicExtension, beta: CubicExtension, randomness: HidingRandomness?
  ) {
    auxiliary = Matrix(rows: height, columns: 3 * system.auxiliaryColumns)
    let rowSums = fillFractions(alpha: alpha, beta: beta)
    let activeRows = height - blindRows
    var accumulator = accumulatorStart
    main = Matrix(rows: 0, columns: 0)
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
      var stream = randomness.stream("lookup \(number)", column)
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
    let tasks = taskCount(blocks)
    parallel(tasks) { [self] task in
      let worker = fractions.worker()
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        let count = min(block, activeRows - start)
        worker.compute(main: main, fixed: fixed, start: start)
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
  func falsify(_ fault: LookupFault, by amount: CubicExtension) {
    func add(_ row: Int, _ column: Int) {
      auxiliary[row, column] += amount.a
      auxiliary[row, column + 1] += amount.b
      auxiliary[row, column + 2] += amount.c
    }
    terminal += amount
    var first = fault.row + 1
    switch fault.place {
    case .terminal: return
    case .start: first = 0
    case .group(let group): if group > 0 { add(fault.row, 3 * group) }
    }
    for row in first...(height - blindRows) { add(row, 0) }
  }

  // MARK: Opening

  /// The columns' values at a point z of the extension, by barycentric evaluation from the first
  /// block of the extension, the coset s·⟨ω⟩ of n points:
  ///
  ///     f(z) = (z^n − s^n)/(n·s^n)·Σ x/(z − x)·f(x)
  func open(
    at point: CubicExtension, mainColumns: [Int], auxiliaryColumns: [Int]
  ) -> (main: [CubicExtension], auxiliary: [CubicExtension]) {
    nonisolated(unsafe) let columns =
      mainColumns.map { mainExtension.column($0) }
      + auxiliaryColumns.map { auxiliaryExtension.column($0) }
    let points = CosetPoints(logSize: logHeight, shift: shift)
    let grain = min(1024, height)
    let partial = Matrix(rows: 3 * columns.count, columns: height / grain)
    parallelRanges(height, grain: grain) { range in
      let weights = TableProver.weights(range, points: points, at: point)
      let sums = partial.column(range.lowerBound / grain)
      for (index, column) in columns.enumerated() {
        let sum = BlockKernels.dot(
          weights: weights, stride: grain, column + range.lowerBound, grain)
        for (plane, coordinate) in sum.coordinates.enumerated() {
          sums[3 * index + plane] = coordinate
        }
      }
    }
    let size = UInt64(height)
    let shifted = shift.power(size)
    let factor = (point.power(size) - shifted) * (Goldilocks(height) * shifted).inverse
    let values = columns.indices.map { index in
      let total = (0..<partial.columns).reduce(CubicExtension.zero) { total, task in
        let sums = partial.column(task) + 3 * index
        return total + CubicExtension(sums[0], sums[1], sums[2])
      }
      return total * factor
    }
    return (Array(values[..<mainColumns.count]), Array(values[mainColumns.count...]))
  }

  /// x/(z − x) for some of the points, coordinate by coordinate.
  private static func weights(
    _ range: Range<Int>, points: CosetPoints, at z: CubicExtension
  ) -> [Goldilocks] {
    let width = min(64, range.count)
    let wide = 3 * width
    let groups = range.count / width
    var values = [Goldilocks](repeating: .zero, count: groups * wide)
    var scratch = values
    for group in 0..<groups {
      for i in 0..<width {
        values[group * wide + i] = z.a - points[range.lowerBound + group * width + i]
        values[group * wide + width + i] = z.b
        values[group * wide + 2 * width + i] = z.c
      }
    }
    BlockKernels.invertExtensions(&values, groups: groups, width: width, scratch: &scratch)
    for i in 0..<range.count {
      let x = points[range.lowerBound + i]
      for plane in 0..<3 {
        scratch[plane * range.count + i] =
          x * values[i / width * wide + plane * width + i % width]
      }
    }
    return scratch
  }
}
