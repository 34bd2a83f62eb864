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
      let scratch = UnsafeMutablePointer<Goldilocks>.allocate(capacity: height)
      defer { scratch.deallocate() }
      lowDegreeExtension(
        of: matrix.column(column), logSize: logHeight, logBlowup: logExtension,
        blocks: 1 << logExtension, shift: shift, into: output.column(column), scratch: scratch)
    }
    return output
  }

  // MARK: Lookups

  /// Computes the committed fractions and the accumulator.
  func fillAuxiliary(
    alpha: CubicExtension, beta: CubicExtension, randomness: HidingRandomness?
  ) {
    let columns = system.auxiliaryColumns
    auxiliary = Matrix(rows: height, columns: 3 * columns)
    let activeRows = height - blindRows
    let rowSums = Matrix(rows: height, columns: 3)
    let block = BlockEvaluator.blockSize
    let messages = trace.table.messages
    var graph = Graph()
    var outputs: [Int] = []
    for message in messages {
      outputs.append(graph.insert(message.multiplicity))
      outputs += message.values.map { graph.insert($0) }
    }
    var betaPowers: [CubicExtension] = [beta]
    while betaPowers.count < system.messageWidth { betaPowers.append(betaPowers.last! * beta) }
    let blocks = (activeRows + block - 1) / block
    let tasks = min(blocks, 8)
    let (sharedGraph, sharedOutputs, powers) = (graph, outputs, betaPowers)
    parallel(tasks) { [self] task in
      let evaluator = BlockEvaluator(graph: sharedGraph, outputs: sharedOutputs)
      var inverses = [CubicExtension](repeating: .zero, count: messages.count * block)
      for index in (blocks * task / tasks)..<(blocks * (task + 1) / tasks) {
        let start = index * block
        let count = min(block, activeRows - start)
        evaluator.evaluate(
          main: main, fixed: trace.fixed, auxiliary: nil, start: start,
          next: { [height] in ($0 + 1) & (height - 1) })
        var position = 0
        for (m, message) in messages.enumerated() {
          let constant = alpha + Goldilocks(message.bus.number)
          for row in 0..<block { inverses[m * block + row] = constant }
          for value in message.values.indices {
            let source = evaluator.output(position + 1 + value)
            let power = powers[value]
            for row in 0..<block { inverses[m * block + row] += power * source[row] }
          }
          position += 1 + message.values.count
        }
        invertAll(&inverses)
        var totals = [CubicExtension](repeating: .zero, count: block)
        position = 0
        var output = 0
        for (g, group) in system.groups.enumerated() {
          var fractions = [CubicExtension](repeating: .zero, count: block)
          for m in group {
            let multiplicity = evaluator.output(output)
            for row in 0..<block {
              fractions[row] += inverses[m * block + row] * multiplicity[row]
            }
            output += 1 + messages[m].values.count
          }
          for row in 0..<count {
            totals[row] += fractions[row]
            if g > 0 {
              auxiliary[start + row, 3 * g] = fractions[row].a
              auxiliary[start + row, 3 * g + 1] = fractions[row].b
              auxiliary[start + row, 3 * g + 2] = fractions[row].c
            }
          }
        }
        for row in 0..<count {
          rowSums[start + row, 0] = totals[row].a
          rowSums[start + row, 1] = totals[row].b
          rowSums[start + row, 2] = totals[row].c
        }
      }
    }
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
    for column in 0..<auxiliary.columns {
      var stream = randomness.stream("lookup \(trace.table.name)", column)
      // The accumulator's first blind row is its terminal.
      let first = column < 3 ? activeRows + 1 : activeRows
      stream.fill(auxiliary.column(column) + first, count: height - first)
    }
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
