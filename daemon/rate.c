#include "daemon/rate.h"

void rate_add(struct rate *r, int64_t mono_ms, int64_t n)
{
	int64_t s = mono_ms / 1000;
	int64_t at = s % RATE_SECONDS;

	if (!r->total)
		r->since_ms = mono_ms;
	if (r->second[at] != s) {
		r->second[at] = s;
		r->count[at] = 0;
	}
	r->count[at] += n;
	r->total += n;
}

double rate_now(const struct rate *r, int64_t mono_ms)
{
	int64_t s = mono_ms / 1000, sum = 0, span = mono_ms - r->since_ms;

	if (!r->total)
		return 0;
	for (int i = 0; i < RATE_SECONDS; i++)
		if (r->second[i] > s - RATE_SECONDS)
			sum += r->count[i];
	if (span > RATE_SECONDS * INT64_C(1000))
		span = RATE_SECONDS * INT64_C(1000);
	return (double)sum * 1000 / (double)(span < 1000 ? 1000 : span);
}
