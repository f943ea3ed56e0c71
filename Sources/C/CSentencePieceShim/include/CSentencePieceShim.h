#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A narrow face of SentencePiece, whose own is C++. What C++ throws stays inside.

#ifdef __cplusplus
extern "C" {
#endif

/// A model that is loaded. Encoding may go on in many threads at once.
struct banksia_pieces;

/// Reads a model from the bytes of its file; NULL when they are none, with a sentence in `reason` (at most `room` bytes).
struct banksia_pieces *banksia_pieces_open(const void *bytes, size_t length, char *reason, size_t room);
void banksia_pieces_close(struct banksia_pieces *pieces);

/// The ids of a text in UTF-8, at most `most` of them. Returns how many were written, or -1.
long banksia_pieces_encode(const struct banksia_pieces *pieces, const char *text, size_t length, int32_t *ids, size_t most);

#ifdef __cplusplus
}
#endif
