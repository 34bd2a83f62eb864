import ZKVMFixedPoint
import ZKVMMachine

/// How often the rows of the tables that the verifier evaluates are used.
package struct LookupCounts: Sendable {
  /// Reads by address.
  package let reads: [Int64]
  package var program: [Int64]
  package var coefficients: [Int64]
  package var scales: [Int64]

  package init(_ execution: Execution) {
    reads = execution.readCounts()
    program = Array(repeating: 0, count: execution.program.instructions.count)
    for step in execution.steps { program[Int(step.pc)] += 1 }
    coefficients = Array(repeating: 0, count: FunctionTables.coefficients.count)
    scales = Array(repeating: 0, count: FunctionTables.scales.count)
  }

  /// The same reads, and no uses of the functions' tables yet.
  func withoutFunctionUses() -> LookupCounts {
    var counts = self
    counts.coefficients = Array(repeating: 0, count: coefficients.count)
    counts.scales = Array(repeating: 0, count: scales.count)
    return counts
  }

  /// Adds another part's uses of the functions' tables.
  mutating func addFunctionUses(_ other: LookupCounts) {
    for i in coefficients.indices { coefficients[i] += other.coefficients[i] }
    for i in scales.indices { scales[i] += other.scales[i] }
  }

  func reads(of cell: Cell, _ step: Step) -> Int64 {
    let address = Int(cell.address(framePointer: step.framePointer))
    return address < reads.count ? reads[address] : 0
  }
}
