import Testing
import ZKVMAIR
import ZKVMMachine

@Suite struct LimbsTableTests {
  /// The table's counter covers what it should and nothing else, for every profile.
  @Test(arguments: [1, 128, 256, 512]) func windowsOfTheLimbsTable(blindRows: Int) {
    let table = LimbsTable(blindRows: blindRows).table
    var range: Set<Int> = []
    var top: Set<Int> = []
    for row in 0..<(8192 - blindRows) {
      for message in table.messages {
        guard case .sum(_, .constant(let offset)) = message.values[0] else {
          // The first window has no offset.
          range.insert(row)
          continue
        }
        let value = row + Int(offset.signedValue)
        if message.bus == Buses.range { range.insert(value) } else { top.insert(value) }
      }
    }
    #expect(range == Set(0..<65536))
    #expect(top == Set(-16383...16383))
  }
}
