import ArgumentParser
import ZKVMCommandLine
import ZKVMInspect
import ZKVMMachine
import ZKVMProtocol

struct Tables: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every table's columns, constraints and messages.")

  @Flag(help: "Print one JSON object for other programs (Spec/tables.json).")
  var json = false
  @Option(
    help: "The blind rows of each table, 1 to 910. The Limbs table's windows depend on them.")
  var blindRows = 256

  func validate() throws {
    // Nine windows of 2^13 − 910 rows just cover 2^16 limbs.
    guard (1...910).contains(blindRows) else {
      throw ValidationError("--blind-rows takes 1 to 910, found \(blindRows)")
    }
  }

  func run() throws {
    if json {
      print(try TableDescription(blindRows: blindRows).json(), terminator: "")
    } else {
      print(TableDocumentation.markdown(MachineTables.all(blindRows: blindRows)), terminator: "")
    }
  }
}
