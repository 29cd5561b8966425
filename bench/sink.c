/*
 * MLLP sink: answers every frame at once and knows what arrived when.
 *
 *   sink --ports 1,2 [--null]
 *
 * Normal: reads MSH-10, answers AA with it, checks the frame and that the sequence of each generator connection only rises.
 * --null: answers a fixed AA to whatever ends as a frame does (for measuring the generator alone).
 * Lines on stdin: "window T0 T1" prints how many frames were answered between two CLOCK_MONOTONIC times; "total" prints all counters.
 */
#include "mllp.h"

#define MAX_FRAME 262144
#define BUCKET_NS 1000000ull
#define BUCKETS 4000000 /* one per millisecond: 66 minutes */
#define ORDER_SLOTS 65536

struct peer {
  int fd;
  size_t have;
  char *in;
  char last; /* of the piece before, with --null */
};

/* Last sequence seen of one generator connection: `key` is run and connection. */
struct order { char key[8]; uint32_t last; int used; };

static uint64_t started;
static uint32_t *buckets;
static struct order *orders;
static uint64_t delivered, malformed, reordered, duplicates;
static int null_mode;
static const char fixed_ack[] = "\x0bMSH|^~\\&|SINK|X|SLUICE|Y|20260101000000||ACK|1|P|2.5\rMSA|AA|1\r\x1c\r";

static void note_order(const char *id) {
  uint32_t h = 2166136261u;
  for (int i = 0; i < 8; i++) h = (h ^ (unsigned char)id[i]) * 16777619u;
  uint32_t seq = 0;
  for (int i = 8; i < ID_LENGTH; i++) seq = seq * 10 + (uint32_t)(id[i] - '0');
  for (uint32_t i = h % ORDER_SLOTS;; i = (i + 1) % ORDER_SLOTS) {
    struct order *o = &orders[i];
    if (o->used && memcmp(o->key, id, 8) != 0) continue;
    if (!o->used) { o->used = 1; memcpy(o->key, id, 8); }
    if (seq == o->last) duplicates++;
    else if (seq < o->last) reordered++;
    else o->last = seq;
    return;
  }
}

static void count(void) {
  delivered++;
  uint64_t b = (now_ns() - started) / BUCKET_NS;
  if (b < BUCKETS) buckets[b]++;
}

/* Answers one frame, from its start byte to its end byte. Gives the length written to `out`. */
static size_t answer(const char *frame, const char *end, char *out) {
  const char *msh = frame + 1;
  const char *line = end - msh > 9 && memcmp(msh, "MSH|", 4) == 0 ? memchr(msh, CR, (size_t)(end - msh)) : NULL;
  const char *id = line == NULL ? NULL : field(msh, line, 9);
  const char *id_end = id == NULL ? NULL : memchr(id, '|', (size_t)(line - id));
  if (frame[0] != START || id_end == NULL || id_end - id > 199) {
    malformed++;
    return 0;
  }
  if (id_end - id == ID_LENGTH) note_order(id);
  else malformed++;
  int n = sprintf(out, "%cMSH|^~\\&|SINK|X|SLUICE|Y|20260101000000||ACK|%.*s|P|2.5\rMSA|AA|%.*s\r%c\r", START, (int)(id_end - id), id, (int)(id_end - id), id, END);
  count();
  return (size_t)n;
}

static int send_all(const struct peer *p, const char *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t n = send(p->fd, bytes + done, length - done, MSG_NOSIGNAL);
    if (n > 0) done += (size_t)n;
    else if (errno != EAGAIN && errno != EINTR) return 0;
  }
  return 1;
}

