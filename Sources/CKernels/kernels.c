// Goldilocks kernels, each once as portable vector code and compiled for every level.
// The portable versions are in Swift, beside their callers.
#include "goldilocks.h"

#include <stdlib.h>

#if defined(__x86_64__)

int zkvm_kernel_level(void) {
  const char *wish = getenv("ZKVM_KERNELS");
  if (wish && !strcmp(wish, "portable")) return 0;
  __builtin_cpu_init();
  int is_less_wanted = wish && !strcmp(wish, "avx2");
  if (!is_less_wanted && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return 2;
  return __builtin_cpu_supports("avx2") ? 1 : 0;
}

KERNEL void scale(
    uint64_t *target, const uint64_t *source, size_t count, const uint64_t *powers8,
    uint64_t step8) {
  // Four chains of powers side by side: one would wait for its products.
  words step = broadcast(step8), step2 = multiply(step, step), step4 = multiply(step2, step2);
  words power[4] = {load(powers8)};
  for (int k = 1; k < 4; k++) power[k] = multiply(power[k - 1], step);
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
      store(target + i + 8 * k, multiply(load(source + i + 8 * k), power[k]));
      power[k] = multiply(power[k], step4);
    }
  }
  for (int k = 0; i < count; i += 8, k++)
    store(target + i, multiply(load(source + i), power[k]));
}

KERNEL void add_all(uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count) {
  for (size_t i = 0; i < count; i += 8) store(target + i, add(load(a + i), load(b + i)));
}

KERNEL void subtract_all(uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count) {
  for (size_t i = 0; i < count; i += 8) store(target + i, subtract(load(a + i), load(b + i)));
}

KERNEL void multiply_all(uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count) {
  for (size_t i = 0; i < count; i += 8) store(target + i, multiply(load(a + i), load(b + i)));
}

KERNEL void negate_all(uint64_t *target, const uint64_t *a, size_t count) {
  words zero = {0};
  for (size_t i = 0; i < count; i += 8) store(target + i, subtract(zero, load(a + i)));
}

// Karatsuba over the six products, then u^3 = u + 1 and u^4 = u^2 + u.
KERNEL void multiply_extension(
    uint64_t *target, const uint64_t *x, const uint64_t *y, size_t count) {
  for (size_t i = 0; i < count; i += 8) {
    words xa = load(x + i), xb = load(x + count + i), xc = load(x + 2 * count + i);
    words ya = load(y + i), yb = load(y + count + i), yc = load(y + 2 * count + i);
    words aa = multiply(xa, ya), bb = multiply(xb, yb), cc = multiply(xc, yc);
    words ab = subtract(subtract(multiply(add(xa, xb), add(ya, yb)), aa), bb);
    words ac = subtract(subtract(multiply(add(xa, xc), add(ya, yc)), aa), cc);
    words bc = subtract(subtract(multiply(add(xb, xc), add(yb, yc)), bb), cc);
    store(target + i, add(aa, bc));
    store(target + count + i, add(add(ab, bc), cc));
    store(target + 2 * count + i, add(add(ac, bb), cc));
  }
}

KERNEL void accumulate(
    uint64_t *target, const uint64_t *source, const uint64_t *weight, size_t count) {
  words a = broadcast(weight[0]), b = broadcast(weight[1]), c = broadcast(weight[2]);
  uint64_t *second = target + count, *third = target + 2 * count;
  for (size_t i = 0; i < count; i += 8) {
    words x = load(source + i);
    store(target + i, add(load(target + i), multiply(x, a)));
    store(second + i, add(load(second + i), multiply(x, b)));
    store(third + i, add(load(third + i), multiply(x, c)));
  }
}

