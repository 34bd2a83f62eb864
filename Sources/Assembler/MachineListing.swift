import ZKVMFixedPoint
import ZKVMMachine

/// The textual form of bytecode: what `disassemble` prints. It assembles to the same digest.
///
///     .machine 2
///     .program "name"
///     .secret spot : q32
///     .constant 281474976710656
///     .block incoming=0 size=12
///       secret      _ _ _ fp+0 _ _ #0        ; spot
public enum MachineListing {
  static func isListing(_ source: SourceText) -> Bool {
    source.firstLine.hasPrefix(".machine")
  }

  /// The listing of a program, with the source's names as comments.
  public static func print(_ program: Program) -> String {
    var lines = [
      ".machine 2", ".program \"\(program.interface.name)\"", "; digest \(program.digest)",
    ]
    func fields(_ directive: String, _ fields: [NamedFormat]) {
      for field in fields { lines.append("\(directive) \(field.name) : \(field.format)") }
    }
    fields(".public", program.interface.publicInputs)
    fields(".secret", program.interface.secretInputs)
    for stream in program.interface.streams {
      let list = stream.fields.map { "\($0.name): \($0.format)" }.joined(separator: ", ")
      lines.append(".stream \(stream.name) { \(list) }")
    }
    fields(".output", program.interface.outputs)
    for (address, constant) in program.constants.enumerated() {
      lines.append(".constant \(constant) ; @\(address)")
    }
    for array in program.arrays {
      lines.append(".array length=\(array.length) digests=\(array.isDigest ? 1 : 0)")
    }
    for (index, block) in program.blocks.enumerated() {
      lines.append(".block incoming=\(block.incoming) size=\(block.size)")
      for pc in program.instructionRange(ofBlock: index) {
        lines.append("  " + line(program, pc))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ program: Program, _ pc: Int) -> String {
    let instruction = program.instructions[pc]
    let slots = instruction.slots.map { slot in
      slot == .none ? "_" : slot.isFrameRelative ? "fp+\(slot.offset)" : "@\(slot.offset)"
    }
    var text = pad(instruction.opcode.mnemonic, 14) + pad(slots.joined(separator: " "), 32)
    text += "#\(instruction.extra)"
    var comment = "\(pc)"
    if pc < program.source.entries.count {
      let names = program.source.entries[pc].names.filter { !$0.isEmpty }
      if !names.isEmpty { comment += ": " + names.joined(separator: " ") }
    }
    return pad(text, 54) + "; " + comment
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
