/* rate.h: events over the last minute. Time is a parameter. */
#ifndef PIPED_RATE_H
#define PIPED_RATE_H

#include <stdint.h>

#define RATE_SECONDS 60

struct rate {
	int64_t second[RATE_SECONDS]; /* which second a slot counts */
	int64_t count[RATE_SECONDS];
	int64_t since_ms; /* of the first event */
	int64_t total;
};

void rate_add(struct rate *r, int64_t mono_ms, int64_t n);
/* Per second, over the last minute or since the first event if that is less. */
double rate_now(const struct rate *r, int64_t mono_ms);

#endif
