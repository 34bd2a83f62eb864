import ArgumentParser
import Inspect
import Machine
import Protocol

struct Tables: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print every table's columns, constraints and messages (Spec/Tables.md).")

  func run() throws {
    print(TableDocumentation.markdown(MachineTables.all(blindRows: 256)), terminator: "")
  }
}
