// Number-theoretic transforms. The portable versions are in Swift, in Transform.swift.
//
// Forward: coefficients in natural order to evaluations in bit-reversed order. A polynomial modulo
// x^2h - c^2 falls into those modulo x^h - c and x^h + c; the constant of block X of a stage is
// roots[X] = w^rev(X), whatever the stage, and the same for all coefficients of the block. The
// inverse goes back. Between stages values are loose.
#include "goldilocks.h"

#if defined(__x86_64__)

// Times 2^48, the square root of -1 that roots[1] is: canonical.
KERNEL words quarter_turn(words a) { return canonical(reduce(a << 48, a >> 16)); }

KERNEL void split(words *x0, words *x1, words c) {
  words t = multiply(*x1, c), u = *x0;
  *x0 = add_loose(t, u);
  *x1 = subtract(u, t);
}

// Two stages: constants c1 of the block, c2 and 2^48·c2 of its halves, c12 = c1·c2.
KERNEL void split4(words *x0, words *x1, words *x2, words *x3, words c1, words c2, words c12) {
  words t2 = multiply(*x2, c1), t1 = multiply_loose(*x1, c2), t3 = multiply(*x3, c12);
  words u0 = add_loose(t2, *x0), u2 = subtract(*x0, t2);
  words v1 = canonical(add_loose(t3, t1)), v3 = quarter_turn(subtract(t1, t3));
  *x0 = add_loose(v1, u0);
  *x1 = subtract(u0, v1);
  *x2 = add_loose(v3, u2);
  *x3 = subtract(u2, v3);
}

// Twice the inverse of split, for the inverse constant.
KERNEL void join(words *x0, words *x1, words c) {
  words u = *x0, v = canonical(*x1);
  *x0 = add_loose(v, u);
  *x1 = multiply_loose(subtract(u, v), c);
}

// Four times the inverse of split4, for inverse constants.
KERNEL void join4(words *x0, words *x1, words *x2, words *x3, words c1, words c2, words c12) {
  words y1 = canonical(*x1), y2 = canonical(*x2);
  words u0 = add_loose(y1, *x0), v1 = subtract(*x0, y1);
  // -2^48 times the difference.
  words u2 = canonical(add_loose(y2, *x3)), v3 = quarter_turn(subtract(*x3, y2));
  *x0 = add_loose(u2, u0);
  *x2 = multiply_loose(subtract(u0, u2), c1);
  *x1 = multiply_loose(add_loose(v3, v1), c2);
  *x3 = multiply_loose(subtract(v1, v3), c12);
}

// The constants of 16 values' last three stages, X the index of the first block of 8.
KERNEL words constants4(const uint64_t *roots, size_t X) {
  const uint64_t *t = roots + X;
  return (words){t[0], t[0], t[0], t[0], t[1], t[1], t[1], t[1]};
}

KERNEL words constants2(const uint64_t *roots, size_t X) {
  const uint64_t *t = roots + 2 * X;
  return (words){t[0], t[0], t[1], t[1], t[2], t[2], t[3], t[3]};
}

KERNEL void split_last(uint64_t *values, const uint64_t *roots, size_t X) {
  words a = load(values), b = load(values + 8);
  words u = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
  words v = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  split(&u, &v, constants4(roots, X));
  a = __builtin_shufflevector(u, v, 0, 1, 8, 9, 4, 5, 12, 13);
  b = __builtin_shufflevector(u, v, 2, 3, 10, 11, 6, 7, 14, 15);
  // Values 0 1 4 5 8 9 12 13 and 2 3 6 7 10 11 14 15.
  split(&a, &b, constants2(roots, X));
  u = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
  v = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  // The even values and the odd ones.
  split(&u, &v, load(roots + 4 * X));
  u = canonical(u);
  v = canonical(v);
  store(values, __builtin_shufflevector(u, v, 0, 8, 1, 9, 2, 10, 3, 11));
  store(values + 8, __builtin_shufflevector(u, v, 4, 12, 5, 13, 6, 14, 7, 15));
}

