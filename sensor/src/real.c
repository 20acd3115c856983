/* The functions behind the hooks: those of the next library, which is libc. */
#include <dlfcn.h>
#include "sensor.h"

#define NAMED(f) #f,
static const char *const names[REAL_COUNT] = {REALS(NAMED)};
static void *found[REAL_COUNT];

void *real(enum real which) {
  if (!found[which]) found[which] = dlsym(RTLD_NEXT, names[which]);
  return found[which];
}
