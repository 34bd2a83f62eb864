import Testing
import ZKVMAlgebraicHash
import ZKVMField

@Suite struct AlgebraicHashTests {
  /// HorizenLabs/poseidon2, `poseidon2_instance_goldilocks.rs`: the first round's constants.
  @Test func constantsAreTheAuthors() {
    #expect(
      Poseidon2.externalConstants[0].map(\.value) == [
        0xdd57_43e7_f2a5_a5d9, 0xcb3a_864e_58ad_a44b, 0xffa2_449e_d32f_8cdc,
        0x4202_5f65_d6bd_13ee, 0x7889_175e_2550_6323, 0x34b9_8bb0_3d24_b737,
        0xbdcc_535e_cc4f_aa2a, 0x5b20_ad86_9fc0_d033,
      ])
  }

  /// Plonky3, `goldilocks/src/poseidon2.rs`, computed with the authors' implementation.
  @Test func permutationMatchesThePublishedVectors() {
    var zeros = [Goldilocks](repeating: .zero, count: 8)
    Poseidon2.permute(&zeros)
    #expect(
      zeros.map(\.value) == [
        4_214_787_979_728_720_400, 12_324_939_279_576_102_560, 10_353_596_058_419_792_404,
        15_456_793_487_362_310_586, 10_065_219_879_212_154_722, 16_227_496_357_546_636_742,
        2_959_271_128_466_640_042, 14_285_409_611_125_725_709,
      ])
    var range = (0..<8).map { Goldilocks($0) }
    Poseidon2.permute(&range)
    #expect(
      range.map(\.value) == [
        14_266_028_122_062_624_699, 5_353_147_180_106_052_723, 15_203_350_112_844_181_434,
        17_630_919_042_639_565_165, 16_601_551_015_858_213_987, 10_184_091_939_013_874_068,
        16_774_100_645_754_596_496, 12_047_415_603_622_314_780,
      ])
  }

  @Test func compressionIsThePermutationPlusItsInput() {
    let left = Digest.block([0, 1, 2, 3])
    let right = Digest.block([4, 5, 6, 7])
    #expect(
      Digest.compress(left, right).array.map(\.value) == [
        14_266_028_122_062_624_699, 5_353_147_180_106_052_724, 15_203_350_112_844_181_436,
        17_630_919_042_639_565_168,
      ])
  }

  @Test func paddingAndLengthSeparateMessages() {
    let messages: [[Int64]] = [
      [5], [5, 0], [5, 0, 0, 0], [5, 0, 0, 0, 0], [0], [-5], [5, 7], [7, 5],
    ]
    #expect(Set(messages.map { Digest.hash($0) }).count == messages.count)
  }

  @Test(arguments: [0, 1, 2, 5, 8]) func pathsLeadToTheRoot(count: Int) {
    let leaves = (0..<count).map { Digest.hash([Int64($0)]) }
    for depth in DigestTree.depth(leaves: count)...5 {
      let tree = DigestTree(leaves, depth: depth)
      // The tree as it is defined, with every zero.
      var level = leaves + Array(repeating: .zero, count: 1 << depth - count)
      while level.count > 1 {
        level = stride(from: 0, to: level.count, by: 2).map { .compress(level[$0], level[$0 + 1]) }
      }
      #expect(tree.root == level[0])
      for index in 0..<(1 << depth) {
        var node = index < count ? leaves[index] : .zero
        for (isRight, sibling) in tree.path(index) {
          node = isRight ? .compress(sibling, node) : .compress(node, sibling)
        }
        #expect(node == tree.root)
      }
    }
  }

  @Test func textIsCanonical() {
    let digest = Digest.hash([1, 2, 3])
    #expect(Digest(digest.description) == digest)
    #expect(Digest(words: digest.words) == digest)
    let p = "ffffffff00000001"
    let zeros = String(repeating: "0", count: 48)
    #expect(Digest("0x" + zeros + p) == nil)
    #expect(Digest("0x" + zeros + "ffffffff00000000") != nil)
    #expect(Digest(zeros) == nil)
    #expect(Digest("0x" + zeros + "00000000000000g0") == nil)
    #expect(Digest(words: [0, 0, 0, -1]) == nil)
    #expect(Digest(words: [0, 0, 0]) == nil)
  }
}
