/* The boundary between invocations: the runtime asks for the next event. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sensor.h"

static const uint64_t second = 1000000000u;
static pthread_t main_thread;
static uint64_t woke; /* when the main thread's event loop last had something to do */

static uint64_t children_faults(void) {
  struct rusage used;
  return getrusage(RUSAGE_CHILDREN, &used) == 0 ? (uint64_t)used.ru_minflt : 0;
}

static bool has_children(void) {
  siginfo_t one;
  return waitid(P_ALL, 0, &one, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void children_now(void) {
  page->children_before = GET(page->children);
  page->faults_before = children_faults();
  page->had_children = has_children();
}

extern int __register_atfork(void (*)(void), void (*)(void), void (*)(void), void *);

static void forked(void) {
  ADD(page->children, 1);
  noticed(PROGRAM, "fork", "fork"); /* what it executes is judged then */
}

void boundary_start(void) {
  main_thread = pthread_self();
  children_now();
}

__attribute__((constructor)) static void count_forks(void) { __register_atfork(NULL, NULL, forked, NULL); }

/* The kernel counts every child, also one that no hook saw. Only where no other child can be meant
 * is that certain: none was left from before, and none was seen to start. */
static void look_for_unseen_children(void) {
  bool alone = !page->had_children && GET(page->children) == page->children_before;
  bool any = has_children() || children_faults() != page->faults_before;
  children_now();
  if (!alone || !any) return;
  struct line line;
  line_begin(&line, "unseen");
  line_text(&line, "did", "seen");
  line_number(&line, "n", GET(page->invocations));
  if (ADD(page->unseen, 1) < LINES_A_MINUTE) line_end(&line);
}

static uint64_t file_number(const char *path, const char *after) {
  char text[2048];
  int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : REAL(read)(fd, text, sizeof text - 1);
  if (fd >= 0) REAL(close)(fd);
  text[length > 0 ? length : 0] = 0;
  const char *at = strstr(text, after);
  return at ? strtoull(at + strlen(after), NULL, 10) : 0;
}

static uint64_t descriptors(void) {
  uint64_t found = 0;
  char entries[1024];
  int fd = REAL(open)("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (long got; (got = REAL(syscall)(SYS_getdents64, fd, entries, sizeof entries)) > 0;)
    for (long at = 0; at < got; at += *(unsigned short *)(void *)(entries + at + 16)) found++;
  if (fd >= 0) REAL(close)(fd);
  return found > 3 ? found - 3 : 0; /* ".", ".." and this one */
}

static void summarize(uint64_t now) {
  struct line line;
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  line_begin(&line, "summary");
  line_number(&line, "n", GET(page->invocations));
  line_number(&line, "s", (now - page->told_at) / second);
  static const char *const fields[] = {"program", "read", "write", "connect", "code"};
  for (int i = 0; i < CATEGORIES; i++) line_number(&line, fields[i], GET(page->count[i]));
  line_number(&line, "in", GET(page->bytes_in));
  line_number(&line, "out", GET(page->bytes_out));
  line_number(&line, "cpu", (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000u +
                            (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000u);
  line_number(&line, "mem", (uint64_t)used.ru_maxrss);
  line_number(&line, "thr", file_number("/proc/self/status", "Threads:"));
  line_number(&line, "fd", descriptors());
  line_number(&line, "loop", __atomic_exchange_n(&page->longest_block, 0, __ATOMIC_RELAXED));
  line_number(&line, "drop", GET(page->dropped));
  line_number(&line, "unseen", GET(page->unseen));
  line_number(&line, "refused", GET(page->refused));
  line_end(&line);
  page->told_at = now;
}

static void introduce(uint64_t now) {
  const char *several = getenv("AWS_LAMBDA_MAX_CONCURRENCY"), *wrong = policy_error();
  struct line line;
  if (getpid() != page->runtime) { /* a wrapper started the runtime as its child */
    page->runtime = getpid();
    log_open();
    children_now();
  }
  line_begin(&line, "start");
  line_number(&line, "ms", (now - page->started) / 1000000u);
  line_number(&line, "policy", policy_digest());
  if (*wrong) line_text(&line, "wrong", wrong);
  if (several) line_number(&line, "at_once", strtoull(several, NULL, 10));
  line_end(&line);
  page->told_at = now;
}

static void next_event(void) {
  uint64_t now = nanoseconds();
  if (GET(page->invocations) == 0) introduce(now);
  log_held();
  if (getpid() == page->runtime) look_for_unseen_children();
  if (now - page->told_at >= 60 * second) summarize(now);
  ADD(page->invocations, 1);
  policy_arm();
  page_state(true);
  woke = 0; /* what the main thread does between invocations blocks nobody */
}

void boundary(void) { QUIET(next_event()); }

__attribute__((destructor)) static void end(void) {
  if (getpid() != page->runtime) return;
  log_held();
  if (GET(page->invocations)) summarize(nanoseconds());
}

/* An event loop that does not come back to wait is blocked. Processor time, not the clock: Lambda
 * freezes the environment between invocations. */
static void loop_waits(void) {
  if (!woke || !pthread_equal(pthread_self(), main_thread)) return;
  uint64_t blocked = (busy() - woke) / 1000000u;
  if (blocked > GET(page->longest_block)) SET(page->longest_block, blocked);
  if (blocked < 1000) return;
  struct line line;
  line_begin(&line, "loop");
  line_text(&line, "did", "seen");
  line_number(&line, "ms", blocked);
  line_number(&line, "n", GET(page->invocations));
  line_end(&line);
}

static void loop_wakes(void) {
  if (page->invocations && pthread_equal(pthread_self(), main_thread)) woke = busy();
}

HOOK int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout) {
  loop_waits();
  int got = REAL(epoll_wait)(epoll, events, most, timeout);
  QUIET(loop_wakes());
  return got;
}

HOOK int epoll_pwait(int epoll, struct epoll_event *events, int most, int timeout,
                     const sigset_t *signals) {
  loop_waits();
  int got = REAL(epoll_pwait)(epoll, events, most, timeout, signals);
  QUIET(loop_wakes());
  return got;
}
