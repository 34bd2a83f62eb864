import ZKVMFixedPoint
import ZKVMMachine

/// Instructions with a scale: `mul`, `fma`, `div`, `sqrt` and `convert`.
extension InstructionLowering {
  /// The scale s with value(result) = value(x)·value(y), or `nil` with an error.
  func scale(_ bits: Int, _ description: String) -> Int? {
    guard bits >= 0, bits <= 64, bits % 16 == 0 else {
      context.error(
        location, "\(description) would need a scale of 2^\(bits); scales are 0 to 64 bits",
        help: "give the result another format, or convert an operand")
      return nil
    }
    return bits / 16
  }

  func multiply(_ rounding: Rounding, addend: Bool) {
    guard let a = value(1, numberAs: naturalFormat(1)), let b = value(2, numberAs: naturalFormat(2))
    else { return }
    let (fa, fb) = (a.format, b.format)
    var format = fa.fractionBits == 0 ? arithmetic(fb) : fb.fractionBits == 0 ? fa : min(fa, fb)
    if let given = givenFormat { format = given }
    var w = constant(0, format)
    if addend {
      if resultFormat == nil, !isNumber(3), let named = value(3, numberAs: format) {
        format = arithmetic(named.format)
      }
      guard let third = value(3, numberAs: format) else { return }
      guard compatible(third.format, format) else {
        context.error(
          third.location, "the addend \(third.name) is \(third.format), the result is \(format)",
          help: "convert one of them")
        return
      }
      w = third
    }
    guard
      let shift = scale(
        fa.fractionBits + fb.fractionBits - format.fractionBits, "\(fa)·\(fb) as \(format)"),
      let result = result(format)
    else { return }
    emit(
      .product(.multiplication, shift == 0 ? .floor : rounding), [a, b, w], result, extra: shift)
  }

  func min(_ a: Format, _ b: Format) -> Format { a.fractionBits < b.fractionBits ? a : b }

  func divide(_ rounding: Rounding) {
    guard !isNumber(1) || !isNumber(2) else {
      context.error(location, "both operands are numbers", help: "declare a .const")
      return
    }
    let dividend: TypedOperand
    let divisor: TypedOperand
    if isNumber(1) {
      guard let named = value(2, numberAs: .q48), let number = value(1, numberAs: named.format)
      else { return }
      (dividend, divisor) = (number, named)
    } else {
      guard let named = value(1, numberAs: .q48), let other = value(2, numberAs: naturalFormat(2))
      else { return }
      (dividend, divisor) = (named, other)
    }
    let (fz, fy) = (arithmetic(dividend.format), arithmetic(divisor.format))
    guard givenFormat != nil || fz != .int || fy != .int else {
      context.error(
        location, "the quotient of two ints needs a format",
        help: "write: div result: q48, a, b for a fraction, result: int for a whole number")
      return
    }
    let format = givenFormat ?? (fz == fy ? .q48 : fz)
    guard
      let shift = scale(
        format.fractionBits + fy.fractionBits - fz.fractionBits, "\(fz)/\(fy) as \(format)"),
      let result = result(format)
    else { return }
    emit(.product(.division, rounding), [dividend, divisor], result, extra: shift)
  }

  func squareRoot(_ rounding: Rounding) {
    guard let a = value(1, numberAs: resultFormat ?? .q48) else { return }
    let format = givenFormat ?? arithmetic(a.format)
    guard
      let shift = scale(
        2 * format.fractionBits - a.format.fractionBits, "√\(a.format) as \(format)"),
      let result = result(format)
    else { return }
    emit(.product(.squareRoot, rounding), [a], result, extra: shift)
  }

  func convert(_ rounding: Rounding) {
    guard let format = resultFormat else {
      context.error(
        operands[0].location, "convert needs the result's format",
        help: "write: convert result: q32, a")
      return
    }
    guard let a = value(1, numberAs: format) else { return }
    if format == .bool { return convertToFlag(a) }
    guard let result = result(format) else { return }
    let bits = a.format.fractionBits - format.fractionBits
    let zero = constant(0, format)
    if bits == 0 {
      context.alias(result.name, result.format, a)
    } else if bits > 0 {
      emit(
        .product(.multiplication, rounding), [a, constant(1, .int), zero], result, extra: bits / 16)
    } else {
      emit(.mulFloor, [a, constant(1 << -bits, .int), zero], result)
    }
  }

  /// A flag from an int: a row that only 0 and 1 pass.
  private func convertToFlag(_ a: TypedOperand) {
    guard a.format == .bool || a.format == .int else {
      context.error(
        a.location, "\(a.name) is \(a.format), which is no flag",
        help: "write: ne flag, \(a.name), 0")
      return
    }
    guard let result = result(.bool) else { return }
    if a.format == .bool {
      context.alias(result.name, result.format, a)
    } else {
      emit(.select, [constant(1, .int), constant(0, .int), a], result)
    }
  }

  /// Whether equity covers exposure·ratio, exactly: equity·2^s ≥ exposure·ratio in 128 bits is
  /// equity ≥ ⌈exposure·ratio / 2^s⌉, as equity is whole.
  func margin() {
    guard let (equity, requirement) = requirement(from: 1), let result = result(.bool) else {
      return
    }
    emit(.ge, [equity, requirement], result)
  }

  func assertMargin() {
    guard let (equity, requirement) = requirement(from: 0) else { return }
    emit(.assertGe, [equity, requirement], nil)
  }

  /// The equity and ⌈exposure·ratio⌉ in its format.
  private func requirement(from first: Int) -> (TypedOperand, TypedOperand)? {
    guard !isNumber(first) else {
      context.error(operands[first].location, "the equity is a number, expected a name")
      return nil
    }
    guard let equity = value(first, numberAs: .q32),
      let exposure = value(first + 1, numberAs: equity.format),
      let ratio = value(first + 2, numberAs: naturalFormat(first + 2))
    else { return nil }
    let format = arithmetic(equity.format)
    guard
      let shift = scale(
        exposure.format.fractionBits + ratio.format.fractionBits - format.fractionBits,
        "\(exposure.format)·\(ratio.format) as \(format)")
    else { return nil }
    let name = context.temporary("requirement")
    emit(
      .product(.multiplication, shift == 0 ? .floor : .ceil),
      [exposure, ratio, constant(0, format)], (name, format), extra: shift)
    return (
      equity,
      TypedOperand(
        value: .variable(name), format: format,
        name: "\(exposure.name)·\(ratio.name)", location: location)
    )
  }
}
