import CZKVMKernels

/// Which implementation of a kernel runs: the portable one in Swift, or one in vector code, chosen
/// once by what the machine has. Tests hold all of them equal.
public enum Kernel: CInt, Sendable, CaseIterable {
  case portable = 0
  case avx2 = 1
  case avx512 = 2

  /// The best that the machine runs; ZKVM_KERNELS=portable or avx2 in the environment asks for less.
  public static let best = Kernel(rawValue: zkvm_kernel_level()) ?? .portable

  /// All that the machine runs.
  public static var available: [Kernel] { allCases.filter { $0.rawValue <= best.rawValue } }
}
