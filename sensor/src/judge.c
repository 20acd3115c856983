/* The one place that decides: whether a call is refused, and whether a line tells of it. */
#include "sensor.h"

static bool may_tell(enum category category) {
  unsigned minute = (unsigned)(nanoseconds() / 60000000000u);
  if (GET(page->minute) != minute) {
    SET(page->minute, minute);
    for (int i = 0; i <= CATEGORIES; i++) SET(page->lines[i], 0);
  }
  if (GET(page->distinct[category]) < SEEN_EACH && ADD(page->lines[category], 1) < LINES_A_MINUTE)
    return true;
  ADD(page->dropped, 1);
  return false;
}

static void join_arguments(int argc, char *const argv[], char *text) {
  size_t at = 0;
  for (int i = 1; i <= argc; i++) {
    for (const char *from = argv[i]; *from && at < NAME - 2; from++) {
      text[at++] = *from;
      if (*from == '=') { /* what follows may be a password */
        text[at++] = '*';
        break;
      }
    }
    if (at < NAME - 1) text[at++] = ' ';
  }
  text[at ? at - 1 : 0] = 0;
}

static void tell(const char *kind, const char *did, const char *name, const char *place, int argc,
                 char *const argv[]) {
  struct line line;
  line_begin(&line, kind);
  line_text(&line, "did", did);
  line_text(&line, "name", name);
  if (place) line_text(&line, "place", place);
  if (argc >= 0) line_number(&line, "argc", (uint64_t)argc);
  if (argc > 0 && argv && policy_tells_arguments()) {
    char text[NAME];
    join_arguments(argc, argv, text);
    line_text(&line, "args", text);
  }
  line_number(&line, "n", GET(page->invocations));
  line_end(&line);
}

static bool judge(enum category category, const char *kind, const char *name, const char *place,
                  int argc, char *const argv[], bool refusable) {
  if (policy_allows(category, name)) return false;
  enum mode mode = policy_mode(category);
  bool refuse = mode == BLOCK && policy_armed() && refusable;
  if (refuse) ADD(page->refused, 1);
  const char *did = refuse ? "blocked" : mode == OBSERVE ? "seen" : "alert";
  uint64_t key = digest(digest(digest(digest(0, kind), did), name), place ? place : "");
  if (!has_seen(key) && may_tell(category) && remember(key)) {
    ADD(page->distinct[category], 1);
    QUIET(tell(kind, did, name, place, argc, argv));
  }
  return refuse;
}

bool judged(enum category category, const char *kind, const char *name, const char *place,
            int argc, char *const argv[]) {
  ADD(page->count[category], 1);
  return judge(category, kind, name, place, argc, argv, true);
}

void noticed(enum category category, const char *kind, const char *name) {
  judge(category, kind, name, NULL, -1, NULL, false);
}
