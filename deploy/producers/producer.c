/* A producer in C that needs only libzmq and zlib; streamer/wire/SPEC.md is what it follows.
 *
 *     cc -O2 -o producer producer.c -lzmq -lz
 *     ./producer tcp://127.0.0.1:15577 puzzle 20000
 *
 * It publishes a puzzle: each x is 1 in one case of four, and y is the inverse of the x before. To publish a log of
 * your own, change EPOCH, INPUTS and `row`. What keeps the promise "each number once" is that row n never changes.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <zlib.h>
#include <zmq.h>

enum { HELLO = 1, WELCOME, DATA, PROGRESS, RESEND, HELLO_AGAIN, REFUSED, PING, BYE, FLUSH };
enum { BATCH = 256, INPUTS = 1, FRAME_BYTES = 6 + 4096 + 4 * BATCH * (INPUTS + 1) };
#define EPOCH "70757a7a6c652d31" /* the log's identity: another one as soon as a single row would be another */
#define ENDLESS (UINT64_C(1) << 62)

/* 1 in one case of four: 32 bits of n, mixed (the last step of MurmurHash3), so that any n can be had at once. */
static float bit(uint64_t n) {
    uint32_t h = (uint32_t)n;
    h = (h ^ h >> 16) * UINT32_C(0x85EBCA6B);
    h = (h ^ h >> 13) * UINT32_C(0xC2B2AE35);
    return (h ^ h >> 16) < UINT32_C(1) << 30;
}