KERNEL void join_first(uint64_t *values, const uint64_t *roots, size_t X) {
  words a = load(values), b = load(values + 8);
  words u = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  words v = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  join(&u, &v, load(roots + 4 * X));
  a = __builtin_shufflevector(u, v, 0, 8, 2, 10, 4, 12, 6, 14);
  b = __builtin_shufflevector(u, v, 1, 9, 3, 11, 5, 13, 7, 15);
  join(&a, &b, constants2(roots, X));
  u = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
  v = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  join(&u, &v, constants4(roots, X));
  store(values, __builtin_shufflevector(u, v, 0, 1, 2, 3, 8, 9, 10, 11));
  store(values + 8, __builtin_shufflevector(u, v, 4, 5, 6, 7, 12, 13, 14, 15));
}

KERNEL void split_block2(
    uint64_t *y, const uint64_t *x, size_t half, const uint64_t *roots, size_t X) {
  words c = broadcast(roots[X]);
  for (size_t j = 0; j < half; j += 8) {
    words x0 = load(x + j), x1 = load(x + half + j);
    split(&x0, &x1, c);
    store(y + j, x0);
    store(y + half + j, x1);
  }
}

KERNEL void split_block4(
    uint64_t *y, const uint64_t *x, size_t quarter, const uint64_t *roots, size_t X) {
  words c1 = broadcast(roots[X]), c2 = broadcast(roots[2 * X]), c12 = multiply(c1, c2);
  size_t q = quarter;
  for (size_t j = 0; j < q; j += 8) {
    words x0 = load(x + j), x1 = load(x + q + j), x2 = load(x + 2 * q + j),
          x3 = load(x + 3 * q + j);
    split4(&x0, &x1, &x2, &x3, c1, c2, c12);
    store(y + j, x0);
    store(y + q + j, x1);
    store(y + 2 * q + j, x2);
    store(y + 3 * q + j, x3);
  }
}

KERNEL void join_block4(uint64_t *x, size_t quarter, const uint64_t *roots, size_t X) {
  words c1 = broadcast(roots[X]), c2 = broadcast(roots[2 * X]), c12 = multiply(c1, c2);
  size_t q = quarter;
  for (size_t j = 0; j < q; j += 8) {
    words x0 = load(x + j), x1 = load(x + q + j), x2 = load(x + 2 * q + j),
          x3 = load(x + 3 * q + j);
    join4(&x0, &x1, &x2, &x3, c1, c2, c12);
    store(x + j, x0);
    store(x + q + j, x1);
    store(x + 2 * q + j, x2);
    store(x + 3 * q + j, x3);
  }
}

KERNEL void join_block2(uint64_t *x, size_t half, const uint64_t *roots, size_t X) {
  words c = broadcast(roots[X]);
  for (size_t j = 0; j < half; j += 8) {
    words x0 = load(x + j), x1 = load(x + half + j);
    join(&x0, &x1, c);
    store(x + j, x0);
    store(x + half + j, x1);
  }
}

// Blocks up to this many values go through all their stages while they are in the cache.
enum { CACHED = 1 << 14 };

KERNEL void forward(
    uint64_t *target, const uint64_t *source, const uint64_t *roots, int log, size_t block) {
  // Blocks of `size` values; the last three stages are one step.
  size_t size = (size_t)1 << log, blocks = 1;
  int stages = log - 3;
  if (stages & 1) {
    split_block2(target, source, size / 2, roots, block);
    size /= 2, blocks *= 2, stages--;
  } else {
    split_block4(target, source, size / 4, roots, block);
    size /= 4, blocks *= 4, stages -= 2;
  }
  for (; size > CACHED; size /= 4, blocks *= 4, stages -= 2)
    for (size_t b = 0; b < blocks; b++)
      split_block4(target + size * b, target + size * b, size / 4, roots, blocks * block + b);
  for (size_t b = 0; b < blocks; b++) {
    uint64_t *part = target + size * b;
    size_t inner = 1, width = size, X = blocks * block + b;
    for (int left = stages; left > 0; left -= 2, width /= 4, inner *= 4)
      for (size_t i = 0; i < inner; i++)
        split_block4(part + width * i, part + width * i, width / 4, roots, inner * X + i);
    for (size_t i = 0; i < inner; i += 2) split_last(part + 8 * i, roots, inner * X + i);
  }
}

