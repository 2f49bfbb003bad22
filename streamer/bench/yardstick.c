/* The yardstick of the compiled kernels: what a careful person reaches by hand for one fixed case.
 *
 * GRU with 16 units, reset-after, one input, binary target; truncated back-propagation over K steps with the whole
 * window recomputed at each sample; RMSProp on all 897 parameters; one vector register holds a gate. The mathematics is
 * that of streamer/learning/network.py, without guard, clipping, memory bank or settings. Only for measuring.
 *
 *     gcc -O3 -march=native -ffast-math -DK=8 streamer/bench/yardstick.c -o yardstick -lm && ./yardstick [samples]
 *
 * prints microseconds a sample (the median of several passes) and the mistakes of the first pass's last 10,000.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef K
#define K 8
#endif
#define H 16
#define GATES 3
#define PASSES 5

typedef float vec __attribute__((vector_size(4 * H)));
typedef int mask __attribute__((vector_size(4 * H)));

/* parameters by columns: v, a (one lane), W, b, c, U; a second copy of U by rows serves the backward pass */
enum { V, A, W, B = W + GATES, C = B + GATES, U = C + 1, P = U + GATES * H };

static vec theta[P], mean_square[P], gradient[P], U_rows[GATES * H];
static vec h[K + 1], r[K], z[K], n[K], m[K], dr[K], dz[K], dn[K], dm[K];
static vec stored;
static float window[K];

static inline vec spread(float a) { return a - (vec){0}; }

static inline vec clamp(vec a, float limit) {
    mask high = a > limit, low = a < -limit;
    a = (vec)((high & (mask)spread(limit)) | (~high & (mask)a));
    return (vec)((low & (mask)spread(-limit)) | (~low & (mask)a));
}

static inline vec tanh_(vec a) {
    a = clamp(a, 7.9f);
    vec s = a * a;
    vec p = s * 1.52596918e-08f + 2.19034228e-05f;
    p = s * p + 3.57169630e-03f;
    p = s * p + 1.34444519e-01f;
    p = s * p + 9.99999974e-01f;
    vec q = s * 8.53055161e-07f + 3.41174358e-04f;
    q = s * q + 2.61644139e-02f;
    q = s * q + 4.67777741e-01f;
    q = s * q + 1.0f;
    return a * p / q;
}

static inline vec sigmoid(vec a) { return tanh_(0.5f * a) * 0.5f + 0.5f; }

static inline vec root(vec a) {
    vec b;
    for (int i = 0; i < H; i++) b[i] = sqrtf(a[i]);
    return b;
}

static inline float total(vec a) {
    float s = 0;
    for (int i = 0; i < H; i++) s += a[i];
    return s;
}

static inline void forward(int k, float x) {
    vec R = theta[B] + theta[W] * x, Z = theta[B + 1] + theta[W + 1] * x, N = theta[B + 2] + theta[W + 2] * x;
    vec M = theta[C], R2 = {0}, Z2 = {0}, M2 = {0};
    for (int j = 0; j < H; j += 2) {
        float a = h[k][j], b = h[k][j + 1];
        R += theta[U + GATES * j] * a;
        Z += theta[U + GATES * j + 1] * a;
        M += theta[U + GATES * j + 2] * a;
        R2 += theta[U + GATES * j + 3] * b;
        Z2 += theta[U + GATES * j + 4] * b;
        M2 += theta[U + GATES * j + 5] * b;
    }
    r[k] = sigmoid(R + R2);
    z[k] = sigmoid(Z + Z2);
    m[k] = M + M2;
    n[k] = tanh_(N + r[k] * m[k]);
    h[k + 1] = n[k] + z[k] * (h[k] - n[k]);
}

static inline void slopes(int k, vec d) {
    dn[k] = d * (1 - z[k]) * (1 - n[k] * n[k]);
    dm[k] = dn[k] * r[k];
    dr[k] = dm[k] * m[k] * (1 - r[k]);
    dz[k] = d * (h[k] - n[k]) * z[k] * (1 - z[k]);
}

