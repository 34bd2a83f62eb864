import Foundation
import TestSupport
import Testing
import ZKVMAudit
import ZKVMFixedPoint
import ZKVMReference

@Suite struct AuditTests {
  /// The certificate of every function, with every sixteenth cell's ends compared with the reference;
  /// `zkvm-audit` compares all.
  @Test(arguments: Function.allCases)
  func functionIsCertified(function: Function) {
    let report = FunctionAudit(stride: 16).report(function)
    #expect(report.failures == [])
    #expect(report.bound > 0.49 && report.bound <= 0.51)
    #expect(report.monotone["none"] == nil)
    #expect(report.observed <= report.bound)
  }

  @Test func tablesAreTheReferences() {
    #expect(FunctionAudit().differences() == [])
  }

  /// Coefficients moved by one unit, each of them found.
  @Test(arguments: [-1, 1] as [Int64]) func movedCoefficientIsFound(delta: Int64) {
    var generator = SeededGenerator(seed: UInt64(bitPattern: delta))
    var tables = AuditedTables.shipped
    var moved: Set<Int> = []
    for k in 0..<5 {
      let index = Int.random(in: 0..<tables.coefficients.count, using: &generator)
      moved.insert(index)
      let row = tables.coefficients[index]
      var c = [row.c0, row.c1, row.c2, row.c3, row.c4]
      c[k] += delta
      tables.coefficients[index] = CoefficientRow(
        table: row.table, segment: row.segment, c0: c[0], c1: c[1], c2: c[2], c3: c[3], c4: c[4])
    }
    #expect(FunctionAudit(tables).differences().count == moved.count)
  }

  /// A boundary moved by one: a segment less, or one case that begins beside its place.
  @Test func movedBoundaryIsFound() {
    var fewer = AuditedTables.shipped
    fewer.coefficients.remove(at: 3000)
    #expect(!FunctionAudit(fewer).differences().isEmpty)
    var moved = AuditedTables.shipped
    let index = moved.scales.firstIndex { $0.function == Function.cdf.rawValue && $0.a == 8 }!
    let row = moved.scales[index]
    moved.scales[index] = ScaleRow(
      function: row.function, table: row.table, isNegated: row.isNegated, end: row.end, a: 9,
      kappa: row.kappa, h: row.h, g: row.g)
    #expect(FunctionAudit(moved).differences().count == 1)
    #expect(!FunctionAudit(moved, stride: 64).report(.cdf).holds)
  }

  /// Without ten guard bits the bound itself is broken, whatever the tables are compared with.
  @Test func droppedGuardBitsAreFound() {
    var coarse = AuditedTables.shipped
    for (index, row) in coarse.coefficients.enumerated() where row.table == 3 || row.table == 4 {
      func cut(_ x: Int64) -> Int64 { (x >> 10) << 10 }
      coarse.coefficients[index] = CoefficientRow(
        table: row.table, segment: row.segment, c0: cut(row.c0), c1: cut(row.c1), c2: cut(row.c2),
        c3: cut(row.c3), c4: cut(row.c4))
    }
    let report = FunctionAudit(coarse, stride: 64).report(.cdf)
    #expect(!report.holds && report.bound > 0.51)
  }

  @Test func plotsAreDrawn() {
    let svg = Plot.svg(FunctionAudit(stride: 64).report(.cdf))
    #expect(svg.contains("polyline") && svg.contains("relative"))
  }

  /// The reference against mpmath, at fifty digits behind the point.
  @Test func referenceAgreesWithFiftyDigits() throws {
    for row in try vectors("reference.csv") {
      let kernel = try #require(Kernel(rawValue: String(row[0])))
      let x = Real(try #require(BigInteger(String(row[1]))), bits: 48)
      let value = kernel.value(x)
      let expected = String(row[2])
      let digits = expected.split(separator: ".")[1].count
      #expect(digits >= 50)
      // The last digit is rounded by both.
      let scale = (0..<digits).reduce(BigInteger.one) { total, _ in total * 10 }
      let units = (value.units * scale).rounded(bits: Real.bits)
      let theirs = try #require(BigInteger(expected.replacing(".", with: "")))
      #expect((units - theirs).magnitude <= BigInteger.one, "\(row[0])(\(row[1]))")
    }
  }
}
