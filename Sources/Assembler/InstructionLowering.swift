import ZKVMFixedPoint
import ZKVMMachine

/// Turns one written instruction into machine instructions: operand counts, formats, scales.
struct InstructionLowering {
  let context: Lowering
  let mnemonic: String
  let operands: [OperandSyntax]
  let message: String?
  let location: SourceLocation

  init(
    _ context: Lowering, _ mnemonic: String, _ operands: [OperandSyntax], _ message: String?,
    _ location: SourceLocation
  ) {
    self.context = context
    self.mnemonic = mnemonic
    self.operands = operands
    self.message = message
    self.location = location
  }

  /// The mnemonics and how their operands are written: those of the instruction table's patterns,
  /// and those that are lowered here.
  static let usage: [String: String] = {
    var usage = [
      "neg": "neg result, a", "abs": "abs result, a [, b]",
      "clamp": "clamp result, value, low, high",
      "le": "le result, a, b", "gt": "gt result, a, b",
      "and": "and result, a, b", "or": "or result, a, b", "not": "not result, a",
      "select": "select result, condition, if_one, if_zero",
      "mul": "mul result, a, b", "fma": "fma result, a, b, addend", "div": "div result, a, b",
      "sqrt": "sqrt result, a", "convert": "convert result: format, a",
      "set": "set result, a", "read": "read stream", "count": "count result, stream",
      "reveal": "reveal output, a", "assert": "assert condition, \"message\"",
      "assert_le": "assert_le a, b, \"message\"", "assert_gt": "assert_gt a, b, \"message\"",
      "jump": "jump label", "branch": "branch condition, if_one [, if_zero]", "halt": "halt",
      "call": "call procedure(arguments) -> (results)",
      "hash": "hash result, a, …", "compress": "compress result, a, b",
      "merkle": "merkle result, swap, current, sibling",
      "squeeze": "squeeze result, digest, element",
      "load": "load result, array, index", "store": "store array, index, a",
      "margin": "margin result, equity, exposure, ratio",
      "assert_margin": "assert_margin equity, exposure, ratio, \"message\"",
    ]
    for opcode in Opcode.allCases {
      if let signature = opcode.signature {
        usage[opcode.mnemonic] = "\(opcode.mnemonic) \(signature.usage)"
      }
    }
    return usage
  }()

  private static let rounded: Set<String> = ["mul", "fma", "div", "sqrt", "convert"]

  func lower() {
    var name = mnemonic
    var rounding = Rounding.nearest
    if let dot = mnemonic.firstIndex(of: ".") {
      name = String(mnemonic[..<dot])
      guard let parsed = Rounding(rawValue: String(mnemonic[mnemonic.index(after: dot)...])),
        InstructionLowering.rounded.contains(name)
      else {
        context.error(
          location, "unknown instruction \(mnemonic)",
          help: "mul, fma, div, sqrt and convert take .floor or .ceil")
        return
      }
      rounding = parsed
    }
    guard let usage = InstructionLowering.usage[name] else {
      guard !operands.isEmpty else {
        // A label without its colon; those that go there are right.
        context.error(
          location, "unknown instruction \(context.plain(name))",
          help: "a label is written with a colon: \(context.plain(name)):")
        return context.startBlock(name, at: location)
      }
      let suggestion = closest(to: name, among: InstructionLowering.usage.keys)
      context.error(
        location, "unknown instruction \(name)",
        help: suggestion.map { "did you mean \($0)?  \(InstructionLowering.usage[$0]!)" })
      return
    }
    guard hasOperandCount(usage) else {
      context.error(
        location, "\(name) has the wrong number of operands: found \(operands.count)",
        help: "write: \(usage)"
          + (hasNumbersInARow ? "; numbers have a point, 0.5, and no comma: 1_000" : ""))
      return
    }
    if message != nil, !name.hasPrefix("assert") {
      context.error(location, "only assertions carry a message")
    }
    lower(name, rounding)
  }

  /// As a decimal comma or one of thousands makes them.
  private var hasNumbersInARow: Bool {
    operands.indices.dropLast().contains { isNumber($0) && isNumber($0 + 1) }
  }

