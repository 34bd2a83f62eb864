import AttackSupport
import TestSupport
import ZKVMField
import ZKVMMachine
import ZKVMWitness

/// Forgeries of loads, stores and the cells of the memory.
extension Forgeries {
  func addMemory() throws {
    try addIndices()
    try addTimes()
    try addContents()
    try addCells()
    try addMemoryRows()
  }

  /// Changes a cell of the memory at the end.
  private func setCell(
    _ trace: Trace, _ cell: Int, time: Goldilocks? = nil, content: Int64? = nil
  ) {
    edit(trace, .ram, cell) { row, forger in
      if let time { row[forger.column("time")] = time }
      if let content { forger.set(&row, "content", Int128(content)) }
    }
  }

  // MARK: Indices

  /// A load behind the end of an array, which has a row of the Ram table.
  private func addIndices() throws {
    let honest = try Bench(
      ".secret i: int\n.output q: int\n.array m: int, 3\n load x, m, i\n reveal q, 1", secrets: [2])
    let time = honest.trace.table(.ram).row(2)[1]
    for (room, item) in [
      ([1, 0], item(.memory, honest, constraint: "the index is within the array")),
      ([-3, 0], item(.memory, honest, message: "the index is within the array, limb 0")),
      ([65533, -1], item(.memory, honest, message: "the index is within the array, limb 1")),
    ] as [([Int64], Item)] {
      add(
        Forgery("a load of element 5 of 3, with room \(room)", .memory, item, honest) {
          [self] trace in
          edit(trace, .port, 0) { row, forger in forger.set(&row, "word", 5) }
          edit(trace, .memory, 0) { row, forger in
            forger.set(&row, "index", 5)
            for (column, limb) in zip(forger.limbs("room"), room) { row[column] = Goldilocks(limb) }
          }
          setCell(trace, 2, time: 0)
          setCell(trace, 5, time: time)
        })
    }
    add(
      Forgery(
        "a load of another element", .memory, item(.memory, honest, message: "read the index"),
        honest
      ) { [self] trace in
        edit(trace, .memory, 0) { row, forger in
          forger.set(&row, "index", 1)
          forger.set(&row, "room", 1)
        }
        setCell(trace, 2, time: 0)
        setCell(trace, 1, time: time)
      })
  }

  // MARK: Times

  /// A load that takes what a later store leaves.
  private func addTimes() throws {
    let bench = try Bench(
      """
      .secret a: int
      .output q: int
      .array m: int, 3
       load x, m, 1
       store m, 1, a
       reveal q, 1
      """, secrets: [7])
    let load = bench.trace.table(.memory).row(0)
    let store = bench.trace.table(.memory).row(1)
    let forger = forger(.memory, bench.trace.table(.memory).table)
    func time(_ row: [Goldilocks]) -> Goldilocks {
      row[forger.column("fp")] + row[forger.column("result_offset")]
    }
    let elapsed = (time(load) - time(store) - 1).signedValue
    precondition(elapsed == -2)
    for (limbs, item) in [
      ([0, 0, 0], item(.memory, bench, constraint: "the previous access is earlier")),
      ([-2, 0, 0], item(.memory, bench, message: "the previous access is earlier, limb 0")),
      ([65534, -1, 0], item(.memory, bench, message: "the previous access is earlier, limb 1")),
      (
        [65534, 65535, -1], item(.memory, bench, message: "the previous access is earlier, limb 2")
      ),
    ] as [([Int64], Item)] {
      add(
        Forgery("a load from the future, \(limbs) ago", .memory, item, bench) { [self] trace in
          edit(trace, .memory, 0) { row, forger in
            forger.set(&row, "content", 7)
            forger.set(&row, "previous", 7)
            row[forger.column("previous_time")] = time(store)
            for (column, limb) in zip(forger.limbs("elapsed"), limbs) {
              row[column] = Goldilocks(limb)
            }
          }
          edit(trace, .memory, 1) { row, forger in
            row[forger.column("previous_time")] = .zero
            forger.set(&row, "elapsed", Int128(time(store).value) - 1)
          }
          setCell(trace, 1, time: time(load))
        })
    }
  }

  // MARK: Contents

  private func addContents() throws {
    let bench = try Bench(
      """
      .secret a: int
      .output q: int
      .array m: int, 3
       store m, 1, a
       load x, m, 1
       reveal q, 1
      """, secrets: [7])
    for limb in 0..<4 {
      let label = "a load leaves limb \(limb) as it is"
      add(
        Forgery(
          "a load that changes limb \(limb)", .memory, item(.memory, bench, constraint: label),
          bench
        ) { [self] trace in
          edit(trace, .memory, 1) { row, forger in row[forger.column("content_\(limb)")] += 1 }
          edit(trace, .ram, 1) { row, forger in row[forger.column("content_\(limb)")] += 1 }
        })
    }
    add(
      Forgery(
        "a store of what nobody published", .memory,
        item(.memory, bench, message: "read what is stored"), bench
      ) { [self] trace in
        edit(trace, .memory, 0) { row, forger in forger.set(&row, "content", 9) }
        edit(trace, .memory, 1) { row, forger in
          forger.set(&row, "content", 9)
          forger.set(&row, "previous", 9)
        }
        setCell(trace, 1, content: 9)
      })
  }

