// swift-tools-version: 6.1
import PackageDescription

/// libFuzzer targets for everything that reads foreign bytes. `Scripts/fuzz.sh` builds and runs them.
let options: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]
let linking: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "zkvm", path: "../..")],
  targets: [
    .target(name: "Driver"),
    .executableTarget(
      name: "FuzzProof", dependencies: ["Driver", .product(name: "ZKVMVerifier", package: "zkvm")],
      swiftSettings: options, linkerSettings: linking),
    .executableTarget(
      name: "FuzzBytecode",
      dependencies: ["Driver", .product(name: "ZKVMVerifier", package: "zkvm")],
      swiftSettings: options, linkerSettings: linking),
    .executableTarget(
      name: "FuzzAssembly",
      dependencies: ["Driver", .product(name: "ZKVMProver", package: "zkvm")],
      swiftSettings: options, linkerSettings: linking),
    .executableTarget(
      name: "FuzzInputs",
      dependencies: ["Driver", .product(name: "ZKVMInputFiles", package: "zkvm")],
      swiftSettings: options, linkerSettings: linking),
  ],
  swiftLanguageModes: [.v6]
)
