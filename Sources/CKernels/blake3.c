// BLAKE3's compression, once for one message and on 16 independent ones, one a 32-bit lane. The
// portable versions of what is built on the lanes are in Swift, beside their callers.
#include "vectors.h"

#define ROTATE(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#define MIX(a, b, c, d, x, y)                                        \
  a += b + x; d = ROTATE(d ^ a, 16); c += d; b = ROTATE(b ^ c, 12);  \
  a += b + y; d = ROTATE(d ^ a, 8); c += d; b = ROTATE(b ^ c, 7)

static const uint8_t SCHEDULE[7][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
    {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
    {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13},
};

#define STATE(type, h, counter_low, counter_high, length, flags)                                   \
  type v0 = h[0], v1 = h[1], v2 = h[2], v3 = h[3], v4 = h[4], v5 = h[5], v6 = h[6], v7 = h[7],     \
       v8 = zero + 0x6A09E667u, v9 = zero + 0xBB67AE85u, v10 = zero + 0x3C6EF372u,                 \
       v11 = zero + 0xA54FF53Au, v12 = counter_low, v13 = counter_high, v14 = zero + length,       \
       v15 = zero + flags

#define ROUND(m, s)                        \
  MIX(v0, v4, v8, v12, m[s[0]], m[s[1]]);  \
  MIX(v1, v5, v9, v13, m[s[2]], m[s[3]]);  \
  MIX(v2, v6, v10, v14, m[s[4]], m[s[5]]); \
  MIX(v3, v7, v11, v15, m[s[6]], m[s[7]]); \
  MIX(v0, v5, v10, v15, m[s[8]], m[s[9]]); \
  MIX(v1, v6, v11, v12, m[s[10]], m[s[11]]); \
  MIX(v2, v7, v8, v13, m[s[12]], m[s[13]]); \
  MIX(v3, v4, v9, v14, m[s[14]], m[s[15]])

#define FINISH(type, out, h)                                                                       \
  type v[16] = {v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15};             \
  for (int i = 0; i < 8; i++) {                                                                    \
    out[i] = v[i] ^ v[i + 8];                                                                      \
    out[i + 8] = v[i + 8] ^ h[i];                                                                  \
  }

void zkvm_blake3_compress(
    uint32_t *out, const uint32_t *cv, const uint32_t *block, uint64_t counter, uint32_t length,
    uint32_t flags) {
  uint32_t zero = 0;
  STATE(uint32_t, cv, (uint32_t)counter, (uint32_t)(counter >> 32), length, flags);
#pragma clang loop unroll(full)
  for (int round = 0; round < 7; round++) {
    const uint8_t *s = SCHEDULE[round];
    ROUND(block, s);
  }
  FINISH(uint32_t, out, cv)
}

#if defined(__x86_64__)

enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8, KEYED_HASH = 16 };

// The compression function on 16 lanes: the whole output state.
KERNEL void compress(
    lanes out[16], const lanes h[8], const lanes m[16], lanes counter_low, lanes counter_high,
    uint32_t length, uint32_t flags) {
  lanes zero = {0};
  STATE(lanes, h, counter_low, counter_high, length, flags);
#pragma clang loop unroll(full)
  for (int round = 0; round < 7; round++) {
    const uint8_t *s = SCHEDULE[round];
    ROUND(m, s);
  }
  FINISH(lanes, out, h)
}

KERNEL void compress_same(
    lanes h[8], const lanes m[16], uint32_t counter, uint32_t length, uint32_t flags) {
  lanes zero = {0}, out[16];
  compress(out, h, m, zero + counter, zero, length, flags);
  memcpy(h, out, 8 * sizeof(lanes));
}

