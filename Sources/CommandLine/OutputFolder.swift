import Foundation
import ZKVMFiles

/// Makes a folder and those above it, or fails with status 2.
package func makeFolder(_ path: String) throws {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let number = underlying.flatMap { $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }
    throw Failure.unusable(
      "cannot make the folder \(path): \(number.map(FileReader.reason) ?? "a file has its name")")
  }
}
