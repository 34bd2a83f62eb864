#ifndef ZKVM_CKERNELS_H
#define ZKVM_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// What this machine runs: 0 nothing of these, 1 AVX2, 2 AVX-512. ZKVM_KERNELS=portable or avx2 in
/// the environment asks for less.
int zkvm_kernel_level(void);

/// Goldilocks kernels (p = 2^64 - 2^32 + 1), at level 1 or 2; canonical in and out where nothing
/// else is said.

/// Coefficients in natural order to the evaluations of block `block` (see Transform) in bit-reversed
/// order; 2^log values, log at least 6. target and source may be the same.
void zkvm_transform_forward(
    int level, uint64_t *target, const uint64_t *source, const uint64_t *roots, int log,
    size_t block);

/// Evaluations on the subgroup in bit-reversed order to 2^log times the coefficients in natural
/// order, in place and not canonical; log at least 6.
void zkvm_transform_inverse(int level, uint64_t *values, const uint64_t *inverse_roots, int log);

/// Copies 2^log values into bit-reversed order; log at least 6.
void zkvm_bit_reverse(int level, uint64_t *target, const uint64_t *source, int log);

/// target[i] = source[i]·step^i·powers8[0], count a multiple of 8; the source need not be canonical.
void zkvm_scale_by_powers(
    int level, uint64_t *target, const uint64_t *source, size_t count, const uint64_t *powers8,
    uint64_t step8);

/// Element by element on count values, a multiple of 8; target may be an operand.
void zkvm_add(int level, uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count);
void zkvm_subtract(int level, uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count);
void zkvm_multiply(int level, uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count);

/// Products in the cubic extension (u^3 = u + 1), coordinates `count` apart.
void zkvm_multiply_extension(
    int level, uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count);

/// target += weight·source for source in the base field or the cubic extension; target, weight and
/// an extension source have three coordinates, those of target and source `count` apart.
void zkvm_accumulate(
    int level, uint64_t *target, const uint64_t *source, const uint64_t *weight, size_t count);
void zkvm_accumulate_extension(
    int level, uint64_t *target, const uint64_t *source, const uint64_t *weight, size_t count);

/// sum = the sum of weight_i·column_i, three coordinates; those of the weights are `stride` apart.
void zkvm_dot(
    int level, uint64_t *sum, const uint64_t *weights, size_t stride, const uint64_t *column,
    size_t count);

/// target += the sum of weight_t·source_t, for values in the base field and weights in the cubic
/// extension; nine words a weight: of each coordinate bits 0-21, 22-42 and 43-63. At most 1,000
/// terms.
void zkvm_combine(
    int level, uint64_t *target, const uint64_t *const *sources, const uint64_t *weights,
    size_t terms, size_t count);

/// An operation on `count` values, a multiple of 8; operands are offsets from bases 0 to 2.
typedef struct {
  /// 0 add, 1 subtract, 2 multiply, 3 multiply in the extension, 4 copy a, 5 negate a, 6 the
  /// extension value a plus b_base (at most 32) weighted terms from the b-th on.
  uint32_t operation;
  uint32_t count;
  uint32_t a_base;
  uint32_t b_base;
  ptrdiff_t target;
  ptrdiff_t a;
  ptrdiff_t b;
} zkvm_block_step;

/// A value that is weighted.
typedef struct {
  ptrdiff_t offset;
  uint32_t base;
} zkvm_block_term;

/// Runs steps in order; base 0 is `registers`, into which all targets point, 1 and 2 are columns.
/// Weights are as for zkvm_combine.
void zkvm_run_steps(
    int level, const zkvm_block_step *steps, size_t count, const zkvm_block_term *terms,
    const uint64_t *weights, uint64_t *registers, const uint64_t *main_columns,
    const uint64_t *fixed_columns);

/// BLAKE3's compression function, on any machine: the 16 words of output.
void zkvm_blake3_compress(
    uint32_t *out, const uint32_t *cv, const uint32_t *block, uint64_t counter, uint32_t length,
    uint32_t flags);

/// BLAKE3 in 16 lanes; counts are multiples of 16.

/// The keyed hashes of rows first ..< first + count: salt_words words (an even number) of `salts`,
/// then an element of each column.
void zkvm_blake3_rows(
    int level, const uint32_t *key, const uint32_t *salts, size_t salt_words,
    const uint64_t *const *columns, size_t column_count, size_t first, size_t count,
    uint32_t *digests);

/// The keyed hashes of pairs of digests, or of triples with one of `injected`, which may be null.
void zkvm_blake3_nodes(
    int level, const uint32_t *key, const uint32_t *children, const uint32_t *injected,
    size_t count, uint32_t *digests);

/// Blocks counter ..< counter + count of the extendable output of a last compression.
void zkvm_blake3_output(
    int level, const uint32_t *cv, const uint32_t *block, uint32_t length, uint32_t flags,
    uint64_t counter, size_t count, uint32_t *target);

#endif
