#include "store/known.h"

#include "base/hash.h"
#include "base/mem.h"

#include <string.h>

void known_init(struct known *k)
{
	k->places = mem_array(KNOWN_PLACES, sizeof(*k->places));
}

void known_done(struct known *k)
{
	mem_free(k->places);
	k->places = NULL;
}

static uint64_t hash_of(struct str source, struct str key)
{
	return hash64(key, hash64(source, 0));
}

static uint64_t *place_of(const struct known *k, uint64_t hash)
{
	return &k->places[hash & (KNOWN_PLACES - 1)];
}

void known_note(struct known *k, struct str source, struct str key)
{
	uint64_t hash = hash_of(source, key);

	*place_of(k, hash) = hash;
}

bool known_has(const struct known *k, struct str source, struct str key)
{
	uint64_t hash = hash_of(source, key);

	return hash && *place_of(k, hash) == hash;
}

void known_forget(struct known *k)
{
	memset(k->places, 0, KNOWN_PLACES * sizeof(*k->places));
}
