import ZKVMAIR
import ZKVMAlgebraicHash
import ZKVMField

/// The columns of one Poseidon2 permutation: the cube and the seventh power of every S-box.
///
/// What enters an S-box is linear in the state and the seventh powers before it, so it has no column:
/// cube = x³ and power = cube²·x have degree 3.
package struct PermutationColumns: Sendable {
  package struct SBox: Sendable {
    package let cube: Expression
    package let power: Expression
  }

  package let external: [[SBox]]
  package let inner: [SBox]
  /// The permuted state, linear in the columns.
  package let output: [Expression]

  init(_ builder: TableBuilder, input: [Expression]) {
    /// A linear form in the columns: an S-box's input is used three times, so it is kept flat.
    struct Form {
      var terms: [(column: Expression, weight: Goldilocks)] = []
      var constant = Goldilocks.zero

      static func weighted(_ parts: [(Goldilocks, Form)]) -> Form {
        var order: [Expression] = []
        var weights: [Expression: Goldilocks] = [:]
        var result = Form()
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

      func plus(_ constant: Goldilocks) -> Form {
        Form(terms: terms, constant: self.constant + constant)
      }

      var expression: Expression {
        terms.reduce(Expression.constant(constant)) { $0 + .constant($1.weight) * $1.column }
      }
    }

    func sBox(_ form: Form, _ name: String) -> (SBox, Form) {
      let x = form.expression
      let cube = builder.column("\(name)_cube", "The cube of the S-box's input.")
      let power = builder.column("\(name)_power", "Its seventh power.")
      builder.assertZero(x * x * x - cube, "\(name): the cube")
      builder.assertZero(cube * cube * x - power, "\(name): the seventh power")
      return (SBox(cube: cube, power: power), Form(terms: [(power, .one)]))
    }

    let externalMatrix = Poseidon2.externalMatrix.map { row in row.map { Goldilocks($0) } }
    func mixExternally(_ state: [Form]) -> [Form] {
      externalMatrix.map { row in .weighted(Array(zip(row, state))) }
    }

    func mixInternally(_ state: [Form]) -> [Form] {
      state.indices.map { i in
        .weighted(
          state.indices.map { j in
            (j == i ? Poseidon2.internalDiagonal[i] + .one : .one, state[j])
          })
      }
    }

    var state = mixExternally(input.map { Form(terms: [($0, .one)]) })
    var external: [[SBox]] = []
    var inner: [SBox] = []
    func externalRound(_ round: Int) {
      var boxes: [SBox] = []
      for i in 0..<Poseidon2.width {
        let form = state[i].plus(Poseidon2.externalConstants[round][i])
        let (box, power) = sBox(form, "external\(round)_\(i)")
        boxes.append(box)
        state[i] = power
      }
      external.append(boxes)
      state = mixExternally(state)
    }
    for round in 0..<Poseidon2.halfExternalRounds { externalRound(round) }
    for (round, constant) in Poseidon2.internalConstants.enumerated() {
      let (box, power) = sBox(state[0].plus(constant), "internal\(round)")
      inner.append(box)
      state[0] = power
      state = mixInternally(state)
    }
    for round in 0..<Poseidon2.halfExternalRounds {
      externalRound(Poseidon2.halfExternalRounds + round)
    }
    self.external = external
    self.inner = inner
    output = state.prefix(4).map(\.expression)
  }
}
