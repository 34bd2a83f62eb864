#ifndef ZKVM_CTABLES_H
#define ZKVM_CTABLES_H

#include <stddef.h>
#include <stdint.h>

/// One segment of a piecewise polynomial: coefficients c0 … c4 in 2^-F units, see
/// Spec/Functions.md.
struct zkvm_coefficient_row {
  int32_t table;
  int64_t segment;
  int64_t c[5];
};

/// One case of a function's range reduction, see Spec/Functions.md.
struct zkvm_scale_row {
  int32_t function;
  int32_t table;
  int32_t negated;
  int32_t end;
  int32_t a;
  int32_t kappa;
  int64_t h;
  uint16_t g[6];
};

size_t zkvm_coefficient_row_count(void);
size_t zkvm_scale_row_count(void);
/// The first of the rows; they are static and never change.
const struct zkvm_coefficient_row *zkvm_coefficient_rows(void);
const struct zkvm_scale_row *zkvm_scale_rows(void);

#endif
