import TestSupport
import Testing
import ZKVMAssembler
import ZKVMField
import ZKVMInspect
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// Where the entry block's frame lies, above all without constants and public inputs.
@Suite struct FrameStartTests {
  /// The load's own slot is the first cell of all frames, as its index goes to the next one. Its time
  /// is that cell's address, and must come after time 0, when the memory was zeros.
  static let loadInTheFirstCell = """
    .program "first-cell"
    .stream rows { a: int }
    .output seen: int
    .array cells: int, 4
        count left, rows
        load  first, cells, left
    next:
        add   left, left, first
        reveal seen, left
        halt
    """

  @Test func loadInTheFirstCellHolds() throws {
    let program = try Assembler.assemble(FrameStartTests.loadInTheFirstCell).program
    #expect(program.givenCount == 0 && program.frameStart == 1)
    #expect(program.instructions[1].opcode == .load)
    #expect(program.instructions[1].destination == .frame(0))
    let execution = try Interpreter.run(
      program, ProgramInputs(publicInputs: [], secretInputs: [], streams: [[[1], [2]]]))
    #expect(execution.outputs == [2])
    #expect(execution.memory[2].time == 1)
    let machine = MachineTables(program: program, blindRows: 1)
    let report = Checker(execution, machine: machine).check(Trace(execution, machine: machine))
    #expect(report.constraints.map(\.description) == [])
    #expect(report.buses.map(\.description) == [])
  }

  /// secret; read of an absolute address.
  private func reading(
    _ address: Int, constants: [Int64], publicInputs: [NamedFormat]
  ) throws(InvalidProgram) -> Program {
    try Program(
      interface: Interface(
        name: "p", publicInputs: publicInputs, secretInputs: [NamedFormat("s", .int)], streams: [],
        outputs: [NamedFormat("o", .int)]),
      constants: constants, blocks: [Block(start: 0, incoming: 0, size: 1)],
      instructions: [
        Instruction(.secret, [.none, .none, .none, .frame(0)]),
        Instruction(.reveal, [.absolute(address)]), .halt(end: 3),
      ], source: .empty)
  }

  /// The entry block's slot 0 is at address max(A, 1), and what lies between is refused.
  @Test func absoluteAddresses() throws {
    let a = NamedFormat("a", .int)
    for (constants, publics, slot) in [
      ([], [], 1), ([7], [], 1), ([], [a], 1), ([7], [a], 2),
    ] as [([Int64], [NamedFormat], Int)] {
      let program = try reading(slot, constants: constants, publicInputs: publics)
      #expect(program.frameStart == slot)
      let execution = try Interpreter.run(
        program,
        ProgramInputs(
          publicInputs: publics.map { _ in 9 }, secretInputs: [5], streams: []))
      #expect(execution.outputs == [5])
      #expect(throws: InvalidProgram.self) {
        try reading(slot + 1, constants: constants, publicInputs: publics)
      }
    }
    do throws(InvalidProgram) {
      _ = try reading(0, constants: [], publicInputs: [])
      Issue.record("address 0 has no publisher")
    } catch {
      #expect(error.reason == .undefinedRead("address 0"))
    }
  }

  /// The Given table's only entry is the verifier's zeros, and a use of it unbalances the value bus.
  @Test func theUnreadEntryOffersNothing() throws {
    let program = try Assembler.assemble(FrameStartTests.loadInTheFirstCell).program
    let entries = MachineTables.fixedEntries(.given, program: program, publicInputs: [])
    #expect(entries == [[.zero, .zero, .zero, .zero, .zero]])
    let execution = try Interpreter.run(
      program, ProgramInputs(publicInputs: [], secretInputs: [], streams: [[]]))
    let machine = MachineTables(program: program, blindRows: 1)
    let trace = Trace(execution, machine: machine)
    let given = trace.tables.first { $0.kind == .given }!
    #expect(given.main[0, 0] == .zero)
    given.main[0, 0] = .one
    let report = Checker(execution, machine: machine).check(trace)
    #expect(report.buses.count == 1 && report.buses[0].bus == Buses.value)
  }
}
