#include "CLibRawShim.h"

#include <libraw/libraw.h>
#include <stdlib.h>

struct banksia_raw {
    libraw_data_t *data;
    libraw_processed_image_t *developed;
    int orientation;
};

// Degrees by which the camera was turned, as dcraw counts them.
static int orientation(int flip) {
    switch (flip) {
    case 3: return 3;
    case 5: return 8;
    case 6: return 6;
    default: return 1;
    }
}

struct banksia_raw *banksia_raw_open(const char *path, int *error) {
    struct banksia_raw *raw = calloc(1, sizeof *raw);
    *error = LIBRAW_UNSUFFICIENT_MEMORY;
    if (raw == NULL) return NULL;
    raw->data = libraw_init(LIBRAW_OPTIONS_NONE);
    if (raw->data != NULL) {
        // Damage is told by results, not printed.
        libraw_set_dataerror_handler(raw->data, NULL, NULL);
        *error = libraw_open_file(raw->data, path);
    }
    if (*error != LIBRAW_SUCCESS) {
        banksia_raw_close(raw);
        return NULL;
    }
    raw->orientation = orientation(raw->data->sizes.flip);
    return raw;
}

void banksia_raw_close(struct banksia_raw *raw) {
    if (raw->developed != NULL) libraw_dcraw_clear_mem(raw->developed);
    if (raw->data != NULL) libraw_close(raw->data);
    free(raw);
}

void banksia_raw_header(struct banksia_raw *raw, struct banksia_raw_header *header) {
    libraw_image_sizes_t *sizes = &raw->data->sizes;
    header->width = sizes->width;
    header->height = sizes->height;
    header->pixels = (long long)sizes->raw_width * sizes->raw_height;
    header->orientation = raw->orientation;
}

int banksia_raw_preview(struct banksia_raw *raw, struct banksia_raw_picture *picture) {
    int error = libraw_unpack_thumb(raw->data);
    if (error != LIBRAW_SUCCESS) return error;
    libraw_thumbnail_t *thumb = &raw->data->thumbnail;
    picture->bytes = thumb->thumb;
    picture->length = thumb->tlength;
    picture->width = thumb->twidth;
    picture->height = thumb->theight;
    picture->bands = 3;
    picture->is_jpeg = thumb->tformat == LIBRAW_THUMBNAIL_JPEG;
    if (picture->is_jpeg) return 0;
    size_t expected = (size_t)thumb->twidth * thumb->theight * 3;
    if (thumb->tformat != LIBRAW_THUMBNAIL_BITMAP || thumb->tlength < expected) return LIBRAW_UNSUPPORTED_THUMBNAIL;
    picture->length = expected;
    return 0;
}

int banksia_raw_develop(struct banksia_raw *raw, struct banksia_raw_picture *picture) {
    libraw_output_params_t *params = &raw->data->params;
    params->half_size = 1;
    params->use_camera_wb = 1;
    params->output_color = 1;
    params->output_bps = 8;
    params->user_flip = 0;
    int error = libraw_unpack(raw->data);
    if (error == LIBRAW_SUCCESS) error = libraw_dcraw_process(raw->data);
    if (error != LIBRAW_SUCCESS) return error;
    raw->developed = libraw_dcraw_make_mem_image(raw->data, &error);
    if (raw->developed == NULL) return error != LIBRAW_SUCCESS ? error : LIBRAW_UNSUFFICIENT_MEMORY;
    libraw_processed_image_t *made = raw->developed;
    if (made->type != LIBRAW_IMAGE_BITMAP || made->bits != 8 || (made->colors != 3 && made->colors != 1))
        return LIBRAW_UNSPECIFIED_ERROR;
    picture->bytes = made->data;
    picture->length = made->data_size;
    picture->width = made->width;
    picture->height = made->height;
    picture->bands = made->colors;
    picture->is_jpeg = 0;
    return 0;
}

const char *banksia_raw_error_text(int error) { return error > 0 ? "the file is damaged" : libraw_strerror(error); }

int banksia_raw_is_memory_error(int error) { return error == LIBRAW_UNSUFFICIENT_MEMORY || error == LIBRAW_TOO_BIG; }

const char *banksia_raw_version(void) { return libraw_version(); }
