import TestSupport
import ZKVMAlgebraicHash
import ZKVMInspect
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// Loader, interpreter and checker on one program: what the loader accepts runs, and its trace holds.
struct ProgramExamination {
  /// What became of the programs.
  struct Counts {
    var programs = 0
    /// Refused for its form: layout, targets, operands, limits.
    var refusedForm = 0
    /// Refused because a cell would have two publishers, none, or one of the other kind.
    var refusedFlow = 0
    var trapped = 0
    var checked = 0
    var opcodes: Set<Opcode> = []
    var steps = 0
  }

  struct Finding: Error, CustomStringConvertible {
    let description: String
  }

  static let stepLimit = 400
  private(set) var counts = Counts()
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func examine(_ draft: ProgramDraft) throws(Finding) {
    counts.programs += 1
    let flaw = PathWalk.flaw(in: draft)
    let program: Program
    do throws(InvalidProgram) {
      program = try draft.program()
    } catch {
      try judge(refusal: error, flaw, draft)
      return
    }
    if let flaw { throw Finding(description: "the loader accepts a flaw, \(flaw)") }
    guard (try? Bytecode.decode(draft.bytecode)) == program else {
      throw Finding(description: "the file holds another program")
    }
    let execution: Execution
    do throws(Trap) {
      execution = try Interpreter.run(
        program, inputs(program), stepLimit: ProgramExamination.stepLimit)
    } catch {
      counts.trapped += 1
      return
    }
    counts.checked += 1
    counts.steps += execution.steps.count
    counts.opcodes.formUnion(execution.steps.map { program.instructions[Int($0.pc)].opcode })
    let machine = MachineTables(program: program, blindRows: 1)
    let report = Checker(execution, machine: machine).check(
      Trace(execution, machine: machine), limit: 3)
    guard report.holds else {
      let failures = report.constraints.map(\.description) + report.buses.map(\.description)
      throw Finding(
        description: "a run whose trace does not hold: " + failures.joined(separator: "\n"))
    }
  }

  private mutating func judge(
    refusal: InvalidProgram, _ flaw: PathWalk.Flaw?, _ draft: ProgramDraft
  ) throws(Finding) {
    switch refusal.reason {
    case .doubleWrite, .undefinedRead, .cellKind:
      counts.refusedFlow += 1
      // A path follows an exit's frame size, the loader its block's; that they differ may come later.
      guard flaw != nil || !exitsHaveTheirBlocksSize(draft) else {
        throw Finding(description: "the loader refuses what no path shows: \(refusal)")
      }
    case .limit, .blockLayout, .controlFlow, .operand, .encoding: counts.refusedForm += 1
    }
    guard (try? Bytecode.decode(draft.bytecode)) == nil else {
      throw Finding(description: "a file is accepted whose program is refused: \(refusal)")
    }
  }

  private func exitsHaveTheirBlocksSize(_ draft: ProgramDraft) -> Bool {
    draft.blocks.indices.allSatisfy { index in
      let isLast = index + 1 == draft.blocks.count
      let end = isLast ? draft.instructions.count : draft.blocks[index + 1].start
      guard draft.instructions.indices.contains(end - 1) else { return false }
      let exit = draft.instructions[end - 1]
      return exit.opcode == .halt || exit.frameSize == draft.blocks[index].size
    }
  }

  // MARK: Inputs

  private mutating func inputs(_ program: Program) -> ProgramInputs {
    let interface = program.interface
    return ProgramInputs(
      publicInputs: words(interface.publicInputs), secretInputs: words(interface.secretInputs),
      streams: interface.streams.map { stream in
        (0..<Int.random(in: 0...9, using: &random)).map { _ in words(stream.fields) }
      })
  }

  private mutating func words(_ fields: [NamedFormat]) -> [Int64] {
    fields.flatMap { field -> [Int64] in
      guard field.format != .digest else {
        return (0..<Digest.count).map { _ in Int64.random(in: 0...9, using: &random) }
      }
      return [[1, 1, 1, 2, 3, 0, -1, 5 << 16, 1 << 48].randomElement(using: &random)!]
    }
  }
}