static inline vec back(int k, vec d) {
    vec a = d * z[k], b = {0}, c = {0}, a2 = {0}, b2 = {0}, c2 = {0};
    for (int i = 0; i < H; i += 2) {
        a += U_rows[GATES * i] * dr[k][i];
        b += U_rows[GATES * i + 1] * dz[k][i];
        c += U_rows[GATES * i + 2] * dm[k][i];
        a2 += U_rows[GATES * i + 3] * dr[k][i + 1];
        b2 += U_rows[GATES * i + 4] * dz[k][i + 1];
        c2 += U_rows[GATES * i + 5] * dm[k][i + 1];
    }
    return (a + b + c) + (a2 + b2 + c2);
}

static inline void accumulate(int steps) {
    vec w[3] = {{0}}, b[3] = {{0}}, c = {0};
    for (int k = 0; k < steps; k++) {
        w[0] += dr[k] * window[k], w[1] += dz[k] * window[k], w[2] += dn[k] * window[k];
        b[0] += dr[k], b[1] += dz[k], b[2] += dn[k], c += dm[k];
    }
    memcpy(gradient + W, w, sizeof w);
    memcpy(gradient + B, b, sizeof b);
    gradient[C] = c;
    for (int j = 0; j < H; j++) {
        vec R = {0}, Z = {0}, M = {0};
        for (int k = 0; k < steps; k++) R += dr[k] * h[k][j], Z += dz[k] * h[k][j], M += dm[k] * h[k][j];
        gradient[U + GATES * j] = R, gradient[U + GATES * j + 1] = Z, gradient[U + GATES * j + 2] = M;
    }
}

static inline void update(void) {
    for (int i = 0; i < P; i++) {
        vec g = gradient[i];
        mean_square[i] = 0.99f * mean_square[i] + 0.01f * g * g;
        theta[i] -= 1e-2f * g / (root(mean_square[i]) + 1e-3f);
    }
}

/* rows from columns, a tile of 16 × 16 for each gate: four rounds of interleaving vector i with vector i + 8 */
static inline void make_rows(void) {
    const mask low = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
    const mask high = low + 8;
    for (int gate = 0; gate < GATES; gate++) {
        vec tile[H], next[H];
        for (int j = 0; j < H; j++) tile[j] = theta[U + GATES * j + gate];
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < H / 2; i++) {
                next[2 * i] = __builtin_shuffle(tile[i], tile[i + H / 2], low);
                next[2 * i + 1] = __builtin_shuffle(tile[i], tile[i + H / 2], high);
            }
            memcpy(tile, next, sizeof tile);
        }
        for (int i = 0; i < H; i++) U_rows[GATES * i + gate] = tile[i];
    }
}

static float step(long t, float x, float y) {
    int length = t < K - 1 ? (int)t : K - 1;
    window[length] = x;
    h[0] = stored;
    for (int k = 0; k <= length; k++) forward(k, window[k]);
    vec last = h[length + 1];
    float p = 1 / (1 + expf(-(total(theta[V] * last) + theta[A][0])));
    float e = p - y;
    gradient[V] = e * last;
    gradient[A] = (vec){e};
    vec d = e * theta[V];
    slopes(length, d);
    for (int k = length; k > 0; k--) {
        d = back(k, d);
        slopes(k - 1, d);
    }
    accumulate(length + 1);
    update();
    make_rows();
    if (length == K - 1) {
        stored = h[1];
        memmove(window, window + 1, (K - 1) * sizeof *window);
    }
    return p;
}

static int by_size(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return (d > 0) - (d < 0);
}

int main(int argc, char **argv) {
    long samples = argc > 1 ? atol(argv[1]) : 100000, t = 0, mistakes = 0;
    double times[PASSES];
    srand(1);
    for (int i = W; i < P; i++)
        for (int j = 0; j < H; j++) theta[i][j] = 0.5f * ((float)rand() / (float)RAND_MAX - 0.5f);
    for (int j = 0; j < H; j++) theta[V][j] = 0.5f * ((float)rand() / (float)RAND_MAX - 0.5f);
    theta[B + 1] = spread(-1);
    make_rows();
    float x = 0, before = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        for (long i = 0; i < samples; i++) {
            before = x;
            x = (rand() & 3) == 0;
            float y = 1 - before, p = step(t++, x, y);
            mistakes += pass == 0 && i >= samples - 10000 && (p > 0.5f) != (y > 0.5f);
        }
        clock_gettime(CLOCK_MONOTONIC, &b);
        times[pass] = ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / 1e3 / (double)samples;
    }
    qsort(times, PASSES, sizeof *times, by_size);
    printf("%.4f %ld\n", times[PASSES / 2], mistakes);
}
