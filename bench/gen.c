/*
 * Closed-loop MLLP load generator: every connection sends one message, waits for its acknowledgement, sends the next.
 *
 *   gen --ports 1,2 --connections 8 --template FILE --run ab01 [--warmup 1] [--seconds 3] [--fixed-ack]
 *
 * FILE holds one message, one segment a line, with the place of the control id marked. Each acknowledgement must carry AA and, unless
 * --fixed-ack, the control id sent. Prints one line when measuring begins and one result at the end; both carry CLOCK_MONOTONIC.
 */
#include "mllp.h"

#define SLOTS_PER_US 1
#define SLOTS 4000000 /* latencies by microsecond up to 4 s */

struct peer {
  int fd;
  int index;
  uint32_t seq;
  uint64_t sent_at;
  char *frame;
  size_t have;
  char ack[8192];
};

static char *template_text;
static size_t template_length;
static size_t id_at;
static const char *run_tag;
static int fixed_ack;
static uint32_t *histogram;
static uint64_t acked, naks, errors;
static int measuring;

static void load_template(const char *path) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) die(path);
  fseek(f, 0, SEEK_END);
  long size = ftell(f);
  rewind(f);
  char *text = malloc((size_t)size + 4);
  text[0] = START;
  if (fread(text + 1, 1, (size_t)size, f) != (size_t)size) die(path);
  fclose(f);
  for (long i = 1; i <= size; i++)
    if (text[i] == '\n') text[i] = CR;
  text[size + 1] = END;
  text[size + 2] = CR;
  template_text = text;
  template_length = (size_t)size + 3;
  char *place = memmem(text, template_length, ID_PLACE, ID_LENGTH);
  if (place == NULL) { fprintf(stderr, "no %s in %s\n", ID_PLACE, path); exit(2); }
  id_at = (size_t)(place - text);
}

static void put_digits(char *at, uint32_t value, int width) {
  for (int i = width - 1; i >= 0; i--) { at[i] = (char)('0' + value % 10); value /= 10; }
}

static int send_next(struct peer *p, uint64_t now) {
  p->seq++;
  put_digits(p->frame + id_at + 8, p->seq, 8);
  p->sent_at = now;
  p->have = 0;
  size_t done = 0;
  while (done < template_length) {
    ssize_t n = send(p->fd, p->frame + done, template_length - done, MSG_NOSIGNAL);
    if (n > 0) { done += (size_t)n; continue; }
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    return 0;
  }
  return 1;
}

static int connect_to(struct peer *p, int port) {
  struct sockaddr_in a = loopback(port);
  p->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(p->fd, (struct sockaddr *)&a, sizeof a) != 0) return 0;
  quick(p->fd);
  nonblocking(p->fd);
  return 1;
}

/* 1: AA for this message; 0: another answer; -1: not an acknowledgement of this message. */
static int judge(const struct peer *p) {
  const char *end = p->ack + p->have - 2;
  if (p->ack[0] != START || *end != END) return -1;
  const char *msa = memmem(p->ack, (size_t)(end - p->ack), "\rMSA|", 5);
  if (msa == NULL) return -1;
  msa += 5;
  if (!fixed_ack) {
    const char *id = memchr(msa, '|', (size_t)(end - msa));
    if (id == NULL || end - id < ID_LENGTH + 1) return -1;
    if (memcmp(id + 1, p->frame + id_at, ID_LENGTH) != 0) return -1;
    char after = id[1 + ID_LENGTH];
    if (after != '|' && after != CR && after != END) return -1;
  }
  return msa[0] == 'A' && msa[1] == 'A' && (msa[2] == '|' || msa[2] == CR) ? 1 : 0;
}

static uint64_t percentile(double share, uint64_t total) {
  uint64_t want = (uint64_t)((double)total * share), seen = 0;
  for (uint32_t i = 0; i < SLOTS; i++) {
    seen += histogram[i];
    if (seen > want) return i / SLOTS_PER_US;
  }
  return SLOTS;
}

