/* The sensor: what a function does, seen from within at the calls of libc. See docs/sensor.md.
 *
 * Rules for every line here: no lock, no allocation after the start, errno left alone. A hook may
 * run in a signal handler, between vfork and exec, or in a fork of a process with many threads.
 */
#ifndef WARDEN_SENSOR_H
#define WARDEN_SENSOR_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#define HOOK __attribute__((visibility("default")))
#define QUIET(work) do { int kept_errno = errno; work; errno = kept_errno; } while (0)
#define REFUSE(value) do { errno = EPERM; return value; } while (0)
#define ADD(counter, n) __atomic_fetch_add(&(counter), (n), __ATOMIC_RELAXED)
#define GET(counter) __atomic_load_n(&(counter), __ATOMIC_RELAXED)
#define SET(counter, n) __atomic_store_n(&(counter), (n), __ATOMIC_RELAXED)
enum { NAME = 160, LINE = 480, PATH = 1024 }; /* bytes of a name, of a log line, of a path */

/* What policy speaks of, in this order. */
enum category { PROGRAM, READ, WRITE, CONNECT, CODE, CATEGORIES };
enum mode { OBSERVE, ALERT, BLOCK };

/* real.c: the functions behind the hooks. */
#define REALS(X) X(execve) X(execvpe) X(execveat) X(fexecve) X(posix_spawn) X(posix_spawnp) \
  X(system) X(popen) X(open) X(open64) X(openat) X(openat64) X(fopen) X(fopen64) X(connect) \
  X(send) X(sendto) X(sendmsg) X(recv) X(recvfrom) X(recvmsg) X(read) X(readv) X(write) X(writev) \
  X(close) X(getaddrinfo) X(dlopen) X(mmap) X(mmap64) X(mprotect) X(epoll_wait) X(epoll_pwait) \
  X(syscall)
#define NUMBERED(f) REAL_##f,
enum real { REALS(NUMBERED) REAL_COUNT };
void *real(enum real which);
#define REAL(f) ((__typeof__(&f))real(REAL_##f))

/* page.c: what the runtime and its children share. */
enum { SEEN = 2048, SEEN_EACH = 256, LINES_A_MINUTE = 40, HELD = 16, EXPECTED = 32 };
struct page {
  pid_t runtime;                 /* the process that writes to the log */
  int log_fd;                    /* its log, and what that was at the start */
  uint64_t log_device, log_file;
  uint64_t environment;          /* tells this one from others of the same function */
  uint64_t started, told_at;     /* nanoseconds */
  uint64_t invocations, children, dropped, unseen, refused, bytes_in, bytes_out, longest_block;
  uint64_t children_before, faults_before; /* at the last boundary, as is had_children */
  bool had_children;
  uint64_t count[CATEGORIES];
  unsigned distinct[CATEGORIES], lines[CATEGORIES + 1], minute;
  uint64_t seen[SEEN], expected[EXPECTED]; /* first sights; programs about to arrive */
  unsigned expected_last;
  struct { unsigned char full; char line[LINE]; } held[HELD];
};
extern struct page *page;
#define PAGE_NAME "warden-sensor"
void page_make(void);
bool page_join(const char *state);
char *page_state(bool armed);     /* WARDEN_SENSOR_STATE=..., for a child */
uint64_t digest(uint64_t start, const char *text);
bool has_seen(uint64_t key);
bool remember(uint64_t key);
uint64_t nanoseconds(void);  /* of the clock */
uint64_t busy(void);         /* nanoseconds of the processor that this thread had */

/* policy.c: read once; its memory is read-only from then on. */
void policy_read(const char *text, bool armed);
void policy_arm(void);
bool policy_armed(void);
bool policy_tells_arguments(void);
enum mode policy_mode(enum category category);
bool policy_allows(enum category category, const char *name);
uint64_t policy_digest(void);
const char *policy_error(void);

/* line.c: log lines, each one write. */
struct line { char text[LINE]; size_t length; };
void line_begin(struct line *line, const char *kind);
void line_text(struct line *line, const char *field, const char *value);
void line_number(struct line *line, const char *field, uint64_t value);
void line_end(struct line *line);
void log_open(void);
void log_held(void);

/* judge.c: the one place that decides. True: refuse the call. */
bool judged(enum category category, const char *kind, const char *name, const char *place,
            int argc, char *const argv[]);
void noticed(enum category category, const char *kind, const char *name); /* too late to refuse */

/* places.c: what a path means. */
void places_start(void);
bool is_own(const char *path);           /* code of the function, a layer or the runtime */
const char *sensitive(const char *path); /* the name of a sensitive place, or NULL */
bool resolved(int fd, char *path);       /* where a descriptor leads; PATH bytes */
void shortened(const char *path, char *name); /* a name that does not grow with data; NAME bytes */

/* boundary.c: the runtime asks for the next event. */
void boundary_start(void);
void boundary(void);

/* programs.c, sockets.c */
void programs_start(void);
void program_arrived(void);
int execveat(int folder, const char *file, char *const argv[], char *const env[], int flags);
void sockets_start(void);

#endif
