#include "CVipsShim.h"

#include <stdio.h>
#include <string.h>
#include <vips/vips.h>

static VipsImage *image(struct banksia_picture *picture) { return (VipsImage *)picture; }
static struct banksia_picture *picture(VipsImage *image) { return (struct banksia_picture *)image; }

// Warnings about odd files are of no use to anyone; the last words of a dying process are.
static GLogWriterOutput keep_quiet(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer data) {
    (void)data;
    if (level & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL)) return g_log_writer_standard_streams(level, fields, count, NULL);
    return G_LOG_WRITER_HANDLED;
}

static void keep_old_style_quiet(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain;
    (void)data;
    if (level & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL)) fprintf(stderr, "%s\n", message);
}

int banksia_vips_start(const char *program) {
    if (vips_init(program) != 0) return -1;
    g_log_set_writer_func(keep_quiet, NULL, NULL);
    g_log_set_default_handler(keep_old_style_quiet, NULL);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoadJxl", FALSE);
    vips_operation_block_set("VipsForeignLoadJp2k", FALSE);
    return 0;
}

const char *banksia_vips_version(void) { return vips_version_string(); }

void banksia_vips_take_error(char *text, size_t size) {
    g_strlcpy(text, vips_error_buffer(), size);
    vips_error_clear();
}

// Linear light comes with an alpha of 0 to 1, and all that follows takes 255 for opaque (libvips 8.14).
static VipsImage *with_usual_alpha(VipsImage *in) {
    if (in == NULL || in->Type != VIPS_INTERPRETATION_scRGB || in->Bands != 4) return in;
    double factors[] = {1, 1, 1, 255}, offsets[] = {0, 0, 0, 0};
    VipsImage *out = NULL;
    vips_linear(in, &out, factors, offsets, 4, NULL);
    g_object_unref(in);
    return out;
}

struct banksia_picture *banksia_picture_open(const char *path, const char *loader, const char *option, int value) {
    const char *found = vips_foreign_find_load(path);
    if (found == NULL || strncmp(found, loader, strlen(loader)) != 0) return NULL;
    if (option == NULL)
        return picture(with_usual_alpha(
            vips_image_new_from_file(path, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL)));
    return picture(vips_image_new_from_file(
        path, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, option, value, NULL));
}

struct banksia_picture *banksia_picture_open_jpeg(const void *bytes, size_t length, int shrink) {
    VipsImage *out = NULL;
    VipsBlob *blob = vips_blob_copy(bytes, length);
    vips_jpegload_buffer(
        VIPS_AREA(blob)->data, VIPS_AREA(blob)->length, &out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
        "shrink", shrink, NULL);
    if (out == NULL) {
        vips_area_unref(VIPS_AREA(blob));
        return NULL;
    }
    // The bytes live as long as the picture that reads them.
    g_object_set_data_full(G_OBJECT(out), "banksia-bytes", blob, (GDestroyNotify)vips_area_unref);
    return picture(out);
}

struct banksia_picture *banksia_picture_open_bytes(const void *bytes, size_t length, const char *loader) {
    VipsBlob *blob = vips_blob_copy(bytes, length);
    const char *found = vips_foreign_find_load_buffer(VIPS_AREA(blob)->data, VIPS_AREA(blob)->length);
    VipsImage *out = NULL;
    if (found != NULL && strncmp(found, loader, strlen(loader)) == 0)
        out = vips_image_new_from_buffer(
            VIPS_AREA(blob)->data, VIPS_AREA(blob)->length, "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR,
            NULL);
    if (out == NULL) {
        vips_area_unref(VIPS_AREA(blob));
        return NULL;
    }
    g_object_set_data_full(G_OBJECT(out), "banksia-bytes", blob, (GDestroyNotify)vips_area_unref);
    return picture(out);
}

struct banksia_picture *banksia_picture_oriented(struct banksia_picture *it, int orientation) {
    VipsImage *out = NULL;
    if (vips_copy(image(it), &out, NULL) != 0) return NULL;
    vips_image_set_int(out, VIPS_META_ORIENTATION, orientation);
    return picture(out);
}

struct banksia_picture *banksia_picture_from_pixels(const void *pixels, int width, int height, int bands) {
    size_t size = (size_t)width * (size_t)height * (size_t)bands;
    VipsImage *made = vips_image_new_from_memory_copy(pixels, size, width, height, bands, VIPS_FORMAT_UCHAR);
    if (made != NULL) made->Type = bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    return picture(made);
}

void banksia_picture_free(struct banksia_picture *picture) { g_object_unref(image(picture)); }

void banksia_picture_header(struct banksia_picture *picture, struct banksia_header *header) {
    VipsImage *it = image(picture);
    header->width = vips_image_get_width(it);
    header->height = vips_image_get_page_height(it);
    header->frames = vips_image_get_n_pages(it);
    header->orientation = vips_image_get_orientation(it);
    if (header->frames < 1) header->frames = 1;
    if (header->orientation < 1 || header->orientation > 8) header->orientation = 1;
}

int banksia_picture_has_alpha(struct banksia_picture *picture) { return vips_image_hasalpha(image(picture)); }

const void *banksia_picture_profile(struct banksia_picture *picture, size_t *length) {
    const void *bytes = NULL;
    if (!vips_image_get_typeof(image(picture), VIPS_META_ICC_NAME)) return NULL;
    if (vips_image_get_blob(image(picture), VIPS_META_ICC_NAME, &bytes, length) != 0) return NULL;
    return bytes;
}

