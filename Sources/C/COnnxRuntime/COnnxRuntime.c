#include "COnnxRuntime.h"
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

// ---- the runtime's function table ----------------------------------------------------------------------------------

typedef struct ort_status ort_status;
typedef struct ort_environment ort_environment;
typedef struct ort_memory ort_memory;
typedef struct ort_options ort_options;
typedef struct ort_session ort_session;
typedef struct ort_value ort_value;
typedef struct ort_shape ort_shape;
typedef struct ort_type ort_type;
typedef struct ort_allocator ort_allocator;

// OrtApi, version 1, in its order: what is not used is counted and not named. The positions were compared with the
// declaration of struct OrtApi in the runtime's onnxruntime_c_api.h, where entries are only ever appended.
typedef struct {
    void *to_2[2];
    const char *(*error_message)(const ort_status *);
    ort_status *(*create_environment)(int log_level, const char *name, ort_environment **);
    void *to_7[3];
    ort_status *(*create_session)(const ort_environment *, const char *path, const ort_options *, ort_session **);
    void *to_9[1];
    ort_status *(*run)(ort_session *, const void *run_options, const char *const *input_names, const ort_value *const *inputs,
                       size_t input_count, const char *const *output_names, size_t output_count, ort_value **outputs);
    ort_status *(*create_options)(ort_options **);
    void *to_17[6];
    ort_status *(*disable_memory_pattern)(ort_options *);
    void *to_23[5];
    ort_status *(*set_optimisation)(ort_options *, int level);
    ort_status *(*set_threads_within)(ort_options *, int);
    ort_status *(*set_threads_between)(ort_options *, int);
    void *to_30[4];
    ort_status *(*input_count)(const ort_session *, size_t *);
    ort_status *(*output_count)(const ort_session *, size_t *);
    void *to_33[1];
    ort_status *(*input_type)(const ort_session *, size_t index, ort_type **);
    ort_status *(*output_type)(const ort_session *, size_t index, ort_type **);
    void *to_36[1];
    ort_status *(*input_name)(const ort_session *, size_t index, ort_allocator *, char **);
    ort_status *(*output_name)(const ort_session *, size_t index, ort_allocator *, char **);
    void *to_49[11];
    ort_status *(*create_tensor)(const ort_memory *, void *values, size_t bytes, const int64_t *shape, size_t rank, int element,
                                 ort_value **);
    ort_status *(*is_tensor)(const ort_value *, int *);
    ort_status *(*tensor_values)(ort_value *, void **);
    void *to_55[3];
    ort_status *(*tensor_of)(const ort_type *, const ort_shape **);
    void *to_60[4];
    ort_status *(*element_type)(const ort_shape *, int *);
    ort_status *(*rank)(const ort_shape *, size_t *);
    ort_status *(*sizes)(const ort_shape *, int64_t *, size_t rank);
    void *to_64[1];
    ort_status *(*element_count)(const ort_shape *, size_t *);
    ort_status *(*shape_of)(const ort_value *, ort_shape **);
    void *to_69[3];
    ort_status *(*create_cpu_memory)(int allocator, int memory, ort_memory **);
    void *to_76[6];
    ort_status *(*release_memory_of)(ort_allocator *, void *);
    void *to_78[1];
    ort_status *(*default_allocator)(ort_allocator **);
    void *to_92[13];
    void (*release_environment)(ort_environment *);
    void (*release_status)(ort_status *);
    void (*release_memory)(ort_memory *);
    void (*release_session)(ort_session *);
    void (*release_value)(ort_value *);
    void *to_98[1];
    void (*release_type)(ort_type *);
    void (*release_shape)(ort_shape *);
    void (*release_options)(ort_options *);
    void *to_102[1];
} ort_table;

#define AT(field, slot) _Static_assert(offsetof(ort_table, field) == (slot) * sizeof(void *), #field)
AT(error_message, 2);
AT(create_session, 7);
AT(run, 9);
AT(disable_memory_pattern, 17);
AT(set_optimisation, 23);
AT(input_count, 30);
AT(input_type, 33);
AT(output_name, 37);
AT(create_tensor, 49);
AT(tensor_of, 55);
AT(element_type, 60);
AT(element_count, 64);
AT(shape_of, 65);
AT(create_cpu_memory, 69);
AT(default_allocator, 78);
AT(release_environment, 92);
AT(release_type, 98);
AT(release_options, 100);
_Static_assert(sizeof(ort_table) == 102 * sizeof(void *), "version 1 has 102 entries");

