import ArgumentParser
import Foundation
import ZKVMAssembler
import ZKVMFiles
import ZKVMMachine

/// Where the sources that a program includes may lie.
package struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of sources that the program may include, found by their path in it.",
      discussion: "By default the folder lib beside the program's own folder.",
      valueName: "folder"))
  package var library: [String] = []

  @Option(
    help: ArgumentHelp(
      "A folder below which the program may include any source.", valueName: "folder"))
  package var includeRoot: [String] = []

  package init() {}

  package var folders: SourceFolders {
    SourceFolders(libraries: library, includeRoots: includeRoot)
  }
}

/// The folders that are open to a program's includes, besides its own.
package struct SourceFolders {
  package var libraries: [String]
  package var includeRoots: [String]

  package init(libraries: [String] = [], includeRoots: [String] = []) {
    self.libraries = libraries
    self.includeRoots = includeRoots
  }
}

/// Reads a program's sources: the main one, and what it includes from below the folders that are
/// open to it. A source that comes from others can neither read a file elsewhere, which a
/// diagnostic would show, nor learn whether it exists. All sources share the limit of
/// ``FileKind/source``.
final class SourceFiles {
  private let main: (path: String, bytes: [UInt8])
  let libraries: [String]
  private let roots: [String]
  /// How many bytes the sources may still have.
  private var left = FileKind.source.limit

  /// The main source was read already; a pipe can be read once only.
  init(_ main: String, _ bytes: [UInt8], folders: SourceFolders) {
    self.main = (main, bytes)
    let folder = (main as NSString).deletingLastPathComponent
    let beside = SourceFiles.beside(folder)
    libraries =
      !folders.libraries.isEmpty
      ? folders.libraries : SourceFiles.isFolder(beside) ? [beside] : []
    roots = [folder.isEmpty ? "." : folder] + libraries + folders.includeRoots
  }

  /// The folder lib beside another one, as an include would name it.
  private static func beside(_ folder: String) -> String {
    let last = (folder as NSString).lastPathComponent
    if folder.isEmpty || last == "." || last == ".." {
      return (folder.isEmpty ? "" : folder + "/") + "../lib"
    }
    let parent = (folder as NSString).deletingLastPathComponent
    return parent.isEmpty ? "lib" : parent == "/" ? "/lib" : parent + "/lib"
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// The absolute path without "." and ".."; links are not looked at.
  private static func lexical(_ path: String) -> String {
    URL(fileURLWithPath: path).standardized.path
  }

  /// The path behind all links; `nil` if there is no such file.
  private static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private func isOpen(_ path: String, _ form: (String) -> String?) -> Bool {
    roots.contains { root in
      guard let root = form(root) else { return false }
      return path.utf8.starts(with: (root == "/" ? root : root + "/").utf8)
    }
  }

  func load(_ path: String) throws -> String {
    guard path != main.path else {
      return try text { try FileReader.text(main.bytes, of: path, as: .source, limit: left) }
    }
    guard path.hasSuffix(".zkasm") else {
      throw Failure.unusable("expected the name of a source, which ends in .zkasm")
    }
    guard isOpen(SourceFiles.lexical(path), SourceFiles.lexical) else { throw closed }
    guard let file = SourceFiles.resolved(path) else {
      // A link that leads nowhere says no more than one that leads out.
      var status = stat()
      throw lstat(path, &status) == 0 ? closed : MissingSource()
    }
    guard isOpen(file, SourceFiles.resolved) else { throw closed }
    var status = stat()
    guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure.unusable("expected a regular file")
    }
    return try text { try FileReader.text(file, as: .source, limit: left) }
  }

  private var closed: Failure {
    .unusable(
      "it is outside \(roots.joined(separator: ", ")); to allow it, name its folder by --library or "
        + "--include-root")
  }

  private func text(_ read: () throws -> String) throws -> String {
    do {
      let text = try read()
      left -= text.utf8.count
      return text
    } catch let error as FileError {
      // The assembler says which file.
      throw Failure.unusable(error.reason)
    }
  }
}

/// Loads an assembled program, or assembles a source and prints its warnings to standard error.
/// Throws a ``Failure`` of status 2 for what is neither.
package func loadProgram(
  _ path: String, _ folders: SourceFolders = SourceFolders()
) throws -> Program {
  let bytes = try readFile(path, .program)
  if Bytecode.isBytecode(bytes) {
    do {
      return try Bytecode.decode(bytes)
    } catch {
      throw Failure.unusable("\(path): \(error)")
    }
  }
  let files = SourceFiles(path, bytes, folders: folders)
  let result: Assembler.Result
  do {
    result = try Assembler.assemble(file: path, libraries: files.libraries, loader: files.load)
  } catch {
    throw Failure.unusable("\(error)")
  }
  for warning in result.warnings { printError(warning.render(sources: result.sources)) }
  return result.program
}
