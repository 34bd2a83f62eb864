import ZKVMField
import ZKVMHashing
import ZKVMMachine

/// The values of a table's columns at ζ^(N/n), and at its successor for columns whose next row is
/// used.
public struct TableOpening: Equatable, Sendable {
  public var main: [CubicExtension]
  /// Base columns of the lookup argument, three an extension column.
  public var auxiliary: [CubicExtension]
  /// In the order of ``AIR/ConstraintSystem/nextColumns``.
  public var mainNext: [CubicExtension]
  /// The accumulator's three base columns.
  public var auxiliaryNext: [CubicExtension]

  public init(
    main: [CubicExtension], auxiliary: [CubicExtension], mainNext: [CubicExtension],
    auxiliaryNext: [CubicExtension]
  ) {
    self.main = main
    self.auxiliary = auxiliary
    self.mainNext = mainNext
    self.auxiliaryNext = auxiliaryNext
  }
}

/// A proof that a program with given public inputs has given outputs.
public struct Proof: Equatable, Sendable {
  public var parameters: ProofParameters
  public var programDigest: BLAKE3.Digest
  public var publicInputs: [Int64]
  public var outputs: [Int64]
  /// In the order of the program's tables, a unit's instances by falling height.
  public var tables: [TableSize]
  public var mainRoot: ProofDigest
  public var auxiliaryRoot: ProofDigest
  public var terminals: [CubicExtension]
  public var quotientRoot: ProofDigest
  public var openings: [TableOpening]
  /// The quotient chunks' base columns at ζ.
  public var quotientOpening: [CubicExtension]
  public var friRoots: [ProofDigest]
  public var finalPolynomial: [CubicExtension]
  public var nonce: UInt64
  public var mainQueries: MerkleOpening
  public var auxiliaryQueries: MerkleOpening
  public var quotientQueries: MerkleOpening
  public var friQueries: [MerkleOpening]

  public init(
    parameters: ProofParameters, programDigest: BLAKE3.Digest, publicInputs: [Int64],
    outputs: [Int64], tables: [TableSize], mainRoot: ProofDigest, auxiliaryRoot: ProofDigest,
    terminals: [CubicExtension], quotientRoot: ProofDigest, openings: [TableOpening],
    quotientOpening: [CubicExtension], friRoots: [ProofDigest],
    finalPolynomial: [CubicExtension], nonce: UInt64, mainQueries: MerkleOpening,
    auxiliaryQueries: MerkleOpening, quotientQueries: MerkleOpening, friQueries: [MerkleOpening]
  ) {
    self.parameters = parameters
    self.programDigest = programDigest
    self.publicInputs = publicInputs
    self.outputs = outputs
    self.tables = tables
    self.mainRoot = mainRoot
    self.auxiliaryRoot = auxiliaryRoot
    self.terminals = terminals
    self.quotientRoot = quotientRoot
    self.openings = openings
    self.quotientOpening = quotientOpening
    self.friRoots = friRoots
    self.finalPolynomial = finalPolynomial
    self.nonce = nonce
    self.mainQueries = mainQueries
    self.auxiliaryQueries = auxiliaryQueries
    self.quotientQueries = quotientQueries
    self.friQueries = friQueries
  }
}