/* Looks at the last two bytes only: whoever waits for each answer has nothing behind the end of a frame. */
static int serve_null(struct peer *p) {
  ssize_t got = recv(p->fd, p->in, MAX_FRAME, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (got <= 0) return 0;
  char before = got > 1 ? p->in[got - 2] : p->last;
  p->last = p->in[got - 1];
  if (before != END || p->last != CR) return 1;
  count();
  return send_all(p, fixed_ack, sizeof fixed_ack - 1);
}

static int serve(struct peer *p) {
  static char out[65536];
  ssize_t got = recv(p->fd, p->in + p->have, MAX_FRAME - p->have, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (got <= 0) return 0;
  p->have += (size_t)got;
  size_t from = 0, filled = 0;
  while (from < p->have) {
    char *end = memchr(p->in + from, END, p->have - from);
    if (end == NULL || end + 1 >= p->in + p->have) break;
    if (end[1] != CR) { malformed++; return 0; }
    filled += answer(p->in + from, end, out + filled);
    from = (size_t)(end + 2 - p->in);
    if (filled > sizeof out - 1024) break;
  }
  memmove(p->in, p->in + from, p->have - from);
  p->have -= from;
  if (!send_all(p, out, filled)) return 0;
  if (p->have == MAX_FRAME) { malformed++; return 0; }
  return 1;
}

static void command(const char *line) {
  unsigned long long t0, t1;
  if (sscanf(line, "window %llu %llu", &t0, &t1) == 2) {
    uint64_t n = 0;
    uint64_t from = t0 > started ? (t0 - started) / BUCKET_NS : 0, to = t1 > started ? (t1 - started) / BUCKET_NS : 0;
    for (uint64_t b = from; b < to && b < BUCKETS; b++) n += buckets[b];
    printf("{\"event\":\"window\",\"delivered\":%llu,\"seconds\":%.6f}\n", (unsigned long long)n, (double)(to - from) / 1e3);
  } else {
    printf("{\"event\":\"total\",\"delivered\":%llu,\"malformed\":%llu,\"reordered\":%llu,\"duplicates\":%llu}\n", (unsigned long long)delivered,
           (unsigned long long)malformed, (unsigned long long)reordered, (unsigned long long)duplicates);
  }
  fflush(stdout);
}

int main(int argc, char **argv) {
  int ports[MAX_PORTS], listeners[MAX_PORTS];
  int port_count = read_ports(flag(argc, argv, "--ports", "2576"), ports);
  null_mode = has_flag(argc, argv, "--null");
  started = now_ns();
  buckets = calloc(BUCKETS, sizeof *buckets);
  orders = calloc(ORDER_SLOTS, sizeof *orders);
  int poll = epoll_create1(0);
  printf("{\"event\":\"ready\",\"ports\":[");
  for (int i = 0; i < port_count; i++) {
    struct sockaddr_in a = loopback(ports[i]);
    socklen_t size = sizeof a;
    int on = 1;
    listeners[i] = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listeners[i], SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listeners[i], (struct sockaddr *)&a, sizeof a) != 0 || listen(listeners[i], 1024) != 0) die("bind");
    getsockname(listeners[i], (struct sockaddr *)&a, &size);
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = (uint64_t)(i + 1) };
    epoll_ctl(poll, EPOLL_CTL_ADD, listeners[i], &e);
    printf("%s%d", i ? "," : "", ntohs(a.sin_port));
  }
  printf("]}\n");
  fflush(stdout);
  nonblocking(0);
  struct epoll_event input = { .events = EPOLLIN, .data.u64 = 0 };
  epoll_ctl(poll, EPOLL_CTL_ADD, 0, &input);

  char line[256];
  size_t line_length = 0;
  struct epoll_event events[256];
  for (;;) {
    int n = wait_events(poll, events, 256, -1);
    for (int i = 0; i < n; i++) {
      uint64_t tag = events[i].data.u64;
      if (tag == 0) {
        ssize_t got = read(0, line + line_length, sizeof line - 1 - line_length);
        if (got == 0) return 0; /* whoever started the sink has gone */
        if (got < 0) continue;
        line_length += (size_t)got;
        line[line_length] = 0;
        char *nl;
        while ((nl = strchr(line, '\n')) != NULL) {
          *nl = 0;
          command(line);
          line_length -= (size_t)(nl + 1 - line);
          memmove(line, nl + 1, line_length + 1);
        }
      } else if (tag <= (uint64_t)port_count) {
        int fd = accept(listeners[tag - 1], NULL, NULL);
        if (fd < 0) continue;
        quick(fd);
        nonblocking(fd);
        struct peer *p = calloc(1, sizeof *p);
        p->fd = fd;
        p->in = malloc(MAX_FRAME);
        struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.ptr = p };
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &e);
      } else {
        struct peer *p = events[i].data.ptr;
        if (null_mode ? serve_null(p) : serve(p)) continue;
        epoll_ctl(poll, EPOLL_CTL_DEL, p->fd, NULL);
        close(p->fd);
        free(p->in);
        free(p);
      }
    }
  }
}
