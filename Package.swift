// swift-tools-version: 6.1
import PackageDescription

/// A module of the project. Its folder has the name without the prefix, which keeps it apart from
/// the modules of packages that depend on this one.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: "ZKVM" + name, dependencies: dependencies, path: "Sources/" + name)
}

/// Data flows one way: Field → AIR → Machine → Protocol → Verifier; Machine → Witness → Prover.
/// `PackageStructureTests` holds this graph to the rules in `Spec/Decisions.md`;
/// above all, the verifier links nothing that executes, fills or proves.
let package = Package(
  name: "zkvm",
  products: [
    .executable(name: "zkvm", targets: ["zkvm"]),
    .executable(name: "zkvm-verify", targets: ["zkvm-verify"]),
    .executable(name: "zkvm-audit", targets: ["zkvm-audit"]),
    .library(
      name: "ZKVMProver",
      targets: [
        "ZKVMAssembler", "ZKVMFixedPoint", "ZKVMInterpreter", "ZKVMMachine", "ZKVMProver",
        "ZKVMWitness",
      ]),
    .library(
      name: "ZKVMVerifier",
      targets: ["ZKVMHashing", "ZKVMMachine", "ZKVMProtocol", "ZKVMVerifier"]),
    .library(name: "ZKVMKernels", targets: ["ZKVMField", "ZKVMHashing"]),
    .library(name: "ZKVMInputFiles", targets: ["ZKVMInputFiles", "ZKVMMachine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CZKVMXXHash", path: "Sources/CXXHash", pkgConfig: "libxxhash",
      providers: [.apt(["libxxhash-dev"])]),
    .systemLibrary(
      name: "CZKVMGMP", path: "Sources/CGMP", pkgConfig: "gmp", providers: [.apt(["libgmp-dev"])]),
    .target(name: "CZKVMTables", path: "Sources/CTables"),
    .target(name: "CZKVMKernels", path: "Sources/CKernels"),
    module("Field", ["CZKVMKernels"]),
    module("AlgebraicHash", ["ZKVMField"]),
    module("Hashing", ["CZKVMKernels", "CZKVMXXHash"]),
    module("FixedPoint", ["CZKVMTables"]),
    module("Reference", ["CZKVMGMP", "ZKVMFixedPoint"]),
    module("Audit", ["ZKVMFixedPoint", "ZKVMReference"]),
    module("AIR", ["ZKVMField", "ZKVMHashing"]),
    module(
      "Machine",
      ["ZKVMAIR", "ZKVMAlgebraicHash", "ZKVMField", "ZKVMFixedPoint", "ZKVMHashing"]),
    module(
      "Witness", ["ZKVMAIR", "ZKVMAlgebraicHash", "ZKVMField", "ZKVMFixedPoint", "ZKVMMachine"]),
    module(
      "Assembler",
      [
        "ZKVMAlgebraicHash", "ZKVMFixedPoint", "ZKVMMachine",
        .product(name: "BitCollections", package: "swift-collections"),
      ]),
    module(
      "Interpreter", ["ZKVMAlgebraicHash", "ZKVMFixedPoint", "ZKVMMachine", "ZKVMWitness"]),
    module("Protocol", ["ZKVMAIR", "ZKVMField", "ZKVMHashing", "ZKVMMachine"]),
    module(
      "Prover",
      ["ZKVMAIR", "ZKVMField", "ZKVMHashing", "ZKVMMachine", "ZKVMProtocol", "ZKVMWitness"]),
    module("Verifier", ["ZKVMAIR", "ZKVMField", "ZKVMHashing", "ZKVMMachine", "ZKVMProtocol"]),
    module("Inspect", ["ZKVMAIR", "ZKVMField", "ZKVMMachine", "ZKVMProtocol", "ZKVMWitness"]),
    module(
      "InputFiles",
      [
        "ZKVMFixedPoint", "ZKVMInterpreter", "ZKVMMachine",
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    module("Files", ["ZKVMMachine"]),
    module("VerifierReport", ["ZKVMFixedPoint", "ZKVMMachine", "ZKVMProtocol", "ZKVMVerifier"]),
    module(
      "CommandLine",
      [
        "ZKVMAssembler", "ZKVMFiles", "ZKVMMachine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "zkvm",
      dependencies: [
        "ZKVMAlgebraicHash", "ZKVMAssembler", "ZKVMCommandLine", "ZKVMFiles", "ZKVMFixedPoint",
        "ZKVMInputFiles", "ZKVMInspect", "ZKVMInterpreter", "ZKVMMachine", "ZKVMProtocol",
        "ZKVMProver", "ZKVMVerifier", "ZKVMVerifierReport", "ZKVMWitness",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "zkvm-verify",
      dependencies: [
        "ZKVMFiles", "ZKVMMachine", "ZKVMVerifier", "ZKVMVerifierReport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "zkvm-audit",
      dependencies: [
        "ZKVMAudit", "ZKVMCommandLine", "ZKVMFiles", "ZKVMFixedPoint", "ZKVMInterpreter",
        "ZKVMMachine", "ZKVMProtocol", "ZKVMProver", "ZKVMReference",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "TestSupport",
      dependencies: [
        "ZKVMAssembler", "ZKVMFixedPoint", "ZKVMInterpreter", "ZKVMMachine", "ZKVMWitness",
      ],
      path: "Tests/TestSupport"),
    .target(
      name: "AttackSupport",
      dependencies: [
        "ZKVMField", "ZKVMHashing", "ZKVMMachine", "ZKVMProtocol", "ZKVMProver", "ZKVMVerifier",
        "ZKVMWitness",
      ],
      path: "Tests/AttackSupport"),
    .testTarget(name: "FieldTests", dependencies: ["ZKVMField", "TestSupport"]),
    .testTarget(name: "AlgebraicHashTests", dependencies: ["ZKVMAlgebraicHash", "ZKVMField"]),
    .testTarget(name: "HashingTests", dependencies: ["ZKVMHashing", "TestSupport"]),
    .testTarget(name: "FixedPointTests", dependencies: ["ZKVMFixedPoint", "TestSupport"]),
    .testTarget(
      name: "MachineTests",
      dependencies: [
        "ZKVMAIR", "ZKVMAssembler", "ZKVMField", "ZKVMFixedPoint", "ZKVMHashing", "ZKVMInspect",
        "ZKVMInterpreter", "ZKVMMachine", "ZKVMWitness", "TestSupport",
      ]),
    .testTarget(
      name: "AssemblerTests",
      dependencies: [
        "ZKVMAlgebraicHash", "ZKVMAssembler", "ZKVMFixedPoint", "ZKVMInterpreter", "ZKVMMachine",
        "TestSupport",
      ]),
    .testTarget(
      name: "InputFilesTests",
      dependencies: ["ZKVMFixedPoint", "ZKVMInputFiles", "ZKVMInterpreter", "ZKVMMachine"]),
    .testTarget(name: "FilesTests", dependencies: ["ZKVMFiles", "ZKVMMachine"]),
    .testTarget(
      name: "ProtocolTests",
      dependencies: ["ZKVMField", "ZKVMHashing", "ZKVMProtocol", "ZKVMProver"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "ZKVMAlgebraicHash", "ZKVMAssembler", "ZKVMField", "ZKVMFixedPoint", "ZKVMHashing",
        "ZKVMInspect", "ZKVMInterpreter", "ZKVMMachine", "ZKVMProtocol", "ZKVMProver",
        "ZKVMVerifier", "ZKVMVerifierReport", "ZKVMWitness", "AttackSupport", "TestSupport",
      ]),
    .testTarget(
      name: "RemovalTests",
      dependencies: [
        "ZKVMAIR", "ZKVMAlgebraicHash", "ZKVMAssembler", "ZKVMField", "ZKVMFixedPoint",
        "ZKVMInspect", "ZKVMInterpreter", "ZKVMMachine", "ZKVMProtocol", "ZKVMProver",
        "ZKVMVerifier", "AttackSupport", "TestSupport",
      ]),
    .testTarget(
      name: "AuditTests",
      dependencies: ["ZKVMAudit", "ZKVMFixedPoint", "ZKVMReference", "TestSupport"]),
    .testTarget(name: "PackageTests"),
  ],
  swiftLanguageModes: [.v6]
)
