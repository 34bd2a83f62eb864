import ZKVMAlgebraicHash
import ZKVMFixedPoint
import ZKVMMachine

/// Digests and memory: `hash`, `compress`, `merkle`, `squeeze`, `load` and `store`.
extension InstructionLowering {
  func isDigest(_ index: Int) -> Bool {
    guard case .name(let name) = operands[index].kind else { return false }
    return context.isDigest(name)
  }

  /// The digest in operand `index`.
  func digest(_ index: Int) -> TypedOperand? {
    guard let value = anyValue(index, numberAs: .digest) else { return nil }
    guard value.format == .digest else {
      context.error(
        value.location, "\(value.name) is \(value.format), expected a digest",
        help: "write: hash other, \(value.name)")
      return nil
    }
    return value
  }

  /// A row for every four words; the last one is filled up with zeros.
  func hash() {
    let words = operands.indices.dropFirst().map { value($0, numberAs: naturalFormat($0)) }
    guard words.allSatisfy({ $0 != nil }), let result = result(.digest) else { return }
    guard words.count <= Limits.hashedWords else {
      return context.error(location, "hash takes up to \(Limits.hashedWords) words")
    }
    var state: TypedOperand?
    for start in stride(from: 0, to: words.count, by: Digest.count) {
      let isLast = start + Digest.count >= words.count
      let target = isLast ? result : (name: "\(result.name)$hash\(start)", format: .digest)
      let block = (0..<Digest.count).map { index in
        start + index < words.count ? words[start + index]! : constant(0, .int)
      }
      emit(
        state == nil ? .hashStart : .hashNext, (state.map { [$0] } ?? []) + block, target,
        extra: state == nil ? words.count : 0)
      state = TypedOperand(
        value: .variable(target.name), format: .digest, name: context.plain(result.name),
        location: location)
    }
  }

  func compress() {
    guard let a = digest(1), let b = digest(2), let result = result(.digest) else { return }
    emit(.merkle, [a, b, constant(0, .int)], result)
  }

  func merkle() {
    guard let swap = flag(1), let current = digest(2), let sibling = digest(3),
      let result = result(.digest)
    else { return }
    emit(.merkle, [current, sibling, swap], result)
  }

  /// 48 bits: a whole number below 2^48 or, as `q48`, a fraction below 1.
  func squeeze() {
    guard let digest = digest(1) else { return }
    guard case .number(let text) = operands[2].kind, let element = Int(text),
      (0..<Digest.count).contains(element)
    else {
      return context.error(operands[2].location, "expected the element's number, 0 to 3")
    }
    let format = resultFormat ?? .q48
    guard format == .int || format == .q48 else {
      return context.error(
        operands[0].location, "squeeze gives int or q48, the result is \(format)")
    }
    guard let result = result(format) else { return }
    emit(.squeeze, [digest], result, extra: element)
  }

  func array(_ index: Int) -> Declarations.ArrayDeclaration? {
    if case .name(let name) = operands[index].kind {
      if let array = context.array(named: name) { return array }
      guard !context.isBroken(name) else { return nil }
      let suggestion = closest(to: name, among: context.arrayNames)
      context.error(
        operands[index].location, "there is no array \(context.plain(name))",
        help: suggestion.map { "did you mean \($0)?" }
          ?? "declare it with .array name: format, length"
      )
    } else {
      context.error(operands[index].location, "expected an array's name, found a number")
    }
    return nil
  }

  func index(_ index: Int) -> TypedOperand? {
    guard let value = value(index, numberAs: .int) else { return nil }
    guard compatible(value.format, .int) else {
      context.error(value.location, "the index \(value.name) is \(value.format), expected an int")
      return nil
    }
    return value
  }

  func load() {
    guard let array = array(1), let index = index(2), let result = result(array.format) else {
      return
    }
    emit(.load, [index], result, extra: array.first)
  }

  func store() {
    guard let array = array(0), let index = index(1),
      let value = anyValue(2, numberAs: array.format)
    else { return }
    guard accepts(array.format, value.format) else {
      return context.error(
        value.location, "\(value.name) is \(value.format), \(array.name) holds \(array.format)",
        help: array.format == .digest || value.format == .digest
          ? nil : "write: convert other: \(array.format), \(value.name)")
    }
    // Its own slot, which is its time; nothing reads it.
    emit(
      .store, [value, index], ("\(array.name)$stored", array.format), extra: array.first)
  }
}
