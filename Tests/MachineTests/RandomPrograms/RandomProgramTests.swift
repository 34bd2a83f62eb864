import Foundation
import TestSupport
import Testing
import ZKVMAssembler
import ZKVMMachine

/// Loader, interpreter and checker together, on random programs and on changes of valid ones.
///
///     ZKVM_RANDOM_PROGRAMS=1000000 ZKVM_RANDOM_SEED=7 swift test -c release --filter RandomProgramTests
@Suite struct RandomProgramTests {
  /// Changed programs for each random one.
  static let changes = 3

  @Test func acceptedProgramsRunAndHold() throws {
    let environment = ProcessInfo.processInfo.environment
    let programs = environment["ZKVM_RANDOM_PROGRAMS"].flatMap { Int($0) } ?? 4000
    let seed = environment["ZKVM_RANDOM_SEED"].flatMap { UInt64($0) } ?? 1
    var examination = ProgramExamination(seed: seed)
    var seeds = SeededGenerator(seed: seed)
    func examine(_ draft: ProgramDraft) throws {
      do throws(ProgramExamination.Finding) {
        try examination.examine(draft)
      } catch {
        let listing = draft.instructions.enumerated().map { pc, instruction in
          let slots = instruction.slots.map { ($0.isFrameRelative ? "fp+" : "@") + "\($0.offset)" }
          return "  \(pc) \(instruction.opcode) \(slots) #\(instruction.extra)"
        }.joined(separator: "\n")
        Issue.record(
          """
          program \(examination.counts.programs) of seed \(seed): \(error)
          \(draft.interface), constants \(draft.constants), arrays \(draft.arrays)
          \(draft.blocks.map { "block \($0.start), \($0.incoming) incoming, size \($0.size)" })
          \(listing)
          """)
        throw error
      }
    }
    while examination.counts.programs < programs {
      var generator = ProgramGenerator(seed: seeds.next())
      let draft = generator.make()
      try examine(draft)
      for _ in 0..<RandomProgramTests.changes {
        var mutator = ProgramMutator(seed: seeds.next())
        var changed = draft
        for _ in 0...Int(seeds.next() % 2) { mutator.mutate(&changed) }
        try examine(changed)
      }
    }
    let counts = examination.counts
    print(
      "\(counts.programs) programs: \(counts.refusedForm) refused for form, \(counts.refusedFlow) for "
        + "flow, \(counts.trapped) trapped, \(counts.checked) checked with \(counts.steps) steps")
    // The generator must not fade into programs that are all refused or all trap.
    #expect(counts.checked > counts.programs / 8)
    #expect(counts.refusedForm > counts.programs / 20 && counts.refusedFlow > counts.programs / 20)
    if programs >= 4000 {
      #expect(counts.opcodes == Set(Opcode.allCases), "every instruction is executed")
    }
  }
}
