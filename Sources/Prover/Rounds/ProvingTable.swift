import ZKVMAIR
import ZKVMField
import ZKVMMachine
import ZKVMProtocol
import ZKVMWitness

/// What stays the same of one table through all rounds.
struct ProvingTable: Sendable {
  /// Its place among the proof's tables.
  let number: Int
  let kind: TableKind
  let logHeight: Int
  /// The verifier's columns.
  let fixed: Matrix
  let system: ConstraintSystem
  let blindRows: Int
  /// log2 of the blowup that is kept: the committed rate's, and at least what the quotient needs.
  let logExtension: Int
  /// log2 of the quotient's blowup. Constraints of degree 4 times Z_blind stay below 4n; those of
  /// degree 3 exceed 2n only by as much as the small coset recovers.
  let logQuotientBlowup: Int
  let smallCoset: SmallCoset?
  let shift: Goldilocks

  var height: Int { 1 << logHeight }
  var activeRows: Int { height - blindRows }

  init(_ trace: TableTrace, number: Int, _ layout: ProofLayout) {
    self.number = number
    kind = trace.kind
    logHeight = trace.logHeight
    fixed = trace.fixed
    system = layout.systems[number]
    shift = layout.shift(logHeight: trace.logHeight)
    blindRows = layout.parameters.blindRows
    let logBlowup = layout.parameters.logBlowup
    smallCoset =
      system.degree <= 3 && logBlowup == 1
      ? SmallCoset(blindRows: blindRows, logHeight: trace.logHeight, shift: shift) : nil
    logQuotientBlowup = smallCoset == nil ? 2 : 1
    logExtension = max(logBlowup, logQuotientBlowup)
  }

  /// The extension of the table's columns; `next` are those whose next row is used.
  func extend(_ matrix: Matrix, logBlowup: Int, next: Set<Int>) -> ExtendedColumns {
    let isEmpty = matrix.columns == 0
    let large = Matrix(rows: isEmpty ? 0 : height << logBlowup, columns: matrix.columns)
    let small = Matrix(rows: isEmpty ? 0 : smallCoset?.rows ?? 0, columns: matrix.columns)
    parallel(matrix.columns) { column in
      withShiftedCoefficients(of: matrix.column(column), logSize: logHeight, shift: shift) {
        evaluateBlocks(
          $0, logSize: logHeight, logBlowup: logBlowup, blocks: 1 << logBlowup,
          into: large.column(column))
        smallCoset?.evaluate($0, usesNext: next.contains(column), into: small.column(column))
      }
    }
    return ExtendedColumns(large: large, small: small)
  }
}

/// Columns where they are committed and where the quotient is evaluated.
struct ExtendedColumns: Sendable {
  /// Blocks of the low-degree extension in bit-reversed order.
  let large: Matrix
  /// The columns on the small coset, if there is one, then its next rows.
  let small: Matrix
}
