#include "base/mem.h"
#include "base/must.h"
#include "crawler/decode_sink.h"

#include <zlib.h>

/* Inflates up to the end of one member or stream. */
static enum err inflate_one(z_stream *z, struct decode_sink *s)
{
	unsigned char out[DECODE_STEP];
	enum err err;
	int rc;

	do {
		z->next_out = out;
		z->avail_out = sizeof(out);
		rc = inflate(z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return decode_sink_corrupt(s, z->msg ? z->msg : "not that coding");
		err = decode_sink_put(s, out, sizeof(out) - z->avail_out);
		if (err)
			return err;
		if (rc != Z_STREAM_END && z->avail_out)
			return decode_sink_short(s);
	} while (rc != Z_STREAM_END);
	return ERR_OK;
}

/* Bytes after the last member that start no other one are padding, as gzip(1)
 * and browsers take them. */
static bool another_member(const z_stream *z)
{
	return z->avail_in >= 2 && z->next_in[0] == 0x1f && z->next_in[1] == 0x8b;
}

static enum err inflate_all(struct str wire, int window_bits, struct decode_sink *s)
{
	z_stream z = { .zalloc = mem_for_zlib, .zfree = mem_from_zlib };
	enum err err;

	if (wire.n > UINT32_MAX)
		return reason_set(s->why, ERR_TOO_BIG, "a body of %zu bytes", wire.n);
	z.next_in = (z_const Bytef *)(uintptr_t)wire.p;
	z.avail_in = (uInt)wire.n;
	must(inflateInit2(&z, window_bits) == Z_OK);
	do
		err = inflate_one(&z, s);
	while (!err && window_bits > MAX_WBITS && another_member(&z) && inflateReset(&z) == Z_OK);
	inflateEnd(&z);
	return err;
}

enum err decode_zlib_gzip(struct str wire, struct decode_sink *s)
{
	return inflate_all(wire, MAX_WBITS + 16, s);
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
enum err decode_zlib_deflate(struct str wire, struct decode_sink *s)
{
	enum err err;

	if (has_zlib_header(wire)) {
		err = inflate_all(wire, MAX_WBITS, s);
		if (err != ERR_BAD || s->to->n != s->began)
			return err;
	}
	return inflate_all(wire, -MAX_WBITS, s);
}
