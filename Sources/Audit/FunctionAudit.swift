import Dispatch
import Foundation
import ZKVMFixedPoint
import ZKVMReference

/// The tables that an audit judges; tests pass damaged ones.
public struct AuditedTables: Sendable {
  public var coefficients: [CoefficientRow]
  public var scales: [ScaleRow]

  public static let shipped = AuditedTables(
    coefficients: FunctionTables.coefficients, scales: FunctionTables.scales)

  public init(coefficients: [CoefficientRow], scales: [ScaleRow]) {
    self.coefficients = coefficients
    self.scales = scales
  }
}

/// A certificate of one function over its whole domain.
public struct FunctionReport: Sendable, Codable {
  public struct Point: Sendable {
    /// The cell's first argument as a decimal.
    public let argument: Double
    /// Bound and observed error in ulp.
    public let bound: Double
    public let observed: Double
  }

  public let function: String
  public let cells: Int
  /// The largest bound less what is granted in proportion to the result, in ulp, and its cell.
  public let bound: Double
  public let boundAt: Double
  public let allowed: Double
  /// The largest error that was seen at a cell's end, less what is granted.
  public let observed: Double
  public let observedAt: Double
  /// Cells by the argument that proves them monotone.
  public let monotone: [String: Int]
  public let seams: Int
  /// Everything that is wrong, the first hundred.
  public let failures: [String]
  /// By cell, for plots; not part of the JSON.
  public var points: [Point] = []

  private enum CodingKeys: String, CodingKey {
    case function, cells, bound, boundAt, allowed, observed, observedAt, monotone, seams, failures
  }

  public var holds: Bool { failures.isEmpty }
}

/// Certifies functions cell by cell (`Spec/Functions.md`, "The certificate").
public struct FunctionAudit: Sendable {
  /// Ends of every so many cells are compared with the reference.
  public let stride: Int
  private let tables: AuditedTables
  private let designs: [Int: TableDesign]

  /// ulp of q48.
  public static let allowed = 0.51

  public init(_ tables: AuditedTables = .shipped, stride: Int = 1) {
    self.tables = tables
    self.stride = stride
    designs = Dictionary(uniqueKeysWithValues: FunctionDesign.tables.map { ($0.number, $0) })
  }

  /// Whether the tables are the ones that the reference makes, row by row.
  public func differences() -> [String] {
    var found: [String] = []
    if tables.scales.count != FunctionDesign.scales.count {
      found.append("\(tables.scales.count) cases, expected \(FunctionDesign.scales.count)")
    }
    for (index, (row, expected)) in zip(tables.scales, FunctionDesign.scales).enumerated()
    where row != expected {
      found.append("case \(index) is \(row), the reference makes \(expected)")
    }
    let rows = FunctionDesign.tables.flatMap { design in design.segments.map { (design, $0) } }
    if rows.count != tables.coefficients.count {
      found.append("\(tables.coefficients.count) polynomials, expected \(rows.count)")
    }
    let count = min(rows.count, tables.coefficients.count)
    let wrong = concurrently(count) { index -> String? in
      let row = tables.coefficients[index]
      let (design, segment) = rows[index]
      let made = design.polynomial(segment).coefficients
      let same =
        row.table == design.number && row.segment == segment
        && [row.c0, row.c1, row.c2, row.c3, row.c4] == made
      return same
        ? nil
        : "polynomial \(row.segment) of table \(row.table) is \(row), the reference makes \(made)"
    }
    return found + wrong.compactMap { $0 }
  }

  /// The certificate of a function.
  public func report(_ function: Function) -> FunctionReport {
    let analyses = analyze(function)
    var plans: [(scale: Int, row: Int)] = []
    for (index, scale) in tables.scales.enumerated() where scale.function == function.rawValue {
      for (number, row) in tables.coefficients.enumerated() where row.table == scale.table {
        plans.append((index, number))
      }
    }
    let work = plans
    let outcomes = concurrently(work.count) { index in
      cell(
        function, scaleIndex: work[index].scale, rowIndex: work[index].row,
        analyses[work[index].row], isJudged: index % stride == 0)
    }
    return summarize(function, outcomes)
  }

