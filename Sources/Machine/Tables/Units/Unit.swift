import ZKVMAIR

/// A functional unit: a table with a row for each instruction that the unit executes.
///
/// A conforming type declares its columns, constraints and messages in `init`. The prover's half
/// fills its rows in a file of the same name.
public protocol Unit: Sendable {
  var kind: UnitKind { get }
  var table: Table { get }
}
