import Benchmark
import Foundation
import ZKVMAssembler
import ZKVMField
import ZKVMFixedPoint
@_spi(Testing) import ZKVMHashing
import ZKVMInterpreter
import ZKVMMachine
import ZKVMProtocol
import ZKVMProver
import ZKVMVerifier
import ZKVMWitness

// Names are "what, kernel, units in an iteration"; run.py divides the median by the units.

/// Elements that are the same every time, in memory that has been touched.
private func elements(_ count: Int) -> UnsafeMutablePointer<Goldilocks> {
  let matrix = Matrix(rows: count, columns: 1)
  let column = matrix.column(0)
  for i in 0..<count { column[i] = Goldilocks(UInt64(i) &* 0x9E37_79B9_7F4A_7C15) }
  _ = Unmanaged.passRetained(matrix)
  return column
}

private func field(_ kernel: Kernel) {
  let count = 4096
  nonisolated(unsafe) let (a, b) = (elements(count), elements(count))
  Benchmark("multiply, \(kernel), \(count)") { benchmark in
    for _ in benchmark.scaledIterations {
      BlockKernels.multiply(a, a, b, count, kernel: kernel)
    }
  }
  nonisolated(unsafe) let wide = elements(3 * count)
  Benchmark("multiply in the extension, \(kernel), \(count)") { benchmark in
    for _ in benchmark.scaledIterations {
      BlockKernels.multiplyExtension(wide, wide, wide, count, kernel: kernel)
    }
  }
  let weights = CombinationWeights((0..<64).map { CubicExtension(Goldilocks($0 * $0), 5, 7) })
  nonisolated(unsafe) let sources = (0..<64).map { _ in UnsafePointer(elements(128)) }
  Benchmark("weighted sum of 64 columns, \(kernel), \(64 * 128)") { benchmark in
    for _ in benchmark.scaledIterations {
      BlockKernels.combine(wide, sources, weights: weights, 128, kernel: kernel)
    }
  }
}

private func transforms(_ kernel: Kernel, logSizes: [Int]) {
  for log in logSizes {
    nonisolated(unsafe) let values = elements(1 << log)
    let transform = Transform(logSize: log)
    Benchmark("transform of 2^\(log), \(kernel), \(1 << log)") { benchmark in
      for _ in benchmark.scaledIterations {
        transform.forward(values, into: values, kernel: kernel)
      }
    }
  }
  let log = 18
  nonisolated(unsafe) let column = elements(1 << log)
  nonisolated(unsafe) let output = elements(4 << log)
  for blowup in [1, 2] {
    Benchmark("extension of 2^\(log) by \(1 << blowup), \(kernel), \(1 << (log + blowup))") {
      benchmark in
      for _ in benchmark.scaledIterations {
        lowDegreeExtension(
          of: column, logSize: log, logBlowup: blowup, blocks: 1 << blowup, shift: 7, into: output,
          kernel: kernel)
      }
    }
  }
}

private func hashing(_ level: CInt, _ name: String) {
  let (rows, columns) = (1 << 12, 64)
  nonisolated(unsafe) let matrix = (0..<columns).map { _ in
    UnsafeRawPointer(elements(rows)).assumingMemoryBound(to: UInt64.self)
  }
  let key = BLAKE3.deriveKey(context: "zkvm benchmark")
  nonisolated(unsafe) let digests = UnsafeMutablePointer<BLAKE3.Digest>.allocate(capacity: rows)
  let salts = [UInt32](repeating: 1, count: 4 * rows)
  Benchmark("leaf hashing bytes, \(name), \(8 * rows * columns)") { benchmark in
    for _ in benchmark.scaledIterations {
      BLAKE3.hashRows(
        0..<rows, key: key, salts: salts, saltWords: 4, columns: matrix, into: digests,
        level: level)
    }
  }
}

/// What the system takes for memory that nothing has used yet, written once.
private func memory() {
  let (rows, columns) = (1 << 20, 16)
  Benchmark("fresh memory bytes, portable, \(8 * rows * columns)") { benchmark in
    for _ in benchmark.scaledIterations {
      let matrix = Matrix(rows: rows, columns: columns)
      for column in 0..<columns {
        let start = matrix.column(column)
        for row in stride(from: 0, to: rows, by: 512) { start[row] = .one }
      }
      blackHole(matrix)
    }
  }
}

/// Programs/black-scholes on Haug's example.
private func option() throws -> Execution {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let source = root.appendingPathComponent("Programs/black-scholes/black-scholes.zkasm")
  let program = try Assembler.assemble(file: source.path) { file in
    try String(contentsOfFile: file, encoding: .utf8)
  }.program
  let inputs = zip(["60", "65", "0.25", "0.08", "0.30"], program.interface.secretInputs)
  return try Interpreter.run(
    program,
    ProgramInputs(
      publicInputs: [], secretInputs: inputs.map { try Decimal.parse($0, as: $1.format) },
      streams: []))
}

private func verification() {
  for profile in Profile.allCases {
    guard let execution = try? option(),
      let proof = try? Prover(ProofParameters(profile: profile, isHiding: true)).prove(execution)
    else { fatalError("Programs/black-scholes does not prove") }
    let program = execution.program
    let bytes = ProofFormat.encode(proof)
    Benchmark("verification, \(profile), 1") { benchmark in
      for _ in benchmark.scaledIterations {
        blackHole(try? Verifier(program: program).verify(bytes))
      }
    }
  }
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], timeUnits: .nanoseconds, maxDuration: .milliseconds(400),
    maxIterations: 100_000)
  for kernel in Kernel.available {
    field(kernel)
    transforms(kernel, logSizes: kernel == .best ? [12, 14, 16, 18, 20] : [16])
    hashing(kernel.rawValue, "\(kernel)")
  }
  memory()
  verification()
}
