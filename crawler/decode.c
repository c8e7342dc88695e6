#include "crawler/decode.h"

#include "base/must.h"
#include "crawler/decode_sink.h"

/* Several names may mean one coding (RFC 9110 8.4.1). `run` NULL: nothing to undo. */
static const struct coding {
	const char *name;
	enum err (*run)(struct str wire, struct decode_sink *s);
} codings[] = {
	{ .name = "", .run = NULL },
	{ .name = "identity", .run = NULL },
	{ .name = "none", .run = NULL },
	{ .name = "gzip", .run = decode_zlib_gzip },
	{ .name = "x-gzip", .run = decode_zlib_gzip },
	{ .name = "deflate", .run = decode_zlib_deflate },
	{ .name = "br", .run = decode_br_stream },
	{ .name = "zstd", .run = decode_zstd_frames },
};

static const struct coding *coding_of(struct str name)
{
	name = str_trim(name);
	for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++)
		if (str_eq_nocase(name, str_of(codings[i].name)))
			return &codings[i];
	return NULL;
}

/* In the order in which they were applied; -1: one is unknown, or too many. */
static int chain_of(struct str encoding, const struct coding *chain[DECODE_CODINGS])
{
	const struct coding *c;
	struct str name;
	int n = 0;

	while (str_next(&encoding, ',', &name)) {
		c = coding_of(name);
		if (!c || (c->run && n == DECODE_CODINGS))
			return -1;
		if (c->run)
			chain[n++] = c;
	}
	return n;
}

static size_t most_of(size_t wire, int ratio)
{
	size_t most = wire > SIZE_MAX / (size_t)ratio ? SIZE_MAX : wire * (size_t)ratio;

	return most > DECODE_FREE ? most : DECODE_FREE;
}

/* Undoes all but the first in buffers of their own. */
static enum err undo(const struct coding **chain, int n, struct str wire, struct decode_sink *s)
{
	struct buf parts[2], *part;
	struct buf *last = s->to;
	size_t began = s->began;
	enum err err = ERR_OK;

	buf_init(&parts[0], last->cap);
	buf_init(&parts[1], last->cap);
	for (int i = n - 1; i >= 0 && !err; i--) {
		part = &parts[i % 2];
		buf_clear(part);
		s->to = i ? part : last;
		s->began = i ? 0 : began;
		s->coding = chain[i]->name;
		err = chain[i]->run(wire, s);
		wire = buf_str(part);
	}
	buf_done(&parts[0]);
	buf_done(&parts[1]);
	return err;
}

enum err decode_body(struct str wire, struct str encoding, int ratio, struct buf *to,
		     struct str *ret_body, struct reason *why)
{
	struct decode_sink sink = { .to = to, .began = to->n, .ratio = ratio, .why = why };
	const struct coding *chain[DECODE_CODINGS];
	size_t began = to->n;
	int n = chain_of(encoding, chain);
	enum err err;

	must(ratio > 0);
	sink.most = most_of(wire.n, ratio);
	if (n < 0)
		return reason_set(why, ERR_UNSUPPORTED, "content-encoding %.*s",
				  (int)(encoding.n < 100 ? encoding.n : 100), encoding.p);
	if (n == 0 || wire.n == 0) {
		*ret_body = wire.p ? wire : STR("");
		return ERR_OK;
	}
	err = undo(chain, n, wire, &sink);
	if (err) {
		buf_cut(to, began);
		return err;
	}
	*ret_body = str_sub(buf_str(to), began, to->n);
	return ERR_OK;
}
