// Preloaded into a program (LD_PRELOAD), this writes down every change of the files below one directory, in the order in which they
// were made, so that afterwards the disk can be put into the state of any moment: tests/src/power_loss reads what is written here.
//
//   POWER_LOSS_ROOT   the directory, as a path without links; it is there
//   POWER_LOSS_LOG    the file that the notes are appended to. Several programs may write one log
//                     While there is a file of that name with .held behind it, all of them wait before the next change
//   POWER_LOSS_FAULT  N:END:HOW. The Nth sync of a file whose path ends in END is not done. HOW is what happens in its place: `fail`
//                     (EIO, once), or `kill` (the program kills itself). A file with the log's name and .fault behind it tells of it;
//                     syncs count from when there is one with .armed behind it
//   POWER_LOSS_DEAF   END. Syncs of files whose paths end in END are reported as done, and neither done nor noted: a disk that lies
//
// A change and its note are one step: while it lasts, the log is locked (flock). So who holds that lock can kill the program without
// a change that is not noted, and a line that somebody else appends to the log stands between the same changes as in the world. The
// file .held is there because a lock is not fair: a program that changes much would not let go of it for long enough.
// A sync has two notes, since what is written while it runs may or may not be covered by it.
// Not noted: what is read, and files in -shm, which SQLite shares between processes by mmap and builds anew when it opens a database.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPENED = 1, CREATED, WROTE, CUT, SYNC_BEGUN, SYNC_ENDED, SYNC_FAILED, REMOVED, RENAMED, MADE_DIRECTORY };

// As tests/src/power_loss/log/note.rs reads it. What follows has `length` bytes: a path, two paths with a zero between, or what was
// written.
struct note {
    uint32_t magic, kind, thread, length;
    uint64_t inode, at;
};
#define MAGIC 0x4c574f50u

static char root[PATH_MAX], held[PATH_MAX], armed[PATH_MAX], fault_came[PATH_MAX], deaf[NAME_MAX], fault_end[NAME_MAX];
static int log_file = -1, fault_kills;
static long fault_at, fault_seen;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void give_up(const char *why) {
    fprintf(stderr, "power loss shim: %s: %s\n", why, strerror(errno));
    abort();
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("POWER_LOSS_ROOT"), *to = getenv("POWER_LOSS_LOG"), *fault = getenv("POWER_LOSS_FAULT");
    if (!where || !to) return;
    snprintf(root, sizeof root, "%s", where);
    snprintf(deaf, sizeof deaf, "%s", getenv("POWER_LOSS_DEAF") ? getenv("POWER_LOSS_DEAF") : "");
    char how[8] = "";
    if (fault && sscanf(fault, "%ld:%254[^:]:%7s", &fault_at, fault_end, how) != 3) give_up("POWER_LOSS_FAULT is not N:END:HOW");
    if (snprintf(held, sizeof held, "%s.held", to) >= (int)sizeof held) give_up(to);
    if (snprintf(armed, sizeof armed, "%s.armed", to) >= (int)sizeof armed) give_up(to);
    if (snprintf(fault_came, sizeof fault_came, "%s.fault", to) >= (int)sizeof fault_came) give_up(to);
    fault_kills = !strcmp(how, "kill");
    log_file = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0) give_up(to);
}

static int ends_in(const char *path, const char *end) {
    size_t all = strlen(path), last = strlen(end);
    return last && all >= last && !strcmp(path + all - last, end);
}

static int is_watched(const char *path) {
    size_t length = strlen(root);
    return log_file >= 0 && !strncmp(path, root, length) && (path[length] == '/' || !path[length]) && !ends_in(path, "-shm");
}

// The path of what is open as `fd`. Zero if it has none.
static int path_of(int fd, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (ends_in(path, " (deleted)")) path[length - 10] = 0;
    return 1;
}

// The whole of a path that is given relative to the directory `from`.
static int whole(int from, const char *given, char path[PATH_MAX]) {
    char base[PATH_MAX] = "";
    if (!given || log_file < 0) return 0;
    if (given[0] != '/') {
        if (from == AT_FDCWD ? !getcwd(base, sizeof base) : !path_of(from, base)) return 0;
        strncat(base, "/", sizeof base - strlen(base) - 1);
    }
    if (strlen(base) + strlen(given) >= PATH_MAX) return 0;
    strcat(strcpy(path, base), given);
    for (size_t last = strlen(path); last > 1 && path[last - 1] == '/'; last--) path[last - 1] = 0;
    return 1;
}

// A regular file or a directory below the root that is open.
struct subject {
    uint64_t inode;
    char path[PATH_MAX];
};

static int watched(int fd, struct subject *subject) {
    struct stat found;
    int kept = errno, is = log_file >= 0 && fd != log_file && !fstat(fd, &found) && (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode)) &&
                           path_of(fd, subject->path) && is_watched(subject->path);
    errno = kept;
    if (!is) return 0;
    subject->inode = found.st_ino;
    return 1;
}

static void enter(void) {
    pthread_mutex_lock(&one_at_a_time);
    int kept = errno;
    while (!access(held, F_OK)) usleep(500);
    errno = kept;
    while (flock(log_file, LOCK_EX)) if (errno != EINTR) give_up("cannot lock the log");
}

static void leave(void) {
    int kept = errno;
    flock(log_file, LOCK_UN);
    errno = kept;
    pthread_mutex_unlock(&one_at_a_time);
}

