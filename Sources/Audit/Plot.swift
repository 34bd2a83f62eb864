import Foundation
import ZKVMFixedPoint

/// Pictures of a certificate: the bound and the errors that were seen over the domain, and in the
/// tails the bound relative to the result, on a logarithmic scale.
public enum Plot {
  private static let width = 900.0
  private static let height = 300.0
  private static let margin = 60.0

  /// One curve: points by the horizontal axis.
  private struct Curve {
    let name: String
    let color: String
    let points: [(x: Double, y: Double)]
  }

  public static func svg(_ report: FunctionReport) -> String {
    let function = Function.allCases.first { "\($0)" == report.function }!
    let horizontal = axis(function)
    func curve(_ name: String, _ color: String, _ y: (FunctionReport.Point) -> Double?) -> Curve {
      Curve(
        name: name, color: color,
        points: report.points.compactMap { point in
          guard let x = horizontal.place(point.argument), let y = y(point) else { return nil }
          return (x, y)
        })
    }
    var panels = [
      panel(
        title: "\(report.function): error in ulp of q48, allowed \(report.allowed)",
        horizontal: horizontal.name, top: 0,
        curves: [
          curve("certified bound", "#1f77b4") { $0.bound },
          curve("seen at the cells' ends", "#ff7f0e") { $0.observed > 0 ? $0.observed : nil },
        ], range: 0...0.55)
    ]
    let relative = report.points.compactMap { point -> (Double, Double)? in
      guard let x = horizontal.place(point.argument), let value = value(function, point.argument),
        value > 0
      else { return nil }
      return (x, log10(point.bound * 0x1p-48 / value))
    }
    if !relative.isEmpty {
      panels.append(
        panel(
          title: "\(report.function): log10 of the bound relative to the value",
          horizontal: horizontal.name, top: height,
          curves: [Curve(name: "relative bound", color: "#2ca02c", points: relative)],
          range: -16...1))
    }
    let total = height * Double(panels.count)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(Int(total))" font-family="sans-serif" font-size="12">
      <rect width="100%" height="100%" fill="white"/>
      \(panels.joined(separator: "\n"))
      </svg>

      """
  }

  /// Where an argument stands on the horizontal axis.
  private static func axis(_ function: Function) -> (name: String, place: (Double) -> Double?) {
    switch function {
    case .exp: ("x", { (-37...10).contains($0) ? $0 : nil })
    case .cdf: ("x", { (-8.2...8.2).contains($0) ? $0 : nil })
    case .pdf: ("x", { (-9.2...9.2).contains($0) ? $0 : nil })
    case .ln, .erfcx: ("log2 x", { $0 > 0 ? log2($0) : nil })
    case .icdf: ("log2 p", { $0 > 0 && $0 < 0.5 ? log2($0) : nil })
    }
  }

  /// The value where it has a tail that is worth a picture.
  private static func value(_ function: Function, _ x: Double) -> Double? {
    switch function {
    case .exp: Foundation.exp(x)
    case .cdf: x < 0 ? 0.5 * erfc(-x / 2.0.squareRoot()) : nil
    case .pdf: Foundation.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    case .erfcx: x < 20 ? Foundation.exp(x * x) * erfc(x) : 1 / (x * Double.pi.squareRoot())
    case .ln, .icdf: nil
    }
  }

  private static func panel(
    title: String, horizontal: String, top: Double, curves: [Curve], range: ClosedRange<Double>
  ) -> String {
    let all = curves.flatMap(\.points)
    guard let low = all.map(\.x).min(), let high = all.map(\.x).max(), high > low else { return "" }
    let (left, right) = (margin, width - 20)
    let (bottom, ceiling) = (top + height - 40, top + 30)
    func px(_ x: Double) -> Double { left + (x - low) / (high - low) * (right - left) }
    func py(_ y: Double) -> Double {
      let clamped = min(max(y, range.lowerBound), range.upperBound)
      let share = (clamped - range.lowerBound) / (range.upperBound - range.lowerBound)
      return bottom - share * (bottom - ceiling)
    }
    func text(_ x: Double, _ y: Double, _ anchor: String, _ content: String) -> String {
      "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\">\(content)</text>"
    }
    var parts = [text(left, top + 18, "start", title)]
    for tick in 0...5 {
      let y = range.lowerBound + (range.upperBound - range.lowerBound) * Double(tick) / 5
      let x = low + (high - low) * Double(tick) / 5
      parts.append(
        "<line x1=\"\(short(left))\" x2=\"\(short(right))\" y1=\"\(short(py(y)))\" y2=\"\(short(py(y)))\" stroke=\"#ddd\"/>"
      )
      parts.append(text(left - 6, py(y) + 4, "end", short(y)))
      parts.append(text(px(x), bottom + 16, "middle", short(x)))
    }
    parts.append(text((left + right) / 2, bottom + 32, "middle", horizontal))
    for (index, curve) in curves.enumerated() {
      // The largest value of each pixel's cells.
      var columns: [Int: Double] = [:]
      for point in curve.points {
        let column = Int(px(point.x))
        columns[column] = max(columns[column] ?? -.infinity, point.y)
      }
      let path = columns.sorted { $0.key < $1.key }.map { "\($0.key),\(short(py($0.value)))" }
      parts.append(
        "<polyline fill=\"none\" stroke=\"\(curve.color)\" points=\"\(path.joined(separator: " "))\"/>"
      )
      parts.append(
        "<text x=\"\(short(right - 160))\" y=\"\(short(bottom - 10 - 16 * Double(index)))\" fill=\"\(curve.color)\">\(curve.name)</text>"
      )
    }
    return parts.joined(separator: "\n")
  }

  private static func short(_ x: Double) -> String {
    let rounded = (x * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
