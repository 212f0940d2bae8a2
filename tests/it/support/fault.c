/* Faults below the database. Preloaded into a gateway or a PostgreSQL server, it stands between them and the files of one
 * folder, and does to their calls what a test wrote into the control file: an error, a short write, death in the middle.
 *
 *   THROUGHGATE_FAULT_FOLDER   only files below it are touched
 *   THROUGHGATE_FAULT_CONTROL  the control file, as `struct control`; mapped, so that all processes count together
 *   THROUGHGATE_FAULT_JOURNAL  where set: every change of a file and every sync is appended here, which tells what a loss
 *                              of power would leave
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { WRITE = 1, SYNC = 2, RESIZE = 4, OPEN = 8, READ = 16, NAME = 32 };
/* An action below 1000 is the errno to fail with. */
enum action { NOTHING = 0, SHORT = 1001, DIE_BEFORE = 1002, DIE_WITHIN = 1003, DIE_AFTER = 1004, DIE_UNSYNCED = 1005 };
enum record { WROTE = 1, RESIZED = 2, SYNCED = 3, UNSYNCED = 4, CREATED = 5, REMOVED = 6 };

struct control {
    _Atomic uint64_t action;
    _Atomic uint64_t calls; /* which calls: a sum of `enum call` */
    _Atomic int64_t skip;   /* so many matching calls go through first */
    _Atomic int64_t times;  /* then so many are hit */
    _Atomic uint64_t hits;  /* how many were */
    char part[216];         /* only files whose path has this in it */
};

static struct control *control;
static const char *folder;
static size_t folder_length;
static int lock_fd = -1, journal_fd = -1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int (*next_posix_fallocate)(int, off_t, off_t);

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("THROUGHGATE_FAULT_CONTROL");
    const char *below = getenv("THROUGHGATE_FAULT_FOLDER");
    next_posix_fallocate = dlsym(RTLD_NEXT, "posix_fallocate");
    if (!path || !below) return;
    /* A copy: PostgreSQL writes its processes' titles over the environment. */
    folder = strdup(below);
    folder_length = strlen(folder);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) return;
    control = mapped;
    lock_fd = fd; /* never closed: a POSIX lock goes with any descriptor of its file */
    const char *journal = getenv("THROUGHGATE_FAULT_JOURNAL");
    if (journal) journal_fd = syscall(SYS_openat, AT_FDCWD, journal, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static int is_below(const char *path) {
    return !strncmp(path, folder, folder_length) && path[folder_length] == '/';
}

static int absolute(const char *path, char out[PATH_MAX]) {
    if (path[0] == '/') return snprintf(out, PATH_MAX, "%s", path) < PATH_MAX;
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return 0;
    return snprintf(out, PATH_MAX, "%s/%s", here, path) < PATH_MAX;
}

static int path_of(int fd, char out[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, out, PATH_MAX - 1);
    if (length <= 0) return 0;
    out[length] = 0;
    return is_below(out);
}

static int is_idle(void) { return !control || (control->action == NOTHING && journal_fd < 0); }

/* What to do to this call. */
static uint64_t verdict(enum call call, const char *path) {
    uint64_t action = control->action;
    if (!action || !(control->calls & call) || !strstr(path, control->part)) return NOTHING;
    if (control->skip > 0 && atomic_fetch_sub(&control->skip, 1) > 0) return NOTHING;
    if (control->times <= 0 || atomic_fetch_sub(&control->times, 1) <= 0) return NOTHING;
    atomic_fetch_add(&control->hits, 1);
    return action;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* --- The journal: one at a time, across threads and processes; what dies lets go of it. ---------------------------- */

static void lock(short type) {
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    while (fcntl(lock_fd, F_SETLKW, &whole) < 0 && errno == EINTR) {}
}

static void enter(void) {
    if (journal_fd < 0) return;
    pthread_mutex_lock(&mutex);
    lock(F_WRLCK);
}

static void leave(void) {
    if (journal_fd < 0) return;
    int kept = errno;
    lock(F_UNLCK);
    pthread_mutex_unlock(&mutex);
    errno = kept;
}

static void note(enum record record, uint64_t inode, uint64_t offset, const void *bytes, uint64_t length) {
    if (journal_fd < 0) return;
    int kept = errno;
    uint64_t head[4] = {record, inode, offset, length};
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, bytes ? length : 0}};
    syscall(SYS_writev, journal_fd, parts, 2);
    errno = kept;
}