static void put(enum kind kind, uint64_t inode, uint64_t at, const void *bytes, size_t length) {
    struct note note = { MAGIC, kind, (uint32_t)syscall(SYS_gettid), (uint32_t)length, inode, at };
    struct iovec parts[2] = { { &note, sizeof note }, { (void *)bytes, length } };
    int kept = errno;
    ssize_t put = syscall(SYS_writev, log_file, parts, length ? 2 : 1);
    if (put != (ssize_t)(sizeof note + length)) give_up("cannot append to the log");
    errno = kept;
}

static int opened(int from, const char *given, int flags, mode_t mode) {
    char path[PATH_MAX];
    struct stat before;
    struct subject now;
    if (!whole(from, given, path) || !is_watched(path)) return syscall(SYS_openat, from, given, flags, mode);
    enter();
    int was_there = !stat(path, &before);
    int fd = syscall(SYS_openat, from, given, flags, mode);
    if (fd >= 0 && watched(fd, &now)) {
        put(was_there ? OPENED : CREATED, now.inode, 0, now.path, strlen(now.path));
        if (was_there && (flags & O_TRUNC) && before.st_size) put(CUT, now.inode, 0, 0, 0);
    }
    leave();
    return fd;
}

#define WITH_MODE \
    mode_t mode = 0; \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }
int open(const char *path, int flags, ...) { WITH_MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { WITH_MODE return opened(AT_FDCWD, path, flags, mode); }
int openat(int from, const char *path, int flags, ...) { WITH_MODE return opened(from, path, flags, mode); }
int openat64(int from, const char *path, int flags, ...) { WITH_MODE return opened(from, path, flags, mode); }

// `at` is where, or -1 for where the file stands.
static ssize_t written(int fd, const void *bytes, size_t length, off_t at) {
    struct subject file;
    int is = watched(fd, &file);
    if (is) enter();
    off_t where = at >= 0 ? at : is && (fcntl(fd, F_GETFL) & O_APPEND) ? lseek(fd, 0, SEEK_END) : is ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    if (is && done > 0) put(WROTE, file.inode, where, bytes, done);
    if (is) leave();
    return done;
}
ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return written(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return written(fd, bytes, length, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
    struct subject file;
    if (!watched(fd, &file)) return syscall(SYS_writev, fd, parts, count);
    for (int i = 0; i < count; i++) if (parts[i].iov_len) return written(fd, parts[i].iov_base, parts[i].iov_len, -1); // less is allowed
    return 0;
}

// Copies within the kernel are refused as a file system may refuse them: whoever asked for one then writes the bytes.
static int refused(int fd) {
    struct subject file;
    if (!watched(fd, &file)) return 0;
    errno = EINVAL;
    return 1;
}
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *where, size_t length, unsigned flags) {
    return refused(to) ? -1 : syscall(SYS_copy_file_range, from, at, to, where, length, flags);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
    return refused(to) ? -1 : syscall(SYS_sendfile, to, from, at, length);
}
ssize_t sendfile(int to, int from, off_t *at, size_t length) { return sendfile64(to, from, at, length); }

int ftruncate64(int fd, off_t length) {
    struct subject file;
    int is = watched(fd, &file);
    if (is) enter();
    int failed = syscall(SYS_ftruncate, fd, length);
    if (is && !failed) put(CUT, file.inode, length, 0, 0);
    if (is) leave();
    return failed;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int is_faulty(const char *path) {
    return fault_at && ends_in(path, fault_end) && !access(armed, F_OK) && __sync_add_and_fetch(&fault_seen, 1) == fault_at;
}

static int synced(int fd, long call) {
    struct subject file;
    if (!watched(fd, &file)) return syscall(call, fd);
    if (ends_in(file.path, deaf)) return 0;
    int faulty = is_faulty(file.path);
    if (faulty) close(syscall(SYS_openat, AT_FDCWD, fault_came, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    if (faulty && fault_kills) raise(SIGKILL);
    enter();
    put(faulty ? SYNC_FAILED : SYNC_BEGUN, file.inode, 0, 0, 0);
    leave();
    if (faulty) {
        errno = EIO;
        return -1;
    }
    int failed = syscall(call, fd);
    enter();
    put(failed ? SYNC_FAILED : SYNC_ENDED, file.inode, 0, 0, 0);
    leave();
    return failed;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int renameat(int from, const char *old, int to, const char *new) {
    char a[2 * PATH_MAX], b[PATH_MAX];
    int is = whole(from, old, a) & whole(to, new, b) && is_watched(a) && is_watched(b);
    if (is) enter();
    int failed = syscall(SYS_renameat2, from, old, to, new, 0);
    if (is && !failed) {
        size_t first = strlen(a) + 1;
        strcpy(a + first, b);
        put(RENAMED, 0, 0, a, first + strlen(b));
    }
    if (is) leave();
    return failed;
}
int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }

int unlinkat(int from, const char *given, int flags) {
    char path[PATH_MAX];
    int is = whole(from, given, path) && is_watched(path);
    if (is) enter();
    int failed = syscall(SYS_unlinkat, from, given, flags);
    if (is && !failed) put(REMOVED, 0, 0, path, strlen(path));
    if (is) leave();
    return failed;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int from, const char *given, mode_t mode) {
    char path[PATH_MAX];
    int is = whole(from, given, path) && is_watched(path);
    if (is) enter();
    int failed = syscall(SYS_mkdirat, from, given, mode);
    if (is && !failed) put(MADE_DIRECTORY, 0, 0, path, strlen(path));
    if (is) leave();
    return failed;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
