/* bucket.h: token buckets by client address, kept as the time at which each is full again
 * (the generic cell rate algorithm, ITU-T I.371): `rate` tokens a second, saved for a
 * second, and one more. Bounded: where clients share a place, the one whose
 * bucket is fullest is forgotten, as if it were full. Loop thread. */
#ifndef PIPED_BUCKET_H
#define PIPED_BUCKET_H

#include <stdint.h>

struct bucket_set;

struct bucket_set *bucket_new(void);
void bucket_free(struct bucket_set *s);

/* Takes a token of the client's; or gives the microseconds until there is one, at
 * least 1. `at` is an address as struct conf_net has it; of IPv6 the first 64 bits are
 * one client. Time never goes back. */
int64_t bucket_take(struct bucket_set *s, const uint8_t at[16], double rate, int64_t now_us);
/* Takes tokens that turned out to be needed: what is not there is owed. */
void bucket_owe(struct bucket_set *s, const uint8_t at[16], double rate, int64_t tokens,
		int64_t now_us);

#endif
