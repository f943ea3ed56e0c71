#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Kernels of the exact vector scan: dot products over quantised rows, selection of the best, and a checksum.
//
// A stored row is one byte per dimension, the value plus 128 (so 128 is zero), padded with 128 to a multiple of 64.
// Beside it stand BANKSIA_FACTORS floats: the scale of the bytes, the length of what quantising lost, and the length
// of the quantised row. A query has 14 bits per dimension, as 64 * high + low, padded with zeros.
//
// All kernels give the same bits: the quantised sums are exact integers, and the float dot product is defined as
// sixteen running sums (lane i takes elements i, i + 16, …; multiply, then add) folded in halves.

#ifdef __cplusplus
extern "C" {
#endif

enum { BANKSIA_FACTORS = 3, BANKSIA_ROW_MULTIPLE = 64, BANKSIA_LANES = 16 };
// |row · query| <= 127 * 8159 * dimension must stay below 2^31.
enum { BANKSIA_QUERY_MAX = 8159, BANKSIA_DIMENSION_MAX = 2048 };

typedef enum { BANKSIA_PLAIN = 0, BANKSIA_AVX2 = 1, BANKSIA_AVX512_VNNI = 2, BANKSIA_NEON = 3 } banksia_kernel;

typedef struct {
    const int16_t *whole;  // 64 * high + low, in -8159…8159
    const int8_t *high;    // -127…127
    const int8_t *low;     // -32…31
    int32_t bias;          // 128 * the sum of whole, modulo 2^32
    float scale;           // what one step of whole is worth
    size_t padded;         // number of elements, a multiple of BANKSIA_ROW_MULTIPLE
} banksia_query;

// Whether this machine can run a kernel, and the fastest one that it can.
bool banksia_kernel_runs(banksia_kernel kernel);
banksia_kernel banksia_kernel_best(void);

// Quantises `dimension` floats into `padded` bytes and BANKSIA_FACTORS factors. False when a value is not finite or the
// vector is longer than 1,000,000.
bool banksia_quantise(const float *vector, size_t dimension, size_t padded, uint8_t *row, float *factors);

// scores[i] = approximate row i · query for each i < count whose bit in mask is set, else -infinity.
void banksia_scan(banksia_kernel kernel, const banksia_query *query, const uint8_t *rows, const float *factors,
                  const uint64_t *mask, size_t count, float *scores);

// The exact product of two float vectors of `padded` elements, a multiple of BANKSIA_LANES.
float banksia_dot(banksia_kernel kernel, const float *left, const float *right, size_t padded);

// Finds all pairs of a query and a row, both of `padded` elements, whose exact product is `floor` or more: by row, then by
// query. The first `room` of them are written. Several queries at once read the rows from memory only once.
// Returns how many there are.
size_t banksia_near(banksia_kernel kernel, const float *queries, size_t query_count, const float *rows, size_t row_count,
                    size_t padded, float floor, uint32_t *pairs, float *scores, size_t room);

// Keeps the indices of the `limit` greatest scores in `heap` (room for limit); -infinity is passed over.
// Returns how many were kept; heap[0] is then the index of the lowest of them.
size_t banksia_best(const float *scores, size_t count, uint32_t *heap, size_t limit);

// Indices whose exact score may be `floor` or more: the score plus everything that quantising can have hidden.
// Returns how many there are; `found` has room for count.
size_t banksia_within(const float *scores, const float *factors, size_t count, float query_length, float query_loss,
                      float floor, uint32_t *found);

// A checksum of bytes, a multiple of 8: FNV-1a (Fowler, Noll, Vo) over 64-bit words in four lanes. Each step is a
// bijection, so a single changed word always changes the sum.
uint64_t banksia_checksum(uint64_t seed, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
