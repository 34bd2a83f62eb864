import ZKVMFixedPoint
import ZKVMMachine

/// What an instruction's operands are: values, formats, the result.
extension InstructionLowering {
  /// The number in operand `index`; one that is written out takes `format`.
  func value(_ index: Int, numberAs format: Format) -> TypedOperand? {
    guard let value = anyValue(index, numberAs: format) else { return nil }
    guard value.format != .digest else {
      context.error(
        value.location, "\(value.name) is a digest, expected a number",
        help: "digests can be hashed, compared by assert_eq, stored and revealed")
      return nil
    }
    return value
  }

  /// The number or digest in operand `index`.
  func anyValue(_ index: Int, numberAs format: Format) -> TypedOperand? {
    let operand = operands[index]
    if operand.format != nil {
      context.error(operand.location, "only results carry a format", help: "use convert")
    }
    switch operand.kind {
    case .name(let name): return context.resolve(name, at: operand.location)
    case .number(let text):
      guard format != .digest else {
        context.error(operand.location, "expected a digest, found a number")
        return nil
      }
      do throws(DecimalError) {
        return TypedOperand(
          value: .constant(try Decimal.parse(text, as: format)), format: format, name: text,
          location: operand.location)
      } catch {
        context.error(operand.location, error.description)
        return nil
      }
    }
  }

  func isNumber(_ index: Int) -> Bool {
    if case .number = operands[index].kind { return true }
    return false
  }

  /// The format that the result was given, by an annotation or an earlier assignment.
  var resultFormat: Format? {
    guard case .name(let name) = operands[0].kind else { return nil }
    return operands[0].format ?? context.formats[name]
  }

  /// A number's own format where nothing else decides: whole numbers are `int`, others `q48`.
  func naturalFormat(_ index: Int) -> Format {
    guard case .number(let text) = operands[index].kind else { return .q48 }
    return text.contains { ".eE".contains($0) } ? .q48 : .int
  }

  /// Two or more operands that share a format: numbers take that of the others.
  func shared(_ indices: [Int]) -> [TypedOperand]? {
    let named = indices.first { !isNumber($0) }
    var format = resultFormat ?? naturalFormat(indices[0])
    if let named {
      guard let first = value(named, numberAs: .int) else { return nil }
      format = first.format
    }
    var values: [TypedOperand] = []
    for index in indices {
      guard let operand = value(index, numberAs: format == .bool ? .int : format) else {
        return nil
      }
      guard compatible(operand.format, format) else {
        context.error(
          operand.location,
          "\(operand.name) is \(operand.format), expected \(format) like the other operand",
          help: operand.format.fractionBits > format.fractionBits && format.fractionBits == 0
            ? "write: convert other: \(operand.format), \(values.first?.name ?? "the other")"
            : "write: convert other: \(format), \(operand.name)")
        return nil
      }
      values.append(operand)
    }
    return values
  }

  func compatible(_ a: Format, _ b: Format) -> Bool {
    a == b || (a != .digest && b != .digest && a.fractionBits == 0 && b.fractionBits == 0)
  }

  /// Whether a place of the first format can be given a value of the second one. Any flag is an
  /// int; an int is a flag only after a comparison or a check.
  func accepts(_ place: Format, _ value: Format) -> Bool {
    place == .bool ? value == .bool : compatible(place, value)
  }

  /// The format that the result of arithmetic was given. A flag is never the result of any.
  var givenFormat: Format? { resultFormat.map(arithmetic) }

  /// The result's name if it can hold `format`.
  func result(_ format: Format) -> (name: String, format: Format)? {
    let operand = operands[0]
    guard case .name(let name) = operand.kind else {
      context.error(operand.location, "expected the result's name, found a number")
      return nil
    }
    guard context.isAssignable(name, at: operand.location) else { return nil }
    if let earlier = context.formats[name], let written = operand.format, earlier != written {
      context.error(
        operand.location, "\(context.plain(name)) is \(earlier), found \(written)",
        help: "use another name for another format")
      return nil
    }
    let declared = operand.format ?? context.formats[name]
    if let declared, declared != format, !(declared == .int && format == .bool) {
      context.error(
        operand.location, "the result is \(format), but \(context.plain(name)) is \(declared)",
        help: "use another name, or convert")
      return nil
    }
    return (name, declared ?? format)
  }

  /// An instruction whose operands are in the order in which its row reads them.
  func emit(
    _ opcode: Opcode, _ operands: [TypedOperand], _ result: (name: String, format: Format)?,
    extra: Int = 0
  ) {
    let slots = Dictionary(uniqueKeysWithValues: zip(opcode.reads, operands))
    context.emit(
      opcode, slots, result: result, extra: extra, message: message ?? "", at: location)
  }

  /// A constant that the source does not write; messages leave it out.
  func constant(_ word: Int64, _ format: Format) -> TypedOperand {
    TypedOperand(value: .constant(word), format: format, name: "", location: location)
  }
}
