/* Holes in files. Swift does not see fallocate(2), which glibc declares for _GNU_SOURCE only. */
#ifndef BANKSIA_SPARSE_FILE_H
#define BANKSIA_SPARSE_FILE_H

#include <stdint.h>

/* Gives back the room of a part of an open file, which then reads as zeros; the file keeps its length.
   0, or -1 with errno; EOPNOTSUPP where the file system or the system cannot. */
int banksia_punch_hole(int descriptor, int64_t offset, int64_t length);

#endif
