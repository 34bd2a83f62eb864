import ArgumentParser
import Foundation
import ZKVMCommandLine

struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a folder with a contract to start from.",
    discussion: """
      The contract is a margin check with an example that holds and two that trap; \
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

        .public price: q32                            ; the verifier sees these
        .public account: digest                       ; C(H(size, collateral), blind), made by the venue
        .secret size: q32                             ; and does not see these
        .secret collateral: q32
        .secret blind: digest
        .output covered: int

            hash      holding, size, collateral       ; whoever proves cannot choose them
            compress  held, holding, blind
            assert_eq held, account, "the account is not the one that was committed to"
            abs       exposure, size, 0
            mul.ceil  notional, exposure, price       ; rounded against the prover
            mul.ceil  required, notional, 0.1
            assert_ge collateral, required, "the collateral is below a tenth of the position"
            set       holds, 1
            reveal    covered, holds
            halt

        """
      ),
      ("README.md", readme(title)),
      ("inputs.json", inputs(account: enough, collateral: 1500)),
      ("outputs.json", "{\"covered\": 1}\n"),
      ("examples/too-little/inputs.json", inputs(account: tooLittle, collateral: 1000)),
      ("examples/too-little/trap.txt", "the collateral is below a tenth of the position\n"),
      ("examples/other-account/inputs.json", inputs(account: tooLittle, collateral: 1500)),
      (
        "examples/other-account/trap.txt",
        "the account is not the one that was committed to\n"
      ),
    ]
  }

  private static func readme(_ title: String) -> String {
    """
    # \(title)

    **What the proof shows.** …

    **What stays private.** …

    **What binds it.** `account`, the venue's commitment to size and collateral:

        zkvm commit --fields size:q32,collateral:q32 --record -40,1500 --blind blind --draw-blinds account.csv

    prints it and writes the blind that it drew to `account.csv`. Keep that file out of this folder, where a \
    CSV file is a stream.

    **What remains free.** …

    **Inputs.** `price` and `account` (public); `size`, `collateral` and `blind` (secret). Whoever checks sets \
    the public ones.

        zkvm prove \(title).zkasm --inputs inputs.json --output proof.zkp

    """
  }

  /// What `zkvm commit` prints for the template's size and blind and a collateral of 1,500 and of 1,000.
  private static let enough =
    "0x547891081365aadd5ece8a2fa5a5087284ea013a0397319ee3d50380b92994fc"
  private static let tooLittle =
    "0xc0148616ca39baaa38ae2cde628149d85ef290a94881d37bf2a381a4142acdb7"

  private static func inputs(account: String, collateral: Int) -> String {
    """
    {
      "public": {"price": 250.5, "account": "\(account)"},
      "secret": {
        "size": -40, "collateral": \(collateral),
        "blind": "0x3e6a90d1c2f7485bb1440c7fe58d2396709be1d35a2c84f60fd3715e86ac49b2"
      }
    }

    """
  }
}
