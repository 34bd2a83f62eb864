import Foundation
import ZKVMFiles

/// Writes a line to standard error.
package func printError(_ message: String) { StandardStreams.printError(message) }

/// Pretty-printed JSON with sorted names.
package func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Text padded to a width.
package func column(_ text: String, _ width: Int, left: Bool = false) -> String {
  let padding = String(repeating: " ", count: max(0, width - text.count))
  return left ? text + padding : padding + text
}
