#include "extractor/extract_gunzip.h"

#include "base/mem.h"
#include "base/must.h"

#include <zlib.h>

#define STEP ((size_t)64 << 10)

bool extract_gunzip_is(struct str body)
{
	return str_starts(body, STR("\x1f\x8b\x08"));
}

/* Up to the end of one member. */
static enum err member(z_stream *z, struct buf *to, struct reason *why)
{
	unsigned char out[STEP];
	int rc;

	do {
		z->next_out = out;
		z->avail_out = sizeof(out);
		rc = inflate(z, Z_NO_FLUSH);
		if (buf_add(to, (struct str){ (const char *)out, sizeof(out) - z->avail_out }))
			return reason_set(why, ERR_TOO_BIG, "over %zu bytes when unpacked",
					  to->cap);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return reason_set(why, ERR_BAD, "corrupt gzip file: %s",
					  z->msg ? z->msg : "not that format");
		if (rc != Z_STREAM_END && z->avail_out)
			return reason_set(why, ERR_BAD, "the gzip file ends early");
	} while (rc != Z_STREAM_END);
	return ERR_OK;
}

enum err extract_gunzip(struct str body, struct buf *to, struct reason *why)
{
	z_stream z = { .zalloc = mem_for_zlib, .zfree = mem_from_zlib };
	enum err err;

	if (body.n > UINT32_MAX)
		return reason_set(why, ERR_TOO_BIG, "a gzip file of %zu bytes", body.n);
	z.next_in = (z_const Bytef *)(uintptr_t)body.p;
	z.avail_in = (uInt)body.n;
	must(inflateInit2(&z, MAX_WBITS + 16) == Z_OK);
	do
		err = member(&z, to, why);
	while (!err && z.avail_in &&
	       extract_gunzip_is((struct str){ (const char *)z.next_in, z.avail_in }) &&
	       inflateReset(&z) == Z_OK);
	inflateEnd(&z);
	return err;
}