typedef struct {
    const ort_table *(*table)(uint32_t version);
    const char *(*version)(void);
} ort_base;

// Values of the runtime's enumerations.
enum { LOG_ERRORS = 3, OPTIMISE_ALL = 99, DEVICE_ALLOCATOR = 0, DEFAULT_MEMORY = 0 };

struct banksia_runtime {
    const ort_table *call;
    const char *version;
    ort_environment *environment;
    ort_memory *memory;
};

struct banksia_model {
    banksia_runtime *runtime;
    ort_session *session;
};

// True when a call went well; else its reason is kept and its status freed.
static bool fine(const ort_table *call, ort_status *status, char *reason, size_t room) {
    if (!status) return true;
    snprintf(reason, room, "%s", call->error_message(status));
    call->release_status(status);
    return false;
}

static bool refuse(char *reason, size_t room, const char *text) {
    snprintf(reason, room, "%s", text ? text : "no reason given");
    return false;
}

// ---- the runtime ---------------------------------------------------------------------------------------------------

bool banksia_runtime_open(const char *library, banksia_runtime **result, char *reason, size_t room) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return refuse(reason, room, dlerror());
    // The library stays loaded whatever follows: it has threads and exit handlers of its own.
    const ort_base *(*base)(void) = (const ort_base *(*)(void))dlsym(handle, "OrtGetApiBase");
    if (!base) return refuse(reason, room, "the library has no OrtGetApiBase");
    const ort_table *call = base()->table(1);
    if (!call) return refuse(reason, room, "the library does not serve the first version of its interface");
    banksia_runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) return refuse(reason, room, "out of memory");
    runtime->call = call;
    runtime->version = base()->version();
    if (!fine(call, call->create_environment(LOG_ERRORS, "banksia", &runtime->environment), reason, room) ||
        !fine(call, call->create_cpu_memory(DEVICE_ALLOCATOR, DEFAULT_MEMORY, &runtime->memory), reason, room)) {
        banksia_runtime_close(runtime);
        return false;
    }
    *result = runtime;
    return true;
}

const char *banksia_runtime_version(const banksia_runtime *runtime) { return runtime->version; }

void banksia_runtime_close(banksia_runtime *runtime) {
    if (!runtime) return;
    if (runtime->memory) runtime->call->release_memory(runtime->memory);
    if (runtime->environment) runtime->call->release_environment(runtime->environment);
    free(runtime);
}

// ---- a model -------------------------------------------------------------------------------------------------------

static bool set_options(const ort_table *call, ort_options *options, int threads, char *reason, size_t room) {
    return fine(call, call->set_optimisation(options, OPTIMISE_ALL), reason, room) &&
           fine(call, call->set_threads_within(options, threads), reason, room) &&
           fine(call, call->set_threads_between(options, 1), reason, room) &&
           // One block planned for a whole run keeps 50 MB more of the default image model and is no faster than the arena.
           fine(call, call->disable_memory_pattern(options), reason, room);
}

bool banksia_model_open(banksia_runtime *runtime, const char *path, int threads, banksia_model **result, char *reason, size_t room) {
    const ort_table *call = runtime->call;
    ort_options *options = NULL;
    ort_session *session = NULL;
    if (!fine(call, call->create_options(&options), reason, room)) return false;
    bool opened = set_options(call, options, threads, reason, room) &&
                  fine(call, call->create_session(runtime->environment, path, options, &session), reason, room);
    call->release_options(options);
    // What reading the file took lies free in the heap, but is not given back by itself: 20 to 40 MB of the default models.
    malloc_trim(0);
    if (!opened) return false;
    banksia_model *model = calloc(1, sizeof *model);
    if (!model) {
        call->release_session(session);
        return refuse(reason, room, "out of memory");
    }
    model->runtime = runtime;
    model->session = session;
    *result = model;
    return true;
}

void banksia_model_close(banksia_model *model) {
    if (!model) return;
    model->runtime->call->release_session(model->session);
    free(model);
}

// ---- what a model takes and gives ----------------------------------------------------------------------------------