KERNEL void inverse(uint64_t *values, const uint64_t *roots, int log) {
  size_t count = (size_t)1 << log;
  int stages = log - 3;
  // Parts of at most CACHED values, a power of four times 8.
  int inner = stages & ~1;
  while (((size_t)8 << inner) > CACHED) inner -= 2;
  size_t part = (size_t)8 << inner;
  for (size_t b = 0; b < count / part; b++) {
    uint64_t *start = values + part * b;
    size_t blocks = part / 8;
    for (size_t i = 0; i < blocks; i += 2)
      join_first(start + 8 * i, roots, blocks * b + i);
    for (size_t width = 32; width <= part; width *= 4) {
      blocks = part / width;
      for (size_t i = 0; i < blocks; i++)
        join_block4(start + width * i, width / 4, roots, blocks * b + i);
    }
  }
  size_t width = part;
  for (; width * 4 <= count; width *= 4)
    for (size_t b = 0; b < count / width / 4; b++)
      join_block4(values + 4 * width * b, width, roots, b);
  if (width < count) join_block2(values, width, roots, 0);
}

// By 8×8 tiles, so that whole cache lines are read and written.
KERNEL void bit_reverse(uint64_t *target, const uint64_t *source, int log) {
  static const uint8_t REVERSED[8] = {0, 4, 2, 6, 1, 5, 3, 7};
  size_t middles = (size_t)1 << (log - 6), stride = (size_t)1 << (log - 3), reversed = 0;
  for (size_t middle = 0; middle < middles; middle++) {
    words m[8], t[8];
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) m[i] = load(source + REVERSED[i] * stride + 8 * middle);
    // A transposition in three rounds, each rotating the bits of (vector, lane) by one.
#pragma clang loop unroll(full)
    for (int round = 0; round < 3; round++) {
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; i++) {
        t[2 * i] = __builtin_shufflevector(m[i], m[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
        t[2 * i + 1] = __builtin_shufflevector(m[i], m[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
      }
      memcpy(m, t, sizeof t);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) store(target + REVERSED[i] * stride + 8 * reversed, m[i]);
    // The bits of middle + 1 in reverse order.
    size_t bit = middles / 2;
    while (reversed & bit) reversed ^= bit, bit /= 2;
    reversed |= bit;
  }
}

LEVELS(
    forward,
    (uint64_t *target, const uint64_t *source, const uint64_t *roots, int log, size_t block),
    (target, source, roots, log, block))
LEVELS(inverse, (uint64_t *values, const uint64_t *roots, int log), (values, roots, log))
LEVELS(
    bit_reverse, (uint64_t *target, const uint64_t *source, int log), (target, source, log))

void zkvm_transform_forward(
    int level, uint64_t *target, const uint64_t *source, const uint64_t *roots, int log,
    size_t block) {
  (level == 2 ? forward_avx512 : forward_avx2)(target, source, roots, log, block);
}

void zkvm_transform_inverse(int level, uint64_t *values, const uint64_t *roots, int log) {
  (level == 2 ? inverse_avx512 : inverse_avx2)(values, roots, log);
}

void zkvm_bit_reverse(int level, uint64_t *target, const uint64_t *source, int log) {
  (level == 2 ? bit_reverse_avx512 : bit_reverse_avx2)(target, source, log);
}

#else

void zkvm_transform_forward(
    int l, uint64_t *t, const uint64_t *s, const uint64_t *r, int n, size_t b) {}
void zkvm_transform_inverse(int l, uint64_t *v, const uint64_t *r, int n) {}
void zkvm_bit_reverse(int l, uint64_t *t, const uint64_t *s, int n) {}

#endif
