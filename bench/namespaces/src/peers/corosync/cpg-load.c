/* cpg-load: load on corosync's closed process groups, and the views they give. One runs on each node.
 *
 *   cpg-load load NODES SENDERS BYTES SECONDS RATE WARM_UP [send]
 *   cpg-load watch
 *
 * `load` joins and waits for NODES members. With `send` it then multicasts messages of BYTES (16 and more)
 * for SECONDS, RATE a second or, with 0, as many as are taken, and a last one. It ends when the last messages
 * of SENDERS senders were delivered; the order is total, so that by then everything was. It prints a line:
 *   {"sent":..,"delivered":..,"perSecond":..,"p50Ms":..,"p99Ms":..,"order":"16 hex digits"}
 * The rate is that between the first and the last delivery; the order is a hash over sender and sending time
 * of all messages as they came. A message begins with the time it was handed over, in ns of CLOCK_MONOTONIC,
 * which all network namespaces of a machine share; then 1 if it is its sender's last, else 0.
 *
 * `watch` joins a group of its own and prints a line for each view, with the time it came:
 *   {"atNs":"..","members":..}
 *
 * Exit codes: 0 done, 1 corosync failed or nothing came for too long, 2 wrong arguments. */
#define _GNU_SOURCE
#include <corosync/cpg.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#define SECOND 1000000000ull
#define NODES_MAX 64
#define BYTES_MIN 16
#define BYTES_MAX (1 << 20)
#define LATENCIES_MAX (16u << 20)
#define BURST 64
#define PATIENCE (15 * SECOND)

struct load { uint32_t nodes, senders, bytes, seconds, rate, warm_up; int sends; };

static cpg_handle_t handle;
static uint32_t members, ended;
static uint64_t warm_up_ns, counted, first_sent;
static uint64_t delivered, first_at, last_at, heard_at, order = 14695981039346656037ull;
static uint32_t *latencies_us;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void fail(const char *what, cs_error_t code) {
  fprintf(stderr, "cpg-load: %s (corosync's error %d)\n", what, (int)code);
  exit(1);
}

static void mix(uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) {
    order = (order ^ ((value >> shift) & 0xff)) * 1099511628211ull;
  }
}

static void on_message(cpg_handle_t h, const struct cpg_name *group, uint32_t node, uint32_t pid,
                       void *message, size_t length) {
  (void)h, (void)group, (void)pid;
  uint64_t head[2], at = now();
  if (length < sizeof head) return;
  memcpy(head, message, sizeof head);
  heard_at = at;
  if (head[1] != 0) { ended += 1; return; }
  if (delivered == 0) first_at = at, first_sent = head[0];
  last_at = at;
  mix(node);
  mix(head[0]);
  uint64_t us = (at - head[0]) / 1000;
  delivered += 1;
  if ((warm_up_ns > 0 && head[0] < first_sent + warm_up_ns) || counted == LATENCIES_MAX) return;
  latencies_us[counted] = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
  counted += 1;
}

static void on_members(cpg_handle_t h, const struct cpg_name *group, const struct cpg_address *all,
                       size_t count, const struct cpg_address *left, size_t left_count,
                       const struct cpg_address *joined, size_t joined_count) {
  (void)h, (void)group, (void)all, (void)left, (void)left_count, (void)joined, (void)joined_count;
  members = (uint32_t)count;
  heard_at = now();
}

static void on_view(cpg_handle_t h, const struct cpg_name *group, const struct cpg_address *all,
                    size_t count, const struct cpg_address *left, size_t left_count,
                    const struct cpg_address *joined, size_t joined_count) {
  on_members(h, group, all, count, left, left_count, joined, joined_count);
  printf("{\"atNs\":\"%llu\",\"members\":%u}\n", (unsigned long long)heard_at, members);
  fflush(stdout);
}

static void join(const char *name, cpg_callbacks_t *callbacks) {
  struct cpg_name group = {.length = (uint32_t)strlen(name)};
  memcpy(group.value, name, group.length);
  cs_error_t code = cpg_initialize(&handle, callbacks);
  if (code != CS_OK) fail("the daemon could not be reached", code);
  code = cpg_join(handle, &group);
  if (code != CS_OK) fail("the group could not be joined", code);
}

/* Waits for deliveries until the time given, at most, and takes all there are. */
static void dispatch(int fd, uint64_t until) {
  uint64_t at = now(), wait = until > at ? until - at : 0;
  struct timespec timeout = {.tv_sec = (time_t)(wait / SECOND), .tv_nsec = (long)(wait % SECOND)};
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  int count = ppoll(&ready, 1, &timeout, NULL);
  if (count < 0 && errno != EINTR) fail("waiting failed", CS_ERR_LIBRARY);
  if (count <= 0) return;
  cs_error_t code = cpg_dispatch(handle, CS_DISPATCH_ALL);
  if (code != CS_OK) fail("the daemon is gone", code);
}

/* Whether the message was taken. */
static int send_one(char *message, uint32_t bytes, uint64_t is_last) {
  uint64_t head[2] = {now(), is_last};
  memcpy(message, head, sizeof head);
  struct iovec parts = {.iov_base = message, .iov_len = bytes};
  cs_error_t code = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &parts, 1);
  if (code != CS_OK && code != CS_ERR_TRY_AGAIN) fail("a message was refused", code);
  return code == CS_OK;
}

