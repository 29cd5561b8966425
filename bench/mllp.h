/* What the generator and the sink share: the clock, MLLP's three bytes, and small socket helpers. */
#ifndef SLUICE_BENCH_MLLP_H
#define SLUICE_BENCH_MLLP_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define START 0x0b
#define END 0x1c
#define CR 0x0d

/* A control id is 16 characters: 4 of the run, 4 of the connection, 8 of the sequence. */
#define ID_LENGTH 16
#define ID_PLACE "@@CONTROL--ID@@@"
#define MAX_PORTS 64

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static inline void die(const char *why) {
  fprintf(stderr, "%s: %s\n", why, strerror(errno));
  exit(2);
}

/* Reads "1,2,3"; gives how many there are. */
static inline int read_ports(const char *list, int *ports) {
  int n = 0;
  for (const char *p = list; *p && n < MAX_PORTS;) {
    char *rest;
    ports[n++] = (int)strtol(p, &rest, 10);
    if (rest == p) { fprintf(stderr, "not a list of ports: %s\n", list); exit(2); }
    p = *rest == ',' ? rest + 1 : rest;
  }
  return n;
}

static inline struct sockaddr_in loopback(int port) {
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = htons((uint16_t)port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

static inline void quick(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4); /* no pacing timers: they are a cost of this side only */
}

static inline void nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

/*
 * Waits for events, at first without sleeping: waking a sleeping process costs more than answering a message, and would be
 * measured as a limit of the other side. Looks for at most SPIN_NS, and only while looking has lately been worth it, so that
 * against a server slower than that the processors stay free for the server.
 */
#define SPIN_NS 40000ull

static inline int wait_events(int poll, struct epoll_event *events, int most, int timeout_ms) {
  static int credit = 8;
  static unsigned slept;
  if (credit > 0 || ++slept % 256 == 0) {
    uint64_t until = now_ns() + SPIN_NS;
    do {
      int n = epoll_wait(poll, events, most, 0);
      if (n != 0) {
        if (credit < 8) credit++;
        return n;
      }
    } while (now_ns() < until);
    credit = credit > 2 ? credit - 2 : 0;
  }
  return epoll_wait(poll, events, most, timeout_ms);
}

/* Value of "--name" or the default. */
static inline const char *flag(int argc, char **argv, const char *name, const char *otherwise) {
  for (int i = 1; i + 1 < argc; i++)
    if (strcmp(argv[i], name) == 0) return argv[i + 1];
  return otherwise;
}

static inline int has_flag(int argc, char **argv, const char *name) {
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], name) == 0) return 1;
  return 0;
}

/* Start of field `n` (1 is the first after the segment name) within one segment; NULL when there is none. */
static inline const char *field(const char *segment, const char *end, int n) {
  const char *p = segment;
  while (n > 0) {
    p = memchr(p, '|', (size_t)(end - p));
    if (p == NULL) return NULL;
    p++;
    n--;
  }
  return p;
}

#endif
