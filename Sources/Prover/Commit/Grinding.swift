import ZKVMField
import ZKVMProtocol

extension ProtocolTranscript {
  /// Step 25: the least nonce that the transcript accepts, on all cores.
  func grind() -> UInt64 {
    let (tasks, grain) = (8, 512)
    let accepts = workTest
    var first: UInt64 = 0
    while true {
      let start = first
      let found = inParallel(tasks) { task in
        let begin = start + UInt64(task * grain)
        return (begin..<(begin + UInt64(grain))).first(where: accepts) ?? .max
      }
      if let nonce = found.min(), nonce != .max { return nonce }
      first += UInt64(tasks * grain)
    }
  }
}