// A 16×16 transposition: word k of message i to lane i of vector k, and back.
KERNEL void interleave(lanes m[16]) {
  lanes t[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    t[2 * i] = __builtin_shufflevector(m[i], m[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    t[2 * i + 1] = __builtin_shufflevector(
        m[i], m[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
  memcpy(m, t, sizeof t);
}

KERNEL void transpose16(lanes m[16]) {
  // Each round interleaves vectors i and i + 8, which rotates the eight bits of (vector, lane) by
  // one; four rounds exchange the two halves.
  interleave(m);
  interleave(m);
  interleave(m);
  interleave(m);
}

KERNEL void store_digests(uint32_t *digests, const lanes h[8]) {
  lanes m[16] = {h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]};
  transpose16(m);
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i++) memcpy(digests + 8 * i, &m[i], 32);
}

KERNEL void load_key(lanes h[8], const uint32_t *key) {
  lanes zero = {0};
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) h[i] = zero + key[i];
}

KERNEL void parent(lanes h[8], const lanes left[8], const uint32_t *key, uint32_t root) {
  lanes m[16];
  memcpy(m, left, 8 * sizeof(lanes));
  memcpy(m + 8, h, 8 * sizeof(lanes));
  load_key(h, key);
  compress_same(h, m, 0, 64, KEYED_HASH | PARENT | root);
}

// The low and high halves of rows `row` to `row + 15` of a column.
KERNEL void load_column(lanes m[2], const uint64_t *column) {
  lanes a, b;
  memcpy(&a, column, sizeof a);
  memcpy(&b, column + 8, sizeof b);
  m[0] = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  m[1] = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

KERNEL void rows(
    const uint32_t *key, const uint32_t *salts, size_t salt_words, const uint64_t *const *columns,
    size_t column_count, size_t first, size_t count, uint32_t *digests) {
  size_t total = salt_words + 2 * column_count;
  size_t chunks = total <= 256 ? 1 : (total + 255) / 256;
  for (size_t row = first; row < first + count; row += 16) {
    lanes stack[16][8], h[8], m[16];
    size_t depth = 0, word = 0;
    for (size_t chunk = 0; chunk < chunks; chunk++) {
      size_t end = chunk == chunks - 1 ? total : 256 * (chunk + 1);
      uint32_t flags = KEYED_HASH | CHUNK_START;
      load_key(h, key);
      do {
        size_t used = end - word < 16 ? end - word : 16;
        memset(m, 0, sizeof m);
        for (size_t k = 0; k < used; k += 2, word += 2) {
          if (word >= salt_words) {
            load_column(m + k, columns[(word - salt_words) / 2] + row);
            continue;
          }
          for (size_t lane = 0; lane < 16; lane++) {
            const uint32_t *salt = salts + (row + lane) * salt_words + word;
            m[k][lane] = salt[0];
            m[k + 1][lane] = salt[1];
          }
        }
        if (word == end) flags |= CHUNK_END | (chunks == 1 ? ROOT : 0);
        compress_same(h, m, (uint32_t)chunk, (uint32_t)(4 * used), flags);
        flags = KEYED_HASH;
      } while (word < end);
      if (chunk == chunks - 1) break;
      for (size_t full = chunk + 1; !(full & 1); full >>= 1) parent(h, stack[--depth], key, 0);
      memcpy(stack[depth++], h, sizeof h);
    }
    while (depth > 0) {
      depth--;
      parent(h, stack[depth], key, depth == 0 ? ROOT : 0);
    }
    store_digests(digests + 8 * (row - first), h);
  }
}

KERNEL void nodes(
    const uint32_t *key, const uint32_t *children, const uint32_t *injected, size_t count,
    uint32_t *digests) {
  for (size_t node = 0; node < count; node += 16) {
    lanes h[8], m[16];
    memcpy(m, children + 16 * node, sizeof m);
    transpose16(m);
    load_key(h, key);
    if (!injected) {
      compress_same(h, m, 0, 64, KEYED_HASH | CHUNK_START | CHUNK_END | ROOT);
    } else {
      compress_same(h, m, 0, 64, KEYED_HASH | CHUNK_START);
      memset(m, 0, sizeof m);
      for (size_t i = 0; i < 16; i++) memcpy(&m[i], injected + 8 * (node + i), 32);
      transpose16(m);
      compress_same(h, m, 0, 32, KEYED_HASH | CHUNK_END | ROOT);
    }
    store_digests(digests + 8 * node, h);
  }
}

KERNEL void output(
    const uint32_t *cv, const uint32_t *block, uint32_t length, uint32_t flags, uint64_t counter,
    size_t count, uint32_t *target) {
  lanes h[8], m[16], out[16], zero = {0};
  load_key(h, cv);
  for (size_t i = 0; i < 16; i++) m[i] = zero + block[i];
  for (size_t first = 0; first < count; first += 16) {
    lanes low, high;
    for (size_t lane = 0; lane < 16; lane++) {
      low[lane] = (uint32_t)(counter + first + lane);
      high[lane] = (uint32_t)((counter + first + lane) >> 32);
    }
    compress(out, h, m, low, high, length, flags);
    transpose16(out);
    memcpy(target + 16 * first, out, sizeof out);
  }
}

LEVELS(
    rows,
    (const uint32_t *key, const uint32_t *salts, size_t salt_words, const uint64_t *const *columns,
     size_t column_count, size_t first, size_t count, uint32_t *digests),
    (key, salts, salt_words, columns, column_count, first, count, digests))
LEVELS(
    nodes,
    (const uint32_t *key, const uint32_t *children, const uint32_t *injected, size_t count,
     uint32_t *digests),
    (key, children, injected, count, digests))
LEVELS(
    output,
    (const uint32_t *cv, const uint32_t *block, uint32_t length, uint32_t flags, uint64_t counter,
     size_t count, uint32_t *target),
    (cv, block, length, flags, counter, count, target))

void zkvm_blake3_rows(
    int level, const uint32_t *key, const uint32_t *salts, size_t salt_words,
    const uint64_t *const *columns, size_t column_count, size_t first, size_t count,
    uint32_t *digests) {
  (level == 2 ? rows_avx512 : rows_avx2)(
      key, salts, salt_words, columns, column_count, first, count, digests);
}

void zkvm_blake3_nodes(
    int level, const uint32_t *key, const uint32_t *children, const uint32_t *injected,
    size_t count, uint32_t *digests) {
  (level == 2 ? nodes_avx512 : nodes_avx2)(key, children, injected, count, digests);
}

void zkvm_blake3_output(
    int level, const uint32_t *cv, const uint32_t *block, uint32_t length, uint32_t flags,
    uint64_t counter, size_t count, uint32_t *target) {
  (level == 2 ? output_avx512 : output_avx2)(cv, block, length, flags, counter, count, target);
}

#else

void zkvm_blake3_rows(
    int l, const uint32_t *k, const uint32_t *s, size_t w, const uint64_t *const *c, size_t n,
    size_t f, size_t m, uint32_t *d) {}
void zkvm_blake3_nodes(
    int l, const uint32_t *k, const uint32_t *c, const uint32_t *i, size_t n, uint32_t *d) {}
void zkvm_blake3_output(
    int l, const uint32_t *c, const uint32_t *b, uint32_t n, uint32_t f, uint64_t x, size_t m,
    uint32_t *t) {}

#endif
