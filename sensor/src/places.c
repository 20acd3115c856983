/* What a path means: own code, a sensitive place, or anything else. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "sensor.h"

enum { OWN = 3, DEEP = 3 };
static char own[OWN][PATH]; /* of this environment: the code, the runtime */
static char handler[PATH];  /* the handler's source without its suffix */
static char tokens[2][PATH];
/* Of every managed runtime. What is not here is told of once, learnt, and silent then. */
static const char *const always_own[] = {
  "/opt/", "/var/lang/", "/var/runtime/", "/usr/lib/", "/usr/lib64/", "/lib/", "/lib64/",
  "/usr/share/", "/dev/null", "/dev/urandom"};

static bool starts(const char *text, const char *with) {
  return strncmp(text, with, strlen(with)) == 0;
}

static const char *given(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static void folder(char *out, const char *path) {
  if (path[0] == '/' && path[1] && strlen(path) + 2 < PATH) snprintf(out, PATH, "%s/", path);
}

void places_start(void) {
  const char *root = given("LAMBDA_TASK_ROOT", "/var/task"), *entry = given("_HANDLER", "");
  folder(own[0], root);
  folder(own[1], given("LAMBDA_RUNTIME_DIR", ""));
  const char *dot = strrchr(entry, '.');
  if (dot) snprintf(handler, PATH, "%s/%.*s.", root, (int)(dot - entry), entry);
  snprintf(tokens[0], PATH, "%s", given("AWS_WEB_IDENTITY_TOKEN_FILE", ""));
  snprintf(tokens[1], PATH, "%s", given("AWS_SHARED_CREDENTIALS_FILE", ""));
  ssize_t length = readlink("/proc/self/exe", own[2], PATH - 1); /* PREFIX/bin/program */
  for (int cut = 0; length > 0 && cut < 2; cut++) {
    char *slash = strrchr(own[2], '/');
    if (slash) *slash = 0;
  }
  if (length > 0) strchr(own[2] + 1, '/') || !strcmp(own[2], "/usr") ? (void)strcat(own[2], "/")
                                                                     : (void)(own[2][0] = 0);
}

static bool is_handler(const char *path) {
  return handler[0] && policy_armed() && starts(path, handler) && !strchr(path + strlen(handler), '/');
}

bool is_own(const char *path) {
  if (path[0] != '/' || strstr(path, "..") || is_handler(path)) return false;
  for (int i = 0; i < OWN; i++)
    if (own[i][0] && starts(path, own[i])) return true;
  for (size_t i = 0; i < sizeof always_own / sizeof *always_own; i++)
    if (starts(path, always_own[i])) return true;
  return false;
}

const char *sensitive(const char *path) {
  static const char *const credentials[] = {"/.aws/", "/.ssh/", "/.kube/", "/.docker/config.json",
    "/.netrc", "/.npmrc", "/.pypirc", "/.git-credentials", "/.pgpass", "/run/secrets/"};
  const char *last = strrchr(path, '/');
  if (starts(path, "/proc/") && !strcmp(last, "/environ")) return "process environment";
  if (starts(path, "/proc/") && !strcmp(last, "/mem")) return "process memory";
  if (!strcmp(path, "/etc/passwd") || !strcmp(path, "/etc/shadow")) return "accounts";
  for (size_t i = 0; i < sizeof credentials / sizeof *credentials; i++)
    if (strstr(path, credentials[i])) return "credentials";
  if (!strcmp(path, tokens[0]) || !strcmp(path, tokens[1])) return "credentials";
  return is_handler(path) ? "own source" : NULL;
}

bool resolved(int fd, char *path) {
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH - 1);
  path[length > 0 ? length : 0] = 0;
  return length > 0;
}

void shortened(const char *path, char *name) {
  bool whole = starts(path, "/proc/") || starts(path, "/etc/") || starts(path, "/dev/");
  size_t at = 0;
  for (int depth = 0; *path && at < NAME - 4; depth++) {
    size_t length = 1 + strcspn(path + 1, "/");
    bool last = !path[length];
    if (!whole && (last || depth == DEEP)) { /* the folder */
      memcpy(name + at, "/*", 2), at += 2;
      break;
    }
    bool number = length > 1 && strspn(path + 1, "0123456789") == length - 1;
    size_t room = NAME - 3 - at, taken = length < room ? length : room;
    memcpy(name + at, number ? "/*" : path, number ? 2 : taken);
    at += number ? 2 : taken, path += length;
  }
  name[at] = 0;
}
