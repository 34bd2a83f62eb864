import ZKVMFixedPoint

/// How the functions are cut into tables: what `Spec/Functions.md` says, as data.
///
/// The Function unit computes u = ±x − a·2^48 and u·2^κ = segment·2^52 + t, so a segment of a table
/// with the given κ is 2^(4 − κ) wide in u/2^48.
public struct TableDesign: Sendable {
  public let number: Int
  /// What the table approximates; `nil` for constants.
  public let kernel: Kernel?
  public let constant: Int64
  public let segments: Range<Int>
  /// log2 of a segment's width in the kernel's argument.
  public let logWidth: Int
  public let degree: Int
  /// The end of the segment that the offset counts from: 0 left, 1 right.
  public let end: Int
  /// Fractional bits of the coefficients.
  public let bits: Int

  init(
    _ number: Int, _ kernel: Kernel, _ segments: Range<Int>, logWidth: Int, end: Int = 1,
    degree: Int = 4, bits: Int = 58
  ) {
    self.number = number
    self.kernel = kernel
    constant = 0
    self.segments = segments
    self.logWidth = logWidth
    self.degree = degree
    self.end = end
    self.bits = bits
  }

  init(_ number: Int, constant: Int64, _ segments: Range<Int>) {
    self.number = number
    kernel = nil
    self.constant = constant
    self.segments = segments
    logWidth = 0
    degree = 0
    end = 0
    bits = 58
  }

  /// The kernel's expansion about the middle of a segment.
  public func taylor(_ segment: Int) -> Taylor? {
    kernel.map { kernel in
      let middle = Real(2 * segment + 1, bits: 1).scaled(logWidth)
      return Taylor(kernel, center: middle, logWidth: logWidth)
    }
  }

  /// The polynomial of a segment.
  ///
  /// Where the function is so flat that rounding alone could make the next segment start higher than
  /// this one ends (pdf near 0), its constant is lowered by the few units that it takes.
  public func polynomial(_ segment: Int) -> SegmentPolynomial {
    if number == FunctionTableNumber.pdfTiny { return TableDesign.joined[segment] }
    return fitted(segment)
  }

  private func fitted(_ segment: Int) -> SegmentPolynomial {
    guard let taylor = taylor(segment) else {
      return SegmentPolynomial(constant: constant, bits: bits)
    }
    return SegmentPolynomial(taylor, degree: degree, end: end, bits: bits)
  }

  private static let joined: [SegmentPolynomial] = {
    let design = FunctionDesign.tables.first { $0.number == FunctionTableNumber.pdfTiny }!
    var polynomials: [SegmentPolynomial] = []
    var lowest = Int64.max
    for segment in design.segments {
      var c = design.fitted(segment).coefficients
      // Results are multiples of 2^10 units, to nearest: this one's may not exceed the last one's.
      c[0] = min(c[0], lowest)
      polynomials.append(SegmentPolynomial(coefficients: c, end: 0, bits: design.bits))
      // The segment's last argument is 2^kappa below its end.
      let last = Int64(1) << 52 - Int64(1) << (4 - design.logWidth)
      let acc1 = c[1] + FunctionEvaluation.step(c[2], last, bits: 64).quotient
      let acc0 = c[0] + FunctionEvaluation.step(acc1, last, bits: 64).quotient
      lowest = ((acc0 + 512) >> 10) << 10 + 511
    }
    return polynomials
  }()
}

/// All tables and cases of the functions.
public enum FunctionDesign {
  private typealias Number = FunctionTableNumber

  /// In the order of the functions that need them; a function's tables stand together.
  public static let tables: [TableDesign] = {
    var tables = [
      TableDesign(Number.zero, constant: 0, 0..<1024),
      TableDesign(Number.one, constant: 1 << 58, 0..<1024),
      TableDesign(Number.exp, .exp, 0..<1024, logWidth: -10, end: 0, bits: 60),
      TableDesign(Number.ln, .ln, 512..<1024, logWidth: -9, bits: 57),
      // For one, two and three ulp, whose logarithms need a bit more before the point.
      TableDesign(Number.lnOne, .ln, 512..<513, logWidth: -9, bits: 56),
      TableDesign(Number.lnThree, .ln, 768..<769, logWidth: -9, bits: 56),
      TableDesign(Number.cdfNear, .cdf, 0..<1024, logWidth: -8),
      TableDesign(Number.cdfFar, .cdf, 512..<1024, logWidth: -7),
      TableDesign(Number.pdfTiny, .pdf, 0..<256, logWidth: -14, end: 0, degree: 2),
      TableDesign(Number.pdfNear, .pdf, 8..<1024, logWidth: -9),
      TableDesign(Number.pdfMiddle, .pdf, 512..<1280, logWidth: -8),
      TableDesign(Number.pdfFar, .pdf, 640..<1152, logWidth: -7),
      TableDesign(Number.erfcx, .erfcx, 0..<1024, logWidth: -9),
    ]
    for octave in 1...13 {
      let logCount = Number.erfcxLogCount(octave)
      tables.append(
        TableDesign(
          Number.erfcx + octave, .erfcx, (1 << logCount)..<(2 << logCount),
          logWidth: octave - logCount))
    }
    // p = ½ lies in no octave; this segment of 64 arguments agrees with the upper octave's.
    tables.append(
      TableDesign(Number.half, .icdf, (1 << 41)..<(1 << 41 + 1), logWidth: -42, end: 0))
    for octave in 0...46 {
      let split = Number.icdfSplit(octave)
      tables.append(
        TableDesign(Number.icdf + 2 * octave, .icdf, 512..<split, logWidth: octave - 57))
      tables.append(
        TableDesign(Number.icdf + 2 * octave + 1, .icdf, (split / 2)..<512, logWidth: octave - 56))
    }
    return tables
  }()