  func hasOperandCount(_ usage: String) -> Bool {
    let text = usage.filter { !"[]".contains($0) }.split(separator: " ", maxSplits: 1)
    guard text.count == 2 else { return operands.isEmpty }
    if usage.hasSuffix("…") { return operands.count >= 2 }
    let written = text[1].split(separator: ",").filter { !$0.contains("\"") }.count
    let optional = usage.contains("[") ? 1 : 0
    return (written - optional...written).contains(operands.count)
  }

  func lower(_ name: String, _ rounding: Rounding) {
    if let opcode = Opcode.allCases.first(where: { $0.mnemonic == name }),
      let signature = opcode.signature
    {
      switch signature {
      case .sum: sameFormat(opcode)
      case .comparison: compare(opcode, 1, 2)
      case .assertion: assertion(opcode, 0, 1)
      case .function: function(opcode)
      }
      return
    }
    switch name {
    case "neg": negate()
    case "abs": absolute()
    case "clamp": clamp()
    case "gt": compare(.lt, 2, 1)
    case "le": compare(.ge, 2, 1)
    case "and": logic(.min)
    case "or": logic(.max)
    case "not": not()
    case "select": select()
    case "mul": multiply(rounding, addend: false)
    case "fma": multiply(rounding, addend: true)
    case "div": divide(rounding)
    case "sqrt": squareRoot(rounding)
    case "convert": convert(rounding)
    case "set": set()
    case "read": read()
    case "count": count()
    case "reveal": reveal()
    case "assert": assertCondition()
    case "hash": hash()
    case "compress": compress()
    case "merkle": merkle()
    case "squeeze": squeeze()
    case "load": load()
    case "store": store()
    case "margin": margin()
    case "assert_margin": assertMargin()
    case "assert_gt": assertion(.assertLt, 1, 0)
    case "assert_le": assertion(.assertGe, 1, 0)
    case "jump":
      guard let label = label(0) else { return }
      context.exit(.jump(label), at: location)
    case "branch": branch()
    case "halt": context.exit(.halt, at: location)
    default: preconditionFailure("\(name) has a usage but no lowering")
    }
  }

  // MARK: Operands

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

  func emit(
    _ opcode: Opcode, _ slots: [Int: TypedOperand], _ result: (name: String, format: Format)?,
    extra: Int = 0
  ) {
    context.emit(
      opcode, slots, result: result, extra: extra, message: message ?? "", at: location)
  }

  /// A constant that the source does not write; messages leave it out.
  func constant(_ word: Int64, _ format: Format) -> TypedOperand {
    TypedOperand(value: .constant(word), format: format, name: "", location: location)
  }

  // MARK: Adder

  func sameFormat(_ opcode: Opcode) {
    guard let values = shared([1, 2]), let result = result(arithmetic(values[0].format)) else {
      return
    }
    emit(opcode, [0: values[0], 1: values[1]], result)
  }

  /// Sums of flags are numbers.
  func arithmetic(_ format: Format) -> Format { format == .bool ? .int : format }

  func negate() {
    guard let value = value(1, numberAs: resultFormat ?? naturalFormat(1)),
      let result = result(arithmetic(value.format))
    else { return }
    emit(.sub, [0: constant(0, value.format), 1: value], result)
  }

  func absolute() {
    if operands.count == 3 { return sameFormat(.abs) }
    guard let value = value(1, numberAs: resultFormat ?? naturalFormat(1)),
      let result = result(arithmetic(value.format))
    else { return }
    emit(.abs, [0: value, 1: constant(0, value.format)], result)
  }

  func clamp() {
    guard let values = shared([1, 2, 3]),
      let result = result(
        values.allSatisfy { $0.format == .bool } ? .bool : arithmetic(values[0].format))
    else { return }
    let inner = (result.name + "$clamp", result.format)
    emit(.max, [0: values[0], 1: values[1]], inner)
    let lower = TypedOperand(
      value: .variable(inner.0), format: result.format, name: values[0].name, location: location)
    emit(.min, [0: lower, 1: values[2]], result)
  }

  func compare(_ opcode: Opcode, _ a: Int, _ b: Int) {
    guard let values = sharedComparison([1, 2]), let result = result(.bool) else { return }
    emit(opcode, [0: values[a - 1], 1: values[b - 1]], result)
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
    emit(opcode, [0: a, 1: b], result)
  }

  func not() {
    guard let a = flag(1), let result = result(.bool) else { return }
    emit(.sub, [0: constant(1, .int), 1: a], result)
  }

