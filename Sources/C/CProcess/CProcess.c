// close_range, pipe2, MSG_NOSIGNAL and vfork need it on glibc.
#define _GNU_SOURCE

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

// Everything from here to banksia_start_child runs between vfork and exec: it shares the parent's memory, so it makes
// system calls only and touches nothing but its own locals.

static void end_with(volatile int *failure, int error) {
    *failure = error;
    _exit(127);
}

static void limit(volatile int *failure, int resource, int64_t value) {
    if (value < 0) return;
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) end_with(failure, errno);
    rlim_t wanted = (rlim_t)value;
    // An unprivileged process may only lower its hard limit; a lower inherited one stays.
    if (now.rlim_max != RLIM_INFINITY && wanted > now.rlim_max) wanted = now.rlim_max;
    struct rlimit next = {wanted, wanted};
    if (setrlimit(resource, &next) != 0) end_with(failure, errno);
}

static void close_all_from(int first) {
#if defined(SYS_close_range)
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) return;
#endif
    struct rlimit open_files;
    int last = getrlimit(RLIMIT_NOFILE, &open_files) == 0 && open_files.rlim_cur < 65536 ? (int)open_files.rlim_cur : 65536;
    for (int descriptor = first; descriptor < last; descriptor++) close(descriptor);
}

static void reset_signals(void) {
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &plain, NULL);
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGXFSZ, &ignored, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// The kernel, short of memory, is to take a child before the server: half of the scale of proc(5), oom_score_adj.
static void volunteer_for_the_oom_killer(void) {
#if defined(__linux__)
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t written = write(file, "500", 3);
    (void)written;  // a container may forbid it; nothing is lost but the preference
    close(file);
#endif
}

// What works in the background gives the core back after a tenth of a millisecond, so that a request need not wait for the end
// of a longer turn. Linux 6.12 and later go by it (sched_setattr(2), sched_runtime); earlier ones pass over it, and rank by
// niceness alone.
static void take_short_turns(int niceness) {
#if defined(SYS_sched_setattr)
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t niceness;
        uint32_t priority;
        uint64_t runtime_ns, deadline_ns, period_ns;
    } wish = {.size = sizeof wish, .flags = 0x08 /* SCHED_FLAG_KEEP_POLICY */, .niceness = niceness, .runtime_ns = 100 * 1000};
    (void)syscall(SYS_sched_setattr, 0, &wish, 0);  // nothing is lost but the preference
#endif
}

static void step_back(int niceness, pid_t parent, volatile int *failure) {
    if (niceness <= 0) return;
    // On top of what the parent has been told; more than 19 is taken for 19.
    int whole = getpriority(PRIO_PROCESS, parent) + niceness;
    if (setpriority(PRIO_PROCESS, 0, whole) != 0) end_with(failure, errno);
    take_short_turns(whole < 19 ? whole : 19);
}

static void become(const struct banksia_start *start, pid_t parent, volatile int *failure) {
#if defined(__linux__)
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) end_with(failure, errno);
    if (getppid() != parent) _exit(127);  // it ended before the line above took hold
#endif
    if (start->leads_group && setpgid(0, 0) != 0) end_with(failure, errno);
    if (dup2(start->channel, 0) < 0 || dup2(start->channel, 1) < 0 || dup2(start->errors, 2) < 0) end_with(failure, errno);
    close_all_from(3);
    volunteer_for_the_oom_killer();
    step_back(start->niceness, parent, failure);
    limit(failure, RLIMIT_CORE, 0);
    limit(failure, RLIMIT_AS, start->address_space_bytes);
    limit(failure, RLIMIT_DATA, start->data_bytes);
    limit(failure, RLIMIT_FSIZE, start->file_size_bytes);
    limit(failure, RLIMIT_NOFILE, start->open_files);
    reset_signals();
    execve(start->path, start->arguments, start->environment);
    end_with(failure, errno);
}

int banksia_start_child(const struct banksia_start *start) {
    volatile int failure = 0;
    pid_t parent = getpid();
    // No handler of the parent may run in the child while they share memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    // vfork and not fork: the cost does not grow with the server's memory, and strict overcommit does not refuse it.
    pid_t child = vfork();
    if (child == 0) become(start, parent, &failure);
    int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child < 0) return -fork_error;
    if (failure != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return -failure;
    }
    return child;
}

static int set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

static int finish_pair(int ends[2]) {
    if (set_nonblocking(ends[0]) == 0) return 0;
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return -error;
}

int banksia_make_channel(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
    return finish_pair(ends);
}

int banksia_make_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    return finish_pair(ends);
}

long banksia_send(int socket, const void *bytes, long count) {
    ssize_t sent;
    do sent = send(socket, bytes, (size_t)count, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

int banksia_reap(int process, int *signal, int *code) {
    int status = 0;
    pid_t reaped;
    do reaped = waitpid(process, &status, 0);
    while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return -errno;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return 0;
}

void banksia_limit_heaps(int count) { mallopt(M_ARENA_MAX, count); }

void banksia_step_back_as_told(void) {
#if defined(__linux__)
    // For Linux a thread is a process, and the first one, which nobody touches, bears the process's number.
    (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, getpid()));
#endif
}
