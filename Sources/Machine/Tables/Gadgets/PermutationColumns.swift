import ZKVMAIR
import ZKVMAlgebraicHash
import ZKVMField

/// The columns of one Poseidon2 permutation: the cube and the seventh power of every S-box.
///
/// *Assumes* nothing of the input: any field elements.
///
/// *Constrains* the output to the first four elements of the permuted input, on every row, active
/// or not. What enters an S-box is linear in the state and the seventh powers before it, so it has
/// no column: cube = x³ and power = cube²·x have degree 3 (claim H1 of `Spec/units/hash.md`).
package struct PermutationColumns: Sendable {
  package struct SBox: Sendable {
    package let cube: Expression
    package let power: Expression
  }

  package let external: [[SBox]]
  package let inner: [SBox]
  /// The permuted state, linear in the columns.
  let output: [Expression]

  init(_ builder: TableBuilder, input: [Expression]) {
    var rounds = PermutationRounds(builder, input: input)
    var external: [[SBox]] = []
    for round in 0..<Poseidon2.halfExternalRounds { external.append(rounds.externalRound(round)) }
    inner = Poseidon2.internalConstants.enumerated().map { rounds.internalRound($0, plus: $1) }
    for round in 0..<Poseidon2.halfExternalRounds {
      external.append(rounds.externalRound(Poseidon2.halfExternalRounds + round))
    }
    self.external = external
    output = rounds.state.prefix(4).map(\.expression)
  }
}

/// A linear form in the columns: an S-box's input is used three times, so it is kept flat.
private struct LinearForm {
  var terms: [(column: Expression, weight: Goldilocks)] = []
  var constant = Goldilocks.zero

  static func weighted(_ parts: [(Goldilocks, LinearForm)]) -> LinearForm {
    var order: [Expression] = []
    var weights: [Expression: Goldilocks] = [:]
    var result = LinearForm()
    for (weight, form) in parts {
      result.constant += weight * form.constant
      for term in form.terms {
        if weights[term.column] == nil { order.append(term.column) }
        weights[term.column, default: .zero] += weight * term.weight
      }
    }
    result.terms = order.map { ($0, weights[$0]!) }
    return result
  }

  func plus(_ constant: Goldilocks) -> LinearForm {
    LinearForm(terms: terms, constant: self.constant + constant)
  }

  var expression: Expression {
    terms.reduce(Expression.constant(constant)) { $0 + .constant($1.weight) * $1.column }
  }
}

/// Declares the rounds of a permutation one after the other.
private struct PermutationRounds {
  private let builder: TableBuilder
  /// What enters the next round.
  private(set) var state: [LinearForm]

  private static let externalMatrix = Poseidon2.externalMatrix.map { row in
    row.map { Goldilocks($0) }
  }

  init(_ builder: TableBuilder, input: [Expression]) {
    self.builder = builder
    state = input.map { LinearForm(terms: [($0, .one)]) }
    mixExternally()
  }

  mutating func externalRound(_ round: Int) -> [PermutationColumns.SBox] {
    let boxes = (0..<Poseidon2.width).map { i in
      sBox(i, plus: Poseidon2.externalConstants[round][i], "external\(round)_\(i)")
    }
    mixExternally()
    return boxes
  }

  mutating func internalRound(
    _ round: Int, plus constant: Goldilocks
  ) -> PermutationColumns.SBox {
    let box = sBox(0, plus: constant, "internal\(round)")
    state = state.indices.map { i in
      .weighted(
        state.indices.map { j in
          (j == i ? Poseidon2.internalDiagonal[i] + .one : .one, state[j])
        })
    }
    return box
  }

  private mutating func mixExternally() {
    state = PermutationRounds.externalMatrix.map { .weighted(Array(zip($0, state))) }
  }

  /// Puts an element of the state through an S-box.
  private mutating func sBox(
    _ index: Int, plus constant: Goldilocks, _ name: String
  ) -> PermutationColumns.SBox {
    let x = state[index].plus(constant).expression
    let cube = builder.column("\(name)_cube", "The cube of the S-box's input.")
    let power = builder.column("\(name)_power", "Its seventh power.")
    builder.assertZero(x * x * x - cube, "\(name): the cube")
    builder.assertZero(cube * cube * x - power, "\(name): the seventh power")
    state[index] = LinearForm(terms: [(power, .one)])
    return PermutationColumns.SBox(cube: cube, power: power)
  }
}
