import Foundation
import ZKVMFixedPoint
import ZKVMMachine
import ZKVMProtocol
import ZKVMVerifier

/// The outcome of a verification as people and programs read it.
public struct VerificationReport: Sendable {
  public let verdict: Verdict?
  public let error: VerificationError?
  public let program: Program

  /// Verifies proof bytes. `publicInputs` are "name=value" texts that the proof must agree with.
  public static func verify(
    _ proof: [UInt8], program: Program, minimumSecurity: Int, publicInputs: [String]
  ) throws -> VerificationReport {
    let expected = try words(publicInputs, program.interface)
    let verifier = Verifier(program: program, minimumSecurity: minimumSecurity)
    do throws(VerificationError) {
      let verdict = try verifier.verify(proof, publicInputs: .some(expected))
      return VerificationReport(verdict: verdict, error: nil, program: program)
    } catch {
      return VerificationReport(verdict: nil, error: error, program: program)
    }
  }

  /// An unusable "name=value".
  public struct ArgumentError: Error, CustomStringConvertible {
    public let description: String
  }

  private static func words(
    _ texts: [String], _ interface: Interface
  ) throws(ArgumentError) -> [(field: Int, words: [Int64])] {
    var result: [(field: Int, words: [Int64])] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2,
        let index = interface.publicInputs.firstIndex(where: { $0.name == parts[0] })
      else {
        let names = interface.publicInputs.map(\.name).joined(separator: ", ")
        throw ArgumentError(
          description: "--public \(text): expected name=value with a public input of the program"
            + (names.isEmpty ? "; it has none" : ": \(names)"))
      }
      do throws(DecimalError) {
        result.append((index, try interface.publicInputs[index].format.words(parts[1])))
      } catch {
        throw ArgumentError(description: "--public \(text): \(error)")
      }
    }
    return result
  }

  public var isAccepted: Bool { verdict != nil }

  /// 0 accepted, 1 refused.
  public var exitStatus: Int32 { isAccepted ? 0 : 1 }

  private func named(_ fields: [NamedFormat], _ words: [Int64]) -> [(String, String)] {
    fields.split(words).map { ($0.field.name, $0.text) }
  }

  /// Lines for a terminal.
  public var text: String {
    guard let verdict else { return "refused: \(error.map { "\($0)" } ?? "")" }
    var lines = ["accepted"]
    lines.append("  program         \(program.interface.name) \(verdict.programDigest)")
    for (name, value) in named(program.interface.publicInputs, verdict.publicInputs) {
      lines.append("  public input    \(name) = \(value)")
    }
    for (name, value) in named(program.interface.outputs, verdict.outputs) {
      lines.append("  output          \(name) = \(value)")
    }
    lines.append("  security        \(verdict.securityBits) bits, proven")
    lines.append(
      "  zero-knowledge  "
        + (verdict.isZeroKnowledge ? "yes" : "NO: made with --no-hiding, the proof may leak inputs")
    )
    return lines.joined(separator: "\n")
  }

  private struct Document: Encodable {
    let verdict: String
    let reason: String?
    let programDigest: String
    let `public`: [String: String]
    let outputs: [String: String]
    let securityBits: Int
    let zeroKnowledge: Bool

    enum CodingKeys: CodingKey {
      case verdict, reason, programDigest, `public`, outputs, securityBits, zeroKnowledge
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(verdict, forKey: .verdict)
      // Always present, null when there is nothing to say.
      try container.encode(reason, forKey: .reason)
      try container.encode(programDigest, forKey: .programDigest)
      try container.encode(`public`, forKey: .public)
      try container.encode(outputs, forKey: .outputs)
      try container.encode(securityBits, forKey: .securityBits)
      try container.encode(zeroKnowledge, forKey: .zeroKnowledge)
    }
  }

  /// One JSON object; `reason` is null for an accepted proof.
  public var json: String {
    let interface = program.interface
    let document = Document(
      verdict: isAccepted ? "accepted" : "refused", reason: error.map { "\($0)" },
      programDigest: program.digest.description,
      public: Dictionary(
        uniqueKeysWithValues: verdict.map { named(interface.publicInputs, $0.publicInputs) } ?? []),
      outputs: Dictionary(
        uniqueKeysWithValues: verdict.map { named(interface.outputs, $0.outputs) } ?? []),
      securityBits: verdict?.securityBits ?? 0, zeroKnowledge: verdict?.isZeroKnowledge ?? false)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(document) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }
}
