import Synchronization
import ZKVMAIR
import ZKVMField
import ZKVMHashing
import ZKVMMachine

/// What prover and verifier derive alike from program, parameters and heights: tables, constraint
/// systems, tree shapes, the order of columns in the batch.
public struct ProofLayout: Sendable {
  public let program: Program
  public let parameters: ProofParameters
  /// The hash of trees and transcript.
  package let hash: any ProofHash
  public let machine: MachineTables
  public let systems: [ConstraintSystem]
  /// The proof's tables; those of one unit stand together.
  public let tables: [TableSize]
  /// log2 of N, the height that all tables are lifted to.
  public let logHeight: Int

  public let kinds: [TableKind]
  public let logHeights: [Int]
  public var tableCount: Int { systems.count }

  public init(program: Program, parameters: ProofParameters, tables: [TableSize]) {
    self.init(program: program, parameters: parameters, tables: tables, hash: BLAKE3ProofHash())
  }

  package init(
    program: Program, parameters: ProofParameters, tables: [TableSize], hash: any ProofHash
  ) {
    self.program = program
    self.parameters = parameters
    self.hash = hash
    let machine = MachineTables(program: program, blindRows: parameters.blindRows)
    self.machine = machine
    systems = tables.map { ProofLayout.system($0.kind, machine, parameters) }
    self.tables = tables
    kinds = tables.map(\.kind)
    logHeights = tables.map(\.logHeight)
    logHeight = logHeights.max()!
  }

  private struct SystemKey: Hashable {
    let kind: TableKind
    let packing: Int
    let blindRows: Int
  }

  private static let cache = Mutex<[SystemKey: (ConstraintSystem, BLAKE3.Digest)]>([:])

  private static func entry(
    _ kind: TableKind, _ machine: MachineTables, _ parameters: ProofParameters
  ) -> (ConstraintSystem, BLAKE3.Digest) {
    let key = SystemKey(
      kind: kind, packing: parameters.packing, blindRows: parameters.blindRows)
    return cache.withLock { cache in
      if let entry = cache[key] { return entry }
      let system = ConstraintSystem(machine.table(kind), packing: parameters.packing)
      let entry = (system, system.digest)
      cache[key] = entry
      return entry
    }
  }

  static func system(
    _ kind: TableKind, _ machine: MachineTables, _ parameters: ProofParameters
  ) -> ConstraintSystem { entry(kind, machine, parameters).0 }

  /// The fingerprint of all constraints of the program's tables.
  public var airDigest: BLAKE3.Digest {
    var hasher = BLAKE3.Hasher()
    for kind in machine.kinds {
      hasher.update(UInt64(kind.rawValue))
      hasher.update(ProofLayout.entry(kind, machine, parameters).1.bytes)
    }
    return hasher.digest()
  }

  // MARK: Domains

  /// The shift of the evaluation cosets of tables of height 2^logHeight: the lifted tables share
  /// the coset 7·⟨ω⟩ of the tallest.
  public func shift(logHeight log: Int) -> Goldilocks {
    Goldilocks.generator.power(1 << UInt64(logHeight - log))
  }

  public var logDomain: Int { logHeight + parameters.logBlowup }

  /// The point of the largest coset at a bit-reversed index.
  public func point(at index: Int) -> Goldilocks {
    Goldilocks.generator
      * Goldilocks.rootOfUnity(logOrder: logDomain)
      .power(UInt64(reverseBits(index, count: logDomain)))
  }

  /// ζ lies outside every domain if its N-th power is not 1 and it is off the committed coset.
  public func isOutsideDomains(_ zeta: CubicExtension) -> Bool {
    let domain = UInt64(1) << UInt64(logDomain)
    let scaled = zeta * Goldilocks.generator.inverse
    return zeta.power(1 << UInt64(logHeight)) != .one && zeta.power(domain) != .one
      && scaled.power(domain) != .one
  }

  /// ζ^(N/n): where a table of height 2^log is evaluated.
  public func lifted(_ zeta: CubicExtension, logHeight log: Int) -> CubicExtension {
    zeta.power(1 << UInt64(logHeight - log))
  }

  /// The row of a codeword of height 2^log whose point is ω times that of `row`, ω of order 2^log:
  /// where the table's next row stands. Codewords are in bit-reversed order.
  public func nextRow(_ row: Int, logHeight log: Int) -> Int {
    let bits = log + parameters.logBlowup
    let exponent = reverseBits(row, count: bits) + 1 << parameters.logBlowup
    return reverseBits(exponent & (1 << bits - 1), count: bits)
  }

  // MARK: Columns and trees

  private func shape(_ width: (ConstraintSystem) -> Int) -> MerkleShape {
    let heights = uniqueSorted(logHeights).reversed()
    return MerkleShape(
      groups: heights.map { height in
        MerkleShape.Group(
          logRows: height + parameters.logBlowup,
          width: zip(systems, logHeights).reduce(0) {
            $0 + ($1.1 == height ? width($1.0) : 0)
          })
      }, saltLength: parameters.saltLength)
  }

  public var mainShape: MerkleShape { shape { $0.table.columns.count } }
  public var auxiliaryShape: MerkleShape { shape { $0.auxiliaryBaseColumns } }

  /// Base columns of the quotient's tree: the chunks, then the mask if the proof is hiding.
  public var quotientColumns: Int { CubicExtension.degree * parameters.quotientChunks }
  public var quotientTreeColumns: Int {
    quotientColumns + (parameters.isHiding ? CubicExtension.degree : 0)
  }

  public var quotientShape: MerkleShape {
    MerkleShape(
      groups: [MerkleShape.Group(logRows: logDomain, width: quotientTreeColumns)],
      saltLength: parameters.saltLength)
  }

  public var fri: (layers: [Int], final: Int) {
    ProofParameters.friLayers(logHeight: logHeight)
  }

  public func friShape(layer: Int) -> MerkleShape {
    let logRows = fri.layers[layer] + parameters.logBlowup - ProofParameters.logArity
    return MerkleShape(
      groups: [
        MerkleShape.Group(
          logRows: logRows, width: CubicExtension.degree << ProofParameters.logArity)
      ],
      saltLength: 0)
  }

  /// Columns times points of the batch.
  public var batchSize: Int {
    systems.reduce(quotientColumns + 1) { total, system in
      total + system.table.columns.count + system.auxiliaryBaseColumns + system.nextColumns.count
        + CubicExtension.degree
    }
  }

  public var constraintCount: Int { systems.reduce(0) { $0 + $1.constraints.count } }

  /// The proven security of a proof of this shape.
  public var security: SecurityEstimate {
    let interactions = zip(systems, logHeights).reduce(0.0) {
      $0 + Double($1.0.table.messages.count) * Double(1 << $1.1)
    }
    return SecurityEstimate.best(
      SecurityEstimate.Inputs(
        logHeight: logHeight, logBlowup: parameters.logBlowup, queries: parameters.queries,
        grindingBits: ProofParameters.grindingBits, batched: batchSize,
        constraints: constraintCount,
        degree: (systems.map(\.degree).max() ?? 0) + 1, interactions: interactions,
        messageWidth: systems.map(\.messageWidth).max() ?? 0,
        logArity: ProofParameters.logArity, foldings: fri.layers.count))
  }
}

extension ConstraintSystem {
  /// The base columns of the lookup argument, as committed.
  package var auxiliaryBaseColumns: Int { CubicExtension.degree * auxiliaryColumns }
}