  private func analyze(_ function: Function) -> [SegmentAnalysis?] {
    let used = Set(
      tables.scales.filter { $0.function == function.rawValue }.map(\.table))
    return concurrently(tables.coefficients.count) { index in
      let row = tables.coefficients[index]
      guard used.contains(row.table), let design = designs[row.table] else { return nil }
      return SegmentAnalysis(row, design)
    }
  }

  // MARK: One cell

  enum Outcome: Sendable {
    /// No argument lies in the cell.
    case empty
    case cell(CellCertificate)
    case failure(String)
  }

  private func cell(
    _ function: Function, scaleIndex: Int, rowIndex: Int, _ analysis: SegmentAnalysis?,
    isJudged: Bool
  ) -> Outcome {
    let scale = tables.scales[scaleIndex]
    let row = tables.coefficients[rowIndex]
    guard let analysis, let design = designs[row.table],
      let arguments = arguments(scale, row, function)
    else { return .empty }
    func evaluate(_ x: Int64) -> Int64? {
      guard let evaluation = try? FunctionEvaluation(function, x),
        evaluation.scaleIndex == scaleIndex, evaluation.coefficientIndex == rowIndex
      else { return nil }
      return evaluation.result
    }
    let name = "\(function) on \(decimal(arguments.lowerBound)) … \(decimal(arguments.upperBound))"
    let overlap = overlap(function, arguments, scaleIndex: scaleIndex)
    if let overlap { return overlap ? .empty : .failure("\(name): two cases disagree") }
    guard let first = evaluate(arguments.lowerBound), let last = evaluate(arguments.upperBound)
    else { return .failure("\(name): the evaluation takes another case") }

    var (bound, granted) = analyticBound(function, scale, row, design, analysis)
    let step = Double(sign: .plus, exponent: scale.kappa - 52, significand: 1)
    var monotonicity = CellCertificate.Monotonicity.none
    if analysis.isStructural {
      monotonicity = .structural
    } else if analysis.slope * step > 2 * analysis.rounding {
      monotonicity = .slope
    }
    var observed = 0.0
    if arguments.upperBound - arguments.lowerBound < 64 {
      // All arguments are tried; the bound is what was seen.
      let results = arguments.compactMap(evaluate)
      guard results.count == arguments.count else {
        return .failure("\(name): the evaluation takes another case")
      }
      observed = zip(arguments, results).map { error(function, $0, $1) }.max()!
      bound = observed
      granted = 0
      let isUp = zip(results, results.dropFirst()).allSatisfy { $0 <= $1 }
      let isDown = zip(results, results.dropFirst()).allSatisfy { $0 >= $1 }
      monotonicity = isUp || isDown ? .exhaustive : .none
    } else if isJudged {
      observed = max(
        error(function, arguments.lowerBound, first), error(function, arguments.upperBound, last))
    }
    return .cell(
      CellCertificate(
        arguments: arguments, results: (first, last), bound: bound, granted: granted,
        monotonicity: monotonicity, observed: observed))
  }

  /// The words that a case and a segment cover; `nil` if there are none.
  private func arguments(
    _ scale: ScaleRow, _ row: CoefficientRow, _ function: Function
  ) -> ClosedRange<Int64>? {
    func ceiling(_ segment: Int) -> Int128 {
      let start = Int128(segment) << 52
      return (start + (Int128(1) << scale.kappa) - 1) >> Int128(scale.kappa)
    }
    let shift = Int128(scale.a) << 48
    var low = ceiling(row.segment) + shift
    var high = ceiling(row.segment + 1) - 1 + shift
    if scale.isNegated { (low, high) = (-high, -low) }
    low = max(low, Int128(Word.minimum))
    high = min(high, Int128(Word.maximum))
    if function == .exp { high = min(high, Int128(FunctionAudit.largestExponent)) }
    // 0, and the point where exp saturates, belong to two cases that agree: counted once.
    if scale.isNegated, function == .cdf || function == .pdf, high == 0 { high = -1 }
    if scale.isNegated, function == .exp, high == -35 << 48 { high -= 1 }
    return low <= high ? Int64(low)...Int64(high) : nil
  }

