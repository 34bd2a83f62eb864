// swift-tools-version: 6.1
import PackageDescription

/// Data flows one way: Field → AIR → Machine → Protocol → Prover, Verifier.
/// `PackageStructureTests` holds this graph to the rules in `Spec/Decisions.md`;
/// above all, the verifier links neither interpreter nor prover.
let package = Package(
  name: "zkvm",
  products: [
    .executable(name: "zkvm", targets: ["zkvm"]),
    .executable(name: "zkvm-verify", targets: ["zkvm-verify"]),
    .library(
      name: "Prover", targets: ["Assembler", "FixedPoint", "Interpreter", "Machine", "Prover"]),
    .library(name: "Verifier", targets: ["Hashing", "Machine", "Protocol", "Verifier"]),
    .library(name: "Kernels", targets: ["Field", "Hashing"]),
    .library(name: "InputFiles", targets: ["InputFiles", "Machine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(name: "CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"])]),
    .target(name: "CTables"),
    .target(name: "CKernels"),
    .target(name: "Field", dependencies: ["CKernels"]),
    .target(name: "AlgebraicHash", dependencies: ["Field"]),
    .target(name: "Hashing", dependencies: ["CKernels", "CXXHash"]),
    .target(name: "FixedPoint", dependencies: ["CTables"]),
    .target(name: "Reference", dependencies: ["CGMP", "FixedPoint"]),
    .target(name: "Audit", dependencies: ["FixedPoint", "Reference"]),
    .target(name: "AIR", dependencies: ["Field", "Hashing"]),
    .target(
      name: "Machine", dependencies: ["AIR", "AlgebraicHash", "Field", "FixedPoint", "Hashing"]),
    .target(
      name: "Assembler",
      dependencies: [
        "AlgebraicHash", "FixedPoint", "Machine",
        .product(name: "BitCollections", package: "swift-collections"),
      ]),
    .target(name: "Interpreter", dependencies: ["AlgebraicHash", "FixedPoint", "Machine"]),
    .target(name: "Protocol", dependencies: ["AIR", "Field", "Hashing", "Machine"]),
    .target(name: "Prover", dependencies: ["AIR", "Field", "Hashing", "Machine", "Protocol"]),
    .target(name: "Verifier", dependencies: ["AIR", "Field", "Hashing", "Machine", "Protocol"]),
    .target(name: "Inspect", dependencies: ["AIR", "Field", "Machine", "Protocol"]),
    .target(
      name: "InputFiles",
      dependencies: [
        "FixedPoint", "Interpreter", "Machine", .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .target(name: "Files", dependencies: ["Machine"]),
    .target(
      name: "VerifierReport", dependencies: ["FixedPoint", "Machine", "Protocol", "Verifier"]),
    .executableTarget(
      name: "zkvm",
      dependencies: [
        "AlgebraicHash", "Assembler", "Audit", "Files", "FixedPoint", "InputFiles", "Inspect",
        "Interpreter", "Machine", "Protocol", "Prover", "Reference", "Verifier", "VerifierReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "zkvm-verify",
      dependencies: [
        "Files", "Machine", "Verifier", "VerifierReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "TestSupport", dependencies: ["Assembler", "FixedPoint", "Interpreter", "Machine"],
      path: "Tests/TestSupport"),
    .target(
      name: "AttackSupport", dependencies: ["Machine", "Protocol", "Prover", "Verifier"],
      path: "Tests/AttackSupport"),
    .testTarget(name: "FieldTests", dependencies: ["Field", "TestSupport"]),
    .testTarget(name: "AlgebraicHashTests", dependencies: ["AlgebraicHash", "Field"]),
    .testTarget(name: "HashingTests", dependencies: ["Hashing", "TestSupport"]),
    .testTarget(name: "FixedPointTests", dependencies: ["FixedPoint", "TestSupport"]),
    .testTarget(
      name: "MachineTests",
      dependencies: [
        "AIR", "Assembler", "Field", "FixedPoint", "Hashing", "Inspect", "Interpreter", "Machine",
        "TestSupport",
      ]),
    .testTarget(
      name: "AssemblerTests",
      dependencies: [
        "AlgebraicHash", "Assembler", "FixedPoint", "Interpreter", "Machine", "TestSupport",
      ]),
    .testTarget(
      name: "InputFilesTests", dependencies: ["FixedPoint", "InputFiles", "Interpreter", "Machine"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "Machine"]),
    .testTarget(name: "ProtocolTests", dependencies: ["Field", "Hashing", "Protocol"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "AlgebraicHash", "Assembler", "AttackSupport", "Field", "FixedPoint", "Hashing", "Inspect",
        "Interpreter",
        "Machine",
        "Protocol",
        "Prover", "TestSupport",
        "Verifier", "VerifierReport",
      ]),
    .testTarget(
      name: "RemovalTests",
      dependencies: [
        "AIR", "AlgebraicHash", "Assembler", "AttackSupport", "Field", "FixedPoint", "Inspect",
        "Interpreter",
        "Machine", "Protocol",
        "Prover", "TestSupport", "Verifier",
      ]),
    .testTarget(
      name: "AuditTests", dependencies: ["Audit", "FixedPoint", "Reference", "TestSupport"]),
    .testTarget(name: "PackageTests"),
  ],
  swiftLanguageModes: [.v6]
)