static bool read_name(const banksia_model *model, bool input, size_t index, banksia_port *port, char *reason, size_t room) {
    const ort_table *call = model->runtime->call;
    ort_allocator *allocator = NULL;
    char *name = NULL;
    if (!fine(call, call->default_allocator(&allocator), reason, room)) return false;
    if (!fine(call, (input ? call->input_name : call->output_name)(model->session, index, allocator, &name), reason, room)) return false;
    int length = snprintf(port->name, sizeof port->name, "%s", name);
    if (!fine(call, call->release_memory_of(allocator, name), reason, room)) return false;
    return length < (int)sizeof port->name || refuse(reason, room, "a name of the model is too long");
}

static bool read_type(const banksia_model *model, bool input, size_t index, banksia_port *port, char *reason, size_t room) {
    const ort_table *call = model->runtime->call;
    ort_type *type = NULL;
    const ort_shape *shape = NULL;
    if (!fine(call, (input ? call->input_type : call->output_type)(model->session, index, &type), reason, room)) return false;
    bool well = fine(call, call->tensor_of(type, &shape), reason, room) && (shape || refuse(reason, room, "the model has what is no tensor")) &&
                fine(call, call->element_type(shape, &port->element), reason, room) &&
                fine(call, call->rank(shape, &port->rank), reason, room) &&
                (port->rank <= BANKSIA_RANK_MAX || refuse(reason, room, "a tensor of the model has too many dimensions")) &&
                fine(call, call->sizes(shape, port->shape, port->rank), reason, room);
    call->release_type(type);
    return well;
}

bool banksia_model_ports(const banksia_model *model, bool inputs, banksia_port *ports, size_t *count, char *reason, size_t room) {
    const ort_table *call = model->runtime->call;
    if (!fine(call, (inputs ? call->input_count : call->output_count)(model->session, count), reason, room)) return false;
    if (*count > BANKSIA_TENSORS_MAX) return refuse(reason, room, "the model has too many inputs or outputs");
    for (size_t i = 0; i < *count; i++) {
        ports[i] = (banksia_port){0};
        if (!read_name(model, inputs, i, &ports[i], reason, room) || !read_type(model, inputs, i, &ports[i], reason, room)) return false;
    }
    return true;
}

// ---- a run ---------------------------------------------------------------------------------------------------------

static bool read_floats(const ort_table *call, ort_value *value, banksia_output *output, char *reason, size_t room) {
    int is_tensor = 0, element = 0;
    ort_shape *shape = NULL;
    void *values = NULL;
    if (!fine(call, call->is_tensor(value, &is_tensor), reason, room)) return false;
    if (!is_tensor) return refuse(reason, room, "an output is not a tensor");
    if (!fine(call, call->shape_of(value, &shape), reason, room)) return false;
    bool known = fine(call, call->element_type(shape, &element), reason, room) &&
                 fine(call, call->element_count(shape, &output->count), reason, room);
    call->release_shape(shape);
    if (!known) return false;
    if (element != BANKSIA_FLOAT32) return refuse(reason, room, "an output is not of 32-bit floats");
    if (!fine(call, call->tensor_values(value, &values), reason, room)) return false;
    output->values = values;
    return true;
}

bool banksia_model_run(const banksia_model *model, const banksia_input *inputs, size_t input_count, const char *const *names,
                       banksia_output *outputs, size_t output_count, char *reason, size_t room) {
    if (input_count > BANKSIA_TENSORS_MAX || output_count > BANKSIA_TENSORS_MAX) return refuse(reason, room, "too many tensors");
    const ort_table *call = model->runtime->call;
    const char *input_names[BANKSIA_TENSORS_MAX];
    ort_value *given[BANKSIA_TENSORS_MAX] = {0}, *made[BANKSIA_TENSORS_MAX] = {0};
    bool well = true;
    for (size_t i = 0; well && i < input_count; i++) {
        const banksia_input *input = &inputs[i];
        input_names[i] = input->name;
        // The runtime reads inputs only; its interface has no const for it.
        well = fine(call, call->create_tensor(model->runtime->memory, (void *)input->values, input->bytes, input->shape, input->rank,
                                              input->element, &given[i]), reason, room);
    }
    well = well && fine(call, call->run(model->session, NULL, input_names, (const ort_value *const *)given, input_count, names,
                                        output_count, made), reason, room);
    for (size_t i = 0; i < input_count; i++)
        if (given[i]) call->release_value(given[i]);
    for (size_t i = 0; i < output_count; i++) outputs[i] = (banksia_output){.tensor = made[i]};
    for (size_t i = 0; well && i < output_count; i++) well = read_floats(call, made[i], &outputs[i], reason, room);
    if (!well) banksia_outputs_release(model, outputs, output_count);
    return well;
}