  // MARK: Cells

  private func addCells() throws {
    let bench = try Bench(
      """
      .secret a: int
      .output q: int
      .array m: int, 3
       store m, 1, a
       load x, m, 1
       reveal q, x
      """, secrets: [7])
    let ram = bench.trace.table(.ram)
    let cell = ram.row(1)
    add(
      Forgery(
        "cells numbered from 1", .ram,
        .constraint(forger(.ram, ram.table).constraint("the cells are numbered from 0")), bench
      ) { trace in
        let table = trace.table(.ram)
        for row in 0..<(table.height - trace.blindRows) { table.main[row, 0] += 1 }
        table.set(1, [2, 0, 0, 0, 0, 0])
        table.set(0, cell)
      })
    addCellOrder(bench)
    let memory = bench.trace.table(.memory)
    let forger = forger(.memory, memory.table)
    let store = memory.row(0)
    let storeTime = store[forger.column("fp")] + store[forger.column("result_offset")]
    let loadTime = cell[1]
    add(
      Forgery(
        "a cell that is there twice", .ram,
        .constraint(self.forger(.ram, ram.table).constraint("the cells are numbered")), bench,
        outputs: [0]
      ) { [self] trace in
        // The load finds the second one, which nobody stored to.
        edit(trace, .memory, 1) { row, forger in
          forger.set(&row, "content", 0)
          forger.set(&row, "previous", 0)
          row[forger.column("previous_time")] = .zero
          forger.set(&row, "elapsed", Int128(loadTime.value) - 1)
        }
        setCell(trace, 1, time: storeTime)
        let table = trace.table(.ram)
        table.set(table.height - trace.blindRows - 1, [1, loadTime, 0, 0, 0, 0])
        reveal(trace, bench, 0)
      })
  }

  /// The cells one row later: from the start, where a number then is −1, or from some row on, whose
  /// number is there twice.
  private func addCellOrder(_ bench: Bench) {
    func shift(_ trace: Trace, from first: Int, number: Goldilocks) {
      let table = trace.table(.ram)
      for row in (first..<(table.height - trace.blindRows)).reversed() where row > 0 {
        table.set(row, table.row(row - 1))
      }
      table.set(first, [number, 0, 0, 0, 0, 0])
    }
    let start = item(.ram, bench, constraint: "the cells are numbered from 0")
    add(
      Forgery("cells numbered to 0 in row 1", .ram, start, bench) {
        shift($0, from: 0, number: -.one)
      })
    let order = item(.ram, bench, constraint: "the cells are numbered")
    for (place, halves) in Forgeries.transitions {
      add(
        Forgery("the same cell twice, \(place)", .ram, order, bench) { trace in
          let last = trace.table(.ram).height - trace.blindRows - 2
          let row = last * halves / 2
          shift(trace, from: row + 1, number: Goldilocks(row))
        })
    }
  }

  // MARK: Rows that execute nothing

  private func addMemoryRows() throws {
    let forged: Int64 = 42
    let bench = try Bench(
      ".secret a: int\n.output q: int\n.array m: int, 3\n load x, m, 0\n reveal q, a", secrets: [7])
    let cell = address(bench, .reveal, "operand_address")
    add(
      Forgery(
        "an inactive Memory row that publishes a's cell", .memory,
        item(.memory, bench, constraint: "only a result is published"), bench, outputs: [forged]
      ) { [self] trace in
        edit(trace, .memory, 9) { row, forger in
          row[forger.column("reads")] = .one
          row[forger.column("result_offset")] = cell
          forger.set(&row, "content", Int128(forged))
        }
        reveal(trace, bench, forged)
      })
    add(
      Forgery(
        "a store of −1 that offers another word", .memory,
        item(.memory, bench, constraint: "is_store is 0 or 1"), bench, outputs: [forged]
      ) { [self] trace in
        edit(trace, .memory, 9) { row, forger in
          row[forger.column("is_store")] = -.one
          row[forger.column("is_load")] = .one
          row[forger.column("stored_offset")] = cell
          row[forger.column("stored_address")] = cell
          forger.set(&row, "content", Int128(forged))
          forger.set(&row, "previous", Int128(forged))
        }
        reveal(trace, bench, forged)
      })
  }
}
