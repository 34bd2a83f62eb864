import AttackSupport
import TestSupport
import Testing
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

/// What somebody can compute from a proof beyond what the verifier checks. Honest proofs satisfy these
/// equations, so a simulator's must, or it is told from a prover (`Spec/Security.md`).
@Suite(.serialized) struct OutsiderTests {
  /// A proof with what an outsider draws and reads from it.
  private struct View {
    let proof: Proof
    let layout: ProofLayout
    let identity: QuotientIdentity
    let zeta: CubicExtension
    /// The opened positions, in order.
    let positions: [Int]

    init(_ proof: Proof, _ program: Program, positions: (([Int], ProofLayout) -> [Int])? = nil) {
      let challenges = Challenges(proof, program)
      self.proof = proof
      layout = challenges.layout
      zeta = challenges.zeta
      self.positions = uniqueSorted(
        positions?(challenges.positions, challenges.layout) ?? challenges.positions)
      identity = QuotientIdentity(
        layout: layout, publicInputs: proof.publicInputs, terminals: proof.terminals,
        challenges: challenges.lookups, lambda: challenges.lambda)
    }

    /// The opened positions x for which xω is opened too.
    var pairs: [(here: Int, next: Int)] {
      let opened = Set(positions)
      return positions.compactMap { position in
        let next = layout.nextRow(position, logHeight: layout.logHeight)
        return opened.contains(next) ? (position, next) : nil
      }
    }

    /// A table's row under an opened position.
    private func row(
      _ table: Int, _ opening: MerkleOpening, _ width: (Int) -> Int, at position: Int
    )
      -> [CubicExtension]
    {
      let height = layout.logHeights[table]
      let heights = uniqueSorted(layout.logHeights).reversed()
      let group = Array(heights).firstIndex(of: height)!
      let shift = layout.logHeight - height
      let index = uniqueSorted(positions.map { $0 >> shift }).firstIndex(of: position >> shift)!
      let first = (0..<table).filter { layout.logHeights[$0] == height }.reduce(0) {
        $0 + width($1)
      }
      return opening.rows[group][index][first..<(first + width(table))].map { CubicExtension($0) }
    }

    /// The columns' values at an opened position and at another one.
    func openings(at position: Int, next: Int) -> [TableOpening] {
      layout.systems.indices.map { table in
        let system = layout.systems[table]
        func main(_ position: Int) -> [CubicExtension] {
          row(
            table, proof.mainQueries, { layout.systems[$0].table.columns.count }, at: position)
        }
        func auxiliary(_ position: Int) -> [CubicExtension] {
          row(
            table, proof.auxiliaryQueries, { layout.systems[$0].auxiliaryBaseColumns },
            at: position)
        }
        let following = main(next)
        return TableOpening(
          main: main(position), auxiliary: auxiliary(position),
          mainNext: system.nextColumns.map { following[$0] },
          auxiliaryNext: Array(auxiliary(next)[..<3]))
      }
    }

    /// Whether the chunks at a position are what the rows there and at another position say.
    func quotientFollows(at position: Int, next: Int) -> Bool {
      let x = CubicExtension(layout.point(at: position))
      let chunks = proof.quotientQueries.rows[0][positions.firstIndex(of: position)!].map {
        CubicExtension($0)
      }
      return identity.quotient(at: x, openings(at: position, next: next))
        == identity.quotient(at: x, chunks: chunks)
    }

    /// Whether the identity holds at the conjugate ζ^(p^power). Columns are over the base field, so
    /// their values there are those at ζ raised to the same power.
    func identityHolds(conjugate power: Int) -> Bool {
      func conjugate(_ x: CubicExtension) -> CubicExtension {
        (0..<power).reduce(x) { x, _ in x.power(Goldilocks.modulus) }
      }
      let openings = proof.openings.map {
        TableOpening(
          main: $0.main.map(conjugate), auxiliary: $0.auxiliary.map(conjugate),
          mainNext: $0.mainNext.map(conjugate), auxiliaryNext: $0.auxiliaryNext.map(conjugate))
      }
      return identity.quotient(at: conjugate(zeta), openings)
        == identity.quotient(at: conjugate(zeta), chunks: proof.quotientOpening.map(conjugate))
    }
  }

