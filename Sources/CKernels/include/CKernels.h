#ifndef ZKVM_CKERNELS_H
#define ZKVM_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// What this machine runs: 0 nothing of these, 1 AVX2, 2 AVX-512. ZKVM_KERNELS=portable or avx2 in
/// the environment asks for less.
int zkvm_kernel_level(void);

/// Goldilocks transforms (p = 2^64 - 2^32 + 1, canonical in and out), at level 1 or 2.

/// Decimation in frequency of 2^log values, in place; twiddles as in Transform, count 2^log.
void zkvm_transform_dif(int level, uint64_t *values, const uint64_t *twiddles, int log);

/// target[i] = source[i]·step^i, count a multiple of 8.
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

/// One BLAKE3 compression on 16 lanes: cv is 8 vectors of 16 words, block 16 of them.
void zkvm_blake3_compress16(
    int level, uint32_t *cv, const uint32_t *block, uint64_t counter, uint32_t length,
    uint32_t flags);

#endif
