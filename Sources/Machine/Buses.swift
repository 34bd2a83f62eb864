import ZKVMAIR

/// The buses of the machine. Numbers are frozen: they are part of every fingerprint.
public enum Buses {
  /// Control flow. Sent by the verifier (start) and every instruction's row, received by every
  /// row and the verifier (halt). Along the flow (fp, pc) grows, so the path is unique.
  public static let token = Bus(number: 1, name: "token", fields: ["pc", "fp"])

  /// Instruction fetch. Sent by the Program table, received by every active row of a unit.
  public static let program = Bus(
    number: 2, name: "program",
    fields: [
      "pc", "opcode", "m0", "offset0", "m1", "offset1", "m2", "offset2", "m3", "offset3", "m4",
      "offset4",
      "m5", "offset5", "extra",
    ])

  /// The value store: a word's limbs or a digest's elements. Sent by a cell's only publisher as often
  /// as it is read. Which of the two a cell holds is a rule of the loader.
  public static let value = Bus(
    number: 3, name: "value", fields: ["address", "l0", "l1", "l2", "l3"])

  /// 0 ..< 2^16. Sent by the Limbs table.
  public static let range = Bus(number: 4, name: "range16", fields: ["limb"])

  /// −16383 … 16383. Sent by the Limbs table.
  public static let top = Bus(number: 5, name: "top", fields: ["limb"])

  /// Piecewise polynomials. Sent by the Coefficients table, received by the Function unit.
  public static let coefficients = Bus(
    number: 6, name: "coefficients",
    fields: ["table", "segment", "c0", "c1", "c2", "c3", "c4low", "c4high"])

  /// Range reductions. Sent by the Scales table, received by the Function unit.
  public static let scales = Bus(
    number: 7, name: "scales",
    fields: [
      "function", "table", "negated", "end", "a", "p0", "p1", "p2", "p3", "h",
      "g0", "g1", "g2", "g3", "g4", "g5",
    ])

  /// Revealed words. Sent by the Port unit, received by the verifier, each index once.
  public static let output = Bus(
    number: 8, name: "output", fields: ["index", "l0", "l1", "l2", "l3"])

  /// Random access memory: what a cell holds since a time. Sent by the Ram table (zero at time 0) and
  /// by every load and store; received by the next access and, at the end, by the Ram table.
  public static let memory = Bus(
    number: 9, name: "memory", fields: ["cell", "time", "l0", "l1", "l2", "l3"])

  public static let all = [
    token, program, value, range, top, coefficients, scales, output, memory,
  ]
}
