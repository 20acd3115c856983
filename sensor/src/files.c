/* Files that are opened. A file is judged by where its descriptor leads: no name hides that. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include "sensor.h"

static bool is_beside_files(const char *truth) { /* pipes, sockets; what is nobody else's */
  return truth[0] != '/' || !strncmp(truth, "/tmp/", 5) || !strcmp(truth, "/tmp") ||
         !strncmp(truth, "/memfd:", 7);
}

static bool refused(int fd, int flags) {
  char truth[PATH], name[NAME];
  bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (!resolved(fd, truth)) return false;
  if (!strncmp(truth, "/memfd:" PAGE_NAME, sizeof "/memfd:" PAGE_NAME - 1)) return true;
  const char *place = sensitive(truth);
  if (!place && (is_beside_files(truth) || is_own(truth))) return false;
  shortened(truth, name);
  return judged(writes ? WRITE : READ, writes ? "write" : "read", name, place, -1, NULL);
}

static int opened(int fd, int flags) {
  bool refuse = false;
  if (fd >= 0 && !(flags & O_PATH)) QUIET(refuse = refused(fd, flags));
  if (!refuse) return fd;
  REAL(close)(fd);
  REFUSE(-1);
}

/* Opening may already empty a file, so where writing is blocked it is judged before as well. */
static bool refused_before(int folder, const char *path, int flags) {
  if (!(flags & O_TRUNC) || policy_mode(WRITE) != BLOCK || !policy_armed()) return false;
  int probe = REAL(openat)(folder, path, O_PATH | O_CLOEXEC);
  bool refuse = probe >= 0 && refused(probe, flags);
  if (probe >= 0) REAL(close)(probe);
  return refuse;
}

static bool passes(int folder, const char *path, int flags, bool *refuse) {
  bool own = is_own(path);
  *refuse = false;
  if (!own) QUIET(*refuse = refused_before(folder, path, flags));
  return own;
}

#define MODE(last) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list list; \
    va_start(list, last); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }
#define OPENED(folder, call) \
  bool refuse, own = passes(folder, path, flags, &refuse); \
  if (refuse) REFUSE(-1); \
  return own ? (call) : opened((call), flags)

HOOK int open(const char *path, int flags, ...) {
  MODE(flags)
  OPENED(AT_FDCWD, REAL(open)(path, flags, mode));
}

HOOK int open64(const char *path, int flags, ...) {
  MODE(flags)
  OPENED(AT_FDCWD, REAL(open64)(path, flags, mode));
}

HOOK int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  OPENED(folder, REAL(openat)(folder, path, flags, mode));
}

HOOK int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags)
  OPENED(folder, REAL(openat64)(folder, path, flags, mode));
}

/* What compilers make of the same calls where they check for overflows. */
HOOK int __open_2(const char *path, int flags) { return open(path, flags); }
HOOK int __open64_2(const char *path, int flags) { return open64(path, flags); }
HOOK int __openat_2(int folder, const char *path, int flags) { return openat(folder, path, flags); }
HOOK int __openat64_2(int folder, const char *path, int flags) {
  return openat64(folder, path, flags);
}
HOOK int creat(const char *path, mode_t mode) {
  return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
HOOK int creat64(const char *path, mode_t mode) {
  return open64(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static int flags_of(const char *mode) {
  bool both = strchr(mode, '+');
  int flags = *mode == 'r' && !both ? O_RDONLY : both ? O_RDWR : O_WRONLY;
  return *mode == 'w' ? flags | O_TRUNC : flags;
}

static FILE *opened_stream(FILE *file, int flags) {
  bool refuse = false;
  if (file) QUIET(refuse = refused(fileno(file), flags));
  if (!refuse) return file;
  fclose(file);
  REFUSE(NULL);
}

#define STREAM(name) \
  HOOK FILE *name(const char *path, const char *mode) { \
    int flags = flags_of(mode); \
    bool refuse, own = passes(AT_FDCWD, path, flags, &refuse); \
    if (refuse) REFUSE(NULL); \
    return own ? REAL(name)(path, mode) : opened_stream(REAL(name)(path, mode), flags); \
  }
STREAM(fopen)
STREAM(fopen64)
