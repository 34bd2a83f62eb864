import Foundation

/// Proven security of a proof, from its actual parameters and sizes.
///
/// Round-by-round soundness of a batched STARK with DEEP-ALI, LogUp and FRI over lists (Johnson
/// regime: ePrint 2025/2055, Theorem 4.2, with θ = 1 − √ρ − √ρ/(2m)) or unique decoding (there,
/// Corollary 1.4), whichever is better; grinding counts for the queries only. `Spec/Security.md`
/// derives the terms.
public struct SecurityEstimate: Sendable {
  /// What the terms depend on.
  public struct Inputs: Sendable {
    /// log2 of the trace length N.
    public var logHeight: Int
    /// log2 of the inverse rate 1/ρ.
    public var logBlowup: Int
    public var queries: Int
    public var grindingBits: Int
    /// B: columns times points in the batch.
    public var batched: Int
    /// C: constraints.
    public var constraints: Int
    /// d: degree of the constraints, plus 1 where Z_blind multiplies them.
    public var degree: Int
    /// N_int: interactions of all rows together.
    public var interactions: Double
    /// W: fields of the widest message.
    public var messageWidth: Int
    public var logArity: Int
    /// FRI's folding steps.
    public var foldings: Int

    public init(
      logHeight: Int, logBlowup: Int, queries: Int, grindingBits: Int, batched: Int,
      constraints: Int, degree: Int, interactions: Double, messageWidth: Int, logArity: Int,
      foldings: Int
    ) {
      self.logHeight = logHeight
      self.logBlowup = logBlowup
      self.queries = queries
      self.grindingBits = grindingBits
      self.batched = batched
      self.constraints = constraints
      self.degree = degree
      self.interactions = interactions
      self.messageWidth = messageWidth
      self.logArity = logArity
      self.foldings = foldings
    }
  }

  public enum Regime: String, Sendable {
    case uniqueDecoding = "unique decoding"
    case johnson = "Johnson"
  }

  /// A round of the protocol and its bits.
  public struct Term: Sendable {
    public let name: String
    public let bits: Double
  }

  public let regime: Regime
  /// The Johnson regime's parameter, 0 in unique decoding.
  public let m: Int
  public let terms: [Term]

  /// The least term, at most 128: what a collision of the hash is proven against.
  public var bits: Double { min(128, terms.map(\.bits).min() ?? 0) }

  /// What is reported: whole bits, rounded down.
  public var wholeBits: Int { Int(bits.rounded(.down)) }

  public func term(_ name: String) -> Double { terms.first { $0.name == name }?.bits ?? .nan }

  /// log2 of the extension's size p³.
  static let logField = 3 * log2(Double(0xFFFF_FFFF_0000_0001 as UInt64))

  /// The best regime and the least m that reaches the most bits.
  public static func best(_ inputs: Inputs) -> SecurityEstimate {
    var best = estimate(inputs, regime: .uniqueDecoding, m: 0)
    for m in 1...512 {
      let candidate = estimate(inputs, regime: .johnson, m: m)
      if candidate.bits > best.bits { best = candidate }
    }
    return best
  }

  static func estimate(_ inputs: Inputs, regime: Regime, m: Int) -> SecurityEstimate {
    let rho = pow(2, -Double(inputs.logBlowup))
    let height = pow(2, Double(inputs.logHeight))
    let domain = height / rho
    let theta: Double
    let list: Double
    let root = rho.squareRoot()
    switch regime {
    case .uniqueDecoding:
      theta = (1 - rho) / 2
      list = 1
    case .johnson:
      theta = 1 - root - root / (2 * Double(m))
      list = (Double(m) + 0.5) / root
    }
    /// log2 of ε(ℓ)·p³, ε the proximity gap's error and ℓ = `n` the points of a domain.
    func gap(_ n: Double) -> Double {
      switch regime {
      case .uniqueDecoding: return log2(theta * n + 1)
      case .johnson:
        let t = Double(m) + 0.5
        return log2(
          (2 * pow(t, 5) + 3 * t * theta * rho) * n / (3 * rho * root) + t / root)
      }
    }
    var terms = [
      Term(name: "batch", bits: logField - gap(domain) - log2(max(1, Double(inputs.batched) - 1)))
    ]
    var folded = domain
    let arity = pow(2, Double(inputs.logArity))
    var commit = Double.infinity
    for _ in 0..<max(1, inputs.foldings) {
      folded /= arity
      commit = min(commit, logField - gap(folded) - Double(inputs.logArity))
    }
    terms.append(Term(name: "commit", bits: commit))
    terms.append(
      Term(
        name: "query",
        bits: -Double(inputs.queries) * log2(1 - theta) + Double(inputs.grindingBits)))
    terms.append(
      Term(name: "ALI", bits: logField - log2(list) - log2(Double(inputs.constraints))))
    let deep = Double(inputs.degree) * (height + 1) + (height - 1)
    // p³ − N − ℓ is p³ to within 2^-100.
    terms.append(Term(name: "DEEP", bits: logField - log2(list) - log2(deep)))
    terms.append(
      Term(
        name: "LogUp",
        bits: logField - log2(list)
          - log2(inputs.interactions * (Double(inputs.messageWidth) + 2))))
    return SecurityEstimate(regime: regime, m: m, terms: terms)
  }
}
