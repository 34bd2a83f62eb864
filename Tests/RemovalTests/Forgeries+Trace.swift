import AttackSupport
import TestSupport
import ZKVMAIR
import ZKVMField
import ZKVMFixedPoint
import ZKVMMachine
import ZKVMWitness

/// Forgeries of several rows: what one row should not have published or offered, another one reads.
extension Forgeries {
  func addTraces() throws {
    try addPublishers()
    try addOffers()
    try addPaths()
    try addPorts()
    try addLimbs()
  }

  func item(_ kind: TableKind, _ bench: Bench, constraint label: String) -> Item {
    .constraint(forger(kind, bench.trace.table(kind).table).constraint(label))
  }

  func item(_ kind: TableKind, _ bench: Bench, message label: String) -> Item {
    .message(forger(kind, bench.trace.table(kind).table).message(label))
  }

  func edit(
    _ trace: Trace, _ kind: TableKind, _ index: Int,
    _ change: (inout [Goldilocks], RowForger) -> Void
  ) {
    let table = trace.table(kind)
    var row = table.row(index)
    change(&row, forger(kind, table.table))
    table.set(index, row)
  }

  /// Row 0 … of the Port unit are the secrets; the first reveal is behind them.
  func reveal(_ trace: Trace, _ bench: Bench, _ word: Int64) {
    edit(trace, .port, bench.row(.reveal).index) { row, forger in
      forger.set(&row, "word", Int128(word))
    }
  }

  func address(_ bench: Bench, _ opcode: Opcode, _ name: String) -> Goldilocks {
    let (kind, _, row) = bench.row(opcode)
    return row[forger(kind, bench.trace.table(kind).table).column(name)]
  }

  // MARK: Second publishers

  private func addPublishers() throws {
    let forged = word("42", .q48)
    let asserting = try single("assert_lt a, b", "3", "5")
    add(
      Forgery(
        "an assertion that publishes a's cell", .adder,
        item(.adder, asserting, constraint: "only a result is published"), asserting,
        outputs: [forged]
      ) { [self] trace in
        edit(trace, .adder, 0) { row, forger in
          row[forger.column("reads")] = .one
          forger.set(&row, "result", Int128(forged))
        }
        reveal(trace, asserting, forged)
      })
    let function = try single("cdf x, a", "3", "5")
    let cell = address(function, .cdf, "x_address")
    add(
      Forgery(
        "an inactive Function row that publishes a's cell", .function,
        item(.function, function, constraint: "only a result is published"), function,
        outputs: [forged]
      ) { [self] trace in
        edit(trace, .function, 9) { row, forger in
          row[forger.column("reads")] = .one
          row[forger.column("result_offset")] = cell
          forger.set(&row, "result", Int128(forged))
          forger.solve(&row, forger.column("result_rest_0"), for: "the result modulo p")
          forger.solveCarries(&row)
        }
        reveal(trace, function, forged)
      })
    let product = try single("mul x, a, b", "3", "5")
    for name in ["x", "z"] {
      let label = "an inactive row publishes no \(name.uppercased())"
      let cell = address(product, .mulNearest, "x_address")
      add(
        Forgery(
          "an inactive Product row that publishes a's cell as \(name)", .product,
          item(.product, product, constraint: label), product, outputs: [forged]
        ) { [self] trace in
          edit(trace, .product, 9) { row, forger in
            row[forger.column("\(name)_reads")] = .one
            row[forger.column("\(name)_offset")] = cell
            row[forger.column("\(name)_address")] = cell
            forger.set(&row, name, Int128(forged))
          }
          reveal(trace, product, forged)
        })
    }
    try addPortPublishers()
  }

