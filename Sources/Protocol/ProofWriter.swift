import ZKVMField
import ZKVMHashing
import ZKVMMachine

/// Writes the fields of a proof; ``ProofParser`` reads them.
struct ProofWriter {
  private var writer = ByteWriter()

  /// What was written, then its checksum.
  var sealed: [UInt8] {
    var sealed = writer
    sealed.integer(xxh3(writer.bytes))
    return sealed.bytes
  }

  private mutating func count(_ value: Int) { writer.integer(UInt32(value)) }

  private mutating func digests(_ values: [ProofDigest]) {
    count(values.count)
    for value in values { writer.raw(value.bytes) }
  }

  private mutating func words(_ values: [Int64]) {
    count(values.count)
    for value in values { writer.integer(value) }
  }

  private mutating func elements(_ values: [CubicExtension]) {
    count(values.count)
    for value in values {
      for coordinate in value.coordinates { writer.integer(coordinate.value) }
    }
  }

  private mutating func opening(_ opening: TableOpening) {
    elements(opening.main)
    elements(opening.auxiliary)
    elements(opening.mainNext)
    elements(opening.auxiliaryNext)
  }

  private mutating func opening(_ opening: MerkleOpening) {
    count(opening.rows.count)
    for (rows, salts) in zip(opening.rows, opening.salts) {
      count(rows.count)
      count(rows.first?.count ?? 0)
      writer.byte(UInt8(salts.first?.count ?? 0))
      for (row, salt) in zip(rows, salts) {
        for element in row { writer.integer(element.value) }
        writer.raw(salt)
      }
    }
    digests(opening.siblings)
  }

  private mutating func tables(_ tables: [TableSize]) {
    count(tables.count)
    for table in tables {
      writer.byte(UInt8(table.kind.rawValue))
      writer.byte(UInt8(table.logHeight))
    }
  }

  mutating func proof(_ proof: Proof) {
    writer.raw(ProofFormat.magic)
    writer.integer(ProofFormat.version)
    writer.byte(proof.parameters.profile.rawValue)
    writer.byte(proof.parameters.isHiding ? 1 : 0)
    writer.raw(proof.programDigest.bytes)
    words(proof.publicInputs)
    words(proof.outputs)
    tables(proof.tables)
    writer.raw(proof.mainRoot.bytes)
    writer.raw(proof.auxiliaryRoot.bytes)
    elements(proof.terminals)
    writer.raw(proof.quotientRoot.bytes)
    count(proof.openings.count)
    for table in proof.openings { opening(table) }
    elements(proof.quotientOpening)
    digests(proof.friRoots)
    elements(proof.finalPolynomial)
    writer.integer(proof.nonce)
    opening(proof.mainQueries)
    opening(proof.auxiliaryQueries)
    opening(proof.quotientQueries)
    count(proof.friQueries.count)
    for queries in proof.friQueries { opening(queries) }
  }
}
