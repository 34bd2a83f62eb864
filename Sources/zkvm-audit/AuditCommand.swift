import ArgumentParser
import Foundation
import ZKVMAudit
import ZKVMCommandLine
import ZKVMFiles
import ZKVMFixedPoint
import ZKVMReference

@main
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zkvm-audit",
    abstract: "Certify the functions over their whole domain, to the last bit.",
    discussion: """
      For every segment of every table a bound of the error, from interval bounds of the polynomial \
      against a full-precision reference and of every rounding step; a proof that the result is \
      monotone; and every seam and every segment's ends, tried. Also whether the tables are the ones \
      that the reference makes.

      Exit status: 0 certified or done, 1 not certified, 2 unusable input.
      """,
    version: packageVersion)

  @Argument(help: "The functions; all if none is named.")
  var functions: [String] = []

  @Flag(help: "Print one JSON object.") var json = false

  @Option(help: "Write a plot of each function to this folder.")
  var plots: String?

  @Option(help: "Write the tables that the reference makes to this C file, and stop.")
  var writeTables: String?

  @Option(help: "Measure the approximations of Φ in this folder instead.")
  var approximations: String?

  private struct Document: Encodable {
    let holds: Bool
    let differences: [String]
    let functions: [FunctionReport]
  }

  static func main() { runProgram() }

  func run() throws {
    if let writeTables {
      let target = try OutputFile(writeTables, "the tables")
      try target.write(Array(FunctionDesign.render().utf8))
      return
    }
    if let approximations {
      let rows = try Approximations.measure(folder: approximations)
      if json { try printJSON(rows) } else { Approximations.show(rows) }
      return
    }
    let chosen = try functions.map { name in
      guard let function = Function.allCases.first(where: { "\($0)" == name }) else {
        let known = Function.allCases.map { "\($0)" }.joined(separator: ", ")
        throw Failure.unusable("there is no function \(name); there are \(known)")
      }
      return function
    }
    let all = chosen.isEmpty ? Function.allCases : chosen
    if let plots { try makeFolder(plots) }
    let pictures = try plots.map { folder in
      try all.map { try OutputFile("\(folder)/\($0).svg", "the plot") }
    }
    let audit = FunctionAudit()
    if !json { printError("Comparing the tables with the reference's") }
    let differences = audit.differences()
    var reports: [FunctionReport] = []
    for (index, function) in all.enumerated() {
      if !json { printError("Certifying \(function)") }
      let report = audit.report(function)
      try pictures?[index].write(Array(Plot.svg(report).utf8))
      reports.append(report)
    }
    let holds = differences.isEmpty && reports.allSatisfy(\.holds)
    if json {
      try printJSON(Document(holds: holds, differences: differences, functions: reports))
    } else {
      show(differences, reports, holds)
    }
    if !holds { throw ExitCode(1) }
  }

  private func show(_ differences: [String], _ reports: [FunctionReport], _ holds: Bool) {
    print(
      "function    cells   error ≤   allowed  at              seen      monotone in all cells by")
    for report in reports {
      let ways = report.monotone.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      print(
        report.function.padding(toLength: 8, withPad: " ", startingAt: 0)
          + column("\(report.cells)", 9)
          + String(format: "%10.5f%10.2f", report.bound, report.allowed)
          + "  " + String(format: "%-14.8g", report.boundAt)
          + String(format: "%9.5f  ", report.observed) + ways.joined(separator: ", "))
    }
    print("Errors in ulp of q48, 2^-48; exp above 1 is granted 2^-58 of its result on top.")
    for failure in differences.prefix(20) + reports.flatMap(\.failures) {
      print("FAILED  \(failure)")
    }
    print(
      holds
        ? "certified: every function within its bound, monotone, and every seam in order"
        : "NOT certified")
  }
}
