#pragma once

#include <stddef.h>

// A narrow, plain-C face of libvips: its own functions are variadic, which Swift cannot call, and its headers bring GLib's.
// Not for several threads at once: libvips keeps one error text for the whole process.

/// A picture: a lazy pipeline, or pixels in memory. Owned by who made it; `banksia_picture_free` gives it back.
struct banksia_picture;

/// What the first bytes of a file say about its picture.
struct banksia_header {
    int width;
    int height;
    /// Pages or frames in the file, at least 1.
    int frames;
    /// 1…8; 1 when the file says nothing or something else.
    int orientation;
};

/// Starts libvips for one thread, without caches, without loaders that libvips itself calls unfit for untrusted files
/// (but for JPEG XL and JPEG 2000), and silent. Returns 0, or -1 when it cannot run here.
int banksia_vips_start(const char *program);

/// The version, such as `8.14.1`.
const char *banksia_vips_version(void);

/// Copies the collected error text, at most `size` bytes with the terminating zero, and clears it.
void banksia_vips_take_error(char *text, size_t size);

/// Opens a file without decoding its pixels. `loader` is the start of the class name of the loader that must be the one
/// for these bytes, `option` is NULL or a load option for it with `value`. Anything worse than a warning fails.
struct banksia_picture *banksia_picture_open(const char *path, const char *loader, const char *option, int value);

/// The same for a JPEG in memory, which is copied, decoded at 1/`shrink` of its size.
struct banksia_picture *banksia_picture_open_jpeg(const void *bytes, size_t length, int shrink);

/// The same as `banksia_picture_open` for a whole file in memory, which is copied.
struct banksia_picture *banksia_picture_open_bytes(const void *bytes, size_t length, const char *loader);

/// The picture with another orientation, 1…8.
struct banksia_picture *banksia_picture_oriented(struct banksia_picture *picture, int orientation);

/// Copies interleaved 8-bit pixels of 1 (grey), 3 (RGB) or 4 (RGBA) bands.
struct banksia_picture *banksia_picture_from_pixels(const void *pixels, int width, int height, int bands);

void banksia_picture_free(struct banksia_picture *picture);

void banksia_picture_header(struct banksia_picture *picture, struct banksia_header *header);
int banksia_picture_has_alpha(struct banksia_picture *picture);

/// The embedded ICC profile, which lives as long as the picture; NULL when there is none.
const void *banksia_picture_profile(struct banksia_picture *picture, size_t *length);

// Each of these makes a new picture out of one that stays as it is; NULL on failure.

/// Scaled by two factors, with a bicubic kernel that is widened for reduction so that nothing aliases.
struct banksia_picture *banksia_picture_resize(struct banksia_picture *picture, double horizontal, double vertical);
/// In 8 bits, with an alpha band if it had one: from its embedded profile to another, `srgb` or `p3` (of libvips itself), or,
/// when that is NULL, from its declared space to sRGB.
struct banksia_picture *banksia_picture_converted(struct banksia_picture *picture, const char *profile);
/// Decoded into memory, where a pipeline is only a plan.
struct banksia_picture *banksia_picture_in_memory(struct banksia_picture *picture);
/// Turned and mirrored as its orientation says.
struct banksia_picture *banksia_picture_upright(struct banksia_picture *picture);
/// Without alpha, over white.
struct banksia_picture *banksia_picture_over_white(struct banksia_picture *picture);
/// With an opaque alpha band, if it had none.
struct banksia_picture *banksia_picture_with_alpha(struct banksia_picture *picture);
struct banksia_picture *banksia_picture_crop(struct banksia_picture *picture, int left, int top, int width, int height);

/// Copies all pixels, row by row, bands interleaved. Returns -1 when that is not exactly `size` bytes.
int banksia_picture_copy_pixels(struct banksia_picture *picture, void *pixels, size_t size);

// Writers keep no metadata. The profile that they write, if any, says what the pixels are in already. They return 0 or -1.

int banksia_picture_write_jpeg(struct banksia_picture *picture, const char *path, const char *profile, int quality);
int banksia_picture_write_webp(struct banksia_picture *picture, const char *path, const char *profile, int quality, int effort);
