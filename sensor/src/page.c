/* What the runtime and its children share: counters, and what was already told. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "sensor.h"

enum { HIGH = 700 }; /* descriptors of ours stay away from those that programs count on */
static struct page alone; /* where there is no memory to share */
struct page *page = &alone;
static int page_fd = -1;
static pid_t page_owner;

static void attach(int fd) {
  void *at = REAL(mmap)(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at != MAP_FAILED) page = at;
}

void page_make(void) {
  int fd = (int)REAL(syscall)(SYS_memfd_create, PAGE_NAME, 3 /* close on exec, sealable */);
  if (fd >= 0 && ftruncate(fd, sizeof *page) == 0) {
    fcntl(fd, 1033 /* F_ADD_SEALS */, 6 /* shrink, grow */);
    attach(fd);
    page_fd = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
  }
  if (fd >= 0) REAL(close)(fd);
  memcpy(&page->environment, (const void *)getauxval(AT_RANDOM), 6);
  page->runtime = page_owner = getpid();
  page->started = page->told_at = nanoseconds();
  log_open();
}

bool page_join(const char *state) {
  int pid, fd, armed;
  char path[64];
  if (sscanf(state, "%d:%d:%d", &pid, &fd, &armed) != 3) return false;
  snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
  int there = REAL(open)(path, O_RDWR | O_CLOEXEC);
  if (there >= 0) {
    char truth[PATH];
    if (resolved(there, truth) && strstr(truth, PAGE_NAME)) attach(there);
    REAL(close)(there);
  }
  page_owner = pid, page_fd = fd;
  if (page == &alone) page->runtime = pid; /* its log is not known: nothing will be written */
  return armed || GET(page->invocations); /* a copy of the variable may be older */
}

char *page_state(bool armed) {
  static char state[80];
  if (!state[0])
    snprintf(state, sizeof state, "WARDEN_SENSOR_STATE=%d:%d:0", (int)page_owner, page_fd);
  state[strlen(state) - 1] = armed ? '1' : '0';
  return state;
}

uint64_t digest(uint64_t start, const char *text) {
  uint64_t hash = start ? start : 14695981039346656037u; /* FNV-1a */
  for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211u;
  return hash * 1099511628211u + 1;
}

static uint64_t *slot_of(uint64_t key) {
  for (unsigned i = 0; i < SEEN; i++) {
    uint64_t *slot = &page->seen[(key + i) % SEEN];
    if (GET(*slot) == key || GET(*slot) == 0) return slot;
  }
  return NULL;
}

bool has_seen(uint64_t key) {
  uint64_t *slot = slot_of(key);
  return slot && GET(*slot) == key;
}

bool remember(uint64_t key) {
  uint64_t *slot = slot_of(key), empty = 0;
  return slot && (__atomic_compare_exchange_n(slot, &empty, key, false, __ATOMIC_RELAXED,
                                              __ATOMIC_RELAXED) || empty == key);
}

static uint64_t clock_now(clockid_t which) {
  struct timespec now;
  clock_gettime(which, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t nanoseconds(void) { return clock_now(CLOCK_MONOTONIC); }
uint64_t busy(void) { return clock_now(CLOCK_THREAD_CPUTIME_ID); }
