import ZKVMField

/// The value at `point` of columns over ⟨ω⟩ of order 2^logHeight whose first rows are `entries` and
/// whose other rows repeat the last entry.
///
/// Σ_i v_i·L_i = v_last + Σ_(i < m) (v_i − v_last)·L_i, as the Lagrange polynomials sum to 1; with
/// L_i(z) = (z^n − 1)/n · ω^i/(z − ω^i).
func evaluateFixedColumns(
  _ entries: [[Goldilocks]], logHeight: Int, at point: CubicExtension
) -> [CubicExtension] {
  guard let last = entries.last else { return [] }
  let n = UInt64(1) << UInt64(logHeight)
  let root = Goldilocks.rootOfUnity(logOrder: logHeight)
  var weights: [CubicExtension] = []
  weights.reserveCapacity(entries.count)
  var power = Goldilocks.one
  for _ in entries {
    weights.append(point - power)
    power *= root
  }
  invertAll(&weights)
  let factor = (point.power(n) - CubicExtension.one) * Goldilocks(n).inverse
  power = .one
  for i in weights.indices {
    weights[i] = weights[i] * power
    power *= root
  }
  var totals = [CubicExtension](repeating: .zero, count: last.count)
  for (weight, entry) in zip(weights, entries) {
    for column in totals.indices {
      let difference = entry[column] - last[column]
      if difference != .zero { totals[column] += weight * difference }
    }
  }
  return zip(totals, last).map { $0 * factor + $1 }
}
