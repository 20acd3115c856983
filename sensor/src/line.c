/* Log lines: JSON, ASCII, bounded, without what may be a credential; each is one write. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sensor.h"

enum { TOKEN = 20, SHOWN = 4 }; /* a word so long, of letters and digits, may be a credential */

static void put(struct line *line, const char *text, size_t length) {
  if (line->length + length + 3 > LINE) return; /* room for what ends a line */
  memcpy(line->text + line->length, text, length);
  line->length += length;
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '+' || c == '=';
}

static size_t credential(const char *text) {
  size_t length = 0;
  size_t digits = 0;
  for (; is_word(text[length]); length++) digits += text[length] >= '0' && text[length] <= '9';
  return length >= TOKEN && digits > 1 && digits < length ? length : 0;
}

void line_begin(struct line *line, const char *kind) {
  line->length = (size_t)snprintf(line->text, LINE, "{\"warden_sensor\":1,\"kind\":\"%s\"", kind);
  line_number(line, "env", page->environment);
}

void line_text(struct line *line, const char *field, const char *value) {
  char text[NAME * 6];
  size_t at = 0, taken = 0;
  for (bool word = false; *value && taken < NAME && at + 8 < sizeof text; taken++) {
    size_t hidden = word ? 0 : credential(value);
    word = is_word(*value);
    unsigned char c = (unsigned char)*value;
    if (hidden) {
      memcpy(text + at, value, SHOWN);
      memcpy(text + at + SHOWN, "***", 3);
      at += SHOWN + 3, value += hidden;
      continue;
    }
    if (c < ' ' || c > '~' || c == '"' || c == '\\')
      at += (size_t)snprintf(text + at, 8, "\\u%04x", c);
    else text[at++] = *value;
    value++;
  }
  if (line->length + strlen(field) + at + 9 > LINE) return; /* whole or not at all */
  put(line, ",\"", 2), put(line, field, strlen(field)), put(line, "\":\"", 3);
  put(line, text, at), put(line, "\"", 1);
}

void line_number(struct line *line, const char *field, uint64_t value) {
  char text[64];
  int length = snprintf(text, sizeof text, ",\"%s\":%llu", field, (unsigned long long)value);
  put(line, text, (size_t)length);
}

static bool is_log(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 && found.st_dev == page->log_device && found.st_ino == page->log_file;
}

void log_open(void) {
  struct stat found;
  page->log_fd = -1;
  if (fstat(2, &found) != 0) return;
  page->log_device = found.st_dev, page->log_file = found.st_ino;
  /* In a file, who appends by another descriptor would be overwritten: children do not. */
  if (!S_ISREG(found.st_mode)) page->log_fd = fcntl(2, F_DUPFD_CLOEXEC, 700);
}

static bool send_line(const char *text, size_t length) {
  if (getpid() == page->runtime) {
    int fd = is_log(page->log_fd) ? page->log_fd : 2; /* somebody may have closed all */
    return is_log(fd) && REAL(write)(fd, text, length) == (ssize_t)length;
  }
  /* A child's own descriptors may be anything by now. */
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)page->runtime, page->log_fd);
  int fd = page->log_fd < 0 ? -1 : REAL(open)(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);
  bool sent = fd >= 0 && is_log(fd) && REAL(write)(fd, text, length) == (ssize_t)length;
  if (fd >= 0) REAL(close)(fd);
  return sent;
}

void line_end(struct line *line) {
  memcpy(line->text + line->length, "}\n", 3);
  if (send_line(line->text, line->length + 2)) return;
  for (int i = 0; i < HELD; i++) { /* the runtime writes it, soon */
    unsigned char empty = 0;
    if (!__atomic_compare_exchange_n(&page->held[i].full, &empty, 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED)) continue;
    memcpy(page->held[i].line, line->text, LINE);
    __atomic_store_n(&page->held[i].full, 2, __ATOMIC_RELEASE);
    return;
  }
  ADD(page->dropped, 1);
}

void log_held(void) {
  for (int i = 0; i < HELD; i++) {
    if (__atomic_load_n(&page->held[i].full, __ATOMIC_ACQUIRE) != 2) continue;
    send_line(page->held[i].line, strnlen(page->held[i].line, LINE));
    __atomic_store_n(&page->held[i].full, 0, __ATOMIC_RELEASE);
  }
}
