import Glibc

/// Memory of zeros. Large regions come from the system by huge pages where it has them: a fault
/// and a page to clear for each 4 KiB took a quarter of the prover's time.
///
/// The system clears a page when it is first written, hence on the core that fills it.
public final class ZeroedPages: @unchecked Sendable {
  public let start: UnsafeMutableRawPointer
  /// What was mapped; `nil` if `start` is from the heap.
  private let mapping: (UnsafeMutableRawPointer, Int)?

  private static let hugePage = 2 << 20

  public init(byteCount: Int) {
    let hugePage = ZeroedPages.hugePage
    if byteCount >= 2 * hugePage {
      let length = byteCount + hugePage
      guard
        let address = mmap(
          nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        address != MAP_FAILED
      else { fatalError("out of memory: \(byteCount >> 20) MiB are not available") }
      start = address.alignedUp(toMultipleOf: hugePage)
      mapping = (address, length)
      // Only advice: without it the memory is as good, but slower.
      _ = madvise(start, byteCount, MADV_HUGEPAGE)
      return
    }
    guard let address = calloc(max(1, byteCount), 1) else {
      fatalError("out of memory: \(byteCount) bytes are not available")
    }
    start = address
    mapping = nil
  }

  deinit {
    if let (address, length) = mapping {
      munmap(address, length)
    } else {
      free(start)
    }
  }
}
