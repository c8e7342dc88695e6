#include "crawler/decode.h"

#include "base/mem.h"
#include "base/must.h"

#include <string.h>
#include <zlib.h>

#define FREE_OUTPUT ((uint64_t)1 << 20)
#define STEP ((size_t)64 << 10)

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_DEFLATE, CODING_UNKNOWN };

static enum coding coding_of(struct str name)
{
	static const struct {
		const char *name;
		enum coding coding;
	} known[] = {
		{ "", CODING_IDENTITY },     { "identity", CODING_IDENTITY },
		{ "none", CODING_IDENTITY }, { "gzip", CODING_GZIP },
		{ "x-gzip", CODING_GZIP },   { "deflate", CODING_DEFLATE },
	};

	name = str_trim(name);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq_nocase(name, str_of(known[i].name)))
			return known[i].coding;
	return CODING_UNKNOWN;
}

struct inflater {
	z_stream z;
	struct buf *to;
	size_t began;  /* bytes in `to` before us */
	uint64_t most; /* output by the ratio */
	struct reason *why;
};

static enum err put(struct inflater *i, const char *p, size_t n)
{
	uint64_t out = i->to->n - i->began + n;

	if (out > i->most)
		return reason_set(i->why, ERR_TOO_BIG, "body expands more than %d times",
				  DECODE_RATIO);
	if (buf_add(i->to, (struct str){ p, n }))
		return reason_set(i->why, ERR_TOO_BIG, "body over %zu bytes when decoded",
				  i->to->cap);
	return ERR_OK;
}

/* Inflates up to the end of one member or stream. */
static enum err inflate_one(struct inflater *i, const char *coding)
{
	unsigned char out[STEP];
	enum err err;
	int rc;

	do {
		i->z.next_out = out;
		i->z.avail_out = sizeof(out);
		rc = inflate(&i->z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return reason_set(i->why, ERR_BAD, "corrupt %s body: %s", coding,
					  i->z.msg ? i->z.msg : "not that coding");
		err = put(i, (const char *)out, sizeof(out) - i->z.avail_out);
		if (err)
			return err;
		if (rc != Z_STREAM_END && i->z.avail_out)
			return reason_set(i->why, ERR_BAD, "%s body ends early", coding);
	} while (rc != Z_STREAM_END);
	return ERR_OK;
}

/* Bytes after the last member that start no other one are padding, as gzip(1)
 * and browsers take them. */
static bool another_member(const z_stream *z)
{
	return z->avail_in >= 2 && z->next_in[0] == 0x1f && z->next_in[1] == 0x8b;
}

static enum err inflate_all(struct str wire, int window_bits, const char *coding, struct buf *to,
			    struct reason *why)
{
	struct inflater i = { .to = to, .began = to->n, .why = why };
	enum err err;

	must(wire.n <= UINT32_MAX);
	i.most = wire.n * (uint64_t)DECODE_RATIO;
	if (i.most < FREE_OUTPUT)
		i.most = FREE_OUTPUT;
	i.z.zalloc = mem_for_zlib;
	i.z.zfree = mem_from_zlib;
	i.z.next_in = (z_const Bytef *)(uintptr_t)wire.p;
	i.z.avail_in = (uInt)wire.n;
	must(inflateInit2(&i.z, window_bits) == Z_OK);
	do
		err = inflate_one(&i, coding);
	while (!err && window_bits > MAX_WBITS && another_member(&i.z) &&
	       inflateReset(&i.z) == Z_OK);
	inflateEnd(&i.z);
	return err;
}

static bool has_zlib_header(struct str s)
{
	unsigned a, b;

	if (s.n < 2)
		return false;
	a = (unsigned char)s.p[0];
	b = (unsigned char)s.p[1];
	return (a & 15) == Z_DEFLATED && (a << 8 | b) % 31 == 0;
}

/* "deflate" is zlib's form by the standard and raw deflate from many servers;
 * raw data may look like a zlib header by chance. */
static enum err inflate_deflate(struct str wire, struct buf *to, struct reason *why)
{
	size_t began = to->n;
	enum err err;

	if (has_zlib_header(wire)) {
		err = inflate_all(wire, MAX_WBITS, "deflate", to, why);
		if (err != ERR_BAD || to->n != began)
			return err;
	}
	return inflate_all(wire, -MAX_WBITS, "deflate", to, why);
}

enum err decode_body(struct str wire, struct str encoding, struct buf *to, struct str *ret_body,
		     struct reason *why)
{
	enum coding each, coding = CODING_IDENTITY;
	struct str rest = encoding, name;
	size_t began = to->n;
	enum err err = ERR_OK;

	while (str_next(&rest, ',', &name)) {
		each = coding_of(name);
		if (each == CODING_IDENTITY)
			continue;
		if (each == CODING_UNKNOWN || coding != CODING_IDENTITY)
			return reason_set(why, ERR_UNSUPPORTED, "content-encoding %.*s",
					  (int)(encoding.n < 100 ? encoding.n : 100), encoding.p);
		coding = each;
	}
	if (coding == CODING_IDENTITY || wire.n == 0) {
		*ret_body = wire.p ? wire : STR("");
		return ERR_OK;
	}
	if (wire.n > UINT32_MAX)
		return reason_set(why, ERR_TOO_BIG, "a body of %zu bytes", wire.n);
	if (coding == CODING_GZIP)
		err = inflate_all(wire, MAX_WBITS + 16, "gzip", to, why);
	else
		err = inflate_deflate(wire, to, why);
	if (err) {
		buf_cut(to, began);
		return err;
	}
	*ret_body = str_sub(buf_str(to), began, to->n);
	return ERR_OK;
}
