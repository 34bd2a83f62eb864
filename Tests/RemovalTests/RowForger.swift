import ZKVMAIR
import ZKVMField
import ZKVMMachine

/// Writes rows as a forger would: a column by name, and then what follows from it.
struct RowForger {
  let table: Table
  let evaluator: RowEvaluator
  private let indices: [String: Int]
  /// The carry constraints with the columns that they determine, in order.
  private let carries: [(constraint: Int, low: Int, high: Int)]

  init(_ table: Table) {
    self.table = table
    evaluator = RowEvaluator(table)
    let names = table.columns.map(\.name)
    indices = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    let constraints = table.constraints.indices.filter {
      table.constraints[$0].label.contains(": carry out of limb ")
    }
    let low = names.indices.filter { names[$0].contains("_carry") && names[$0].hasSuffix("_low") }
    let high = names.indices.filter { names[$0].contains("_carry") && names[$0].hasSuffix("_high") }
    precondition(constraints.count == low.count && low.count == high.count)
    carries = constraints.indices.map { (constraints[$0], low[$0], high[$0]) }
  }

  func column(_ name: String) -> Int {
    guard let index = indices[name] else { preconditionFailure("\(table.name) has no \(name)") }
    return index
  }

  func columnIfAny(_ name: String) -> Int? { indices[name] }

  /// The low halves of all carries; the high half is the next column.
  var carryColumns: [Int] { carries.map(\.low) }

  var selectors: [Int] {
    table.columns.indices.filter { table.columns[$0].name.hasPrefix("is_") }
  }

  /// The names of the operands that have an address.
  var operands: [String] {
    table.columns.map(\.name).filter { $0.hasSuffix("_address") }.map { String($0.dropLast(8)) }
  }

  func constraint(_ label: String) -> Int {
    guard let index = table.constraints.firstIndex(where: { $0.label == label }) else {
      preconditionFailure("\(table.name) has no constraint \(label)")
    }
    return index
  }

  func message(_ label: String) -> Int {
    guard let index = table.messages.firstIndex(where: { $0.label == label }) else {
      preconditionFailure("\(table.name) has no message \(label)")
    }
    return index
  }

  /// Solves a constraint that is linear in a column for that column.
  func solve(_ row: inout [Goldilocks], _ column: Int, for label: String) {
    let node = evaluator.constraints[constraint(label)]
    row[column] = .zero
    let start = evaluator.evaluate(row)[node]
    row[column] = .one
    let slope = evaluator.evaluate(row)[node] - start
    row[column] = -start * slope.inverse
  }

  /// The columns name_0, name_1, … of a number, lowest first.
  func limbs(_ name: String) -> [Int] {
    var columns: [Int] = []
    while let index = indices["\(name)_\(columns.count)"] { columns.append(index) }
    return columns
  }

  /// Names of all numbers in limbs.
  var numbers: [String] {
    table.columns.map(\.name).filter { $0.hasSuffix("_0") }.map { String($0.dropLast(2)) }
  }

  func value(_ row: [Goldilocks], _ name: String) -> Int128 {
    limbs(name).enumerated().reduce(0) {
      $0 + Int128(row[$1.element].signedValue) << Int128(16 * $1.offset)
    }
  }

  func set(_ row: inout [Goldilocks], _ name: String, _ value: Int128) {
    let columns = limbs(name)
    for (index, column) in columns.enumerated() {
      let shifted = value >> Int128(16 * index)
      row[column] = Goldilocks(index == columns.count - 1 ? shifted : shifted & 0xFFFF)
    }
  }

  /// Chooses a carry, against its own constraint, so that the next one of its chain has a solution.
  func breakCarry(_ row: inout [Goldilocks], _ label: String) {
    let index = carries.firstIndex { $0.constraint == constraint(label) }!
    let next = carries[index + 1]
    func set(_ carry: Int128, _ columns: (constraint: Int, low: Int, high: Int)) {
      let shifted = carry + (1 << 31)
      row[columns.low] = Goldilocks(shifted & 0xFFFF)
      row[columns.high] = Goldilocks(shifted >> 16)
    }
    set(0, carries[index])
    set(0, next)
    let node = evaluator.constraints[next.constraint]
    let total = Int128(evaluator.evaluate(row)[node].signedValue)
    set(1, next)
    let base = total - Int128(evaluator.evaluate(row)[node].signedValue)
    // total + carry is a multiple of base, carry a 32-bit number.
    let residue = (-total) & (base - 1)
    set(residue >= 1 << 31 ? residue - base : residue, carries[index])
    solveCarries(&row, except: carries[index].constraint)
  }

  /// Solves every carry for its constraint: as two halves where the carry has 32 bits, else with a
  /// high half that is no 16-bit limb. `except` leaves a constraint alone.
  func solveCarries(_ row: inout [Goldilocks], except: Int? = nil) {
    for (constraint, low, high) in carries where constraint != except {
      row[low] = .zero
      row[high] = .zero
      let start = evaluator.evaluate(row)[evaluator.constraints[constraint]]
      row[low] = .one
      let slope = evaluator.evaluate(row)[evaluator.constraints[constraint]] - start
      let carry = -start * slope.inverse
      let low16 = Goldilocks(carry.value & 0xFFFF)
      row[low] = low16
      row[high] = (carry - low16) * Goldilocks(65536).inverse
    }
  }
}
