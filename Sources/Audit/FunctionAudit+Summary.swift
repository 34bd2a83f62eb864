import ZKVMFixedPoint

/// What the cells of a function say together.
extension FunctionAudit {
  func summarize(_ function: Function, _ outcomes: [Outcome]) -> FunctionReport {
    var failures: [String] = []
    var cells: [CellCertificate] = []
    for outcome in outcomes {
      switch outcome {
      case .empty: break
      case .failure(let text): failures.append(text)
      case .cell(let cell): cells.append(cell)
      }
    }
    cells.sort { $0.arguments.lowerBound < $1.arguments.lowerBound }
    failures += cells.flatMap { self.failures(function, $0) }
    failures += zip(cells, cells.dropFirst()).flatMap { seamFailures(function, $0, $1) }
    failures += domainFailures(function, cells)
    var (bound, boundAt, observed, observedAt) = (0.0, 0.0, 0.0, 0.0)
    var monotone: [String: Int] = [:]
    for cell in cells {
      let place = decimal(cell.arguments.lowerBound)
      let excess = cell.bound - cell.granted
      if excess > bound { (bound, boundAt) = (excess, place) }
      if cell.observed > observed { (observed, observedAt) = (cell.observed, place) }
      monotone[cell.monotonicity.rawValue, default: 0] += 1
    }
    return FunctionReport(
      function: "\(function)", cells: cells.count, bound: bound, boundAt: boundAt,
      allowed: FunctionAudit.allowed, observed: observed, observedAt: observedAt,
      monotone: monotone, seams: max(0, cells.count - 1), failures: Array(failures.prefix(100)),
      points: cells.map {
        FunctionReport.Point(
          argument: decimal($0.arguments.lowerBound), bound: $0.bound - $0.granted,
          observed: $0.observed)
      })
  }

  private func failures(_ function: Function, _ cell: CellCertificate) -> [String] {
    let place = "\(function) at \(decimal(cell.arguments.lowerBound))"
    let excess = cell.bound - cell.granted
    var failures: [String] = []
    if excess > FunctionAudit.allowed {
      failures.append("\(place): error up to \(excess) ulp, \(FunctionAudit.allowed) allowed")
    }
    if cell.observed > cell.bound + 1e-6 {
      failures.append(
        "\(place): an error of \(cell.observed) ulp, beyond its bound of \(cell.bound)")
    }
    if cell.monotonicity == .none { failures.append("\(place): not shown to be monotone") }
    if !isOrdered(function, cell.arguments.lowerBound, cell.results.first, cell.results.last) {
      failures.append("\(place): the ends are out of order")
    }
    return failures
  }

  /// What is wrong between a cell and the next one.
  private func seamFailures(
    _ function: Function, _ cell: CellCertificate, _ next: CellCertificate
  ) -> [String] {
    let half: Int64 = 1 << 47
    let (end, start) = (cell.arguments.upperBound, next.arguments.lowerBound)
    var failures: [String] = []
    if start != end + 1 && !(function == .icdf && end == half - 1 && start == half + 1) {
      failures.append(
        "\(function): a gap or overlap between \(decimal(end)) and \(decimal(start))")
    }
    if !isOrdered(function, end, cell.results.last, next.results.first) {
      failures.append("\(function) at \(decimal(start)): falls back at the seam")
    }
    return failures
  }

  /// Whether the cells reach the domain's ends, and what must be exact is.
  private func domainFailures(_ function: Function, _ cells: [CellCertificate]) -> [String] {
    let domain = FunctionAudit.domain(function)
    var failures: [String] = []
    if cells.first?.arguments.lowerBound != domain.lowerBound
      || cells.last?.arguments.upperBound != domain.upperBound
    {
      failures.append("\(function): the domain is not covered to its ends")
    }
    for (x, expected) in FunctionAudit.exactPoints(function)
    where (try? FunctionEvaluation(function, x).result) != expected {
      failures.append("\(function)(\(decimal(x))) is not exact")
    }
    return failures
  }

  /// Whether two results from left to right, the first at x, are in the function's order.
  private func isOrdered(_ function: Function, _ x: Int64, _ left: Int64, _ right: Int64) -> Bool {
    switch function {
    case .exp, .ln, .cdf, .icdf: left <= right
    case .erfcx: left >= right
    case .pdf: x < 0 ? left <= right : left >= right
    }
  }

  /// The arguments that have a value, in ulp.
  public static func domain(_ function: Function) -> ClosedRange<Int64> {
    switch function {
    case .exp: Word.minimum...largestExponent
    case .ln: 1...Word.maximum
    case .cdf, .pdf: Word.minimum...Word.maximum
    case .icdf: 1...(1 << 48 - 1)
    case .erfcx: 0...Word.maximum
    }
  }

  private static func exactPoints(_ function: Function) -> [(Int64, Int64)] {
    let one: Int64 = 1 << 48
    switch function {
    case .exp: return [(0, one)]
    case .ln: return [(one, 0)]
    case .cdf: return [(0, one / 2)]
    case .pdf: return []
    case .icdf: return [(one / 2, 0)]
    case .erfcx: return [(0, one)]
    }
  }
}