  /// For the segment at p = ½, whose other arguments the upper octave covers: whether both agree.
  /// `nil` for all other cells.
  private func overlap(
    _ function: Function, _ arguments: ClosedRange<Int64>, scaleIndex: Int
  ) -> Bool? {
    guard function == .icdf, arguments.lowerBound == 1 << 47,
      arguments.upperBound - arguments.lowerBound < 64
    else { return nil }
    return arguments.allSatisfy { x in
      guard let one = try? FunctionEvaluation(function, x),
        let other = try? FunctionEvaluation(function, x, scaleIndex: scaleIndex)
      else { return false }
      return one.result == other.result && error(function, x, one.result) <= FunctionAudit.allowed
    }
  }

  /// ½ for the last rounding, and what comes before it.
  private func analyticBound(
    _ function: Function, _ scale: ScaleRow, _ row: CoefficientRow, _ design: TableDesign,
    _ analysis: SegmentAnalysis
  ) -> (bound: Double, granted: Double) {
    let factor = scale.g.reversed().reduce(0.0) { $0 * 65536 + Double($1) } * 0x1p-80
    guard design.kernel != nil else {
      // Beyond the point of saturation the function is nearer to its limit than there.
      let edge = Real(scale.isNegated ? -scale.a : scale.a)
      let limit = Real(BigInteger(Int(row.c0)), bits: 58)
      let value =
        function == .exp
        ? Real.exp(edge)
        : function == .cdf
          ? Real.cdf(-edge.magnitude)
          : Real.pdf(edge)
      let distance = function == .cdf ? value : (value - limit).magnitude
      return (distance.double * 0x1p48, 0)
    }
    var bound = 0.5 + (analysis.distance + analysis.rounding) * factor
    if scale.h != 0 { bound += 0.5 * factor }
    guard function == .exp else { return (bound, 0) }
    // G is rounded to half a unit.
    bound += analysis.largest * 0.5 * 0x1p-80
    // Above 1 the promise adds 2^-58 of the result.
    let smallest = (Double(row.c0) - analysis.rounding) * factor
    return (bound, scale.a >= 0 ? smallest * 0x1p-58 : 0)
  }

  /// |result − true value| in ulp, less what the promise grants.
  private func error(_ function: Function, _ x: Int64, _ result: Int64) -> Double {
    let argument = Real(Int(x), bits: 48)
    let value: Real =
      switch function {
      case .exp: Real.exp(argument)
      case .ln: Real.ln(argument)
      case .cdf: argument.magnitude < Real(16) ? Real.cdf(argument) : x < 0 ? .zero : .one
      case .pdf: argument.magnitude < Real(16) ? Real.pdf(argument) : .zero
      case .icdf: Real.icdf(argument)
      case .erfcx: Real.erfcx(argument)
      }
    let error = (value - Real(Int(result), bits: 48)).magnitude.double * 0x1p48
    return function == .exp && x >= 0 ? error - value.double * 0x1p-10 : error
  }

  /// The largest x with e^x below the largest word: found by bisection of the evaluation.
  static let largestExponent: Int64 = {
    var (good, bad): (Int64, Int64) = (0, 10 << 48)
    while bad - good > 1 {
      let middle = (good + bad) / 2
      if (try? FunctionEvaluation(.exp, middle)) == nil { bad = middle } else { good = middle }
    }
    return good
  }()

  func decimal(_ x: Int64) -> Double { Double(x) * 0x1p-48 }
}

/// Maps indices on all cores.
private func concurrently<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
  let block = 64
  let lock = NSLock()
  nonisolated(unsafe) var parts: [Int: [T]] = [:]
  DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { index in
    let part = (index * block..<min(count, (index + 1) * block)).map(body)
    lock.withLock { parts[index] = part }
  }
  return (0..<((count + block - 1) / block)).flatMap { parts[$0]! }
}