  /// Every other position is replaced by the one that is ω times the position before.
  private static let neighbours: @Sendable ([Int], ProofLayout) -> [Int] = { drawn, layout in
    drawn.indices.map {
      $0 % 2 == 0 ? drawn[$0] : layout.nextRow(drawn[$0 - 1], logHeight: layout.logHeight)
    }
  }

  @Test(arguments: [Profile.fast, .standard, .smallest], [true, false])
  func equationsHold(profile: Profile, hiding: Bool) throws {
    let execution = try Samples.everyInstructionExecution()
    try check(execution, ProofParameters(profile: profile, isHiding: hiding))
  }

  /// A run that is too long for `smallest` to take the place of `compact`.
  @Test(arguments: [true, false]) func equationsHoldOfCompactProofs(hiding: Bool) throws {
    let execution = try InstanceTests.execution(6000)
    let proof = try check(execution, ProofParameters(profile: .compact, isHiding: hiding))
    #expect(proof.parameters.profile == .compact)
  }

  /// Both kinds of equations, the second at as many positions as there are queries.
  @discardableResult
  private func check(_ execution: Execution, _ parameters: ProofParameters) throws -> Proof {
    var tampering = Tampering()
    tampering.otherPositions = OutsiderTests.neighbours
    let proof = try Prover(parameters).prove(
      execution, trace: trace(execution, parameters), tampering)
    let view = View(proof, execution.program, positions: OutsiderTests.neighbours)
    for power in 0..<3 { #expect(view.identityHolds(conjugate: power), "ζ^(p^\(power))") }
    #expect(view.pairs.count >= parameters.queries / 2)
    for (here, next) in view.pairs {
      #expect(view.quotientFollows(at: here, next: next), "position \(here)")
    }
    // It is the next row that the quotient depends on.
    let (here, _) = view.pairs[0]
    #expect(!view.quotientFollows(at: here, next: here))
    return proof
  }

  /// Positions that the transcript draws have neighbours among them by themselves: of q positions in
  /// N·2^b about q²/(N·2^b).
  @Test func drawnPositionsHaveNeighbours() throws {
    let execution = try Samples.tinyExecution()
    var count = 0
    for _ in 0..<8 {
      let proof = try Prover(ProofParameters(profile: .fast, isHiding: true)).prove(execution)
      _ = try Verifier(program: execution.program).verify(proof)
      let view = View(proof, execution.program)
      count += view.pairs.count
      for (here, next) in view.pairs { #expect(view.quotientFollows(at: here, next: next)) }
    }
    // 8·228²/2^14 = 25 are expected; fewer than 4 have a chance of 10^-7.
    #expect(count >= 4)
  }

  /// Openings that are solved for the identity at ζ alone satisfy the verifier's equation and are seen
  /// to be no prover's at the conjugates.
  @Test func oneEquationIsNotThree() throws {
    let execution = try Samples.tinyExecution()
    var proof = try Prover(ProofParameters(profile: .standard, isHiding: true)).prove(execution)
    let u = CubicExtension(.zero, .one, .zero)
    let program = execution.program
    let honest = View(proof, program)
    proof.quotientOpening[0] += u
    proof.quotientOpening[1] -= .one
    let zeta = honest.zeta
    #expect(
      honest.identity.quotient(at: zeta, proof.openings)
        == honest.identity.quotient(at: zeta, chunks: proof.quotientOpening))
    let forged = View(proof, program)
    #expect(forged.identityHolds(conjugate: 0))
    #expect(!forged.identityHolds(conjugate: 1) && !forged.identityHolds(conjugate: 2))
  }
}
