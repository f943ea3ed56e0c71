#include "CVectorScan.h"
#include <math.h>
#include <string.h>

// The lanes of banksia_dot are defined without fused multiply-add, whatever the target.
#pragma STDC FP_CONTRACT OFF

// ---- one row and one vector, kernel by kernel ----------------------------------------------------------------------

// Unsigned arithmetic wraps; the true sum fits into 32 bits (see BANKSIA_DIMENSION_MAX), so wrapping on the way is exact.
static inline int32_t row_plain(const banksia_query *query, const uint8_t *row) {
    uint32_t sum = 0;
    for (size_t i = 0; i < query->padded; i++) sum += (uint32_t)((int32_t)row[i] * query->whole[i]);
    return (int32_t)(sum - (uint32_t)query->bias);
}

static float fold(const float *lanes) {
    float half[8], quarter[4];
    for (int i = 0; i < 8; i++) half[i] = lanes[i] + lanes[i + 8];
    for (int i = 0; i < 4; i++) quarter[i] = half[i] + half[i + 4];
    float even = quarter[0] + quarter[2];
    float odd = quarter[1] + quarter[3];
    return even + odd;
}

static float dot_plain(const float *left, const float *right, size_t padded) {
    float lanes[BANKSIA_LANES] = {0};
    for (size_t i = 0; i < padded; i += BANKSIA_LANES)
        for (size_t lane = 0; lane < BANKSIA_LANES; lane++) {
            float product = left[i + lane] * right[i + lane];
            lanes[lane] = lanes[lane] + product;
        }
    return fold(lanes);
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_AVX2 __attribute__((target("avx2")))
#define WITH_VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))

WITH_AVX2 static inline int32_t row_avx2(const banksia_query *query, const uint8_t *row) {
    __m256i first = _mm256_setzero_si256(), second = _mm256_setzero_si256();
    for (size_t i = 0; i < query->padded; i += 32) {
        __m256i a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i)));
        __m256i b = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + i + 16)));
        first = _mm256_add_epi32(first, _mm256_madd_epi16(a, _mm256_loadu_si256((const __m256i *)(query->whole + i))));
        second = _mm256_add_epi32(second, _mm256_madd_epi16(b, _mm256_loadu_si256((const __m256i *)(query->whole + i + 16))));
    }
    __m256i sum = _mm256_add_epi32(first, second);
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(2, 3, 0, 1)));
    return (int32_t)((uint32_t)_mm_cvtsi128_si32(four) - (uint32_t)query->bias);
}

WITH_AVX2 static float dot_avx2(const float *left, const float *right, size_t padded) {
    __m256 low = _mm256_setzero_ps(), high = _mm256_setzero_ps();
    for (size_t i = 0; i < padded; i += BANKSIA_LANES) {
        low = _mm256_add_ps(low, _mm256_mul_ps(_mm256_loadu_ps(left + i), _mm256_loadu_ps(right + i)));
        high = _mm256_add_ps(high, _mm256_mul_ps(_mm256_loadu_ps(left + i + 8), _mm256_loadu_ps(right + i + 8)));
    }
    float lanes[BANKSIA_LANES];
    _mm256_storeu_ps(lanes, low);
    _mm256_storeu_ps(lanes + 8, high);
    return fold(lanes);
}

// VPDPBUSD multiplies unsigned by signed bytes and adds four products into each 32-bit lane without saturating.
WITH_VNNI static inline int32_t row_vnni(const banksia_query *query, const uint8_t *row) {
    __m512i high = _mm512_setzero_si512(), low = _mm512_setzero_si512();
    for (size_t i = 0; i < query->padded; i += 64) {
        __m512i bytes = _mm512_loadu_si512(row + i);
        high = _mm512_dpbusd_epi32(high, bytes, _mm512_loadu_si512(query->high + i));
        low = _mm512_dpbusd_epi32(low, bytes, _mm512_loadu_si512(query->low + i));
    }
    __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(high, 6), low);
    return (int32_t)((uint32_t)_mm512_reduce_add_epi32(sum) - (uint32_t)query->bias);
}

WITH_VNNI static float dot_vnni(const float *left, const float *right, size_t padded) {
    __m512 sum = _mm512_setzero_ps();
    for (size_t i = 0; i < padded; i += BANKSIA_LANES)
        sum = _mm512_add_ps(sum, _mm512_mul_ps(_mm512_loadu_ps(left + i), _mm512_loadu_ps(right + i)));
    float lanes[BANKSIA_LANES];
    _mm512_storeu_ps(lanes, sum);
    return fold(lanes);
}
#elif defined(__aarch64__)
#include <arm_neon.h>

