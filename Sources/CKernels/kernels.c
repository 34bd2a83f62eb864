// Goldilocks kernels, each once as portable vector code and compiled for every level.
// The portable versions are in Swift, beside their callers.
#include "vectors.h"

#include <stdlib.h>

#if defined(__x86_64__)

static const uint64_t P = 0xFFFFFFFF00000001u;
static const uint64_t EPSILON = 0xFFFFFFFFu;

int zkvm_kernel_level(void) {
  const char *wish = getenv("ZKVM_KERNELS");
  if (wish && !strcmp(wish, "portable")) return 0;
  __builtin_cpu_init();
  if (!(wish && !strcmp(wish, "avx2")) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return 2;
  return __builtin_cpu_supports("avx2") ? 1 : 0;
}

// Below 2p: one subtraction of p, which is an addition of 2^32 - 1 that wraps.
KERNEL words add(words a, words b) {
  words sum = a + b;
  words wraps = (words)((sum < a) | (sum >= P));
  return sum + (wraps & EPSILON);
}

KERNEL words subtract(words a, words b) { return a - b - ((words)(a < b) & EPSILON); }

KERNEL words multiply(words a, words b) {
  words a0 = a & EPSILON, a1 = a >> 32, b0 = b & EPSILON, b1 = b >> 32;
  words low = a0 * b0;
  words middle = a0 * b1 + (low >> 32);
  words other = a1 * b0 + (middle & EPSILON);
  words high = a1 * b1 + (middle >> 32) + (other >> 32);
  low = (other << 32) | (low & EPSILON);
  // high = x·2^32 + y: high·2^64 = y·(2^32 - 1) - x.
  words x = high >> 32, y = high & EPSILON;
  words difference = low - x - ((words)(low < x) & EPSILON);
  words product = (y << 32) - y;
  words sum = difference + product;
  sum += (words)(sum < product) & EPSILON;
  return sum + ((words)(sum >= P) & EPSILON);
}

KERNEL void butterflies(uint64_t *low, uint64_t *high, const uint64_t *twiddles, size_t half) {
  for (size_t j = 0; j < half; j += 8) {
    words u = load(low + j), v = load(high + j);
    store(low + j, add(u, v));
    store(high + j, multiply(subtract(u, v), load(twiddles + j)));
  }
}

// The last three stages stay in registers: 16 values, halves of 4, 2 and 1.
KERNEL void last_stages(uint64_t *values, const uint64_t *twiddles) {
  words a = load(values), b = load(values + 8);
  const uint64_t *t = twiddles + 4;
  words t4 = {t[0], t[1], t[2], t[3], t[0], t[1], t[2], t[3]};
  t = twiddles + 2;
  words t2 = {t[0], t[1], t[0], t[1], t[0], t[1], t[0], t[1]};
  words u = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
  words v = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  a = add(u, v);
  b = multiply(subtract(u, v), t4);
  // Now a holds values 0-3 and 8-11, b 4-7 and 12-15.
  u = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
  v = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  a = add(u, v);
  b = multiply(subtract(u, v), t2);
  // a holds 0 1 4 5 8 9 12 13, b 2 3 6 7 10 11 14 15; the last twiddle is 1.
  u = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
  v = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  a = add(u, v);
  b = subtract(u, v);
  // a holds the even values 0 2 4 …, b the odd ones.
  store(values, __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
  store(values + 8, __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
}

// Below 2^12 values a block stays in the cache for all its stages.
KERNEL void transform(uint64_t *values, const uint64_t *twiddles, int log) {
  size_t count = (size_t)1 << log;
  size_t half = count / 2;
  for (; half >= 4096; half /= 2)
    for (size_t start = 0; start < count; start += 2 * half)
      butterflies(values + start, values + start + half, twiddles + half, half);
  size_t block = 2 * half;
  for (size_t first = 0; first < count; first += block) {
    for (size_t h = half; h >= 8; h /= 2)
      for (size_t start = first; start < first + block; start += 2 * h)
        butterflies(values + start, values + start + h, twiddles + h, h);
    for (size_t start = first; start < first + block; start += 16)
      last_stages(values + start, twiddles);
  }
}

KERNEL void scale(
    uint64_t *target, const uint64_t *source, size_t count, const uint64_t *powers8,
    uint64_t step8) {
  words power = load(powers8);
  words step = {step8, step8, step8, step8, step8, step8, step8, step8};
  for (size_t i = 0; i < count; i += 8) {
    store(target + i, multiply(load(source + i), power));
    power = multiply(power, step);
  }
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

KERNEL words broadcast(uint64_t value) {
  return (words){value, value, value, value, value, value, value, value};
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

KERNEL void run_steps(
    const zkvm_block_step *steps, size_t count, uint64_t *registers, const uint64_t *main_columns,
    const uint64_t *fixed_columns) {
  const uint64_t *bases[3] = {registers, main_columns, fixed_columns};
  for (const zkvm_block_step *step = steps; step < steps + count; step++) {
    uint64_t *target = registers + step->target;
    const uint64_t *a = bases[step->a_base] + step->a, *b = bases[step->b_base] + step->b;
    switch (step->operation) {
      case 0: add_all(target, a, b, step->count); break;
      case 1: subtract_all(target, a, b, step->count); break;
      case 2: multiply_all(target, a, b, step->count); break;
      case 3: multiply_extension(target, a, b, step->count); break;
      case 4: memcpy(target, a, 8 * (size_t)step->count); break;
      default: negate_all(target, a, step->count);
    }
  }
}

AVX2 static void run_steps_avx2(
    const zkvm_block_step *s, size_t n, uint64_t *r, const uint64_t *m, const uint64_t *f) {
  run_steps(s, n, r, m, f);
}
AVX512 static void run_steps_avx512(
    const zkvm_block_step *s, size_t n, uint64_t *r, const uint64_t *m, const uint64_t *f) {
  run_steps(s, n, r, m, f);
}

void zkvm_run_steps(
    int level, const zkvm_block_step *steps, size_t count, uint64_t *registers,
    const uint64_t *main_columns, const uint64_t *fixed_columns) {
  (level == 2 ? run_steps_avx512 : run_steps_avx2)(
      steps, count, registers, main_columns, fixed_columns);
}

AVX2 static void transform_avx2(uint64_t *v, const uint64_t *t, int log) { transform(v, t, log); }
AVX512 static void transform_avx512(uint64_t *v, const uint64_t *t, int log) { transform(v, t, log); }

void zkvm_transform_dif(int level, uint64_t *values, const uint64_t *twiddles, int log) {
  if (level == 2) transform_avx512(values, twiddles, log);
  else transform_avx2(values, twiddles, log);
}

AVX2 static void scale_avx2(
    uint64_t *t, const uint64_t *s, size_t n, const uint64_t *p, uint64_t x) { scale(t, s, n, p, x); }
AVX512 static void scale_avx512(
    uint64_t *t, const uint64_t *s, size_t n, const uint64_t *p, uint64_t x) { scale(t, s, n, p, x); }

void zkvm_scale_by_powers(
    int level, uint64_t *target, const uint64_t *source, size_t count, const uint64_t *powers8,
    uint64_t step8) {
  if (level == 2) scale_avx512(target, source, count, powers8, step8);
  else scale_avx2(target, source, count, powers8, step8);
}

// A kernel of three arrays at every level.
#define ELEMENTWISE(name, body)                                                            \
  AVX2 static void name##_avx2(                                                            \
      uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) { body(t, a, b, n); }   \
  AVX512 static void name##_avx512(                                                        \
      uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) { body(t, a, b, n); }   \
  void zkvm_##name(                                                                        \
      int level, uint64_t *target, const uint64_t *a, const uint64_t *b, size_t count) {   \
    if (level == 2) name##_avx512(target, a, b, count);                                    \
    else name##_avx2(target, a, b, count);                                                 \
  }

ELEMENTWISE(add, add_all)
ELEMENTWISE(subtract, subtract_all)
ELEMENTWISE(multiply, multiply_all)
ELEMENTWISE(multiply_extension, multiply_extension)
ELEMENTWISE(accumulate, accumulate)
ELEMENTWISE(accumulate_extension, accumulate_extension)

#else

int zkvm_kernel_level(void) { return 0; }
void zkvm_transform_dif(int l, uint64_t *v, const uint64_t *t, int n) {}
void zkvm_scale_by_powers(
    int l, uint64_t *t, const uint64_t *s, size_t n, const uint64_t *p, uint64_t x) {}
void zkvm_run_steps(
    int l, const zkvm_block_step *s, size_t n, uint64_t *r, const uint64_t *m, const uint64_t *f) {}
void zkvm_add(int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_subtract(int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_multiply(int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_multiply_extension(
    int l, uint64_t *t, const uint64_t *a, const uint64_t *b, size_t n) {}
void zkvm_accumulate(int l, uint64_t *t, const uint64_t *s, const uint64_t *w, size_t n) {}
void zkvm_accumulate_extension(
    int l, uint64_t *t, const uint64_t *s, const uint64_t *w, size_t n) {}

#endif