KERNEL void accumulate_extension(
    uint64_t *target, const uint64_t *source, const uint64_t *weight, size_t count) {
  words ya = broadcast(weight[0]), yb = broadcast(weight[1]), yc = broadcast(weight[2]);
  words yab = add(ya, yb), yac = add(ya, yc), ybc = add(yb, yc);
  uint64_t *second = target + count, *third = target + 2 * count;
  for (size_t i = 0; i < count; i += 8) {
    words xa = load(source + i), xb = load(source + count + i), xc = load(source + 2 * count + i);
    words aa = multiply(xa, ya), bb = multiply(xb, yb), cc = multiply(xc, yc);
    words ab = subtract(subtract(multiply(add(xa, xb), yab), aa), bb);
    words ac = subtract(subtract(multiply(add(xa, xc), yac), aa), cc);
    words bc = subtract(subtract(multiply(add(xb, xc), ybc), bb), cc);
    store(target + i, add(load(target + i), add(aa, bc)));
    store(second + i, add(load(second + i), add(add(ab, bc), cc)));
    store(third + i, add(load(third + i), add(add(ac, bb), cc)));
  }
}

// Sums of products by weights of three limbs of 22, 21 and 21 bits: a product of a limb and half a
// value is below 2^54, so a thousand of them are added before anything is reduced.
KERNEL words combined(const words sums[6]) {
  // low·(2^0, 2^22, 2^43), high·(2^32, 2^54, 2^75), the last by itself.
  static const int SHIFTS[5] = {0, 22, 43, 32, 54};
  words low = sums[0], high = {0};
#pragma clang loop unroll(full)
  for (int k = 1; k < 5; k++) {
    words part = sums[k] << SHIFTS[k];
    low += part;
    high += (sums[k] >> (64 - SHIFTS[k])) - (words)(low < part);
  }
  words top = multiply_loose(sums[5], broadcast((1ull << 43) - (1ull << 11)));
  return canonical(add_loose(canonical(reduce(low, high)), top));
}

KERNEL void combine(
    uint64_t *target, const uint64_t *const *sources, const uint64_t *weights, size_t terms,
    size_t count) {
  for (size_t i = 0; i < count; i += 8) {
    words sums[3][6] = {{{0}}};
    for (size_t t = 0; t < terms; t++) {
      words value = load(sources[t] + i), low = value & EPSILON, high = value >> 32;
#pragma clang loop unroll(full)
      for (int k = 0; k < 9; k++) {
        words limb = broadcast(weights[9 * t + k]) & EPSILON;
        sums[k / 3][k % 3] += low * limb;
        sums[k / 3][k % 3 + 3] += high * limb;
      }
    }
#pragma clang loop unroll(full)
    for (int plane = 0; plane < 3; plane++) {
      uint64_t *place = target + plane * count + i;
      store(place, add(load(place), combined(sums[plane])));
    }
  }
}

LEVELS(
    combine,
    (uint64_t *target, const uint64_t *const *sources, const uint64_t *weights, size_t terms,
     size_t count),
    (target, sources, weights, terms, count))

void zkvm_combine(
    int level, uint64_t *target, const uint64_t *const *sources, const uint64_t *weights,
    size_t terms, size_t count) {
  (level == 2 ? combine_avx512 : combine_avx2)(target, sources, weights, terms, count);
}

enum { LARGEST_COMBINATION = 32 };

KERNEL void run_steps(
    const zkvm_block_step *steps, size_t count, const zkvm_block_term *terms,
    const uint64_t *weights, uint64_t *registers, const uint64_t *main_columns,
    const uint64_t *fixed_columns) {
  const uint64_t *bases[3] = {registers, main_columns, fixed_columns};
  for (const zkvm_block_step *step = steps; step < steps + count; step++) {
    uint64_t *target = registers + step->target;
    const uint64_t *a = bases[step->a_base] + step->a;
    const uint64_t *b = step->operation < 6 ? bases[step->b_base] + step->b : a;
    switch (step->operation) {
      case 0: add_all(target, a, b, step->count); break;
      case 1: subtract_all(target, a, b, step->count); break;
      case 2: multiply_all(target, a, b, step->count); break;
      case 3: multiply_extension(target, a, b, step->count); break;
      case 4: memcpy(target, a, 8 * (size_t)step->count); break;
      case 5: negate_all(target, a, step->count); break;
      default: {
        const uint64_t *sources[LARGEST_COMBINATION];
        const zkvm_block_term *first = terms + step->b;
        for (size_t t = 0; t < step->b_base; t++)
          sources[t] = bases[first[t].base] + first[t].offset;
        memcpy(target, a, 24 * (size_t)step->count);
        combine(target, sources, weights + 9 * step->b, step->b_base, step->count);
      }
    }
  }
}