  private func addPortPublishers() throws {
    let two = try Bench(
      ".secret a: int\n.secret b: int\n.output q: int\n.output r: int\n reveal q, a\n reveal r, b",
      secrets: [3, 5])
    add(
      Forgery(
        "a reveal of b that publishes a's cell", .port,
        item(.port, two, constraint: "only a result is published"), two, outputs: [5, 5]
      ) { [self] trace in
        reveal(trace, two, 5)
        edit(trace, .port, two.row(.reveal).index + 1) { row, forger in
          row[forger.column("reads")] = .one
        }
      })
    let unread = try Bench(
      ".secret a: int\n.secret b: int\n.output q: int\n add x, a, a\n reveal q, a", secrets: [3, 5])
    for limb in 0..<4 {
      let label = limb == 3 ? "a secret is a word, top limb" : "a secret is a word, limb \(limb)"
      add(
        Forgery(
          "a secret whose limb \(limb) is none", .port, item(.port, unread, message: label), unread
        ) { [self] trace in
          edit(trace, .port, 1) { row, forger in row[forger.column("word_\(limb)")] = 70000 }
        })
    }
  }

  // MARK: Negative selectors that offer what they should read

  private func addOffers() throws {
    let five = word("5", .q48)
    let select = try Bench(
      """
      .secret a: q48
      .secret b: q48
      .output q: q48
       lt f, a, b
       select x, f, a, b
       reveal q, x
      """, secrets: [word("3", .q48), five])
    let flag = address(select, .select, "condition_address")
    add(
      Forgery(
        "a select of −1 that offers another condition", .adder,
        item(.adder, select, constraint: "is_select is 0 or 1"), select, outputs: [five]
      ) { [self] trace in
        edit(trace, .adder, select.row(.select).index) { row, forger in
          row[forger.column("bit")] = .zero
          forger.set(&row, "result", Int128(five))
        }
        edit(trace, .adder, 9) { row, forger in
          row[forger.column("is_select")] = -.one
          row[forger.column("is_add")] = .one
          row[forger.column("condition_offset")] = flag
          row[forger.column("condition_address")] = flag
        }
        reveal(trace, select, five)
      })
    let one = try single("add x, b, b", "3", "5")
    let cell = address(one, .reveal, "operand_address")
    add(
      Forgery(
        "a move of −1 that offers another word", .port,
        item(.port, one, constraint: "is_move is 0 or 1"), one, outputs: [five]
      ) { [self] trace in
        edit(trace, .port, 9) { row, forger in
          row[forger.column("is_move")] = -.one
          row[forger.column("is_secret")] = .one
          row[forger.column("operand_offset")] = cell
          row[forger.column("operand_address")] = cell
          forger.set(&row, "word", Int128(five))
        }
        reveal(trace, one, five)
      })
    add(
      Forgery(
        "a reveal of what nobody published", .port,
        item(.port, one, message: "read the operand"), one, outputs: [five]
      ) { [self] trace in reveal(trace, one, five) })
  }

  // MARK: Paths

  /// 3 < 5, and the prover takes the branch of 3 ≥ 5.
  private func addPaths() throws {
    let source = """
      .secret a: int
      .secret b: int
      .output q: int
       lt f, a, b
       branch f, less, not_less
      less:
       reveal q, 1
       halt
      not_less:
       reveal q, 2
       halt
      """
    let wrong = try Bench(source, secrets: [5, 3]).forcing(3, 5)
    func setComparison(_ trace: Trace) {
      edit(trace, .adder, 0) { row, forger in forger.set(&row, "result", 1) }
    }
    let branch = wrong.row(.branch).index
    add(
      Forgery(
        "a branch on a condition that nobody published", .control,
        item(.control, wrong, message: "read the condition"), wrong
      ) { setComparison($0) })
    add(
      Forgery(
        "a branch to the other target", .control,
        item(.control, wrong, constraint: "the condition picks the target"), wrong
      ) { [self] trace in
        setComparison(trace)
        edit(trace, .control, branch) { row, forger in row[forger.column("bit")] = .one }
      })
    let flag = address(wrong, .branch, "condition_address")
    add(
      Forgery(
        "a branch of −1 that offers another condition", .control,
        item(.control, wrong, constraint: "is_branch is 0 or 1"), wrong
      ) { [self] trace in
        setComparison(trace)
        edit(trace, .control, 9) { row, forger in
          row[forger.column("is_branch")] = -.one
          row[forger.column("is_jump")] = .one
          row[forger.column("condition_offset")] = flag
          row[forger.column("condition_address")] = flag
        }
      })
    addFrames(try Bench(source, secrets: [5, 3]))
  }

