/* Code that did not come with the function: libraries, memory that becomes executable; and calls
 * of the kernel that go through libc's syscall(). */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sensor.h"

/* A library is searched by who asks for it: the call is handed on, not made. */
#if defined(__clang__)
#define HAND_ON __attribute__((musttail)) return
#else
#define HAND_ON return
#endif

HOOK void *dlopen(const char *file, int flags) {
  if (file && *file && !is_own(file)) {
    bool refuse;
    QUIET(refuse = judged(CODE, "library", file, NULL, -1, NULL));
    if (refuse) file = "/refused-by-policy"; /* dlerror() must have something to say */
  }
  HAND_ON REAL(dlopen)(file, flags);
}

static bool refused(int protection, int fd) {
  char truth[PATH];
  bool refuse = false;
  if (!(protection & PROT_EXEC)) return false;
  bool file = fd >= 0 && resolved(fd, truth);
  if (file && is_own(truth)) return false;
  QUIET(refuse = judged(CODE, "memory", file ? truth : "anonymous", NULL, -1, NULL));
  return refuse;
}

HOOK void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (refused(protection, flags & MAP_ANONYMOUS ? -1 : fd)) REFUSE(MAP_FAILED);
  return REAL(mmap)(at, length, protection, flags, fd, offset);
}

HOOK void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (refused(protection, flags & MAP_ANONYMOUS ? -1 : fd)) REFUSE(MAP_FAILED);
  return REAL(mmap64)(at, length, protection, flags, fd, offset);
}

HOOK int mprotect(void *at, size_t length, int protection) {
  if (refused(protection, -1)) REFUSE(-1);
  return REAL(mprotect)(at, length, protection);
}

HOOK long syscall(long number, ...) {
  va_list list;
  long a[6];
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  switch (number) {
    case SYS_execve: return execve((const char *)a[0], (char *const *)a[1], (char *const *)a[2]);
    case SYS_connect: return connect((int)a[0], (const struct sockaddr *)a[1], (socklen_t)a[2]);
    case SYS_openat: return openat((int)a[0], (const char *)a[1], (int)a[2], (mode_t)a[3]);
    case SYS_execveat: /* declared by newer libc only */
      return execveat((int)a[0], (const char *)a[1], (char *const *)a[2], (char *const *)a[3],
                      (int)a[4]);
    default: return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
}
