#include "market_fault.h"

#include "market_spec.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"

#include <pthread.h>
#include <string.h>

#define FAULTS_MOST 256
#define URLS_MOST ((size_t)1 << 21)

struct urls {
	uint64_t *keys; /* 0: free */
	uint32_t *counts;
	size_t n, room; /* room: a power of two, or 0 */
};

struct slot {
	struct market_fault fault;
	struct urls seen;
};

struct market_faults {
	pthread_mutex_t lock;
	struct slot slots[FAULTS_MOST];
	int n;
};

struct market_faults *market_faults_new(void)
{
	struct market_faults *f = mem_zero(sizeof(*f));

	pthread_mutex_init(&f->lock, NULL);
	return f;
}

static void forget(struct market_faults *f)
{
	while (f->n > 0) {
		struct slot *s = &f->slots[--f->n];

		mem_free(s->seen.keys);
		mem_free(s->seen.counts);
		*s = (struct slot){ 0 };
	}
}

void market_faults_free(struct market_faults *f)
{
	if (!f)
		return;
	forget(f);
	pthread_mutex_destroy(&f->lock);
	mem_free(f);
}

enum err market_fault_add(struct market_faults *f, struct str spec, struct reason *why)
{
	struct market_fault fault;
	enum err err = market_spec_parse(spec, &fault, why);

	if (err)
		return err;
	pthread_mutex_lock(&f->lock);
	if (f->n < FAULTS_MOST)
		f->slots[f->n++].fault = fault;
	else
		err = reason_set(why, ERR_TOO_BIG, "fault: %d are enough", FAULTS_MOST);
	pthread_mutex_unlock(&f->lock);
	return err;
}

void market_fault_clear(struct market_faults *f)
{
	pthread_mutex_lock(&f->lock);
	forget(f);
	pthread_mutex_unlock(&f->lock);
}

static size_t place_of(const struct urls *u, uint64_t key)
{
	size_t i = key & (u->room - 1);

	while (u->keys[i] && u->keys[i] != key)
		i = (i + 1) & (u->room - 1);
	return i;
}

static void more_room(struct urls *u)
{
	struct urls old = *u;
	size_t i, to;

	u->room = old.room ? old.room * 2 : 1024;
	u->keys = mem_array(u->room, sizeof(*u->keys));
	u->counts = mem_array(u->room, sizeof(*u->counts));
	for (i = 0; i < old.room; i++) {
		if (!old.keys[i])
			continue;
		to = place_of(u, old.keys[i]);
		u->keys[to] = old.keys[i];
		u->counts[to] = old.counts[i];
	}
	mem_free(old.keys);
	mem_free(old.counts);
}

/* How often this URL has been asked for, this time included. */
static uint32_t count_url(struct urls *u, uint64_t key)
{
	size_t at;

	key |= 1;
	if (u->n * 2 >= u->room && u->room < URLS_MOST)
		more_room(u);
	at = place_of(u, key);
	if (!u->keys[at]) {
		if (u->n + 1 >= u->room)
			return UINT32_MAX;
		u->keys[at] = key;
		u->n++;
	}
	return ++u->counts[at];
}

static bool befalls(struct slot *s, struct str host, struct str path)
{
	struct market_fault *f = &s->fault;
	uint64_t url = hash64_join(hash64(host, 0), hash64(path, 0));

	if (!str_starts(path, str_of(f->path)) || (f->host[0] && !str_is(host, f->host)))
		return false;
	if (f->share < 100 && url / 7 % 100 >= (uint64_t)f->share)
		return false;
	f->asked++;
	if ((f->asked - 1) % f->every >= f->burst)
		return false;
	if (f->first && f->hit >= f->first)
		return false;
	if (f->each && count_url(&s->seen, url) > (uint64_t)f->each)
		return false;
	f->hit++;
	return true;
}

struct market_fault market_fault_pick(struct market_faults *f, struct str host, struct str path)
{
	struct market_fault none = { 0 };
	int i;

	pthread_mutex_lock(&f->lock);
	for (i = 0; i < f->n; i++)
		if (befalls(&f->slots[i], host, path)) {
			none = f->slots[i].fault;
			break;
		}
	pthread_mutex_unlock(&f->lock);
	return none;
}

void market_fault_json(struct market_faults *f, struct buf *to)
{
	struct json j;
	int i;

	json_init(&j, to);
	pthread_mutex_lock(&f->lock);
	json_array(&j, NULL);
	for (i = 0; i < f->n; i++) {
		const struct market_fault *x = &f->slots[i].fault;

		json_object(&j, NULL);
		json_text(&j, "kind", x->name);
		json_text(&j, "path", x->path);
		json_text(&j, "host", x->host);
		json_int(&j, "asked", x->asked);
		json_int(&j, "hit", x->hit);
		json_end_object(&j);
	}
	json_end_array(&j);
	pthread_mutex_unlock(&f->lock);
}
