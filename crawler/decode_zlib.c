#include "base/mem.h"
#include "base/must.h"
#include "crawler/decode_sink.h"

#include <libdeflate.h>
#include <string.h>
#include <zlib.h>

#define DEFLATE_RATIO 1032 /* no deflate gives more */

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

/* The size of the content, as the end of a gzip file has it. */
static size_t size_of(struct str wire)
{
	const unsigned char *p = (const unsigned char *)wire.p + wire.n - 4;

	return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

/* Nearly all bodies are one whole member whose size can be believed: these take half of
 * the time in one piece. False: none of these, or broken, which is the stream's to tell. */
static bool in_one(struct str wire, struct decode_sink *s)
{
	struct libdeflate_decompressor *d;
	size_t n, in = 0, out = 0, had = s->to->n - s->began;
	char *to;
	bool good;

	if (wire.n < 18 || !str_starts(wire, STR("\x1f\x8b\x08")))
		return false;
	n = size_of(wire);
	if (n == 0 || had > s->most || n > s->most - had || n / DEFLATE_RATIO > wire.n)
		return false;
	to = buf_room(s->to, n);
	d = to ? libdeflate_alloc_decompressor() : NULL;
	if (!d)
		return false;
	good = libdeflate_gzip_decompress_ex(d, wire.p, wire.n, to, n, &in, &out) ==
		       LIBDEFLATE_SUCCESS &&
	       in == wire.n && out == n;
	libdeflate_free_decompressor(d);
	if (good) {
		s->to->n += n;
		s->to->p[s->to->n] = 0;
	}
	return good;
}

enum err decode_zlib_gzip(struct str wire, struct decode_sink *s)
{
	if (in_one(wire, s))
		return ERR_OK;
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