static VipsImage *resize(VipsImage *in, double horizontal, double vertical) {
    VipsImage *out = NULL;
    vips_resize(in, &out, horizontal, "vscale", vertical, "kernel", VIPS_KERNEL_CUBIC, NULL);
    return out;
}

struct banksia_picture *banksia_picture_resize(struct banksia_picture *it, double horizontal, double vertical) {
    VipsImage *in = image(it);
    if (!vips_image_hasalpha(in)) return picture(resize(in, horizontal, vertical));
    // A transparent pixel's colour must not bleed into its neighbours.
    VipsImage *weighted = NULL, *plain = NULL, *out = NULL;
    if (vips_premultiply(in, &weighted, NULL) != 0) return NULL;
    VipsImage *small = resize(weighted, horizontal, vertical);
    g_object_unref(weighted);
    if (small == NULL) return NULL;
    int failed = vips_unpremultiply(small, &plain, NULL);
    g_object_unref(small);
    if (failed) return NULL;
    vips_cast(plain, &out, in->BandFmt, NULL);
    g_object_unref(plain);
    return picture(out);
}

static VipsImage *declared_to_srgb(VipsImage *in) {
    VipsImage *out = NULL;
    vips_colourspace(in, &out, VIPS_INTERPRETATION_sRGB, NULL);
    return out;
}

static VipsImage *profiled_to(VipsImage *in, const char *profile) {
    VipsImage *out = NULL;
    vips_icc_transform(in, &out, profile, "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE, "depth", 8, NULL);
    return out;
}

// Some TIFF files carry more bands than colour and alpha.
static VipsImage *without_extra_bands(VipsImage *in) {
    VipsImage *out = NULL;
    if (in->Bands <= 4) return g_object_ref(in);
    vips_extract_band(in, &out, 0, "n", 3, NULL);
    return out;
}

struct banksia_picture *banksia_picture_converted(struct banksia_picture *it, const char *profile) {
    VipsImage *colours = profile != NULL ? profiled_to(image(it), profile) : declared_to_srgb(image(it));
    if (colours == NULL) return NULL;
    VipsImage *few = without_extra_bands(colours), *out = NULL;
    g_object_unref(colours);
    if (few == NULL) return NULL;
    vips_cast(few, &out, VIPS_FORMAT_UCHAR, NULL);
    g_object_unref(few);
    return picture(out);
}

struct banksia_picture *banksia_picture_in_memory(struct banksia_picture *it) {
    return picture(vips_image_copy_memory(image(it)));
}

struct banksia_picture *banksia_picture_upright(struct banksia_picture *it) {
    VipsImage *out = NULL;
    vips_autorot(image(it), &out, NULL);
    return picture(out);
}

struct banksia_picture *banksia_picture_over_white(struct banksia_picture *it) {
    VipsImage *out = NULL;
    if (!vips_image_hasalpha(image(it))) return picture(g_object_ref(image(it)));
    VipsArrayDouble *white = vips_array_double_newv(3, 255.0, 255.0, 255.0);
    vips_flatten(image(it), &out, "background", white, NULL);
    vips_area_unref(VIPS_AREA(white));
    return picture(out);
}

struct banksia_picture *banksia_picture_with_alpha(struct banksia_picture *it) {
    VipsImage *out = NULL;
    if (vips_image_hasalpha(image(it))) return picture(g_object_ref(image(it)));
    vips_addalpha(image(it), &out, NULL);
    return picture(out);
}

struct banksia_picture *banksia_picture_crop(struct banksia_picture *it, int left, int top, int width, int height) {
    VipsImage *out = NULL;
    vips_extract_area(image(it), &out, left, top, width, height, NULL);
    return picture(out);
}

int banksia_picture_copy_pixels(struct banksia_picture *it, void *pixels, size_t size) {
    size_t length = 0;
    void *bytes = vips_image_write_to_memory(image(it), &length);
    if (bytes == NULL) return -1;
    int fits = length == size;
    if (fits) memcpy(pixels, bytes, size);
    g_free(bytes);
    return fits ? 0 : -1;
}

// A copy without any field that is not pixels. The savers' own option leaves EXIF and the profile in WebP files (8.14).
static VipsImage *bare(VipsImage *in) {
    VipsImage *out = NULL;
    if (vips_copy(in, &out, NULL) != 0) return NULL;
    char **fields = vips_image_get_fields(out);
    for (int index = 0; fields[index] != NULL; index++) vips_image_remove(out, fields[index]);
    g_strfreev(fields);
    return out;
}

int banksia_picture_write_jpeg(struct banksia_picture *it, const char *path, const char *profile, int quality) {
    VipsImage *in = bare(image(it));
    if (in == NULL) return -1;
    // Tables made for the picture save a few percent, and cost six bytes of memory per pixel while it is written.
    int optimize = (double)in->Xsize * in->Ysize <= 4e6;
    // What strips also takes the profile, and there is nothing left to strip but what libvips itself says of the resolution.
    int result = profile == NULL
        ? vips_jpegsave(in, path, "Q", quality, "optimize_coding", optimize, "strip", TRUE, NULL)
        : vips_jpegsave(in, path, "Q", quality, "optimize_coding", optimize, "profile", profile, NULL);
    g_object_unref(in);
    return result;
}

int banksia_picture_write_webp(
    struct banksia_picture *it, const char *path, const char *profile, int quality, int effort) {
    VipsImage *in = bare(image(it));
    if (in == NULL) return -1;
    int result = profile == NULL
        ? vips_webpsave(in, path, "Q", quality, "effort", effort, "strip", TRUE, NULL)
        : vips_webpsave(in, path, "Q", quality, "effort", effort, "strip", TRUE, "profile", profile, NULL);
    g_object_unref(in);
    return result;
}
