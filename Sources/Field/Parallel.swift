import Dispatch

/// Runs `body` for 0 ..< count on all cores. The bodies write to disjoint memory.
public func parallel(_ count: Int, _ body: @escaping (Int) -> Void) {
  guard count > 1 else {
    if count == 1 { body(0) }
    return
  }
  nonisolated(unsafe) let body = body
  DispatchQueue.concurrentPerform(iterations: count) { body($0) }
}

/// Splits 0 ..< count into ranges of `grain` elements and runs `body` for each on all cores.
public func parallelRanges(_ count: Int, grain: Int, _ body: @escaping (Range<Int>) -> Void) {
  let tasks = (count + grain - 1) / grain
  parallel(tasks) { task in body((task * grain)..<min(count, (task + 1) * grain)) }
}

/// The results of `body` for 0 ..< count, in order, on all cores.
public func inParallel<Result: Sendable>(
  _ count: Int, _ body: @escaping (Int) -> Result
) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let target = buffer
    parallel(count) { target[$0] = body($0) }
  }
  return results.map { $0! }
}

/// Into how many tasks to split blocks of rows when each task has a start of its own to pay for.
public func taskCount(_ blocks: Int) -> Int {
  min(blocks, max(2, min(16, blocks / 8)))
}
