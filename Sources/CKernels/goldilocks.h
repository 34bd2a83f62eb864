// Arithmetic modulo p = 2^64 - 2^32 + 1 on vectors.
//
// A value is canonical if it is below p, and loose if it is any 64-bit representative.
#ifndef ZKVM_GOLDILOCKS_H
#define ZKVM_GOLDILOCKS_H

#include "vectors.h"

#if defined(__x86_64__)

static const uint64_t P = 0xFFFFFFFF00000001u;
// 2^64 modulo p.
static const uint64_t EPSILON = 0xFFFFFFFFu;

KERNEL words broadcast(uint64_t value) {
  return (words){value, value, value, value, value, value, value, value};
}

KERNEL words canonical(words a) { return a + ((words)(a >= P) & EPSILON); }

// Of canonical values: below 2p, so one subtraction of p, an addition of 2^32 - 1 that wraps.
KERNEL words add(words a, words b) {
  words sum = a + b;
  words wraps = (words)((sum < a) | (sum >= P));
  return sum + (wraps & EPSILON);
}

// A canonical and a loose value to a loose one: after a wrap the sum is below p.
KERNEL words add_loose(words canonical, words loose) {
  words sum = canonical + loose;
  return sum + ((words)(sum < loose) & EPSILON);
}

// Less a canonical value: canonical if `a` is, else loose.
KERNEL words subtract(words a, words b) { return a - b - ((words)(a < b) & EPSILON); }

// 2^32 - 1 that the compiler takes for an unknown: else it would replace the product below by a
// shift and a subtraction, three operations for one.
KERNEL words unknown_epsilon(void) {
  uint64_t epsilon = EPSILON;
  __asm__("" : "+r"(epsilon));
  return broadcast(epsilon) & EPSILON;
}

// high·2^64 + low to a loose value. high = x·2^32 + y: high·2^64 = y·(2^32 - 1) - x.
KERNEL words reduce(words low, words high) {
  words x = high >> 32, y = high & EPSILON;
  words difference = low - x - ((words)(low < x) & EPSILON);
  words product = y * unknown_epsilon();
  words sum = difference + product;
  return sum + ((words)(sum < product) & EPSILON);
}

KERNEL words multiply_loose(words a, words b) {
  words a0 = a & EPSILON, a1 = a >> 32, b0 = b & EPSILON, b1 = b >> 32;
  words low = a0 * b0;
  words middle = a0 * b1 + (low >> 32);
  words other = a1 * b0 + (middle & EPSILON);
  words high = a1 * b1 + (middle >> 32) + (other >> 32);
  return reduce((other << 32) | (low & EPSILON), high);
}

KERNEL words multiply(words a, words b) { return canonical(multiply_loose(a, b)); }

#endif
#endif
