import ArgumentParser
import Foundation
import ZKVMCommandLine
import ZKVMProtocol
import ZKVMVerifier

struct Security: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the proven security of a proof, round by round.",
    discussion: """
      With a proof and its program, the terms of that proof; otherwise those of the parameters \
      given. Spec/Security.md derives the terms.
      """)

  @Argument(help: "A proof; needs --program.") var proof: String?
  @Option(help: "The proof's program.") var program: String?
  @OptionGroup var sources: SourceOptions
  @Option(help: "log2 of the trace length N.") var logHeight: Int = 20
  @Option(help: "Inverse rate, a power of two.") var rate: Int = 4
  @Option(help: "FRI queries.") var queries: Int = 114
  @Option(help: "Bits of proof of work before the queries.") var grinding: Int = 16
  @Option(help: "B: columns times points in the batch.") var batch: Int = 560
  @Option(help: "C: constraints.") var constraints: Int = 400
  @Option(help: "d: degree of the constraints.") var degree: Int = 8
  @Option(help: "Lookup messages a row.") var messages: Int = 24
  @Option(help: "W: fields of a message.") var width: Int = 10
  @Option(help: "Folding arity, a power of two.") var arity: Int = 8
  @Flag(help: "Print one JSON object.") var json = false

  private struct Document: Encodable {
    let bits: Int
    let regime: String
    let m: Int
    let terms: [String: Double]
  }

  func run() throws {
    let estimate = try self.estimate()
    if json {
      try printJSON(
        Document(
          bits: estimate.wholeBits, regime: estimate.regime.rawValue, m: estimate.m,
          terms: Dictionary(uniqueKeysWithValues: estimate.terms.map { ($0.name, $0.bits) })))
      return
    }
    print(
      "\(estimate.wholeBits) bits proven, \(estimate.regime.rawValue) regime"
        + (estimate.m > 0 ? ", m = \(estimate.m)" : ""))
    for term in estimate.terms {
      print("  " + column(term.name, 8, left: true) + column(String(format: "%.2f", term.bits), 8))
    }
  }

  private func estimate() throws -> SecurityEstimate {
    if let proof {
      guard let program else { throw Failure.unusable("a proof needs --program") }
      do {
        let decoded = try ProofFormat.decode(try readFile(proof, .proof))
        return try Verifier(program: try loadProgram(program, sources.folders)).layout(of: decoded)
          .security
      } catch let error as ProofFormatError {
        throw Failure.unusable("\(proof): \(error)")
      } catch let error as VerificationError {
        throw Failure.unusable("\(proof): \(error)")
      }
    }
    func log2Exact(_ value: Int, _ name: String) throws -> Int {
      guard value > 1, value & (value - 1) == 0, value <= 1 << 16 else {
        throw Failure.unusable("--\(name) \(value): expected a power of two from 2 to 65536")
      }
      return value.trailingZeroBitCount
    }
    let most = 1 << 32
    for (name, value, range) in [
      ("log-height", logHeight, 1...40), ("queries", queries, 1...most),
      ("grinding", grinding, 0...64), ("batch", batch, 2...most),
      ("constraints", constraints, 1...most), ("degree", degree, 1...most),
      ("messages", messages, 1...most), ("width", width, 1...most),
    ] where !range.contains(value) {
      throw Failure.unusable(
        "--\(name) \(value): expected \(range.lowerBound) to \(range.upperBound)")
    }
    let logArity = try log2Exact(arity, "arity")
    return SecurityEstimate.best(
      SecurityEstimate.Inputs(
        logHeight: logHeight, logBlowup: try log2Exact(rate, "rate"), queries: queries,
        grindingBits: grinding, batched: batch, constraints: constraints, degree: degree,
        interactions: Double(messages) * pow(2, Double(logHeight)), messageWidth: width,
        logArity: logArity, foldings: max(1, logHeight / logArity - 2)))
  }
}