  /// Every case of every function's range reduction. h and G follow from them.
  public static let scales: [ScaleRow] = {
    var rows: [ScaleRow] = []
    let unit = BigInteger.one << 70
    func add(
      _ function: Function, _ table: Int, negated: Bool = false, end: Int = 1, a: Int = 0,
      kappa: Int, h: Int64 = 0, g: BigInteger? = nil
    ) {
      let factor = g ?? unit
      let limbs = (0..<6).map { limb in
        Int(((factor >> (16 * limb)) - ((factor >> (16 * limb + 16)) << 16)).int128!)
      }
      rows.append(
        ScaleRow(
          function: function.rawValue, table: table, isNegated: negated, end: end, a: a,
          kappa: kappa, h: h, g: limbs))
    }
    for a in -35...9 {
      add(.exp, Number.exp, end: 0, a: a, kappa: 14, g: Real.exp(Real(a)).rounded(bits: 68))
    }
    add(.exp, Number.zero, negated: true, end: 0, a: 35, kappa: 0)
    func addLogarithm(_ table: Int, kappa: Int, bits: Int) {
      let h = (Real.ln2 * (13 - kappa)).rounded(bits: bits).int128!
      add(.ln, table, kappa: kappa, h: Int64(h), g: BigInteger.one << (128 - bits))
    }
    for kappa in 0...59 { addLogarithm(Number.ln, kappa: kappa, bits: 57) }
    addLogarithm(Number.lnOne, kappa: 60, bits: 56)
    addLogarithm(Number.lnThree, kappa: 60, bits: 56)
    addLogarithm(Number.lnOne, kappa: 61, bits: 56)
    for negated in [false, true] {
      add(.cdf, Number.cdfNear, negated: negated, kappa: 12)
      add(.cdf, Number.cdfFar, negated: negated, kappa: 11)
      add(.cdf, Number.one, negated: negated, end: 0, a: 8, kappa: 0)
    }
    for negated in [false, true] {
      add(.pdf, Number.pdfTiny, negated: negated, end: 0, kappa: 18)
      add(.pdf, Number.pdfNear, negated: negated, kappa: 13)
      add(.pdf, Number.pdfMiddle, negated: negated, kappa: 12)
      add(.pdf, Number.pdfFar, negated: negated, kappa: 11)
      add(.pdf, Number.zero, negated: negated, end: 0, a: 9, kappa: 0)
    }
    add(.erfcx, Number.erfcx, kappa: 13)
    for octave in 1...13 {
      add(.erfcx, Number.erfcx + octave, kappa: Number.erfcxLogCount(octave) + 4 - octave)
    }
    add(.icdf, Number.half, end: 0, kappa: 46)
    for negated in [false, true] {
      // The upper Number.half by 1 − p.
      for octave in 0...46 {
        add(
          .icdf, Number.icdf + 2 * octave, negated: negated, a: negated ? -1 : 0, kappa: 61 - octave
        )
        add(
          .icdf, Number.icdf + 2 * octave + 1, negated: negated, a: negated ? -1 : 0,
          kappa: 60 - octave)
      }
    }
    return rows
  }()

  /// The C source of the tables, as the machine carries them.
  public static func render() -> String {
    var text = """
      // Generated by "zkvm-audit --write-tables"; do not edit.
      #include "CTables.h"

      static const struct zkvm_coefficient_row coefficient_rows[] = {

      """
    for table in tables {
      for segment in table.segments {
        let c = table.polynomial(segment).coefficients
        precondition(c[2...3].allSatisfy { $0.magnitude < 1 << 46 } && c[4].magnitude < 1 << 30)
        let list = c.map(String.init).joined(separator: ", ")
        text += "  {\(table.number), \(segment), {\(list)}},\n"
      }
    }
    text += "};\nstatic const struct zkvm_scale_row scale_rows[] = {\n"
    for row in scales {
      let g = row.g.map(String.init).joined(separator: ", ")
      text +=
        "  {\(row.function), \(row.table), \(row.isNegated ? 1 : 0), \(row.end), \(row.a), "
        + "\(row.kappa), \(row.h), {\(g)}},\n"
    }
    text += "};\n"
    for kind in ["coefficient", "scale"] {
      text += """
        size_t zkvm_\(kind)_row_count(void) { return sizeof \(kind)_rows / sizeof *\(kind)_rows; }
        const struct zkvm_\(kind)_row *zkvm_\(kind)_rows(void) { return \(kind)_rows; }

        """
    }
    return text
  }
}