static uint64_t send_all(int fd, const struct load *load) {
  char *message = calloc(1, load->bytes);
  if (message == NULL) fail("no memory", CS_ERR_NO_MEMORY);
  uint64_t sent = 0, begin = now(), end = begin + load->seconds * SECOND;
  for (uint64_t at = begin; at < end; at = now()) {
    uint64_t due = load->rate == 0 ? UINT64_MAX : (at - begin) * load->rate / SECOND + 1;
    int tries = BURST, taken = 1;
    while (tries-- > 0 && sent < due && (taken = send_one(message, load->bytes, 0))) sent += 1;
    if (!taken) dispatch(fd, tries < BURST - 1 ? 0 : now() + SECOND / 1000);
    else if (load->rate == 0) dispatch(fd, 0);
    else dispatch(fd, begin + sent * SECOND / load->rate);
  }
  heard_at = now();
  while (!send_one(message, load->bytes, 1)) {
    dispatch(fd, now() + SECOND / 1000);
    if (now() > heard_at + PATIENCE) fail("no message is taken any more", CS_ERR_TRY_AGAIN);
  }
  free(message);
  return sent;
}

static int ascending(const void *one, const void *other) {
  uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
  return (a > b) - (a < b);
}

static void report(uint64_t sent) {
  size_t count = counted;
  if (count < 2) fail("fewer than two messages were delivered", CS_OK);
  qsort(latencies_us, count, sizeof *latencies_us, ascending);
  double seconds = (double)(last_at - first_at) / SECOND;
  printf("{\"sent\":%llu,\"delivered\":%llu,\"perSecond\":%.1f,\"p50Ms\":%.3f,\"p99Ms\":%.3f,"
         "\"order\":\"%016llx\"}\n",
         (unsigned long long)sent, (unsigned long long)delivered, (double)(delivered - 1) / seconds,
         latencies_us[count / 2] / 1e3, latencies_us[count - 1 - count / 100] / 1e3,
         (unsigned long long)order);
}

static void run_load(const struct load *load) {
  cpg_callbacks_t callbacks = {.cpg_deliver_fn = on_message, .cpg_confchg_fn = on_members};
  int fd;
  latencies_us = malloc(LATENCIES_MAX * sizeof *latencies_us);
  if (latencies_us == NULL) fail("no memory", CS_ERR_NO_MEMORY);
  warm_up_ns = load->warm_up * SECOND;
  heard_at = now();
  join("choir-bench-load", &callbacks);
  cs_error_t code = cpg_fd_get(handle, &fd);
  if (code != CS_OK) fail("there is nothing to wait for", code);
  while (members < load->nodes) {
    if (now() > heard_at + PATIENCE) fail("the other members did not come", CS_OK);
    dispatch(fd, now() + SECOND / 20);
  }
  uint64_t sent = load->sends ? send_all(fd, load) : 0;
  heard_at = now();
  while (ended < load->senders) {
    if (now() > heard_at + PATIENCE) fail("nothing is delivered any more", CS_OK);
    dispatch(fd, now() + SECOND / 20);
  }
  report(sent);
}

static void watch(void) {
  cpg_callbacks_t callbacks = {.cpg_deliver_fn = on_message, .cpg_confchg_fn = on_view};
  join("choir-bench-views", &callbacks);
  cs_error_t code = cpg_dispatch(handle, CS_DISPATCH_BLOCKING);
  if (code != CS_OK) fail("the daemon is gone", code);
}

static uint32_t number(const char *name, const char *text, uint32_t least, uint32_t most) {
  char *end;
  errno = 0;
  unsigned long value = strtoul(text, &end, 10);
  if (errno == 0 && *text != 0 && *text != '-' && *end == 0 && value >= least && value <= most) {
    return (uint32_t)value;
  }
  fprintf(stderr, "cpg-load: %s: \"%s\" is not a whole number from %u to %u\n", name, text, least, most);
  exit(2);
}

int main(int count, char **arguments) {
  if (count == 2 && strcmp(arguments[1], "watch") == 0) {
    watch();
    return 0;
  }
  int sends = count == 9 && strcmp(arguments[8], "send") == 0;
  if ((count != 8 && !sends) || strcmp(arguments[1], "load") != 0) {
    fprintf(stderr, "cpg-load load NODES SENDERS BYTES SECONDS RATE [send] | cpg-load watch\n");
    return 2;
  }
  struct load load = {
      .nodes = number("NODES", arguments[2], 1, NODES_MAX),
      .senders = number("SENDERS", arguments[3], 1, NODES_MAX),
      .bytes = number("BYTES", arguments[4], BYTES_MIN, BYTES_MAX),
      .seconds = number("SECONDS", arguments[5], 1, 600),
      .rate = number("RATE", arguments[6], 0, 1000000),
      .warm_up = number("WARM_UP", arguments[7], 0, 60),
      .sends = sends,
  };
  run_load(&load);
  cpg_finalize(handle);
  return 0;
}
