import ZKVMFixedPoint
import ZKVMMachine

/// Functions of one argument; what comes in and goes out; where the run goes on.
extension InstructionLowering {
  func function(_ opcode: Opcode) {
    guard let a = value(1, numberAs: .q48) else { return }
    guard a.format == .q48 else {
      context.error(
        a.location, "\(opcode.mnemonic) takes q48, \(a.name) is \(a.format)",
        help: "write: convert other: q48, \(a.name)")
      return
    }
    guard let result = result(.q48) else { return }
    emit(opcode, [a], result)
  }

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
        Lowering.input(field.format), [], ("\(stream.name).\(field.name)", field.format),
        extra: channel + 1 + index)
    }
  }

  func count() {
    guard let (_, channel) = stream(1), let result = result(.int) else { return }
    emit(.secret, [], result, extra: channel)
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
    emit(.reveal, [a], nil, extra: output.index)
  }

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
