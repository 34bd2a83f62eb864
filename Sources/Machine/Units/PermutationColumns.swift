import ZKVMAIR
import ZKVMAlgebraicHash
import ZKVMField

/// The columns of one Poseidon2 permutation: the cube and the seventh power of every S-box.
///
/// What enters an S-box is linear in the state and the seventh powers before it, so it has no column:
/// cube = x³ and power = cube²·x have degree 3.
struct PermutationColumns {
  private struct SBox {
    let cube: Expression
    let power: Expression
  }

  private let external: [[SBox]]
  private let inner: [SBox]
  /// The permuted state, linear in the columns.
  let output: [Expression]

  private static let zeroRow = PermutationColumns.values(
    Array(repeating: .zero, count: Poseidon2.width))

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

  /// The cubes and powers in the order of the columns.
  private static func values(_ input: [Goldilocks]) -> [Goldilocks] {
    var values: [Goldilocks] = []
    values.reserveCapacity(
      2 * (2 * Poseidon2.halfExternalRounds * Poseidon2.width + Poseidon2.internalRounds))
    Poseidon2.permute(input) { x in
      let cube = x * x * x
      let power = cube * cube * x
      values.append(cube)
      values.append(power)
      return power
    }
    return values
  }

  func fill(_ row: RowWriter, _ input: [Goldilocks]) { set(row, PermutationColumns.values(input)) }

  /// The permutation of zeros.
  func fillZero(_ row: RowWriter) { set(row, PermutationColumns.zeroRow) }

  private func set(_ row: RowWriter, _ values: [Goldilocks]) {
    var index = 0
    func set(_ box: SBox) {
      row.set(box.cube, values[index])
      row.set(box.power, values[index + 1])
      index += 2
    }
    let half = Poseidon2.halfExternalRounds
    for boxes in external[..<half] { boxes.forEach(set) }
    inner.forEach(set)
    for boxes in external[half...] { boxes.forEach(set) }
  }
}
