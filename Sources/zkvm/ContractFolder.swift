import Foundation
import ZKVMCommandLine
import ZKVMFixedPoint
import ZKVMInputFiles
import ZKVMInterpreter
import ZKVMMachine
import ZKVMWitness

/// A contract's folder: NAME/NAME.zkasm with examples, the folder itself and those in `examples`.
struct ContractFolder {
  let url: URL
  var name: String { url.lastPathComponent }
  var program: URL { url.appendingPathComponent("\(name).zkasm") }

  /// The contracts in a folder and in the folders below it, by path.
  static func find(_ path: String) throws -> [ContractFolder] {
    let root = URL(fileURLWithPath: path).standardizedFileURL
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw Failure.unusable("\(path): expected a folder, there is none") }
    var folders = [root]
    let enumerator = FileManager.default.enumerator(
      at: root, includingPropertiesForKeys: [.isDirectoryKey], options: [.skipsHiddenFiles])
    for case let url as URL in enumerator ?? .init()
    where (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true {
      folders.append(url)
    }
    return folders.map { ContractFolder(url: $0) }
      .filter { FileManager.default.fileExists(atPath: $0.program.path) }
      .sorted { $0.url.path < $1.url.path }
  }

  var examples: [ContractExample] {
    let below = url.appendingPathComponent("examples")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: below.path)) ?? []
    let all =
      [ContractExample(name: name, url: url)]
      + names.sorted().map {
        ContractExample(name: "\(name)/\($0)", url: below.appendingPathComponent($0))
      }
    return all.filter(\.hasExpectation)
  }
}

/// Inputs (`inputs.json`, `STREAM.csv`) with what a run on them must do: end with the outputs in
/// `outputs.json`, or trap with a message that contains the text in `trap.txt`.
struct ContractExample {
  let name: String
  let url: URL

  private func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: file(name).path)
  }

  var hasExpectation: Bool { exists("outputs.json") || exists("trap.txt") }

  /// Why the example fails, or the execution, `nil` for one that traps as it must.
  enum Outcome {
    case failed(String)
    case passed(Execution?)
  }

  func run(_ program: Program) throws -> Outcome {
    let inputs: ProgramInputs
    do {
      inputs = try InputReader.read(
        program.interface,
        json: exists("inputs.json")
          ? (file("inputs.json").path, try readFile(file("inputs.json").path, .inputs)) : nil,
        streams: try program.interface.streams.compactMap { stream in
          let path = file("\(stream.name).csv").path
          guard exists("\(stream.name).csv") else { return nil }
          return StreamFile(
            stream: stream.name, path: path,
            text: try readText(path, .inputs))
        })
    } catch let error as InputError {
      return .failed("\(error)")
    }
    let expectedTrap =
      exists("trap.txt")
      ? try readText(file("trap.txt").path, .expectation)
        .trimmingCharacters(in: .whitespacesAndNewlines) : nil
    do {
      let execution = try Interpreter.run(program, inputs)
      if let expectedTrap {
        return .failed("expected a trap with \"\(expectedTrap)\", the run ended without one")
      }
      let difference = try compare(execution)
      return difference.map { .failed($0) } ?? .passed(execution)
    } catch let trap as Trap {
      guard let expectedTrap else { return .failed("expected outputs, found a trap: \(trap)") }
      guard "\(trap)".contains(expectedTrap) else {
        return .failed("expected a trap with \"\(expectedTrap)\", found: \(trap)")
      }
      return .passed(nil)
    }
  }

  /// How the outputs differ from `outputs.json`.
  private func compare(_ execution: Execution) throws -> String? {
    let path = file("outputs.json").path
    let root: JSONValue
    do {
      root = try JSONParser.parse(try readFile(path, .expectation))
    } catch let error as JSONError {
      return "\(path):\(error)"
    }
    guard case .object(let members) = root.content else {
      return "\(path): expected an object of outputs by name"
    }
    let fields = execution.program.interface.outputs
    for (key, _) in members where !fields.contains(where: { $0.name == key }) {
      return "\(path): the program has no output \(key)"
    }
    for output in fields.split(execution.outputs) {
      let field = output.field
      guard let value = members.first(where: { $0.key == field.name })?.value else {
        return "\(path): the output \(field.name) is missing"
      }
      let text: String
      switch value.content {
      case .string(let string): text = string
      case .number(let number): text = number
      default: return "\(path): \(field.name) is a \(field.format), expected a number or a text"
      }
      let found = output.text
      do throws(DecimalError) {
        guard try field.format.words(text) == Array(output.words) else {
          return "\(field.name): expected \(text), found \(found)"
        }
      } catch {
        return "\(path): \(field.name): \(error); the run gave \(found)"
      }
    }
    return nil
  }
}
