import ZKVMFixedPoint
import ZKVMMachine

/// Sums, comparisons, flags and assertions.
extension InstructionLowering {
  func sameFormat(_ opcode: Opcode) {
    guard let values = shared([1, 2]), let result = result(arithmetic(values[0].format)) else {
      return
    }
    emit(opcode, [values[0], values[1]], result)
  }

  /// Sums of flags are numbers.
  func arithmetic(_ format: Format) -> Format { format == .bool ? .int : format }

  func negate() {
    guard let value = value(1, numberAs: resultFormat ?? naturalFormat(1)),
      let result = result(arithmetic(value.format))
    else { return }
    emit(.sub, [constant(0, value.format), value], result)
  }

  func absolute() {
    if operands.count == 3 { return sameFormat(.abs) }
    guard let value = value(1, numberAs: resultFormat ?? naturalFormat(1)),
      let result = result(arithmetic(value.format))
    else { return }
    emit(.abs, [value, constant(0, value.format)], result)
  }

  func clamp() {
    guard let values = shared([1, 2, 3]),
      let result = result(
        values.allSatisfy { $0.format == .bool } ? .bool : arithmetic(values[0].format))
    else { return }
    let inner = (result.name + "$clamp", result.format)
    emit(.max, [values[0], values[1]], inner)
    let lower = TypedOperand(
      value: .variable(inner.0), format: result.format, name: values[0].name, location: location)
    emit(.min, [lower, values[2]], result)
  }

  func compare(_ opcode: Opcode, _ a: Int, _ b: Int) {
    guard let values = sharedComparison([1, 2]), let result = result(.bool) else { return }
    emit(opcode, [values[a - 1], values[b - 1]], result)
  }

  /// As ``shared(_:)``, but the result's format does not decide that of numbers.
  func sharedComparison(_ indices: [Int]) -> [TypedOperand]? {
    guard indices.contains(where: { !isNumber($0) }) else {
      context.error(location, "both operands are numbers", help: "compare at least one value")
      return nil
    }
    return shared(indices)
  }

  func flag(_ index: Int) -> TypedOperand? {
    guard !isNumber(index) else {
      context.error(operands[index].location, "expected a flag, found a number")
      return nil
    }
    guard let value = value(index, numberAs: .int) else { return nil }
    guard value.format == .bool else {
      context.error(
        value.location, "\(value.name) is \(value.format), expected a bool",
        help: "flags come from comparisons: ne flag, \(value.name), 0")
      return nil
    }
    return value
  }

  func logic(_ opcode: Opcode) {
    guard let a = flag(1), let b = flag(2), let result = result(.bool) else { return }
    emit(opcode, [a, b], result)
  }

  func not() {
    guard let a = flag(1), let result = result(.bool) else { return }
    emit(.sub, [constant(1, .int), a], result)
  }

  func select() {
    guard let condition = flag(1), let values = shared([2, 3]),
      let result = result(
        values.allSatisfy { $0.format == .bool } ? .bool : arithmetic(values[0].format))
    else { return }
    emit(.select, [values[0], values[1], condition], result)
  }

  func assertCondition() {
    guard let condition = flag(0) else { return }
    emit(.assertEq, [condition, constant(1, .int)], nil)
  }

  func assertion(_ opcode: Opcode, _ a: Int, _ b: Int) {
    if opcode == .assertEq, isDigest(0) {
      guard let a = digest(0), let b = digest(1) else { return }
      return emit(.assertSame, [a, b], nil)
    }
    guard let values = sharedComparison([0, 1]) else { return }
    emit(opcode, [values[a], values[b]], nil)
  }
}
