import ArgumentParser
import Foundation

struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a folder with a contract to start from.",
    discussion: """
      The contract is a margin check with an example that holds and one that traps; \
      "zkvm test NAME" runs them.
      """)

  @Argument(help: "The contract's name: letters, digits and hyphens; also the folder's.")
  var name: String

  func run() throws {
    let folder = URL(fileURLWithPath: name)
    let title = folder.lastPathComponent
    guard let first = title.first, first.isASCII, first.isLetter,
      title.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else {
      throw Failure.unusable(
        "\(title): expected a name of letters, digits and hyphens that begins with a letter")
    }
    guard !FileManager.default.fileExists(atPath: folder.path) else {
      throw Failure.unusable("\(name) exists; choose another name or remove it")
    }
    for (path, text) in New.files(title) {
      let file = folder.appendingPathComponent(path)
      try makeFolder(file.deletingLastPathComponent().path)
      try OutputFile(file.path, "the contract").write(Array(text.utf8))
    }
    print(
      """
      \(name)/\(title).zkasm, with examples. Next:
        zkvm test \(name)
        zkvm prove \(name)/\(title).zkasm --inputs \(name)/inputs.json --output proof.zkp
        zkvm verify proof.zkp --program \(name)/\(title).zkasm
      """)
  }

  private static func files(_ title: String) -> [(String, String)] {
    [
      (
        "\(title).zkasm",
        """
        ; The account's collateral covers a tenth of its position. The proof shows that and no more.
        .program "\(title)"

        .public price: q32                            ; the verifier sees this
        .secret size: q32                             ; and does not see these
        .secret collateral: q32
        .output covered: int

            abs       exposure, size, 0
            mul.ceil  notional, exposure, price       ; rounded against the prover
            mul.ceil  required, notional, 0.1
            assert_ge collateral, required, "the collateral is below a tenth of the position"
            set       holds, 1
            reveal    covered, holds
            halt

        """
      ),
      (
        "README.md",
        """
        # \(title)

        **What the proof shows.** …

        **What stays private.** …

        **Inputs.** `price` (public), `size` and `collateral` (secret).

            zkvm prove \(title).zkasm --inputs inputs.json --output proof.zkp

        """
      ),
      (
        "inputs.json",
        """
        {"public": {"price": 250.5}, "secret": {"size": -40, "collateral": 1500}}

        """
      ),
      ("outputs.json", "{\"covered\": 1}\n"),
      (
        "examples/too-little/inputs.json",
        """
        {"public": {"price": 250.5}, "secret": {"size": -40, "collateral": 1000}}

        """
      ),
      ("examples/too-little/trap.txt", "the collateral is below a tenth of the position\n"),
    ]
  }
}
