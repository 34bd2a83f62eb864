// Vectors of 512 bits, which the compiler splits where registers are shorter.
#ifndef ZKVM_VECTORS_H
#define ZKVM_VECTORS_H

#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)

// Vectors are passed to functions that are always inlined only.
#pragma clang diagnostic ignored "-Wpsabi"

typedef uint64_t words __attribute__((vector_size(64)));
typedef uint32_t lanes __attribute__((vector_size(64)));

#define KERNEL static inline __attribute__((always_inline))
#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"), min_vector_width(512)))

// A kernel at every level: NAME_avx2 and NAME_avx512.
#define LEVELS(name, parameters, arguments)                        \
  AVX2 static void name##_avx2 parameters { name arguments; }      \
  AVX512 static void name##_avx512 parameters { name arguments; }

KERNEL words load(const uint64_t *from) {
  words value;
  memcpy(&value, from, sizeof value);
  return value;
}

KERNEL void store(uint64_t *to, words value) { memcpy(to, &value, sizeof value); }

#endif
#endif
