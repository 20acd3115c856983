/* Policy: entries "category=mode:pattern,pattern;...", as sensor/policy.py writes
 * them. It is read once; ordinary code cannot change the memory that holds it. */
#include <stdio.h>
#include <sys/mman.h>
#include "sensor.h"

enum { TEXT = 3072, MEMORY = 4096 };
static union {
  struct {
    char text[TEXT];
    const char *patterns[CATEGORIES]; /* up to the end of the entry, NULL for none */
    enum mode mode[CATEGORIES];
    bool armed, arguments;
    uint64_t digest;
    char error[64];
  };
  char whole[MEMORY]; /* a page of its own */
} policy __attribute__((aligned(MEMORY)));

static const char *const categories[CATEGORIES] = {"program", "read", "write", "connect", "code"};
static const char *const modes[] = {"observe", "alert", "block"};

static bool begins(const char **at, const char *word) {
  size_t length = strlen(word);
  if (strncmp(*at, word, length) != 0) return false;
  *at += length;
  return true;
}

static bool read_entry(const char *at) {
  if (begins(&at, "arguments=on")) return policy.arguments = *at == ';' || !*at;
  for (int c = 0; c < CATEGORIES; c++)
    for (int m = 0; m < 3; m++) {
      const char *rest = at;
      if (!begins(&rest, categories[c]) || !begins(&rest, "=") || !begins(&rest, modes[m])) continue;
      if (*rest && *rest != ':' && *rest != ';') return false;
      policy.mode[c] = (enum mode)m;
      policy.patterns[c] = *rest == ':' ? rest + 1 : NULL;
      return true;
    }
  return false;
}

void policy_read(const char *text, bool armed) {
  if (strlen(text) >= TEXT) strcpy(policy.error, "too long"), text = "";
  strcpy(policy.text, text);
  policy.digest = digest(0, text);
  for (const char *at = policy.text; at && *at; at = strchr(at, ';'), at += at != NULL)
    if (!read_entry(at)) snprintf(policy.error, sizeof policy.error, "%.60s", at);
  policy.armed = armed;
  if (armed) mprotect(&policy, sizeof policy, PROT_READ);
}

void policy_arm(void) {
  if (policy.armed) return;
  policy.armed = true;
  mprotect(&policy, sizeof policy, PROT_READ);
}

bool policy_armed(void) { return policy.armed; }
bool policy_tells_arguments(void) { return policy.arguments; }
enum mode policy_mode(enum category category) { return policy.mode[category]; }
uint64_t policy_digest(void) { return policy.digest; }
const char *policy_error(void) { return policy.error; }

/* A pattern ends at a comma, a semicolon or the text's end; * stands for any run of characters.
 * One without a port is for every port. */
static bool matches(const char *pattern, const char *name, bool ports) {
  const char *star = NULL, *from = NULL;
  while (*name) {
    bool ended = !*pattern || *pattern == ',' || *pattern == ';';
    if (!ended && *pattern == '*') star = ++pattern, from = name;
    else if (!ended && *pattern == *name) pattern++, name++;
    else if (ended && ports && *name == ':' && !strpbrk(name + 1, ":]")) return true;
    else if (star) pattern = star, name = ++from;
    else return false;
  }
  while (*pattern == '*') pattern++;
  return !*pattern || *pattern == ',' || *pattern == ';';
}

bool policy_allows(enum category category, const char *name) {
  for (const char *at = policy.patterns[category]; at; at = strpbrk(at, ",;")) {
    if (*at == ';') return false;
    if (*at == ',') at++;
    if (matches(at, name, category == CONNECT)) return true;
  }
  return false;
}
