/* Connections, the names that were looked up for them, and bytes in and out. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "sensor.h"

enum { DESCRIPTORS = 4096, NAMES = 64 };
enum kind { OTHER, REMOTE, RUNTIME_API };
static unsigned char kinds[DESCRIPTORS];
static struct { struct sockaddr_in6 address; char name[NAME]; } names[NAMES]; /* newest wins */
static unsigned named;
static const char next_request[] = "GET /2018-06-01/runtime/invocation/next";
static struct sockaddr_in api, tracing; /* of Lambda itself, and of its X-Ray daemon */

static void read_address(const char *variable, struct sockaddr_in *address) {
  char host[64];
  const char *text = getenv(variable), *colon = text ? strrchr(text, ':') : NULL;
  if (!colon || (size_t)(colon - text) >= sizeof host) return;
  snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
  address->sin_family = AF_INET;
  address->sin_port = htons((uint16_t)atoi(colon + 1));
  if (inet_pton(AF_INET, host, &address->sin_addr) != 1)
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

void sockets_start(void) {
  read_address("AWS_LAMBDA_RUNTIME_API", &api);
  read_address("AWS_XRAY_DAEMON_ADDRESS", &tracing);
}

/* Every address as one of IPv6, without its port. */
static bool widened(const struct sockaddr *from, socklen_t length, struct sockaddr_in6 *to) {
  memset(to, 0, sizeof *to);
  if (from && from->sa_family == AF_INET6 && length >= sizeof *to) {
    to->sin6_addr = ((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    return true;
  }
  if (!from || from->sa_family != AF_INET || length < sizeof(struct sockaddr_in)) return false;
  to->sin6_addr.s6_addr[10] = to->sin6_addr.s6_addr[11] = 0xff;
  memcpy(to->sin6_addr.s6_addr + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
  return true;
}

static bool is_loopback(const struct sockaddr_in6 *address) {
  const unsigned char *bytes = address->sin6_addr.s6_addr;
  return IN6_IS_ADDR_LOOPBACK(&address->sin6_addr) ||
         (IN6_IS_ADDR_V4MAPPED(&address->sin6_addr) && bytes[12] == 127);
}

static void name_of(const struct sockaddr_in6 *address, unsigned port, char *name) {
  char text[INET6_ADDRSTRLEN] = "?";
  for (unsigned i = 0, newest = GET(named); i < NAMES && i < newest; i++) {
    unsigned slot = (newest - 1 - i) % NAMES;
    if (memcmp(&names[slot].address.sin6_addr, &address->sin6_addr, 16) != 0) continue;
    snprintf(name, NAME, "%.*s:%u", NAME - 8, names[slot].name, port);
    return;
  }
  bool four = IN6_IS_ADDR_V4MAPPED(&address->sin6_addr);
  inet_ntop(four ? AF_INET : AF_INET6, address->sin6_addr.s6_addr + (four ? 12 : 0), text,
            sizeof text);
  snprintf(name, NAME, four ? "%s:%u" : "[%s]:%u", text, port);
}

static bool is(const struct sockaddr *address, const struct sockaddr_in *known) {
  const struct sockaddr_in *one = (const struct sockaddr_in *)(const void *)address;
  return address->sa_family == AF_INET && known->sin_family && one->sin_port == known->sin_port &&
         one->sin_addr.s_addr == known->sin_addr.s_addr;
}

static bool refused(int fd, const struct sockaddr *to, socklen_t length) {
  struct sockaddr_in6 address;
  char name[NAME];
  if (!widened(to, length, &address)) return false;
  unsigned port = ntohs(((const struct sockaddr_in *)(const void *)to)->sin_port);
  enum kind kind = is(to, &api) ? RUNTIME_API : is(to, &tracing) ? OTHER : REMOTE;
  if (fd >= 0 && fd < DESCRIPTORS) kinds[fd] = (unsigned char)kind;
  if (kind != REMOTE || port == 0) return false; /* port 0: libraries ask which way they would go */
  if (is_loopback(&address)) strcpy(name, "loopback");
  else name_of(&address, port, name);
  return judged(CONNECT, "connect", name, NULL, -1, NULL);
}

static bool refused_to(int fd, const struct sockaddr *to, socklen_t length) {
  bool refuse = false;
  if (to) QUIET(refuse = refused(fd, to, length));
  return refuse;
}

static enum kind kind_of(int fd) {
  return fd >= 0 && fd < DESCRIPTORS ? (enum kind)kinds[fd] : OTHER;
}

static void sends(int fd, const void *bytes, size_t length) {
  if (kind_of(fd) != RUNTIME_API || length < sizeof next_request - 1) return;
  if (memcmp(bytes, next_request, sizeof next_request - 1) == 0) boundary();
}

static void sends_all(int fd, const struct iovec *parts, size_t count) {
  if (count) sends(fd, parts[0].iov_base, parts[0].iov_len);
}

static ssize_t sent(int fd, ssize_t length) {
  if (length > 0 && kind_of(fd) == REMOTE) ADD(page->bytes_out, (uint64_t)length);
  return length;
}

static ssize_t got(int fd, ssize_t length) {
  if (length > 0 && kind_of(fd) == REMOTE) ADD(page->bytes_in, (uint64_t)length);
  return length;
}

HOOK int connect(int fd, const struct sockaddr *to, socklen_t length) {
  if (refused_to(fd, to, length)) REFUSE(-1);
  return REAL(connect)(fd, to, length);
}

HOOK ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  sends(fd, bytes, length);
  return sent(fd, REAL(send)(fd, bytes, length, flags));
}

HOOK ssize_t write(int fd, const void *bytes, size_t length) {
  sends(fd, bytes, length);
  return sent(fd, REAL(write)(fd, bytes, length));
}

HOOK ssize_t writev(int fd, const struct iovec *parts, int count) {
  sends_all(fd, parts, count > 0 ? (size_t)count : 0);
  return sent(fd, REAL(writev)(fd, parts, count));
}

HOOK ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to,
                    socklen_t to_length) {
  if (refused_to(fd, to, to_length)) REFUSE(-1);
  sends(fd, bytes, length);
  return sent(fd, REAL(sendto)(fd, bytes, length, flags, to, to_length));
}

HOOK ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  if (refused_to(fd, message->msg_name, message->msg_namelen)) REFUSE(-1);
  sends_all(fd, message->msg_iov, message->msg_iovlen);
  return sent(fd, REAL(sendmsg)(fd, message, flags));
}

HOOK ssize_t read(int fd, void *bytes, size_t length) {
  return got(fd, REAL(read)(fd, bytes, length));
}

HOOK ssize_t readv(int fd, const struct iovec *parts, int count) {
  return got(fd, REAL(readv)(fd, parts, count));
}

HOOK ssize_t recv(int fd, void *bytes, size_t length, int flags) {
  return got(fd, REAL(recv)(fd, bytes, length, flags));
}

HOOK ssize_t recvfrom(int fd, void *restrict bytes, size_t length, int flags,
                      struct sockaddr *restrict from, socklen_t *restrict from_length) {
  return got(fd, REAL(recvfrom)(fd, bytes, length, flags, from, from_length));
}

HOOK ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  return got(fd, REAL(recvmsg)(fd, message, flags));
}

HOOK int close(int fd) {
  if (fd >= 0 && fd < DESCRIPTORS) kinds[fd] = OTHER;
  return REAL(close)(fd);
}

static void keep_name(const char *host, const struct addrinfo *found) {
  for (; found; found = found->ai_next) {
    struct sockaddr_in6 address;
    if (!widened(found->ai_addr, found->ai_addrlen, &address)) continue;
    unsigned slot = ADD(named, 1) % NAMES;
    snprintf(names[slot].name, NAME, "%s", host);
    names[slot].address = address;
  }
}

HOOK int getaddrinfo(const char *restrict host, const char *restrict service,
                     const struct addrinfo *restrict hints, struct addrinfo **restrict found) {
  struct in6_addr number;
  bool name = host && inet_pton(AF_INET, host, &number) != 1 &&
              inet_pton(AF_INET6, host, &number) != 1 && strcmp(host, "localhost") != 0;
  bool refuse = false;
  if (name) QUIET(refuse = judged(CONNECT, "lookup", host, NULL, -1, NULL));
  if (refuse) REFUSE(EAI_SYSTEM);
  int result = REAL(getaddrinfo)(host, service, hints, found);
  if (name && result == 0) QUIET(keep_name(host, *found));
  return result;
}
