#include "market_spec.h"

#include <stddef.h>
#include <string.h>

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
	{ .name = "reset", .does = FAULT_RESET, .doc = "TCP RST at= percent of the body" },
	{ .name = "length", .does = FAULT_LENGTH, .doc = "Content-Length off by= bytes" },
	{ .name = "redirect", .does = FAULT_REDIRECT, .doc = "redirects without end, or to=" },
	{ .name = "huge", .does = FAULT_HUGE, .doc = "body padded to mb= MiB" },
	{ .name = "bomb", .does = FAULT_BOMB, .doc = "gzip of mb= MiB of white space" },
	{ .name = "euckr", .does = FAULT_EUCKR, .doc = "HTML in EUC-KR" },
	{ .name = "badjson", .does = FAULT_BADJSON, .doc = "broken JSON or JSON-LD" },
	{ .name = "markup", .does = FAULT_MARKUP, .doc = "other class and field names" },
	{ .name = "category", .does = FAULT_CATEGORY, .doc = "all things in one category" },
	{ .name = "empty", .does = FAULT_EMPTY, .doc = "status 200 without a body" },
	{ .name = "endless", .does = FAULT_ENDLESS, .doc = "HTML with a next page, always" },
	{ .name = "session", .does = FAULT_SESSION, .doc = "links with new session ids" },
	{ .name = "tracked", .does = FAULT_TRACKED, .doc = "links with a new parameter t=" },
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
	{ .name = "to", .at = AT(to), .room = 128, .doc = "where a redirect leads" },
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

enum err market_spec_parse(struct str spec, struct market_fault *to, struct reason *why)
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

void market_spec_help(struct buf *to)
{
	size_t i;

	buf_add_text(to, "\nFaults: KIND[:KEY=VALUE,...]; the first that fits a request wins.\n");
	for (i = 0; i < N_OF(kinds); i++)
		buf_fmt(to, "      %-18s%s\n", kinds[i].name, kinds[i].doc);
	buf_add_text(to, "  Keys:\n");
	for (i = 0; i < N_OF(keys); i++)
		buf_fmt(to, "      %-18s%s\n", keys[i].name, keys[i].doc);
}