static uint64_t inode_of(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

/* --- Writing -------------------------------------------------------------------------------------------------------- */

static ssize_t put(int fd, const struct iovec *parts, int count, off_t offset) {
    return offset < 0 ? syscall(SYS_writev, fd, parts, count)
                      : syscall(SYS_pwritev, fd, parts, count, (unsigned long)offset, 0UL);
}

static ssize_t first_half(int fd, const struct iovec *parts, int count, off_t offset) {
    size_t whole = 0, done = 0;
    for (int i = 0; i < count; i++) whole += parts[i].iov_len;
    for (int i = 0; i < count && done < whole / 2; i++) {
        struct iovec part = parts[i];
        if (part.iov_len > whole / 2 - done) part.iov_len = whole / 2 - done;
        ssize_t wrote = put(fd, &part, 1, offset < 0 ? offset : offset + (off_t)done);
        if (wrote < 0) return done ? (ssize_t)done : -1;
        done += wrote;
    }
    return done;
}

static void note_written(int fd, const struct iovec *parts, int count, off_t offset, ssize_t wrote) {
    uint64_t inode = journal_fd < 0 ? 0 : inode_of(fd);
    for (int i = 0; i < count && wrote > 0; i++) {
        size_t length = (ssize_t)parts[i].iov_len < wrote ? parts[i].iov_len : (size_t)wrote;
        note(WROTE, inode, offset, parts[i].iov_base, length);
        offset += length;
        wrote -= length;
    }
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset) {
    char path[PATH_MAX];
    if (is_idle() || !path_of(fd, path)) return put(fd, parts, count, offset);
    uint64_t action = verdict(WRITE, path);
    if (action && action < 1000) {
        errno = action;
        return -1;
    }
    if (action == DIE_BEFORE) die();
    enter();
    off_t at = offset;
    if (journal_fd >= 0 && offset < 0) {
        int flags = fcntl(fd, F_GETFL);
        at = lseek(fd, 0, flags & O_APPEND ? SEEK_END : SEEK_CUR);
    }
    int half = action == SHORT || action == DIE_WITHIN;
    ssize_t wrote = half ? first_half(fd, parts, count, offset) : put(fd, parts, count, offset);
    if (wrote > 0) note_written(fd, parts, count, at, wrote);
    if (action == DIE_WITHIN || action == DIE_AFTER) die();
    leave();
    return wrote;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    struct iovec part = {(void *)bytes, length};
    if (is_idle()) return syscall(SYS_write, fd, bytes, length);
    return write_parts(fd, &part, 1, -1);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    struct iovec part = {(void *)bytes, length};
    return write_parts(fd, &part, 1, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return pwrite(fd, bytes, length, offset); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_parts(fd, parts, count, -1); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return write_parts(fd, parts, count, offset); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return write_parts(fd, parts, count, offset); }

/* --- Syncing, resizing, reading --------------------------------------------------------------------------------------- */

static int sync_file(long number, int fd) {
    char path[PATH_MAX];
    if (is_idle() || !path_of(fd, path)) return syscall(number, fd);
    uint64_t action = verdict(SYNC, path);
    if (action == DIE_BEFORE || action == DIE_WITHIN) die();
    enter();
    int result = -1;
    if (action && (action < 1000 || action == DIE_UNSYNCED)) {
        /* As a disk that gives up: what was to be written is lost, and the next sync knows nothing of it. */
        note(UNSYNCED, inode_of(fd), 0, NULL, 0);
        if (action == DIE_UNSYNCED) die();
        errno = action;
    } else {
        result = syscall(number, fd);
        if (result == 0) note(SYNCED, inode_of(fd), 0, NULL, 0);
    }
    if (action == DIE_AFTER) die();
    leave();
    return result;
}
int fsync(int fd) { return sync_file(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_file(SYS_fdatasync, fd); }

int ftruncate(int fd, off_t length) {
    char path[PATH_MAX];
    if (is_idle() || !path_of(fd, path)) return syscall(SYS_ftruncate, fd, length);
    uint64_t action = verdict(RESIZE, path);
    if (action && action < 1000) {
        errno = action;
        return -1;
    }
    if (action == DIE_BEFORE || action == DIE_WITHIN) die();
    enter();
    int result = syscall(SYS_ftruncate, fd, length);
    if (result == 0) note(RESIZED, inode_of(fd), length, NULL, 0);
    if (action == DIE_AFTER) die();
    leave();
    return result;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

/* Space that is set aside only grows a file: the journal need not know. */
static int allocation(int fd) {
    char path[PATH_MAX];
    if (is_idle() || !path_of(fd, path)) return 0;
    uint64_t action = verdict(RESIZE, path);
    if (action > 1001) die();
    return action < 1000 ? (int)action : 0;
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
    int failed = allocation(fd);
    if (!failed) return syscall(SYS_fallocate, fd, mode, offset, length);
    errno = failed;
    return -1;
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) {
    int failed = allocation(fd);
    return failed ? failed : next_posix_fallocate(fd, offset, length);
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

static int reading(int fd) {
    char path[PATH_MAX];
    if (is_idle() || !(control->calls & READ) || !path_of(fd, path)) return 0;
    uint64_t action = verdict(READ, path);
    if (action > 1001) die();
    if (action && action < 1000) errno = action;
    return action && action < 1000;
}
ssize_t read(int fd, void *bytes, size_t length) { return reading(fd) ? -1 : syscall(SYS_read, fd, bytes, length); }
ssize_t pread(int fd, void *bytes, size_t length, off_t offset) {
    return reading(fd) ? -1 : syscall(SYS_pread64, fd, bytes, length, offset);
}
ssize_t pread64(int fd, void *bytes, size_t length, off64_t offset) { return pread(fd, bytes, length, offset); }

/* --- Opening and naming ------------------------------------------------------------------------------------------------ */

static int open_at(int at, const char *given, int flags, mode_t mode) {
    char path[PATH_MAX];
    int writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
    if (is_idle() || !writes || (at != AT_FDCWD && given[0] != '/') || !absolute(given, path) || !is_below(path))
        return syscall(SYS_openat, at, given, flags, mode);
    uint64_t action = verdict(OPEN, path);
    if (action && action < 1000) {
        errno = action;
        return -1;
    }
    if (action > 1001 && action != DIE_AFTER) die();
    enter();
    struct stat before;
    int is_new = stat(path, &before) != 0;
    int fd = syscall(SYS_openat, at, given, flags, mode);
    if (fd >= 0 && is_new) note(CREATED, inode_of(fd), 0, NULL, 0);
    if (fd >= 0 && !is_new && flags & O_TRUNC) note(RESIZED, inode_of(fd), 0, NULL, 0);
    if (action == DIE_AFTER) die();
    leave();
    return fd;
}
static mode_t mode_in(int flags, va_list rest) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}
#define OPENS(name)                                      \
    int name(const char *path, int flags, ...) {         \
        va_list rest;                                    \
        va_start(rest, flags);                           \
        mode_t mode = mode_in(flags, rest);              \
        va_end(rest);                                    \
        return open_at(AT_FDCWD, path, flags, mode);     \
    }
OPENS(open)
OPENS(open64)
#define OPENS_AT(name)                                   \
    int name(int at, const char *path, int flags, ...) { \
        va_list rest;                                    \
        va_start(rest, flags);                           \
        mode_t mode = mode_in(flags, rest);              \
        va_end(rest);                                    \
        return open_at(at, path, flags, mode);           \
    }
OPENS_AT(openat)
OPENS_AT(openat64)
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }

static int name_file(const char *from, const char *to) {
    char path[PATH_MAX];
    const char *last = to ? to : from;
    int watched = !is_idle() && absolute(last, path) && is_below(path);
    uint64_t action = watched ? verdict(NAME, path) : NOTHING;
    if (action && action < 1000) {
        errno = action;
        return -1;
    }
    if (action == DIE_BEFORE || action == DIE_WITHIN) die();
    if (watched) enter();
    struct stat gone;
    int removes = watched && stat(path, &gone) == 0;
    int result = to ? syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0) : syscall(SYS_unlinkat, AT_FDCWD, from, 0);
    if (result == 0 && removes) note(REMOVED, gone.st_ino, 0, NULL, 0);
    if (action == DIE_AFTER) die();
    if (watched) leave();
    return result;
}
int rename(const char *from, const char *to) { return name_file(from, to); }
int unlink(const char *path) { return name_file(path, NULL); }
