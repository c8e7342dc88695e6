/* clock.h: time as a parameter. Daemon code asks a `struct clock`; tests set
 * one by hand. Pure stages get an `int64_t now_ms`. */
#ifndef PIPED_CLOCK_H
#define PIPED_CLOCK_H

#include "base/str.h"

#include <stdint.h>

struct clock {
	int64_t (*wall_ms)(void *ctx); /* milliseconds since 1970, UTC */
	int64_t (*mono_ms)(void *ctx); /* never goes back */
	void *ctx;
};

extern const struct clock clock_system;

int64_t clock_wall_ms(const struct clock *c);
int64_t clock_mono_ms(const struct clock *c);

/* CPU time of the calling thread, for accounting by stage. */
int64_t clock_thread_cpu_ns(void);

/* "2025-03-01T12:00:00Z" (20 bytes and NUL); `to` holds 32. */
void clock_iso(int64_t wall_ms, char to[32]);
/* Reads what clock_iso writes, and with it "2025-03-01" (its begin), a fraction of a second, and
 * an offset (+09:00) in place of the Z, or neither: UTC. Years 1970 to 9999; false: no such time. */
bool clock_read(struct str s, int64_t *ret_ms);
/* "3d 4h", "12 min", "850 ms"; `to` holds 32. */
void clock_span(int64_t ms, char to[32]);

#endif
