import FixedPoint
import Machine

/// Source to program: expansion, formats, liveness, layout, validation.
public enum Assembler {
  public struct Result: Sendable {
    public let program: Program
    public let warnings: [Diagnostic]
    public let sources: [String: String]
  }

  /// How many lines a program may expand to unless the caller says otherwise.
  public static let expandedLines = Limits.instructions

  /// Assembles a file and what it includes.
  ///
  /// Deterministic: the same sources under the same relative paths give the same bytes.
  /// `expandedLines` bounds the work that repeats and calls may ask for; lower it where sources are
  /// not trusted.
  public static func assemble(
    file: String, expandedLines: Int = Assembler.expandedLines, loader: @escaping SourceLoader
  ) throws(AssemblyError) -> Result {
    let diagnostics = Diagnostics()
    let expander = Expander(loader: loader, expandedLines: expandedLines, diagnostics: diagnostics)
    expander.expand(file: file)
    if let source = expander.sources[file], MachineListing.isListing(source) {
      return try assembleListing(source, file: file)
    }
    let lastLine =
      expander.sources[file].map {
        $0.split(separator: "\n", omittingEmptySubsequences: false).count
      } ?? 1
    let lowering = Lowering(expander.declarations, diagnostics)
    lowering.lower(
      expander.statements, end: SourceLocation(file: file, line: lastLine, column: 1))
    func failure() -> AssemblyError {
      let order = expander.fileOrder
      let sorted = diagnostics.all.sorted {
        let a = (order.firstIndex(of: $0.location.file) ?? 0, $0.location.line, $0.location.column)
        let b = (order.firstIndex(of: $1.location.file) ?? 0, $1.location.line, $1.location.column)
        return a < b
      }
      return AssemblyError(diagnostics: sorted, sources: expander.sources)
    }
    guard !diagnostics.hasErrors else { throw failure() }
    RoundingLint.run(lowering.blocks, diagnostics)
    var layout = Layout(
      lowering.blocks, expander.declarations, formats: lowering.formats, diagnostics)
    let name = expander.declarations.programName ?? Assembler.stem(of: file)
    do {
      if let program = try layout.makeProgram(name: name, fileOrder: expander.fileOrder) {
        return Result(
          program: program, warnings: diagnostics.all, sources: expander.sources)
      }
    } catch {
      diagnostics.error(
        SourceLocation(file: file, line: 1, column: 1), "\(error)",
        help: "split the program, or write a loop with labels and branch")
    }
    throw failure()
  }

  /// Assembles one text without includes.
  public static func assemble(
    _ source: String, name: String = "program.zkasm",
    expandedLines: Int = Assembler.expandedLines
  ) throws(AssemblyError) -> Result {
    try assemble(file: name, expandedLines: expandedLines) { path in
      guard path == name else { throw MissingFile(path: path) }
      return source
    }
  }

  struct MissingFile: Error, CustomStringConvertible {
    let path: String
    var description: String { "no such file" }
  }

  private static func stem(of file: String) -> String {
    let base = file.split(separator: "/").last.map(String.init) ?? "program"
    return base.hasSuffix(".zkasm") ? String(base.dropLast(6)) : base
  }

  private static func assembleListing(
    _ source: String, file: String
  ) throws(AssemblyError) -> Result {
    let diagnostics = Diagnostics()
    if let program = MachineListing.parse(source, file: file, diagnostics) {
      return Result(program: program, warnings: [], sources: [file: source])
    }
    throw AssemblyError(diagnostics: diagnostics.all, sources: [file: source])
  }
}
