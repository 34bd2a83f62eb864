/// An error with the exit status that it stands for.
package struct Failure: Error, CustomStringConvertible {
  package let message: String
  package let status: Int32

  package var description: String { message }

  /// The input cannot be used.
  package static func unusable(_ message: String) -> Failure {
    Failure(message: message, status: 2)
  }

  /// The run trapped or the proof was refused.
  package static func refused(_ message: String) -> Failure {
    Failure(message: message, status: 1)
  }
}
