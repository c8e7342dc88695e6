#include "market_fault.h"

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

static const struct kind {
	const char *name;
	enum market_fault_does does;
	int64_t code;
	const char *doc;
} kinds[] = {
	{ .name = "status", .does = FAULT_STATUS, .code = 503, .doc = "error status code=" },
	{ .name = "429", .does = FAULT_STATUS, .code = 429, .doc = "too many requests" },
	{ .name = "500", .does = FAULT_STATUS, .code = 500, .doc = "internal error" },
	{ .name = "503", .does = FAULT_STATUS, .code = 503, .doc = "unavailable" },
	{ .name = "404", .does = FAULT_STATUS, .code = 404, .doc = "not found" },
	{ .name = "slow", .does = FAULT_SLOW, .doc = "answer after ms=" },
	{ .name = "trickle", .does = FAULT_TRICKLE, .doc = "bytes= of the body each ms=" },
	{ .name = "truncate", .does = FAULT_TRUNCATE, .doc = "hang up at= percent of the body" },
	{ .name = "length", .does = FAULT_LENGTH, .doc = "Content-Length off by= bytes" },
	{ .name = "redirect", .does = FAULT_REDIRECT, .doc = "redirects without end" },
	{ .name = "huge", .does = FAULT_HUGE, .doc = "body padded to mb= MiB" },
	{ .name = "bomb", .does = FAULT_BOMB, .doc = "gzip of mb= MiB of white space" },
	{ .name = "euckr", .does = FAULT_EUCKR, .doc = "HTML in EUC-KR" },
	{ .name = "badjson", .does = FAULT_BADJSON, .doc = "broken JSON or JSON-LD" },
	{ .name = "markup", .does = FAULT_MARKUP, .doc = "other class and field names" },
	{ .name = "empty", .does = FAULT_EMPTY, .doc = "status 200 without a body" },
	{ .name = "close", .does = FAULT_CLOSE, .doc = "hang up before an answer" },
};

#define AT(field) offsetof(struct market_fault, field)

static const struct key {
	const char *name;
	size_t at, room; /* room: it is text */
	int64_t def, min, max;
	const char *doc;
} keys[] = {
	{ .name = "path", .at = AT(path), .room = 128, .doc = "only paths that begin so" },
	{ .name = "host", .at = AT(host), .room = 64, .doc = "only this host" },
	{ .name = "every",
	  .at = AT(every),
	  .def = 1,
	  .min = 1,
	  .max = 1000000000,
	  .doc = "of so many requests that fit" },
	{ .name = "burst",
	  .at = AT(burst),
	  .def = 1,
	  .min = 1,
	  .max = 1000000000,
	  .doc = "the first so many" },
	{ .name = "first",
	  .at = AT(first),
	  .max = 1000000000,
	  .doc = "no more after so many hits; 0: no end" },
	{ .name = "each",
	  .at = AT(each),
	  .max = 1000000,
	  .doc = "only the first so many requests of each URL; 0: all" },
	{ .name = "share",
	  .at = AT(share),
	  .def = 100,
	  .max = 100,
	  .doc = "only percent of the URLs, by their hash" },
	{ .name = "code", .at = AT(code), .min = 300, .max = 599, .doc = "status" },
	{ .name = "after",
	  .at = AT(after),
	  .def = -1,
	  .min = 0,
	  .max = 86400,
	  .doc = "Retry-After, seconds" },
	{ .name = "date", .at = AT(date), .max = 1, .doc = "1: Retry-After as a date" },
	{ .name = "ms", .at = AT(ms), .max = 600000, .doc = "milliseconds" },
	{ .name = "bytes", .at = AT(bytes), .def = 256, .min = 1, .max = 1 << 20, .doc = "a step" },
	{ .name = "at", .at = AT(at), .def = 50, .max = 99, .doc = "percent" },
	{ .name = "by", .at = AT(by), .def = 100, .min = -1000000, .max = 1000000, .doc = "bytes" },
	{ .name = "mb", .at = AT(mb), .def = 100, .min = 1, .max = 4096, .doc = "size" },
};

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct kind *kind_of(struct str name)
{
	size_t i;

	for (i = 0; i < N_OF(kinds); i++)
		if (str_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static const struct key *key_of(struct str name)
{
	size_t i;

	for (i = 0; i < N_OF(keys); i++)
		if (str_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}

static void set_number(struct market_fault *f, const struct key *k, int64_t n)
{
	memcpy((char *)f + k->at, &n, sizeof(n));
}

static enum err set_key(struct market_fault *f, struct str part, struct reason *why)
{
	struct str name = part, value;
	const struct key *k;
	int64_t n;

	str_next(&part, '=', &name);
	value = part;
	k = key_of(name);
	if (!k || !value.p)
		return reason_set(why, ERR_BAD, "fault: no key '%.*s'; see market --help",
				  STR_ARG(name));
	if (k->room) {
		if (value.n >= k->room)
			return reason_set(why, ERR_BAD, "fault: %s is too long", k->name);
		memcpy((char *)f + k->at, value.p, value.n);
		return ERR_OK;
	}
	if (!str_i64(value, &n) || n < k->min || n > k->max)
		return reason_set(why, ERR_BAD, "fault: %s wants a number from %lld to %lld",
				  k->name, (long long)k->min, (long long)k->max);
	set_number(f, k, n);
	return ERR_OK;
}

static enum err parse(struct str spec, struct market_fault *to, struct reason *why)
{
	struct str name = { 0 }, part;
	const struct kind *kind;
	enum err err;
	size_t i;

	str_next(&spec, ':', &name);
	kind = kind_of(name);
	if (!kind)
		return reason_set(why, ERR_BAD, "fault: no kind '%.*s'; see market --help",
				  STR_ARG(name));
	*to = (struct market_fault){ .does = kind->does, .name = kind->name };
	for (i = 0; i < N_OF(keys); i++)
		if (!keys[i].room)
			set_number(to, &keys[i], keys[i].def);
	to->code = kind->code;
	while (str_next(&spec, ',', &part)) {
		err = set_key(to, part, why);
		if (err)
			return err;
	}
	return ERR_OK;
}

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
	enum err err = parse(spec, &fault, why);

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

void market_fault_help(struct buf *to)
{
	size_t i;

	buf_add_text(to, "\nFaults: KIND[:KEY=VALUE,...]; the first that fits a request wins.\n");
	for (i = 0; i < N_OF(kinds); i++)
		buf_fmt(to, "      %-18s%s\n", kinds[i].name, kinds[i].doc);
	buf_add_text(to, "  Keys:\n");
	for (i = 0; i < N_OF(keys); i++)
		buf_fmt(to, "      %-18s%s\n", keys[i].name, keys[i].doc);
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
