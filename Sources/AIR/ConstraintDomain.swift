/// The rows on which a constraint holds, in a table of n rows whose last h rows are blind.
public enum ConstraintDomain: UInt8, CaseIterable, Sendable {
  /// Rows 0 ..< n − h.
  case everywhere
  /// Rows 0 ..< n − h − 1: what relates a row to the next.
  case transition
  /// Row 0.
  case first
  /// Row n − h, where the lookup accumulator shows its terminal.
  case terminal
  /// Row n − 1, whose next row is row 0.
  case last

  /// The rows of the domain in a table of `height` rows, `blindRows` of them blind.
  public func rows(height: Int, blindRows: Int) -> Range<Int> {
    switch self {
    case .everywhere: 0..<(height - blindRows)
    case .transition: 0..<(height - blindRows - 1)
    case .first: 0..<1
    case .terminal: (height - blindRows)..<(height - blindRows + 1)
    case .last: (height - 1)..<height
    }
  }

  /// The domains of one row each.
  public static let ofOneRow = [ConstraintDomain.first, .terminal, .last]
}
