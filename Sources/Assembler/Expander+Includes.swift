/// Sources that other sources name.
extension Expander {
  /// Reads the declarations, procedures and statements of another file, unless they were before.
  func include(_ path: String, in file: String, at location: SourceLocation) {
    includeDepth += 1
    defer { includeDepth -= 1 }
    guard includeDepth <= Expander.maximumDepth else {
      return diagnostics.error(
        location, "includes nest more than \(Expander.maximumDepth) deep",
        help: "include the files from the main source")
    }
    collectDirectives(lines(ofIncluded: path, in: file, at: location))
  }

  /// The lines of a file that is included; none if it was before. A path counts from the file that
  /// names it, else from a library's folder.
  private func lines(
    ofIncluded path: String, in file: String, at location: SourceLocation
  ) -> [Line] {
    guard path.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      diagnostics.error(
        location,
        "the path has characters that are not ASCII: two that look alike may name two files")
      return []
    }
    let candidates =
      [Expander.resolve(path, relativeTo: file)]
      + libraries.map { Expander.resolve(path, relativeTo: $0 + "/") }
    do {
      for candidate in candidates {
        guard sources[candidate] == nil else { return [] }
        do {
          let text = try loader(candidate)
          return lines(of: SourceText(text, file: candidate, diagnostics), file: candidate)
        } catch is MissingSource {
          continue
        }
      }
      throw MissingSource()
    } catch {
      diagnostics.error(
        location, "cannot read \(path): \(error)",
        help: error is MissingSource ? "looked for \(candidates.joined(separator: ", "))" : nil)
      return []
    }
  }
}
