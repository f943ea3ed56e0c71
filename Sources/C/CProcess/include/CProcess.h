#pragma once

#include <stdint.h>

/// What to start and what to bind it with. A negative limit leaves the inherited one.
struct banksia_start {
    /// Absolute path of the executable.
    const char *path;
    /// Null-terminated arguments, the first of them the program's name.
    char *const *arguments;
    /// Null-terminated `KEY=value` strings: the whole environment of the child.
    char *const *environment;
    /// Becomes standard input and standard output of the child.
    int channel;
    /// Becomes standard error of the child.
    int errors;
    /// Non-zero: the child leads a process group of its own.
    int leads_group;
    /// Added to the niceness, 0…19.
    int niceness;
    int64_t address_space_bytes;
    int64_t data_bytes;
    int64_t file_size_bytes;
    int64_t open_files;
};

/// Starts a child that the kernel kills when the calling *thread* ends (Linux, PR_SET_PDEATHSIG in prctl(2)): call it from
/// a thread that lives as long as the child may. All other descriptors are closed in it, signals are as at a fresh login
/// but for SIGXFSZ, which is ignored so that a write beyond the limit fails with EFBIG instead of ending the child.
///
/// Returns the process id, or the negated `errno` of the step that failed.
int banksia_start_child(const struct banksia_start *start);

/// Makes a connected pair of stream sockets: `ends[0]` does not block and is for the parent, `ends[1]` blocks. Both are
/// closed on exec. Returns 0 or the negated `errno`.
int banksia_make_channel(int ends[2]);

/// Makes a pipe whose reading end `ends[0]` does not block; both are closed on exec. Returns 0 or the negated `errno`.
int banksia_make_pipe(int ends[2]);

/// Sends without ever raising SIGPIPE. Returns the count sent, or the negated `errno`.
long banksia_send(int socket, const void *bytes, long count);

/// Waits for a child to end and reaps it. `signal` is the one that ended it or 0, `code` its exit code.
/// Returns 0 or the negated `errno`.
int banksia_reap(int process, int *signal, int *code);

/// Lets all threads together have so many heaps; those that there are stay (mallopt(3), M_ARENA_MAX).
void banksia_limit_heaps(int count);

/// Has the calling thread, and those it starts, step back as far as the process was told to at its start. Dispatch gives its own
/// threads a niceness of 0 or less where it may, which is where the user is root.
void banksia_step_back_as_told(void);
