/* A library that starts a program when it is loaded, as a native addon may. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((constructor)) static void run(void) {
  const char *path = getenv("PAYLOAD");
  if (!path) return;
  if (!fork()) {
    execl(path, path, (char *)NULL);
    _exit(1);
  }
  wait(NULL);
}