LEVELS(
    run_steps,
    (const zkvm_block_step *steps, size_t count, const zkvm_block_term *terms,
     const uint64_t *weights, uint64_t *registers, const uint64_t *main_columns,
     const uint64_t *fixed_columns),
    (steps, count, terms, weights, registers, main_columns, fixed_columns))

void zkvm_run_steps(
    int level, const zkvm_block_step *steps, size_t count, const zkvm_block_term *terms,
    const uint64_t *weights, uint64_t *registers, const uint64_t *main_columns,
    const uint64_t *fixed_columns) {
  (level == 2 ? run_steps_avx512 : run_steps_avx2)(
      steps, count, terms, weights, registers, main_columns, fixed_columns);
}

KERNEL void dot(
    uint64_t *sum, const uint64_t *weights, size_t stride, const uint64_t *column, size_t count) {
  words total[3] = {{0}};
  for (size_t i = 0; i < count; i += 8) {
    words x = load(column + i);
#pragma clang loop unroll(full)
    for (int k = 0; k < 3; k++)
      total[k] = add(total[k], multiply(x, load(weights + k * stride + i)));
  }
  for (int k = 0; k < 3; k++) {
    unsigned __int128 plain = 0;
    for (int lane = 0; lane < 8; lane++) plain += total[k][lane];
    sum[k] = (uint64_t)(plain % P);
  }
}

LEVELS(
    dot,
    (uint64_t *sum, const uint64_t *weights, size_t stride, const uint64_t *column, size_t count),
    (sum, weights, stride, column, count))

void zkvm_dot(
    int level, uint64_t *sum, const uint64_t *weights, size_t stride, const uint64_t *column,
    size_t count) {
  (level == 2 ? dot_avx512 : dot_avx2)(sum, weights, stride, column, count);
}

LEVELS(
    scale,
    (uint64_t *target, const uint64_t *source, size_t count, const uint64_t *powers8,
     uint64_t step8),
    (target, source, count, powers8, step8))

void zkvm_scale_by_powers(
    int level, uint64_t *target, const uint64_t *source, size_t count, const uint64_t *powers8,
    uint64_t step8) {
  (level == 2 ? scale_avx512 : scale_avx2)(target, source, count, powers8, step8);
}

// A kernel of three arrays at every level.
#define ELEMENTWISE(name, body)                                                           \
  LEVELS(body, (uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n), (t, a, b, n)) \
  void zkvm_##name(                                                                       \
      int level, uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count) {  \
    (level == 2 ? body##_avx512 : body##_avx2)(target, a, b, count);                      \
  }

ELEMENTWISE(add, add_all)
ELEMENTWISE(subtract, subtract_all)
ELEMENTWISE(multiply, multiply_all)
ELEMENTWISE(multiply_extension, multiply_extension)
ELEMENTWISE(accumulate, accumulate)
ELEMENTWISE(accumulate_extension, accumulate_extension)

#else

int zkvm_kernel_level(void) { return 0; }
void zkvm_scale_by_powers(
    int l, uint64_t *t, const uint64_t *s, size_t n, const uint64_t *p, uint64_t x) {}
void zkvm_dot(
    int l, uint64_t *s, const uint64_t *w, size_t d, const uint64_t *c, size_t n) {}
void zkvm_combine(
    int l, uint64_t *t, const uint64_t *const *s, const uint64_t *w, size_t m, size_t n) {}
void zkvm_run_steps(
    int l, const zkvm_block_step *s, size_t n, const zkvm_block_term *t, const uint64_t *w,
    uint64_t *r, const uint64_t *m, const uint64_t *f) {}
void zkvm_add(int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_subtract(int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_multiply(int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_multiply_extension(
    int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_accumulate(int l, uint64_t *t, const uint64_t *s, const uint64_t *w, size_t n) {}
void zkvm_accumulate_extension(
    int l, uint64_t *t, const uint64_t *s, const uint64_t *w, size_t n) {}

#endif
