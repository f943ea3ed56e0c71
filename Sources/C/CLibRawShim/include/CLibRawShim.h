#pragma once

#include <stddef.h>

// A narrow face of LibRaw: its own structures are large and change from version to version.
// Every file has a handle of its own; a handle is for one thread.

/// A file that is open.
struct banksia_raw;

/// What the headers say.
struct banksia_raw_header {
    /// What the sensor recorded, without margins, before the orientation is applied.
    int width;
    int height;
    /// All that is decoded, margins included.
    long long pixels;
    /// 1…8, as EXIF counts (CIPA DC-008 §4.6.5.1.6).
    int orientation;
};

/// A picture out of the file: a JPEG, or interleaved 8-bit pixels of 3 bands (RGB) or 1 (grey). It lies as the sensor does.
struct banksia_raw_picture {
    const void *bytes;
    size_t length;
    int width;
    int height;
    int bands;
    int is_jpeg;
};

/// Reads the headers. Returns NULL with `*error` set when this is no file that LibRaw knows.
struct banksia_raw *banksia_raw_open(const char *path, int *error);

void banksia_raw_close(struct banksia_raw *raw);

void banksia_raw_header(struct banksia_raw *raw, struct banksia_raw_header *header);

/// The largest picture that the camera put into the file. Returns 0, or an error: there may be none.
/// The bytes live as long as the handle.
int banksia_raw_preview(struct banksia_raw *raw, struct banksia_raw_picture *picture);

/// Develops what the sensor saw at half its size, four sensor cells to a pixel, with the camera's white balance, into sRGB.
/// Returns 0, or an error. The bytes live as long as the handle.
int banksia_raw_develop(struct banksia_raw *raw, struct banksia_raw_picture *picture);

/// What an error means, and whether it speaks of memory.
const char *banksia_raw_error_text(int error);
int banksia_raw_is_memory_error(int error);

/// The version, such as `0.20.2-Release`.
const char *banksia_raw_version(void);
