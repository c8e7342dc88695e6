#include "serve/bucket.h"

#include "base/hash.h"
#include "base/mem.h"

#include <string.h>

#define SETS 1024
#define WAYS 8
#define SAVED_US 1000000.0
/* What is owed is paid within so long, whatever it is. */
#define OWED_MOST_US 3600e6

struct bucket {
	uint8_t at[16];
	int64_t full_us; /* when it is full again; in the past: it is */
};

struct bucket_set {
	struct bucket sets[SETS][WAYS];
};

struct bucket_set *bucket_new(void)
{
	return mem_zero(sizeof(struct bucket_set));
}

void bucket_free(struct bucket_set *s)
{
	mem_free(s);
}

static void client_of(const uint8_t at[16], uint8_t to[16])
{
	static const uint8_t ipv4[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(to, at, 16);
	if (memcmp(at, ipv4, sizeof(ipv4)) != 0)
		memset(to + 8, 0, 8);
}

static struct bucket *find(struct bucket_set *s, const uint8_t at[16])
{
	uint8_t client[16];
	struct bucket *set, *fullest;

	client_of(at, client);
	set = s->sets[hash64((struct str){ (const char *)client, sizeof(client) }, 0) % SETS];
	fullest = &set[0];
	for (int i = 0; i < WAYS; i++) {
		if (!memcmp(set[i].at, client, sizeof(client)))
			return &set[i];
		if (set[i].full_us < fullest->full_us)
			fullest = &set[i];
	}
	memcpy(fullest->at, client, sizeof(client));
	/* So long ago that it is full now, but not so long that a difference overflows. */
	fullest->full_us = INT64_MIN / 2;
	return fullest;
}

static double owed_us(const struct bucket *b, int64_t now_us)
{
	return b->full_us > now_us ? (double)(b->full_us - now_us) : 0;
}

int64_t bucket_take(struct bucket_set *s, const uint8_t at[16], double rate, int64_t now_us)
{
	struct bucket *b = find(s, at);
	const double token = 1e6 / rate, room = token + SAVED_US;
	double owed = owed_us(b, now_us) + token;

	if (owed > room)
		return (int64_t)(owed - room) + 1;
	b->full_us = now_us + (int64_t)owed;
	return 0;
}

void bucket_owe(struct bucket_set *s, const uint8_t at[16], double rate, int64_t tokens,
		int64_t now_us)
{
	struct bucket *b = find(s, at);
	double owed = owed_us(b, now_us) + (double)tokens * 1e6 / rate;

	b->full_us = now_us + (int64_t)(owed < OWED_MOST_US ? owed : OWED_MOST_US);
}
