import Foundation
import ZKVMAudit
import ZKVMCommandLine
import ZKVMFixedPoint
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMReference
import ZKVMWitness

/// Measures programs that approximate Φ: cells a call, errors, and what they do to a price.
struct Approximations {
  struct Row: Encodable {
    let name: String
    let cells: Int
    /// Largest |y − Φ(x)| for |x| ≤ 3 and for 3 < |x| ≤ 8.
    let body: Double
    let tails: Double
    /// Largest |y/Φ(x) − 1| for −6 ≤ x < −3.
    let relative: Double
    /// The call below, priced with the approximation in doubles.
    let price: Double
  }

  /// Spot 100, strike 180, a quarter of a year, rate 2 %, volatility 30 %.
  static let option = "call, S 100, K 180, T 0.25, r 2 %, σ 30 %"

  static func price(_ cdf: (Double) throws -> Double) rethrows -> Double {
    let (spot, strike, years, rate, vol) = (100.0, 180.0, 0.25, 0.02, 0.3)
    let deviation = vol * years.squareRoot()
    let d1 = (log(spot / strike) + (rate + vol * vol / 2) * years) / deviation
    return try spot * cdf(d1) - strike * exp(-rate * years) * cdf(d1 - deviation)
  }

  static func exact(_ x: Double) -> Double { Real.cdf(Real(Int(x * 0x1p48), bits: 48)).double }

  /// The programs of a folder, cheapest first, and a lookup of the nearest of 1/256 for comparison.
  static func measure(folder: String) throws -> [Row] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.hasSuffix(".zkasm")
      }
    } catch {
      throw Failure.unusable("cannot read the folder \(folder)")
    }
    guard !names.isEmpty else { throw Failure.unusable("there is no .zkasm file in \(folder)") }
    var rows = try names.map { try measure("\(folder)/\($0)", name: String($0.dropLast(6))) }
    rows.append(try lookup())
    return rows.sorted { ($0.body, $0.cells) > ($1.body, $1.cells) }
  }

  private static func measure(_ path: String, name: String) throws -> Row {
    let program = try loadProgram(path)
    let interface = program.interface
    guard interface.publicInputs.isEmpty, interface.streams.isEmpty,
      interface.secretInputs.map(\.format) == [.q48], interface.outputs.map(\.format) == [.q48]
    else {
      throw Failure.unusable("\(path): expected one secret and one output, both q48, and no other")
    }
    func execute(_ x: Double) throws -> Execution {
      do {
        return try Interpreter.run(
          program,
          ProgramInputs(publicInputs: [], secretInputs: [Int64(x * 0x1p48)], streams: []))
      } catch {
        throw Failure.refused("\(path) at \(x): \(error)")
      }
    }
    let execution = try execute(0.5)
    let parameters = ProofParameters(profile: .standard, isHiding: true)
    var columns: [UnitKind: Int] = [:]
    for table in ProofEstimate(execution, parameters: parameters).tables {
      if let unit = table.kind.unit { columns[unit] = table.columns }
    }
    // Input, output and halt are not part of a call.
    let cells = execution.steps.reduce(0) { total, step in
      let opcode = program.instructions[Int(step.pc)].opcode
      return [.secret, .reveal, .halt].contains(opcode) ? total : total + columns[opcode.unit]!
    }
    return try errors(name, cells: cells) { Double(try execute($0).outputs[0]) * 0x1p-48 }
  }

  /// A Function row without Horner's steps, which gives the value at the segment's middle.
  private static func lookup() throws -> Row {
    let parameters = ProofParameters(profile: .standard, isHiding: true)
    let table = MachineTables.all(blindRows: parameters.blindRows).first { $0.name == "Function" }!
    let columns = table.columns.filter { !$0.name.hasPrefix("acc") }.count
    let messages = table.messages.filter { !$0.label.contains("acc") }.count
    let cells = columns + 3 * ((messages + parameters.packing - 1) / parameters.packing)
    return errors("lookup, 1/256", cells: cells) {
      exact(($0 * 256).rounded(.down) / 256 + 1 / 512)
    }
  }

  private static func errors(
    _ name: String, cells: Int, _ evaluate: (Double) throws -> Double
  ) rethrows -> Row {
    var (body, tails, relative) = (0.0, 0.0, 0.0)
    for index in -4096...4096 {
      let x = Double(index) / 512 + 0x1p-12
      let (value, expected) = (try evaluate(x), exact(x))
      let error = (value - expected).magnitude
      if x.magnitude <= 3 { body = max(body, error) } else { tails = max(tails, error) }
      if x < -3, x >= -6 { relative = max(relative, error / expected) }
    }
    return Row(
      name: name, cells: cells, body: body, tails: tails, relative: relative,
      price: try price(evaluate))
  }

  static func show(_ rows: [Row]) {
    let fair = price(exact)
    print(
      "approximation       cells  error, |x| ≤ 3   3 < |x| ≤ 8  relative, tail       price  off by")
    for row in rows {
      print(
        row.name.padding(toLength: 17, withPad: " ", startingAt: 0) + column("\(row.cells)", 8)
          + String(
            format: "%16.1e%14.1e%16.1e%12.6f%7.0f %%", row.body, row.tails, row.relative,
            row.price, 100 * (row.price / fair - 1)))
    }
    print(String(format: "%@: %.6f. Cells of a standard proof, before padding.", option, fair))
  }
}
