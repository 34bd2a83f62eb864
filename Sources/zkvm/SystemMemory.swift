import Foundation

/// The memory that a process may still take.
enum SystemMemory {
  /// In bytes, the least of what the system and the process's control group leave; `nil` where
  /// neither tells.
  static var available: Int? {
    [systemAvailable, groupAvailable].compactMap { $0 }.min()
  }

  private static var systemAvailable: Int? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
      return nil
    }
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
    return nil
  }

  private static var groupAvailable: Int? {
    func read(_ name: String) -> Int? {
      let text = try? String(contentsOfFile: "/sys/fs/cgroup/\(name)", encoding: .utf8)
      return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
    guard let limit = read("memory.max"), let used = read("memory.current") else { return nil }
    return max(0, limit - used)
  }
}
