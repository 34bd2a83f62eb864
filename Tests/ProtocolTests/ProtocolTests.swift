import Testing
import ZKVMField
import ZKVMHashing
import ZKVMProtocol
import ZKVMProver

@Suite struct SecurityTests {
  private struct Vector {
    let logN, logRate, m, queries: Int
    let batch, commit, query, ali, deep, logUp: Double
  }

  /// soundcalc's classes, run on these parameters: cubic, B = 560, C = 400, d = 8, arity 8, 24
  /// interactions a row of width 10, 16 bits of grinding.
  @Test func matchesSoundcalc() {
    let vectors = [
      Vector(
        logN: 18, logRate: 3, m: 28, queries: 76, batch: 133.79, commit: 142.92, query: 128.06,
        ali: 177.02, deep: 164.50, logUp: 159.50),
      Vector(
        logN: 20, logRate: 3, m: 28, queries: 76, batch: 131.79, commit: 140.92, query: 128.06,
        ali: 177.02, deep: 162.50, logUp: 157.50),
      Vector(
        logN: 22, logRate: 2, m: 41, queries: 114, batch: 129.58, commit: 138.71, query: 128.01,
        ali: 176.98, deep: 160.46, logUp: 155.46),
      Vector(
        logN: 20, logRate: 4, m: 21, queries: 57, batch: 131.33, commit: 140.45, query: 128.07,
        ali: 176.93, deep: 162.40, logUp: 157.40),
    ]
    for v in vectors {
      let estimate = SecurityEstimate.best(
        SecurityEstimate.Inputs(
          logHeight: v.logN, logBlowup: v.logRate, queries: v.queries, grindingBits: 16,
          batched: 560, constraints: 400, degree: 8,
          interactions: 24 * Double(1 << v.logN), messageWidth: 10, logArity: 3, foldings: 5))
      #expect(estimate.m == v.m)
      #expect(estimate.wholeBits == 128)
      for (name, expected) in [
        ("batch", v.batch), ("commit", v.commit), ("query", v.query), ("ALI", v.ali),
        ("DEEP", v.deep), ("LogUp", v.logUp),
      ] {
        #expect(abs(estimate.term(name) - expected) <= 0.01, "\(name) at 2^\(v.logN)")
      }
    }
  }

  /// Sizes come from options and files.
  @Test func hugeSizesAreWeakAndNeverTrap() {
    for size in [Int.min, 0, Int.max] {
      let estimate = SecurityEstimate.best(
        SecurityEstimate.Inputs(
          logHeight: 40, logBlowup: 2, queries: 114, grindingBits: 16, batched: size,
          constraints: Int.max, degree: Int.max, interactions: 1e30, messageWidth: Int.max,
          logArity: 3, foldings: 5))
      #expect(estimate.wholeBits < 128)
    }
  }

  @Test func proofsHaveALimit() {
    let bytes = ProofFormat.magic + Array(repeating: 0, count: ProofFormat.maximumLength - 3)
    #expect(
      throws: ProofFormatError.malformed(
        DecodingError(offset: 1 << 26, reason: "67108865 bytes, at most 67108864 are allowed"))
    ) { try ProofFormat.decode(bytes) }
    do throws(ProofFormatError) {
      _ = try ProofFormat.decode(Array(bytes.dropLast()))
      Issue.record("expected an error")
    } catch {
      if case .corrupted = error {} else { Issue.record("\(error)") }
    }
  }

  @Test func fewerQueriesAreWeaker() {
    func bits(_ queries: Int) -> Double {
      SecurityEstimate.best(
        SecurityEstimate.Inputs(
          logHeight: 20, logBlowup: 2, queries: queries, grindingBits: 16, batched: 560,
          constraints: 400, degree: 8, interactions: 24 * 1_048_576, messageWidth: 10, logArity: 3,
          foldings: 5)
      ).bits
    }
    #expect(bits(113) < 128)
    #expect(bits(114) == 128)
    #expect(abs(bits(50) - 65) < 1.5)
  }

  /// Blind rows and overlaps cover what the queries and points reveal.
  @Test(arguments: Profile.allCases) func hidingParametersSuffice(profile: Profile) throws {
    let p = ProofParameters(profile: profile, isHiding: true)
    #expect(2 * p.queries + 6 <= p.blindRows - 1)
    #expect(p.chunkOverlap >= p.queries + 3)
    #expect(p.saltLength >= 16)
    // The most queries that the blind rows and overlaps hide, and one more.
    let most = try #require([512: 252, 256: 124, 128: 60][p.blindRows])
    func hides(_ queries: Int) -> Bool {
      ProofParameters.hides(
        queries: queries, blindRows: p.blindRows, chunkOverlap: p.chunkOverlap)
    }
    #expect(hides(p.queries) && hides(most) && !hides(most + 1))
    // Overlaps too short for the queries are noticed too.
    #expect(
      !ProofParameters.hides(queries: p.queries, blindRows: 1024, chunkOverlap: p.queries + 2))
  }
}

@Suite struct TranscriptTests {
  @Test func absorptionsDoNotCollide() {
    func challenge(_ parts: [(String, [UInt8])]) -> CubicExtension {
      var transcript = Transcript()
      for (label, bytes) in parts { transcript.absorb(label, bytes) }
      return transcript.challenge("c")
    }
    let distinct = [
      challenge([("a", [5, 7])]), challenge([("a", [5, 7, 0, 0])]),
      challenge([("a", [5]), ("a", [7])]),
      challenge([("a5", [7])]), challenge([("", [5, 7])]), challenge([("a", [])]), challenge([]),
      challenge([("a", [7, 5])]),
    ]
    #expect(Set(distinct).count == distinct.count)
  }

