/* Programs that are started. */
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sensor.h"

extern char **environ;
static char preload[PATH] = "LD_PRELOAD=", policy[PATH * 4] = "WARDEN_SENSOR_POLICY=";
static bool keeps; /* whether children must not lose the sensor, because something is blocked */

void programs_start(void) {
  const char *value = getenv("LD_PRELOAD"), *text = getenv("WARDEN_SENSOR_POLICY");
  if (value && strlen(value) < PATH - 12) strcat(preload, value);
  if (text && strlen(text) < sizeof policy - 24) strcat(policy, text);
  for (int c = 0; c < CATEGORIES; c++) keeps |= policy_mode((enum category)c) == BLOCK && value;
}

static uint64_t file_key(const char *truth) { return digest(digest(0, "file"), truth); }

/* Remember which file is about to arrive as a program: this one, or a script's interpreter. */
static void expect(const char *path) {
  char truth[PATH], head[PATH];
  int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  bool found = resolved(fd, truth);
  ssize_t length = REAL(read)(fd, head, sizeof head - 1);
  REAL(close)(fd);
  if (length > 2 && head[0] == '#' && head[1] == '!') {
    head[length] = 0;
    char *interpreter = head + 2 + strspn(head + 2, " \t");
    interpreter[strcspn(interpreter, " \t\n")] = 0;
    fd = REAL(open)(interpreter, O_PATH | O_CLOEXEC);
    found = fd >= 0 && resolved(fd, truth);
    if (fd >= 0) REAL(close)(fd);
  }
  if (found) SET(page->expected[ADD(page->expected_last, 1) % EXPECTED], file_key(truth));
}

static bool was_expected(uint64_t key) {
  for (int i = 0; i < EXPECTED; i++) {
    uint64_t one = key;
    if (__atomic_compare_exchange_n(&page->expected[i], &one, 0, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED)) return true;
  }
  return false;
}

/* Only who has the sensor can tell of his arrival. */
static bool carries(char *const env[]) {
  for (; env && *env; env++)
    if (!strcmp(*env, preload)) return true;
  return keeps;
}

static bool refused_path(const char *path, char *const argv[], char *const env[]) {
  int count = 0;
  while (argv && argv[count]) count++;
  ADD(page->children, 1);
  if (judged(PROGRAM, "program", path, NULL, count ? count - 1 : 0, argv)) return true;
  if (carries(env)) expect(path);
  return false;
}

/* A program that is not there is none: whoever searches the PATH tries many. */
static bool refused(const char *file, char *const argv[], char *const env[], bool search) {
  char path[PATH];
  const char *folders = getenv("PATH");
  if (!file || !*file || strlen(file) >= PATH) return false;
  if (!search || strchr(file, '/'))
    return access(file, X_OK) == 0 && refused_path(file, argv, env);
  for (const char *at = folders ? folders : "/bin:/usr/bin"; *at; at += *at == ':') {
    int length = (int)strcspn(at, ":");
    snprintf(path, PATH, "%.*s/%s", length, at, file);
    if (access(path, X_OK) == 0) return refused_path(path, argv, env);
    at += length;
  }
  return false;
}

static bool refused_at(int folder, const char *path, char *const argv[], char *const env[]) {
  char truth[PATH];
  int fd = *path ? REAL(openat)(folder, path, O_PATH | O_CLOEXEC) : folder;
  bool found = fd >= 0 && resolved(fd, truth);
  if (*path && fd >= 0) REAL(close)(fd);
  return found && refused_path(truth, argv, env);
}

static bool is_ours(const char *entry) {
  return !strncmp(entry, "LD_PRELOAD=", 11) || !strncmp(entry, "WARDEN_SENSOR_", 14);
}

static size_t bytes_for(char *const env[]) {
  size_t count = 4;
  if (keeps) while (env && env[count - 4]) count++;
  return count * sizeof *env;
}

