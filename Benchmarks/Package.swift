// swift-tools-version: 6.1
import PackageDescription

/// Measurements, in a package of their own so that nothing else builds their dependencies.
/// `python3 Benchmarks/run.py` runs them.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "zkvm", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Kernels",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "ZKVMKernels", package: "zkvm"),
        .product(name: "ZKVMProver", package: "zkvm"),
        .product(name: "ZKVMVerifier", package: "zkvm"),
      ],
      path: "Kernels",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