void banksia_outputs_release(const banksia_model *model, banksia_output *outputs, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (outputs[i].tensor) model->runtime->call->release_value(outputs[i].tensor);
        outputs[i] = (banksia_output){0};
    }
}

// ---- pixels --------------------------------------------------------------------------------------------------------

void banksia_planes(const uint8_t *pixels, size_t count, const float *mean, const float *deviation, int first, float *planes) {
    for (int plane = 0; plane < 3; plane++) {
        int channel = first == 0 ? plane : 2 - plane;
        float values[256];
        for (int value = 0; value < 256; value++) values[value] = ((float)value / 255 - mean[plane]) / deviation[plane];
        for (size_t i = 0; i < count; i++) planes[(size_t)plane * count + i] = values[pixels[3 * i + (size_t)channel]];
    }
}

// One pixel of a picture, or black beside it.
static const uint8_t *pixel_at(const uint8_t *pixels, size_t width, size_t height, long x, long y) {
    static const uint8_t black[3] = {0, 0, 0};
    if (x < 0 || y < 0 || x >= (long)width || y >= (long)height) return black;
    return pixels + 3 * ((size_t)y * width + (size_t)x);
}

void banksia_show(const uint8_t *pixels, size_t width, size_t height, banksia_view view, int samples, size_t columns, size_t rows,
                  int first, float *planes) {
    const size_t count = columns * rows;
    const float share = 1.0f / (float)(samples * samples);
    for (size_t v = 0; v < rows; v++) {
        for (size_t u = 0; u < columns; u++) {
            float sum[3] = {0, 0, 0};
            for (int j = 0; j < samples; j++) {
                for (int i = 0; i < samples; i++) {
                    double across = (double)u + (i + 0.5) / samples - 0.5, down = (double)v + (j + 0.5) / samples - 0.5;
                    double x = view.a * across - view.b * down + view.x, y = view.b * across + view.a * down + view.y;
                    // also keeps what is far away from overflowing an integer
                    if (!(x > -1 && y > -1 && x < (double)width && y < (double)height)) continue;
                    // rounded down, as x and y are above -1
                    long left = (long)(x + 1) - 1, top = (long)(y + 1) - 1;
                    float right = (float)(x - (double)left), below = (float)(y - (double)top);
                    const uint8_t *p = pixel_at(pixels, width, height, left, top);
                    if (right == 0 && below == 0) {
                        for (int c = 0; c < 3; c++) sum[c] += (float)p[c];
                        continue;
                    }
                    const uint8_t *q = pixel_at(pixels, width, height, left + 1, top);
                    const uint8_t *r = pixel_at(pixels, width, height, left, top + 1);
                    const uint8_t *s = pixel_at(pixels, width, height, left + 1, top + 1);
                    for (int c = 0; c < 3; c++) {
                        float above = (float)p[c] + right * (float)(q[c] - p[c]);
                        float under = (float)r[c] + right * (float)(s[c] - r[c]);
                        sum[c] += above + below * (under - above);
                    }
                }
            }
            for (int plane = 0; plane < 3; plane++) {
                planes[(size_t)plane * count + v * columns + u] = sum[first == 0 ? plane : 2 - plane] * share;
            }
        }
    }
}

// ---- values --------------------------------------------------------------------------------------------------------

void banksia_scale(float *values, size_t count, float factor, float offset) {
    for (size_t i = 0; i < count; i++) values[i] = values[i] * factor + offset;
}

void banksia_largest(const float *values, size_t rows, size_t columns, int32_t *places, float *largest) {
    for (size_t row = 0; row < rows; row++) {
        const float *value = values + row * columns;
        size_t best = 0;
        for (size_t column = 1; column < columns; column++)
            if (value[column] > value[best]) best = column;
        places[row] = (int32_t)best;
        largest[row] = value[best];
    }
}
