#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A small face over the ONNX Runtime, loaded when it is first needed: a program that uses it starts without the library.
//
// Only the first version of the runtime's function table is used, which every release serves unchanged. Functions that
// can fail return false and write a sentence to `reason` (at most `room` bytes, always terminated).

#ifdef __cplusplus
extern "C" {
#endif

typedef struct banksia_runtime banksia_runtime;
typedef struct banksia_model banksia_model;

// Values of the runtime's ONNXTensorElementDataType.
typedef enum { BANKSIA_FLOAT32 = 1, BANKSIA_UINT8 = 2, BANKSIA_INT32 = 6, BANKSIA_INT64 = 7 } banksia_element;

// A tensor to give to a model. The memory stays the caller's.
typedef struct {
    const char *name;
    banksia_element element;
    const int64_t *shape;
    size_t rank;
    const void *values;
    size_t bytes;
} banksia_input;

// A float tensor that a model gave. The memory is the tensor's, until banksia_outputs_release.
typedef struct {
    const float *values;
    size_t count;
    void *tensor;
} banksia_output;

enum { BANKSIA_TENSORS_MAX = 16, BANKSIA_RANK_MAX = 8, BANKSIA_NAME_ROOM = 256 };

// An input or output of a model. A size that the model leaves open is -1.
typedef struct {
    char name[BANKSIA_NAME_ROOM];
    int element;
    int64_t shape[BANKSIA_RANK_MAX];
    size_t rank;
} banksia_port;

bool banksia_runtime_open(const char *library, banksia_runtime **runtime, char *reason, size_t room);
// The release, for example "1.31.1"; lives as long as the process.
const char *banksia_runtime_version(const banksia_runtime *runtime);
void banksia_runtime_close(banksia_runtime *runtime);

// Reads a model file. The runtime must outlive the model.
bool banksia_model_open(banksia_runtime *runtime, const char *path, int threads, banksia_model **model, char *reason, size_t room);
// May be called from many threads at once. `outputs` gets one tensor for each name.
bool banksia_model_run(const banksia_model *model, const banksia_input *inputs, size_t input_count, const char *const *names,
                       banksia_output *outputs, size_t output_count, char *reason, size_t room);
// What a model takes, or gives: at most BANKSIA_TENSORS_MAX of either.
bool banksia_model_ports(const banksia_model *model, bool inputs, banksia_port *ports, size_t *count, char *reason, size_t room);
void banksia_outputs_release(const banksia_model *model, banksia_output *outputs, size_t count);
void banksia_model_close(banksia_model *model);

// Spreads interleaved 8-bit pixels into three planes of floats: (value / 255 - mean) / deviation for each channel.
// `first` is the channel that goes into the first plane: 0 for red first, 2 for blue first.
void banksia_planes(const uint8_t *pixels, size_t count, const float *mean, const float *deviation, int first, float *planes);

// Where a view lies on a picture: its pixel (u, v) shows (a u - b v + x, b u + a v + y).
typedef struct {
    double a, b, x, y;
} banksia_view;

// Shows a view of interleaved 8-bit pixels as three planes of floats, 0 to 255; what lies beyond the picture is black.
// Each pixel is the mean of `samples` times `samples` places, each mixed from the four pixels around it.
void banksia_show(const uint8_t *pixels, size_t width, size_t height, banksia_view view, int samples, size_t columns, size_t rows,
                  int first, float *planes);

// Multiplies each value and adds to it.
void banksia_scale(float *values, size_t count, float factor, float offset);

// The place of the largest value of each row, and that value.
void banksia_largest(const float *values, size_t rows, size_t columns, int32_t *places, float *largest);

#ifdef __cplusplus
}
#endif