static char *const *kept(char *const env[], char **room) {
  if (!keeps) return env;
  size_t count = 0;
  for (size_t i = 0; env && env[i]; i++)
    if (!is_ours(env[i])) room[count++] = env[i];
  room[count++] = preload, room[count++] = policy, room[count++] = page_state(policy_armed());
  room[count] = NULL;
  return room;
}

#define KEPT(env) kept((env), __builtin_alloca(bytes_for(env)))
#define REFUSED(test) bool refuse; QUIET(refuse = (test)); if (refuse)

void program_arrived(void) {
  char truth[PATH];
  ssize_t length = readlink("/proc/self/exe", truth, PATH - 1);
  truth[length > 0 ? length : 0] = 0;
  ADD(page->children, 1);
  if (was_expected(file_key(truth))) return;
  if (judged(PROGRAM, "program", truth, "its start was not seen", -1, NULL)) _exit(126);
}

HOOK int execve(const char *file, char *const argv[], char *const env[]) {
  REFUSED(refused(file, argv, env, false)) REFUSE(-1);
  return REAL(execve)(file, argv, KEPT(env));
}

HOOK int execv(const char *file, char *const argv[]) { return execve(file, argv, environ); }

HOOK int execvpe(const char *file, char *const argv[], char *const env[]) {
  REFUSED(refused(file, argv, env, true)) REFUSE(-1);
  return REAL(execvpe)(file, argv, KEPT(env));
}

HOOK int execvp(const char *file, char *const argv[]) { return execvpe(file, argv, environ); }

HOOK int execveat(int folder, const char *file, char *const argv[], char *const env[], int flags) {
  REFUSED(refused_at(folder, file, argv, env)) REFUSE(-1);
  return (int)REAL(syscall)(SYS_execveat, folder, file, argv, KEPT(env), flags);
}

HOOK int fexecve(int fd, char *const argv[], char *const env[]) {
  REFUSED(refused_at(fd, "", argv, env)) REFUSE(-1);
  return REAL(fexecve)(fd, argv, KEPT(env));
}

/* The arguments of execl and its sisters, as a vector on the stack. */
#define LISTED(first, after) \
  va_list list, again; \
  size_t count = 1; \
  va_start(list, first); \
  va_copy(again, list); \
  for (const char *one = first; one; one = va_arg(list, const char *)) count++; \
  char *argv[count]; \
  argv[0] = (char *)first; \
  for (size_t i = 1; i < count; i++) argv[i] = va_arg(again, char *); \
  after; \
  va_end(again); \
  va_end(list)

HOOK int execl(const char *file, const char *first, ...) {
  LISTED(first, );
  return execve(file, argv, environ);
}

HOOK int execlp(const char *file, const char *first, ...) {
  LISTED(first, );
  return execvpe(file, argv, environ);
}

HOOK int execle(const char *file, const char *first, ...) {
  LISTED(first, char *const *env = va_arg(again, char *const *));
  return execve(file, argv, env);
}

HOOK int posix_spawn(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                     const posix_spawnattr_t *attributes, char *const argv[], char *const env[]) {
  REFUSED(refused(file, argv, env, false)) return EPERM;
  return REAL(posix_spawn)(pid, file, actions, attributes, argv, KEPT(env));
}

HOOK int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                      const posix_spawnattr_t *attributes, char *const argv[], char *const env[]) {
  REFUSED(refused(file, argv, env, true)) return EPERM;
  return REAL(posix_spawnp)(pid, file, actions, attributes, argv, KEPT(env));
}

static bool refused_shell(const char *command) {
  return command && refused_path("/bin/sh", (char *[]){"sh", "-c", (char *)command, NULL}, environ);
}

HOOK int system(const char *command) {
  REFUSED(refused_shell(command)) REFUSE(-1);
  return REAL(system)(command);
}

HOOK FILE *popen(const char *command, const char *type) {
  REFUSED(refused_shell(command)) REFUSE(NULL);
  return REAL(popen)(command, type);
}
