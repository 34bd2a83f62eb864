/// The name that a program gives itself: part of its digest, and shown by whoever verifies.
public enum ProgramName {
  /// For messages.
  public static let rule =
    "1 to \(Limits.nameLength) printable ASCII characters without quote and backslash, no space first or "
    + "last"

  public static func isValid(_ name: some StringProtocol) -> Bool {
    (1...Limits.nameLength).contains(name.utf8.count)
      && !name.hasPrefix(" ") && !name.hasSuffix(" ")
      && name.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
  }
}