static inline int32_t row_neon(const banksia_query *query, const uint8_t *row) {
    int32x4_t first = vdupq_n_s32(0), second = vdupq_n_s32(0);
    for (size_t i = 0; i < query->padded; i += 16) {
        uint8x16_t bytes = vld1q_u8(row + i);
        int16x8_t a = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(bytes)));
        int16x8_t b = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(bytes)));
        int16x8_t c = vld1q_s16(query->whole + i), d = vld1q_s16(query->whole + i + 8);
        first = vmlal_s16(first, vget_low_s16(a), vget_low_s16(c));
        second = vmlal_s16(second, vget_high_s16(a), vget_high_s16(c));
        first = vmlal_s16(first, vget_low_s16(b), vget_low_s16(d));
        second = vmlal_s16(second, vget_high_s16(b), vget_high_s16(d));
    }
    return (int32_t)((uint32_t)vaddvq_s32(vaddq_s32(first, second)) - (uint32_t)query->bias);
}

static float dot_neon(const float *left, const float *right, size_t padded) {
    float32x4_t sum[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    for (size_t i = 0; i < padded; i += BANKSIA_LANES)
        for (int part = 0; part < 4; part++) {
            float32x4_t product = vmulq_f32(vld1q_f32(left + i + 4 * part), vld1q_f32(right + i + 4 * part));
            sum[part] = vaddq_f32(sum[part], product);
        }
    float lanes[BANKSIA_LANES];
    for (int part = 0; part < 4; part++) vst1q_f32(lanes + 4 * part, sum[part]);
    return fold(lanes);
}
#endif

// ---- a run of rows -------------------------------------------------------------------------------------------------

static inline float score(int32_t sum, float row_scale, float query_scale) {
    return (float)((double)sum * (double)row_scale * (double)query_scale);
}

// A processor looks ahead by itself only to the end of a page, which is ten rows. Measured over a million rows of 384 elements
// on one core: 32 ms without this, 23 with 1 or 2 KiB, 26 with 4 or 8; 23 is what it takes to add up the same bytes.
enum { CACHE_LINE = 64, AHEAD = 2048 };

// The loop is the same for each kernel, but must stand in a function with the kernel's target so that it inlines.
#define SCAN(NAME, ROW, TARGET)                                                                                       \
    TARGET static void NAME(const banksia_query *query, const uint8_t *rows, const float *factors,                    \
                            const uint64_t *mask, size_t count, float *scores) {                                      \
        for (size_t i = 0; i < count; i++) {                                                                          \
            if (mask[i / 64] >> (i % 64) & 1) {                                                                       \
                const uint8_t *row = rows + i * query->padded;                                                        \
                for (size_t line = 0; line < query->padded; line += CACHE_LINE)                                       \
                    __builtin_prefetch((const void *)((uintptr_t)row + AHEAD + line));                                \
                scores[i] = score(ROW(query, row), factors[i * BANKSIA_FACTORS], query->scale);                       \
            } else {                                                                                                  \
                scores[i] = -INFINITY;                                                                                \
            }                                                                                                         \
        }                                                                                                             \
    }

SCAN(scan_plain, row_plain, )
#if defined(__x86_64__)
SCAN(scan_avx2, row_avx2, WITH_AVX2)
SCAN(scan_vnni, row_vnni, WITH_VNNI)
#elif defined(__aarch64__)
SCAN(scan_neon, row_neon, )
#endif

// ---- dispatch ------------------------------------------------------------------------------------------------------

bool banksia_kernel_runs(banksia_kernel kernel) {
    switch (kernel) {
    case BANKSIA_PLAIN: return true;
#if defined(__x86_64__)
    case BANKSIA_AVX2: return __builtin_cpu_supports("avx2");
    case BANKSIA_AVX512_VNNI:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
#elif defined(__aarch64__)
    case BANKSIA_NEON: return true;
#endif
    default: return false;
    }
}

banksia_kernel banksia_kernel_best(void) {
    const banksia_kernel order[] = {BANKSIA_NEON, BANKSIA_AVX512_VNNI, BANKSIA_AVX2};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (banksia_kernel_runs(order[i])) return order[i];
    return BANKSIA_PLAIN;
}

void banksia_scan(banksia_kernel kernel, const banksia_query *query, const uint8_t *rows, const float *factors,
                  const uint64_t *mask, size_t count, float *scores) {
    switch (kernel) {
#if defined(__x86_64__)
    case BANKSIA_AVX2: scan_avx2(query, rows, factors, mask, count, scores); return;
    case BANKSIA_AVX512_VNNI: scan_vnni(query, rows, factors, mask, count, scores); return;
#elif defined(__aarch64__)
    case BANKSIA_NEON: scan_neon(query, rows, factors, mask, count, scores); return;
#endif
    default: scan_plain(query, rows, factors, mask, count, scores);
    }
}

float banksia_dot(banksia_kernel kernel, const float *left, const float *right, size_t padded) {
    switch (kernel) {
#if defined(__x86_64__)
    case BANKSIA_AVX2: return dot_avx2(left, right, padded);
    case BANKSIA_AVX512_VNNI: return dot_vnni(left, right, padded);
#elif defined(__aarch64__)
    case BANKSIA_NEON: return dot_neon(left, right, padded);
#endif
    default: return dot_plain(left, right, padded);
    }
}

size_t banksia_near(banksia_kernel kernel, const float *queries, size_t query_count, const float *rows, size_t row_count,
                    size_t padded, float floor, uint32_t *pairs, float *scores, size_t room) {
    size_t found = 0;
    for (size_t row = 0; row < row_count; row++) {
        for (size_t query = 0; query < query_count; query++) {
            float score = banksia_dot(kernel, queries + query * padded, rows + row * padded, padded);
            if (!(score >= floor)) continue;
            if (found < room) {
                pairs[2 * found] = (uint32_t)query;
                pairs[2 * found + 1] = (uint32_t)row;
                scores[found] = score;
            }
            found++;
        }
    }
    return found;
}

// ---- quantising ----------------------------------------------------------------------------------------------------

bool banksia_quantise(const float *vector, size_t dimension, size_t padded, uint8_t *row, float *factors) {
    float greatest = 0;
    for (size_t i = 0; i < dimension; i++) {
        float size = fabsf(vector[i]);
        if (!(size <= 1e6f)) return false;  // also refuses NaN
        if (size > greatest) greatest = size;
    }
    float scale = greatest / 127;
    if (scale < 1e-30f) scale = 0;  // a zero vector, or one whose steps would be denormal
    double lost = 0, kept = 0, length = 0;
    memset(row, 128, padded);
    for (size_t i = 0; i < dimension; i++) {
        int step = scale > 0 ? (int)lrintf(vector[i] / scale) : 0;
        if (step > 127) step = 127;
        if (step < -127) step = -127;
        row[i] = (uint8_t)(step + 128);
        double value = (double)scale * step, error = (double)vector[i] - value;
        lost += error * error;
        kept += value * value;
        length += (double)vector[i] * (double)vector[i];
    }
    if (!(length <= 1e12)) return false;
    factors[0] = scale;
    // Room for the rounding of the float sums: 133 roundings of 2^-24 at 2,048 dimensions are below 1e-5.
    factors[1] = (float)(sqrt(lost) + 2e-5 * sqrt(length));
    factors[2] = (float)(sqrt(kept) * (1 + 1e-6));
    return true;
}

// ---- selection -----------------------------------------------------------------------------------------------------

static void sink(const float *scores, uint32_t *heap, size_t count, size_t at) {
    for (;;) {
        size_t child = 2 * at + 1, lowest = at;
        if (child < count && scores[heap[child]] < scores[heap[lowest]]) lowest = child;
        if (child + 1 < count && scores[heap[child + 1]] < scores[heap[lowest]]) lowest = child + 1;
        if (lowest == at) return;
        uint32_t moved = heap[at];
        heap[at] = heap[lowest];
        heap[lowest] = moved;
        at = lowest;
    }
}

size_t banksia_best(const float *scores, size_t count, uint32_t *heap, size_t limit) {
    size_t kept = 0, next = 0;
    for (; next < count && kept < limit; next++)
        if (scores[next] > -INFINITY) heap[kept++] = (uint32_t)next;
    for (size_t at = kept / 2; at-- > 0;) sink(scores, heap, kept, at);
    if (kept == 0) return 0;
    float lowest = scores[heap[0]];
    for (; next < count; next++)
        if (scores[next] > lowest) {
            heap[0] = (uint32_t)next;
            sink(scores, heap, kept, 0);
            lowest = scores[heap[0]];
        }
    return kept;
}

size_t banksia_within(const float *scores, const float *factors, size_t count, float query_length, float query_loss,
                      float floor, uint32_t *found) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const float *factor = factors + i * BANKSIA_FACTORS;
        float hidden = factor[1] * query_length + factor[2] * query_loss;
        if (scores[i] + hidden >= floor && scores[i] > -INFINITY) found[kept++] = (uint32_t)i;
    }
    return kept;
}

// ---- checksum ------------------------------------------------------------------------------------------------------

uint64_t banksia_checksum(uint64_t seed, const void *bytes, size_t count) {
    const uint64_t prime = 0x100000001b3, offset = 0xcbf29ce484222325;
    uint64_t lanes[4] = {seed ^ offset, seed ^ (offset + 1), seed ^ (offset + 2), seed ^ (offset + 3)}, words[4];
    const uint8_t *next = bytes;
    for (; count >= sizeof words; count -= sizeof words, next += sizeof words) {
        memcpy(words, next, sizeof words);
        for (int lane = 0; lane < 4; lane++) lanes[lane] = (lanes[lane] ^ words[lane]) * prime;
    }
    for (; count >= 8; count -= 8, next += 8) {
        memcpy(words, next, 8);
        lanes[0] = (lanes[0] ^ words[0]) * prime;
    }
    uint64_t sum = lanes[0];
    for (int lane = 1; lane < 4; lane++) sum = (sum ^ lanes[lane]) * prime;
    return sum;
}