/* Sample n of the log: its inputs, then its target. */
static void row(uint64_t n, float numbers[INPUTS + 1]) {
    numbers[0] = bit(n);
    numbers[1] = 1 - bit(n - 1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Bytes to be sent, or read: as much of msgpack as the protocol needs. */
struct bytes {
    unsigned char data[FRAME_BYTES];
    size_t at, end;
};

static void put(struct bytes *b, unsigned byte) { b->data[b->at++] = (unsigned char)byte; }

static void put_array(struct bytes *b, unsigned count) { put(b, 0x90 | count); } /* below 16 */

static void put_integer(struct bytes *b, uint64_t value) {
    if (value < 128) {
        put(b, (unsigned)value);
        return;
    }
    put(b, 0xcf);
    for (int shift = 56; shift >= 0; shift -= 8) put(b, (unsigned)(value >> shift) & 0xff);
}

static void put_text(struct bytes *b, const char *text) { /* below 256 bytes */
    put(b, 0xd9);
    put(b, (unsigned)strlen(text));
    for (; *text; text++) put(b, (unsigned char)*text);
}

static void put_little_endian(unsigned char *to, uint32_t value, int size) {
    for (int i = 0; i < size; i++) to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t get_little_endian(const unsigned char *from, int size) {
    uint32_t value = 0;
    for (int i = 0; i < size; i++) value |= (uint32_t)from[i] << 8 * i;
    return value;
}

static uint64_t get_bytes(struct bytes *b, int size) { /* big-endian; 0s beyond the end */
    uint64_t value = 0;
    while (size-- > 0) value = value << 8 | (b->at < b->end ? b->data[b->at++] : 0);
    return value;
}

static uint64_t get_integer(struct bytes *b) {
    unsigned first = (unsigned)get_bytes(b, 1);
    if (first >= 0xcc && first <= 0xcf) return get_bytes(b, 1 << (first - 0xcc));
    return first; /* 0 to 127, and false (0xc2), true (0xc3) */
}

static void get_text(struct bytes *b, char *text, size_t room) {
    unsigned first = (unsigned)get_bytes(b, 1);
    size_t length = first >= 0xd9 && first <= 0xdb ? get_bytes(b, 1 << (first - 0xd9)) : first & 0x1f;
    size_t kept = 0;
    while (length-- > 0 && b->at < b->end) {
        unsigned byte = (unsigned)get_bytes(b, 1);
        if (kept + 1 < room) text[kept++] = (char)byte;
    }
    text[kept] = 0;
}

/* What a producer knows. */
struct producer {
    void *socket;
    const char *stream;
    uint64_t samples, incarnation;
    uint64_t session; /* 0: none, a hello is to be sent */
    uint64_t position, limit, cursor, acknowledged;
    double said_at, heard_at;
    bool flushed;
};

/* Begin a message of a kind: its header, up to the session. */
static struct bytes message(unsigned kind, unsigned fields, uint64_t session) {
    struct bytes b = {.at = 6}; /* room for checksum and length */
    put_array(&b, 3);
    put(&b, 1); /* version */
    put(&b, kind);
    put_array(&b, fields);
    put_integer(&b, session);
    return b;
}

/* Put checksum and length in front, and send. False if the socket takes nothing now: no daemon, or a slow one. */
static bool send_message(struct producer *p, struct bytes *b, const unsigned char *payload, size_t size) {
    put_little_endian(b->data + 4, (uint32_t)(b->at - 6), 2);
    if (size) memcpy(b->data + b->at, payload, size);
    size_t total = b->at + size;
    put_little_endian(b->data, (uint32_t)crc32(0, b->data + 4, (uInt)(total - 4)), 4);
    if (zmq_send(p->socket, b->data, total, ZMQ_DONTWAIT) < 0) return false;
    p->said_at = now();
    return true;
}

static void send_hello(struct producer *p) {
    struct bytes b = message(HELLO, 8, 0);
    put_text(&b, p->stream);
    put_integer(&b, INPUTS);
    put_text(&b, EPOCH);
    put_integer(&b, 0); /* the first number that the log can give */
    put_integer(&b, ENDLESS);
    put_integer(&b, 0); /* no buffer: all of it can be had again */
    put_integer(&b, p->incarnation);
    send_message(p, &b, NULL, 0);
}

static void send_data(struct producer *p) {
    uint64_t end = p->limit < p->samples ? p->limit : p->samples;
    uint64_t count = end - p->position < BATCH ? end - p->position : BATCH;
    unsigned char payload[4 * BATCH * (INPUTS + 1)], *to = payload;
    for (uint64_t n = p->position; n < p->position + count; n++) {
        float numbers[INPUTS + 1];
        row(n, numbers);
        for (int i = 0; i <= INPUTS; i++, to += 4) {
            uint32_t bits;
            memcpy(&bits, &numbers[i], 4);
            put_little_endian(to, bits, 4);
        }
    }
    struct bytes b = message(DATA, 4, p->session);
    put_integer(&b, p->position);
    put_integer(&b, count);
    put_integer(&b, INPUTS);
    if (send_message(p, &b, payload, (size_t)(to - payload))) p->position += count;
}

/* PING, or FLUSH when all is learned. */
static void send_sign_of_life(struct producer *p) {
    p->flushed = p->cursor >= p->samples;
    struct bytes b = message(p->flushed ? FLUSH : PING, 2, p->session);
    put_integer(&b, p->position);
    send_message(p, &b, NULL, 0);
}

static bool may_send(const struct producer *p) {
    return p->session && p->position < p->limit && p->position < p->samples;
}

static void send_what_is_due(struct producer *p) {
    double silent = now() - p->said_at;
    if (p->session && now() - p->heard_at > 5) p->session = 0; /* the daemon is gone */
    if (!p->session) {
        if (silent >= 1) send_hello(p);
    } else if (may_send(p)) {
        send_data(p);
    } else if (silent >= 1 || (p->cursor >= p->samples && !p->flushed)) {
        send_sign_of_life(p);
    }
}

static void take_refusal(struct producer *p, struct bytes *b) {
    char reason[64], explanation[1024];
    get_text(b, reason, sizeof reason);
    get_text(b, explanation, sizeof explanation);
    if (get_integer(b) != 0xc3) { /* not to be tried again */
        fprintf(stderr, "the daemon refused this stream: %s: %s\n", reason, explanation);
        exit(1);
    }
    p->session = 0;
    p->said_at = now(); /* the next hello in a second */
}

/* Take a frame from the daemon. One that is damaged or of another version or session is ignored. */
static void take(struct producer *p, struct bytes *b) {
    if (b->end < 6 || get_little_endian(b->data, 4) != crc32(0, b->data + 4, (uInt)(b->end - 4))) return;
    b->at = 6;
    if (get_bytes(b, 1) != 0x93 || get_integer(b) != 1) return;
    uint64_t kind = get_integer(b);
    get_bytes(b, 1); /* the length of the message: fields that are not known are not read */
    uint64_t session = get_integer(b);
    if (kind == WELCOME && session != p->session) {
        p->session = session;
        p->position = get_integer(b);
        p->limit = get_integer(b);
        p->flushed = false;
    } else if (kind == REFUSED && session == p->session) {
        take_refusal(p, b);
    } else if (session == 0 || session != p->session) {
        return;
    } else if (kind == PROGRESS) {
        p->cursor = get_integer(b);
        p->acknowledged = get_integer(b);
        p->limit = get_integer(b);
    } else if (kind == RESEND) {
        p->position = get_integer(b);
    } else if (kind == HELLO_AGAIN) {
        p->session = 0;
    }
    p->heard_at = now();
}

static void run(struct producer *p) {
    while (!p->session || p->acknowledged < p->samples) {
        zmq_pollitem_t item = {.socket = p->socket, .events = ZMQ_POLLIN};
        if (zmq_poll(&item, 1, may_send(p) ? 0 : 100) > 0) {
            struct bytes b;
            int size = zmq_recv(p->socket, b.data, sizeof b.data, ZMQ_DONTWAIT);
            b.end = size < 0 ? 0 : (size_t)size;
            if (b.end <= sizeof b.data) take(p, &b);
        }
        send_what_is_due(p);
    }
    struct bytes b = message(BYE, 1, p->session);
    send_message(p, &b, NULL, 0);
}

static void set(void *socket, int option, int value) { zmq_setsockopt(socket, option, &value, sizeof value); }

int main(int argc, char **argv) {
    char *end = NULL;
    uint64_t samples = argc == 4 ? strtoull(argv[3], &end, 10) : 0;
    if (argc != 4 || *end || !*argv[3] || strlen(argv[2]) > 64) {
        fprintf(stderr, "usage: producer ENDPOINT STREAM SAMPLES\n");
        return 2;
    }
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    set(socket, ZMQ_IMMEDIATE, 1); /* queue nothing while there is no daemon */
    set(socket, ZMQ_SNDHWM, 256);
    set(socket, ZMQ_RCVHWM, 256);
    set(socket, ZMQ_LINGER, 500);
    if (zmq_connect(socket, argv[1]) != 0) {
        fprintf(stderr, "%s: %s\n", argv[1], zmq_strerror(zmq_errno()));
        return 2;
    }
    struct producer p = {.socket = socket, .stream = argv[2], .samples = samples, .said_at = -1e9};
    if (getrandom(&p.incarnation, sizeof p.incarnation, 0) != sizeof p.incarnation) return 1;
    p.incarnation >>= 1; /* below 2^63 */
    run(&p);
    printf("%" PRIu64 " samples learned, and safe on the daemon's disk\n", p.samples);
    zmq_close(socket);
    zmq_ctx_term(context);
    return 0;
}