  func select() {
    guard let condition = flag(1), let values = shared([2, 3]),
      let result = result(
        values.allSatisfy { $0.format == .bool } ? .bool : arithmetic(values[0].format))
    else { return }
    emit(.select, [0: values[0], 1: values[1], 2: condition], result)
  }

  func assertCondition() {
    guard let condition = flag(0) else { return }
    emit(.assertEq, [0: condition, 1: constant(1, .int)], nil)
  }

  func assertion(_ opcode: Opcode, _ a: Int, _ b: Int) {
    if opcode == .assertEq, isDigest(0) {
      guard let a = digest(0), let b = digest(1) else { return }
      return emit(.assertSame, [0: a, 1: b], nil)
    }
    guard let values = sharedComparison([0, 1]) else { return }
    emit(opcode, [0: values[a], 1: values[b]], nil)
  }

  // MARK: Function

  func function(_ opcode: Opcode) {
    guard let a = value(1, numberAs: .q48) else { return }
    guard a.format == .q48 else {
      context.error(
        a.location, "\(opcode.mnemonic) takes q48, \(a.name) is \(a.format)",
        help: "write: convert other: q48, \(a.name)")
      return
    }
    guard let result = result(.q48) else { return }
    emit(opcode, [0: a], result)
  }

  // MARK: Port

  func set() {
    guard let a = anyValue(1, numberAs: resultFormat ?? naturalFormat(1)) else { return }
    if let declared = resultFormat, !accepts(declared, a.format) {
      context.error(
        a.location, "\(a.name) is \(a.format), expected \(declared)",
        help: declared == .bool
          ? "write: ne flag, \(a.name), 0; or convert flag: bool, \(a.name), which traps unless it is 0 or 1"
          : "write: convert result: \(declared), \(a.name)")
      return
    }
    guard let result = result(resultFormat ?? a.format) else { return }
    context.alias(result.name, result.format, a)
  }

  func stream(_ index: Int) -> (stream: ZKVMMachine.Stream, channel: Int)? {
    if case .name(let name) = operands[index].kind {
      if let found = context.stream(named: name) { return found }
      guard !context.isBroken(name) else { return nil }
      let suggestion = closest(to: name, among: context.streamNames)
      context.error(
        operands[index].location, "there is no stream \(context.plain(name))",
        help: suggestion.map { "did you mean \($0)?" } ?? "declare it with .stream")
    } else {
      context.error(operands[index].location, "expected a stream's name, found a number")
    }
    return nil
  }

  func read() {
    guard let (stream, channel) = stream(0) else { return }
    for (index, field) in stream.fields.enumerated() {
      emit(
        Lowering.input(field.format), [:], ("\(stream.name).\(field.name)", field.format),
        extra: channel + 1 + index)
    }
  }

  func count() {
    guard let (_, channel) = stream(1), let result = result(.int) else { return }
    emit(.secret, [:], result, extra: channel)
  }

  func reveal() {
    guard case .name(let name) = operands[0].kind, let output = context.output(named: name) else {
      if case .name(let name) = operands[0].kind, context.isBroken(name) { return }
      context.error(
        operands[0].location, "expected an output's name",
        help: context.outputNames.isEmpty
          ? "declare it with .output" : "outputs are \(context.outputNames.joined(separator: ", "))"
      )
      return
    }
    guard let a = anyValue(1, numberAs: output.format) else { return }
    guard compatible(a.format, output.format) else {
      context.error(
        a.location, "\(a.name) is \(a.format), the output \(name) is \(output.format)",
        help: output.format == .digest || a.format == .digest
          ? nil : "write: convert other: \(output.format), \(a.name)")
      return
    }
    emit(.reveal, [0: a], nil, extra: output.index)
  }

  // MARK: Control

  func label(_ index: Int) -> String? {
    guard case .name(let name) = operands[index].kind else {
      context.error(operands[index].location, "expected a label, found a number")
      return nil
    }
    context.reference(name, at: operands[index].location)
    return name
  }

  func branch() {
    guard let condition = flag(0), let one = label(1) else { return }
    guard operands.count == 3 else {
      context.branchOrFallThrough(condition, one, at: location)
      return
    }
    guard let zero = label(2) else { return }
    context.exit(.branch(condition, one, zero), at: location)
  }
}