int main(int argc, char **argv) {
  int ports[MAX_PORTS];
  int port_count = read_ports(flag(argc, argv, "--ports", "2575"), ports);
  int connections = atoi(flag(argc, argv, "--connections", "1"));
  double warmup = atof(flag(argc, argv, "--warmup", "1"));
  double seconds = atof(flag(argc, argv, "--seconds", "3"));
  run_tag = flag(argc, argv, "--run", "0000");
  fixed_ack = has_flag(argc, argv, "--fixed-ack");
  if (strlen(run_tag) != 4 || connections < 1 || connections > 9999) { fprintf(stderr, "gen: --run takes 4 characters\n"); return 2; }
  load_template(flag(argc, argv, "--template", ""));
  histogram = calloc(SLOTS, sizeof *histogram);

  int poll = epoll_create1(0);
  struct peer *peers = calloc((size_t)connections, sizeof *peers);
  for (int i = 0; i < connections; i++) {
    struct peer *p = &peers[i];
    p->index = i;
    p->frame = malloc(template_length);
    memcpy(p->frame, template_text, template_length);
    memcpy(p->frame + id_at, run_tag, 4);
    put_digits(p->frame + id_at + 4, (uint32_t)i, 4);
    if (!connect_to(p, ports[i % port_count])) die("connect");
    struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.ptr = p };
    epoll_ctl(poll, EPOLL_CTL_ADD, p->fd, &e);
  }

  uint64_t begin = now_ns() + (uint64_t)(warmup * 1e9), finish = begin + (uint64_t)(seconds * 1e9), end = finish;
  int open = 0;
  for (int i = 0; i < connections; i++) {
    if (send_next(&peers[i], now_ns())) open++;
    else errors++;
  }

  struct epoll_event events[256];
  uint64_t total_acked = 0;
  while (open > 0) {
    int n = wait_events(poll, events, 256, 100);
    uint64_t t = now_ns();
    if (!measuring && t >= begin) {
      measuring = 1;
      begin = t;
      finish = t + (uint64_t)(seconds * 1e9);
      printf("{\"event\":\"measure\",\"t\":%llu}\n", (unsigned long long)t);
      fflush(stdout);
    }
    if (measuring == 1 && t >= finish) {
      measuring = 2;
      end = t;
      printf("{\"event\":\"measured\",\"t\":%llu}\n", (unsigned long long)t);
      fflush(stdout);
    }
    if (measuring == 2 && t > end + 10000000000ull) { errors += (uint64_t)open; break; } /* no answer for 10 s */
    for (int i = 0; i < n; i++) {
      struct peer *p = events[i].data.ptr;
      ssize_t got = recv(p->fd, p->ack + p->have, sizeof p->ack - p->have, 0);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      int gone = got <= 0;
      if (!gone) {
        p->have += (size_t)got;
        if (p->have < 4 || p->ack[p->have - 1] != CR || p->ack[p->have - 2] != END) {
          if (p->have < sizeof p->ack) continue;
          gone = 1;
        }
      }
      if (gone) {
        errors++;
        open--;
        epoll_ctl(poll, EPOLL_CTL_DEL, p->fd, NULL);
        close(p->fd);
        continue;
      }
      int verdict = judge(p);
      uint64_t answered = now_ns();
      if (verdict == 1) {
        total_acked++;
        if (measuring == 1) {
          acked++;
          uint64_t us = (answered - p->sent_at) / 1000 * SLOTS_PER_US;
          histogram[us < SLOTS ? us : SLOTS - 1]++;
        }
      } else if (verdict == 0) naks++;
      else errors++;
      if (measuring == 2) { open--; continue; }
      if (!send_next(p, answered)) { errors++; open--; }
    }
  }
  double took = (double)(end - begin) / 1e9;
  printf("{\"event\":\"result\",\"start\":%llu,\"end\":%llu,\"seconds\":%.6f,\"acked\":%llu,\"total_acked\":%llu,\"naks\":%llu,\"errors\":%llu,\"p50_us\":%llu,\"p99_us\":%llu}\n",
         (unsigned long long)begin, (unsigned long long)end, took, (unsigned long long)acked, (unsigned long long)total_acked,
         (unsigned long long)naks, (unsigned long long)errors, (unsigned long long)percentile(0.5, acked), (unsigned long long)percentile(0.99, acked));
  return 0;
}
