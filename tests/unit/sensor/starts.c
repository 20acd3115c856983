/* Starts programs in every way that libc has, from threads and from signal handlers, and checks
 * that each of them ran and that errno is what it was. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char *const arguments[] = {"true", "one", "two", NULL};
static volatile sig_atomic_t opened;

static void check(int fine, const char *what) {
  if (fine) return;
  fprintf(stderr, "FAILED: %s\n", what);
  _exit(1);
}

static void ended(pid_t child, const char *what) {
  int status = -1;
  check(child > 0 && waitpid(child, &status, 0) == child && status == 0, what);
}

#define FORKED(fork, call) do { \
  pid_t child = fork(); \
  if (!child) { call; _exit(9); } \
  ended(child, #fork " " #call); \
} while (0)

static void on_signal(int number) {
  int before = errno, fd = open("/etc/hostname", O_RDONLY);
  (void)number;
  if (fd >= 0) close(fd);
  __atomic_add_fetch(&opened, 1, __ATOMIC_RELAXED);  /* eight threads count at once */
  errno = before;
}

static void *in_thread(void *unused) {
  (void)unused;
  for (int i = 0; i < 5; i++) FORKED(vfork, execv("/bin/true", arguments));
  for (int i = 0; i < 300; i++) {
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/status", (int)getpid());
    close(open(path, O_RDONLY));
    raise(SIGUSR1);
  }
  return NULL;
}

int main(void) {
  pid_t child;
  char *const empty[] = {NULL};
  signal(SIGUSR1, on_signal);
  FORKED(fork, execv("/bin/true", arguments));
  FORKED(vfork, execve("/bin/true", arguments, environ));
  FORKED(vfork, execve("/bin/true", arguments, empty));
  FORKED(fork, execvp("true", arguments));
  FORKED(fork, execvpe("true", arguments, environ));
  FORKED(fork, execl("/bin/true", "true", "one", (char *)NULL));
  FORKED(fork, execlp("true", "true", (char *)NULL));
  FORKED(fork, execle("/bin/true", "true", "a", "b", (char *)NULL, environ));
  FORKED(fork, fexecve(open("/bin/true", O_RDONLY), arguments, environ));
  check(posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ) == 0, "posix_spawn");
  ended(child, "posix_spawn");
  check(posix_spawnp(&child, "true", NULL, NULL, arguments, environ) == 0, "posix_spawnp");
  ended(child, "posix_spawnp");
  check(system("true") == 0 && system(NULL) != 0, "system");
  check(pclose(popen("true", "r")) == 0, "popen");
  errno = 0;
  check(execv("/nowhere/nothing", arguments) == -1 && errno == ENOENT, "a program that is not there");
  check(open("/nowhere/nothing", O_RDONLY) == -1 && errno == ENOENT, "a file that is not there");
  errno = 77;
  FILE *file = fopen("/etc/hostname", "r");
  check(file != NULL && errno == 77, "errno stays");
  fclose(file);
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) check(!pthread_create(&threads[i], NULL, in_thread, NULL), "thread");
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  check(__atomic_load_n(&opened, __ATOMIC_RELAXED) == 8 * 300, "signals");
  puts("fine");
  return 0;
}