  @Test func challengesMoveTheStateOn() {
    var transcript = Transcript()
    let values = [transcript.challenge("c"), transcript.challenge("c"), transcript.challenge("d")]
    #expect(Set(values).count == 3)
  }

  @Test func indicesAreInRange() {
    var transcript = Transcript()
    let indices = transcript.indices("q", count: 1000, bits: 5)
    #expect(Set(indices) == Set(0..<32))
  }

  /// Frozen: every proof depends on it.
  @Test func vector() {
    var transcript = Transcript()
    transcript.absorb("label", [1, 2, 3])
    #expect(
      transcript.state.description
        == "fb69e90e16bdce043614ec086cd5407fcdaf162b011fcfcf5767caade0961318")
    #expect(
      transcript.challenge("alpha").description
        == "(3474002698249106224, 11127523484670758290, 18156421714519226385)")
    #expect(transcript.indices("queries", count: 4, bits: 20) == [516594, 289882, 262530, 358523])
  }
}

@Suite struct MerkleTests {
  private func matrix(_ logRows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    let matrix = Matrix(rows: 1 << logRows, columns: columns)
    var value = Goldilocks(seed)
    for column in 0..<columns {
      for row in 0..<matrix.rows {
        value = value * value + 12345
        matrix[row, column] = value
      }
    }
    return matrix
  }

  private func tree() -> MerkleTree {
    MerkleTree(
      [
        .init(matrix(7, 3, seed: 1), logRows: 7), .init(matrix(5, 70, seed: 2), logRows: 5),
        .init(matrix(7, 1, seed: 3), logRows: 7), .init(matrix(4, 2, seed: 4), logRows: 4),
      ], hash: BLAKE3ProofHash(), saltLength: 16
    ) { group, count in (0..<count).map { UInt32(truncatingIfNeeded: $0 * 7 + group) } }
  }

  private let hash = TreeHash(BLAKE3ProofHash())

  @Test func openingsLeadToTheRoot() {
    let tree = tree()
    for positions in [[0], [127], [3, 2, 3, 90], Array(0..<128), [64, 65, 66, 1]] {
      let opening = tree.open(positions)
      #expect(tree.shape.root(opening: positions, opening, hash) == tree.root)
      #expect(opening.siblings.count == tree.shape.siblingCount(opening: positions))
    }
  }

  @Test func anyChangeLeadsElsewhere() {
    let tree = tree()
    let positions = [5, 77]
    let honest = tree.open(positions)
    func differs(_ change: (inout MerkleOpening) -> Void) -> Bool {
      var opening = honest
      change(&opening)
      return tree.shape.root(opening: positions, opening, hash) != tree.root
    }
    for group in honest.rows.indices {
      for row in honest.rows[group].indices {
        for column in honest.rows[group][row].indices {
          #expect(differs { $0.rows[group][row][column] += 1 })
        }
        #expect(differs { $0.salts[group][row][3] ^= 1 })
        // A row boundary moved: the same elements, shared out differently.
        #expect(differs { $0.rows[group][row].append(.zero) })
        #expect(differs { $0.rows[group][row].removeLast() })
      }
    }
    for index in honest.siblings.indices {
      #expect(differs { $0.siblings[index].words[0] ^= 1 })
    }
    #expect(differs { $0.siblings.removeLast() })
    #expect(differs { $0.siblings.append($0.siblings[0]) })
    #expect(differs { $0.rows.swapAt(0, 1) })
    #expect(tree.shape.root(opening: [5, 78], honest, hash) != tree.root)
    #expect(tree.shape.root(opening: [5, 128], honest, hash) == nil)
    #expect(tree.shape.root(opening: [5, 77, 80], honest, hash) == nil)
  }
}

@Suite struct FRITests {
  /// Folding the evaluations of a polynomial by eight is evaluating the folded polynomial.
  @Test func foldsPolynomials() {
    let log = 6
    let coefficients = (0..<32).map { CubicExtension(Goldilocks($0 * $0 + 1), Goldilocks($0), 7) }
    let shift = Goldilocks.generator
    let root = Goldilocks.rootOfUnity(logOrder: log)
    let values = (0..<(1 << log)).map {
      FRI.evaluate(coefficients, at: shift * root.power(UInt64(reverseBits($0, count: log))))
    }
    let beta = CubicExtension(3, 1, 4)
    let layer = ExtensionMatrix(rows: values.count)
    for (row, value) in values.enumerated() { layer[row] = value }
    let leaves = FRI.leaves(of: layer)
    #expect(leaves.base.row(3) == values[24..<32].flatMap(\.coordinates))
    let result = FRI.foldLayer(leaves, logSize: log, shift: shift, beta: beta)
    let folded = (0..<result.rows).map { result[$0] }
    // Σ_j β^j·f_j with f = Σ x^j·f_j(x^8).
    let expected = (0..<4).map { i in
      (0..<8).reduce(CubicExtension.zero) { $0 + coefficients[8 * i + $1] * beta.power(UInt64($1)) }
    }
    let next = FRI.nextShift(shift)
    let nextRoot = Goldilocks.rootOfUnity(logOrder: log - 3)
    for i in folded.indices {
      let x = next * nextRoot.power(UInt64(reverseBits(i, count: log - 3)))
      #expect(folded[i] == FRI.evaluate(expected, at: x))
      #expect(
        folded[i]
          == FRI.foldGroup(
            Array(values[(8 * i)..<(8 * i + 8)]), group: i, logSize: log, shift: shift, beta: beta))
    }
  }
}
