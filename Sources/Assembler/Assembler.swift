import ZKVMFixedPoint
import ZKVMMachine

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
  /// `libraries` are folders, as `loader` takes them, in which what is included is looked for when
  /// it is not beside the file that includes it. `expandedLines` bounds the work that repeats and
  /// calls may ask for; lower it where sources are not trusted.
  public static func assemble(
    file: String, libraries: [String] = [], expandedLines: Int = Assembler.expandedLines,
    loader: @escaping SourceLoader
  ) throws(AssemblyError) -> Result {
    let diagnostics = Diagnostics()
    let source: SourceText
    do {
      source = SourceText(try loader(file), file: file, diagnostics)
    } catch {
      diagnostics.error(start(of: file), "cannot read \(file): \(error)")
      throw AssemblyError(diagnostics: diagnostics.all, sources: [:])
    }
    if MachineListing.isListing(source) {
      return try assembleListing(source, file: file, diagnostics)
    }
    let expander = Expander(
      loader: loader, libraries: libraries, expandedLines: expandedLines,
      diagnostics: diagnostics)
    expander.expand(source, file: file)
    let lowering = Lowering(expander.declarations, diagnostics)
    lowering.lower(
      expander.statements,
      end: SourceLocation(file: file, line: source.lineCount, column: 1))
    requireContents(of: expander, file: file, diagnostics)
    guard !diagnostics.hasErrors else { throw failure(expander, diagnostics) }
    RoundingLint.run(lowering.blocks, diagnostics)
    var layout = Layout(
      lowering.blocks, expander.declarations, formats: lowering.formats, diagnostics)
    do {
      if let name = expander.declarations.programName,
        let program = try layout.makeProgram(name: name, fileOrder: expander.fileOrder)
      {
        return Result(
          program: program, warnings: diagnostics.all, sources: expander.sources)
      }
    } catch {
      diagnostics.error(start(of: file), "\(error)", help: remedy(for: error))
    }
    throw failure(expander, diagnostics)
  }

  /// Assembles one text without includes.
  public static func assemble(
    _ source: String, name: String = "program.zkasm",
    expandedLines: Int = Assembler.expandedLines
  ) throws(AssemblyError) -> Result {
    try assemble(file: name, expandedLines: expandedLines) { path in
      guard path == name else { throw MissingSource() }
      return source
    }
  }

  private static func start(of file: String) -> SourceLocation {
    SourceLocation(file: file, line: 1, column: 1)
  }

  /// A source that says nothing is taken for a mistake: it may have lost its lines on the way.
  private static func requireContents(
    of expander: Expander, file: String, _ diagnostics: Diagnostics
  ) {
    let declarations = expander.declarations
    if expander.fileOrder.count == 1, expander.statements.isEmpty, declarations.locations.isEmpty,
      declarations.programName == nil, !diagnostics.hasErrors
    {
      return diagnostics.error(
        start(of: file), "the source is empty: it declares and does nothing")
    }
    if declarations.programName == nil, !declarations.hasBrokenName {
      diagnostics.error(
        start(of: file), "the program has no name",
        help: "write: .program \"\(stem(of: file))\"")
    }
    guard !diagnostics.hasErrors else { return }
    if !expander.statements.contains(where: \.isInstruction) {
      diagnostics.error(start(of: file), "the program has no instructions")
    } else if declarations.outputs.isEmpty {
      diagnostics.error(
        start(of: file), "the program has no output: its proof would show nothing",
        help: "declare one with .output name: format, and reveal it")
    }
  }

  /// What to do about a program that is too large as a whole.
  private static func remedy(for error: any Error) -> String? {
    guard let invalid = error as? InvalidProgram, invalid.pc == nil, case .limit = invalid.reason
    else { return nil }
    return "split the program, or write a loop with labels and branch"
  }

  private static func stem(of file: String) -> String {
    let base = file.split(separator: "/").last.map(String.init) ?? "program"
    return base.hasSuffix(".zkasm") ? String(base.dropLast(6)) : base
  }

  /// The diagnostics in the order of the sources.
  private static func failure(
    _ expander: Expander, _ diagnostics: Diagnostics
  ) -> AssemblyError {
    let order = expander.fileOrder
    let sorted = diagnostics.all.sorted {
      let a = (order.firstIndex(of: $0.location.file) ?? 0, $0.location.line, $0.location.column)
      let b = (order.firstIndex(of: $1.location.file) ?? 0, $1.location.line, $1.location.column)
      return a < b
    }
    return AssemblyError(diagnostics: sorted, sources: expander.sources)
  }

  private static func assembleListing(
    _ source: SourceText, file: String, _ diagnostics: Diagnostics
  ) throws(AssemblyError) -> Result {
    if let program = MachineListing.parse(source, file: file, diagnostics) {
      return Result(program: program, warnings: [], sources: [file: source.text])
    }
    throw AssemblyError(diagnostics: diagnostics.all, sources: [file: source.text])
  }
}
