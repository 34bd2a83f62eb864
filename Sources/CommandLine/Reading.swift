import ZKVMFiles
import ZKVMMachine

/// Reads a whole file or fails with status 2.
package func readFile(_ path: String, _ kind: FileKind) throws -> [UInt8] {
  do throws(FileError) {
    return try FileReader.read(path, as: kind)
  } catch {
    throw Failure.unusable(error.description)
  }
}

/// Reads a whole file of text or fails with status 2.
package func readText(_ path: String, _ kind: FileKind) throws -> String {
  do throws(FileError) {
    return try FileReader.text(path, as: kind)
  } catch {
    throw Failure.unusable(error.description)
  }
}
