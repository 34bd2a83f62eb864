import ZKVMFixedPoint
import ZKVMMachine

/// The words that a run takes in, a digest as its four elements (see `Format.wordCount`).
public struct ProgramInputs: Sendable, Equatable {
  /// In the order of the interface.
  public var publicInputs: [Int64]
  public var secretInputs: [Int64]
  /// Records by stream, each in the order of the stream's fields.
  public var streams: [[[Int64]]]

  public init(publicInputs: [Int64], secretInputs: [Int64], streams: [[[Int64]]]) {
    self.publicInputs = publicInputs
    self.secretInputs = secretInputs
    self.streams = streams
  }
}