  private func addFrames(_ honest: Bench) {
    let branch = honest.row(.branch).index
    add(
      Forgery(
        "a frame that starts elsewhere", .control,
        item(
          .control, honest,
          constraint: "the frame pointer advances by the frame size, and is hidden by halt"), honest
      ) { [self] trace in
        edit(trace, .control, branch) { row, forger in row[forger.column("next_fp")] += 1000 }
        edit(trace, .control, honest.row(.halt).index) { row, forger in
          row[forger.column("fp")] += 1000
        }
        edit(trace, .port, honest.row(.reveal).index) { row, forger in
          row[forger.column("fp")] += 1000
        }
      })
  }

  // MARK: Outputs

  /// A run that reveals an output twice, which the interpreter refuses.
  private func addPorts() throws {
    let source = """
      .secret a: int
      .secret b: int
      .output q: int
       lt f, a, b
       branch f, less, not_less
      less:
       reveal q, a
       jump both
      not_less:
       jump both
      both:
       reveal q, b
      """
    let once = try Bench(source, secrets: [5, 3]).forcing(3, 5).execution
    let program = once.program
    var steps = once.steps
    let branch = steps.firstIndex { program.instructions[Int($0.pc)].opcode == .branch }!
    steps[branch - 1].words[3] = 1
    steps[branch].words[0] = 1
    // not_less: jump; both: reveal, halt. The path through less has a reveal more.
    var tail = Array(steps[(branch + 1)...])
    steps.removeSubrange((branch + 1)...)
    let less = program.instructions[Int(steps[branch].pc)].targetIfOne
    let start = tail[0].framePointer
    steps.append(Step(pc: less, framePointer: start, words: [3, 0, 0, 0, 0, 0, 0, 0]))
    steps.append(Step(pc: less + 1, framePointer: start, words: .zero))
    let size = Int64(program.instructions[less + 1].frameSize)
    tail.removeFirst()
    for var step in tail {
      step.framePointer = start + size
      steps.append(step)
    }
    let twice = Bench(
      Execution(
        program: program, publicInputs: [], outputs: [5], steps: steps,
        digests: once.digests, unreadRecords: []))
    add(
      Forgery(
        "a reveal of −1 that takes an output back", .port,
        item(.port, twice, constraint: "is_reveal is 0 or 1"), twice, outputs: [5]
      ) { [self] trace in
        edit(trace, .port, 9) { row, forger in
          row[forger.column("is_reveal")] = -.one
          row[forger.column("is_move")] = .one
          forger.set(&row, "word", 3)
        }
      })
  }

  // MARK: The table of limbs

  /// The first row, one in the middle and the last one at which a transition holds, in halves of the
  /// way.
  static let transitions = [("at the start", 0), ("in the middle", 1), ("at the end", 2)]

  private func addLimbs() throws {
    // No limb is 0.
    let bench = try single(
      "add x, a, b", "\(0x0123_4567_89AB_CDEF)", "\(0x0111_1111_1111_1111)",
      formats: ("int", "int"))
    let limbs = bench.trace.table(.limbs)
    func item(_ label: String) -> Item {
      .constraint(limbs.table.constraints.firstIndex { $0.label == label }!)
    }
    add(
      Forgery("limbs counted from 1", .limbs, item("the counter starts at 0"), bench) { trace in
        let table = trace.table(.limbs)
        for row in 0..<(table.height - trace.blindRows) { table.main[row, 0] += 1 }
      })
    add(
      Forgery("limbs counted to 0 in row 1", .limbs, item("the counter starts at 0"), bench) {
        trace in
        let table = trace.table(.limbs)
        for row in 0..<(table.height - trace.blindRows) { table.main[row, 0] -= 1 }
      })
    for (place, halves) in Forgeries.transitions {
      add(
        Forgery("the same limbs twice, \(place)", .limbs, item("the counter counts"), bench) {
          trace in
          let table = trace.table(.limbs)
          let active = table.height - trace.blindRows
          for row in ((active - 2) * halves / 2 + 1)..<active { table.main[row, 0] -= 1 }
        })
    }
    add(
      Forgery("a limb of 2^40", .limbs, item("the counter counts"), bench) { trace in
        let table = trace.table(.limbs)
        table.main[table.height - trace.blindRows - 1, 0] = Goldilocks(1 << 40)
      })
  }
}
