#include "crawler/gzmember.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <libdeflate.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK 65536
/* Level 6 makes listing pages a tenth smaller and takes three times as long. */
#define LEVEL 3
#define GZIP_BITS (MAX_WBITS + 16)
/* More than what is appended between two syncs, so that damage by a crash lies within. */
#define TAIL_BYTES ((int64_t)16 << 20)
/* Output of what looked like a member and was none, before a search gives up. Bodies
 * are stored as sites send them, and could be made of such starts. */
#define SEARCH_BYTES ((int64_t)256 << 20)

#define GZIP_HEAD 10 /* bytes */
#define GZIP_TAIL 8
#define STORED_HEAD 5 /* of a block that is stored */
#define STORED_MOST 65535
/* Less is not worth a deflater. */
#define SMALL 64
/* Up to this a code of its own saves a tenth and is half of the work: heads of records. */
#define FIXED 4096

static char *put_le(char *at, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		*at++ = (char)(v >> 8 * i);
	return at;
}

/* RFC 1951 3.2.4, from the border of a byte on. */
static char *put_stored(char *at, struct str s, bool last)
{
	do {
		struct str block = str_sub(s, 0, STORED_MOST);

		s = str_sub(s, block.n, s.n);
		*at++ = (char)(last && !s.n);
		at = put_le(at, (uint32_t)block.n, 2);
		at = put_le(at, ~(uint32_t)block.n, 2);
		memcpy(at, block.p, block.n);
		at += block.n;
	} while (s.n);
	return at;
}

/* Parts of which none is packed, up to the border of a byte. Most records are small, and
 * making ready a whole window would cost more than filling it. */
static char *put_deflated(char *at, const char *end, const struct gzmember_part *parts, int n,
			  size_t bytes)
{
	z_stream z = { .zalloc = mem_for_zlib,
		       .zfree = mem_from_zlib,
		       .next_out = (Bytef *)at,
		       .avail_out = (uInt)(end - at) };
	int bits = 9;

	while (bits < MAX_WBITS && bytes >> bits)
		bits++;
	must(deflateInit2(&z, LEVEL, Z_DEFLATED, -bits, bits < MAX_WBITS ? bits - 6 : 8,
			  bytes < FIXED ? Z_FIXED : Z_DEFAULT_STRATEGY) == Z_OK);
	for (int i = 0; i < n; i++) {
		z.next_in = (z_const Bytef *)(uintptr_t)parts[i].bytes.p;
		z.avail_in = (uInt)parts[i].bytes.n;
		if (z.avail_in)
			must(deflate(&z, Z_NO_FLUSH) == Z_OK && !z.avail_in);
	}
	must(deflate(&z, Z_SYNC_FLUSH) == Z_OK && z.avail_out);
	at = (char *)z.next_out;
	deflateEnd(&z);
	return at;
}

/* Parts from the first on that are packed, or that are not. */
static int run_of(const struct gzmember_part *parts, int n, size_t *ret_bytes)
{
	int i = 0;

	*ret_bytes = 0;
	for (; i < n && parts[i].packed == parts[0].packed; i++)
		*ret_bytes += parts[i].bytes.n;
	return i;
}

static char *put_parts(char *at, const char *end, const struct gzmember_part *parts, int n)
{
	size_t bytes;

	for (int run; n > 0; parts += run, n -= run) {
		run = run_of(parts, n, &bytes);
		if (!parts[0].packed && bytes > SMALL) {
			at = put_deflated(at, end, parts, run, bytes);
			continue;
		}
		for (int i = 0; i < run; i++)
			if (parts[i].bytes.n)
				at = put_stored(at, parts[i].bytes, false);
	}
	return put_stored(at, STR(""), true);
}

/* Bytes that were packed already are copied as they are, not handed to a deflater that
 * would copy them twice. */
enum err gzmember_write(const struct gzmember_part *parts, int n, struct buf *to)
{
	static const char head[GZIP_HEAD] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	size_t room = GZIP_HEAD + GZIP_TAIL + STORED_HEAD, bytes = 0;
	uint32_t crc = 0;
	char *at, *end;

	/* what a flush and the blocks of a deflater may add at worst (zlib's deflateBound) */
	for (int i = 0; i < n; i++) {
		bytes += parts[i].bytes.n;
		room += parts[i].bytes.n + parts[i].bytes.n / 7 + 256;
	}
	at = room < UINT32_MAX ? buf_room(to, room) : NULL;
	if (!at)
		return ERR_TOO_BIG;
	end = at + room;
	for (int i = 0; i < n; i++)
		crc = libdeflate_crc32(crc, parts[i].bytes.n ? parts[i].bytes.p : "",
				       parts[i].bytes.n);
	memcpy(at, head, sizeof(head));
	at = put_parts(at + sizeof(head), end, parts, n);
	at = put_le(at, crc, 4);
	at = put_le(at, (uint32_t)bytes, 4);
	to->n += room - (size_t)(end - at);
	to->p[to->n] = 0;
	return ERR_OK;
}

/* Reads a file through an inflater, a chunk at a time. */
struct reader {
	int fd;
	int64_t at, end; /* of what is not read yet */
	int64_t left;	 /* to be inflated, before ERR_TOO_BIG */
	z_stream z;
	unsigned char in[CHUNK], out[CHUNK];
};

static struct reader *reader_new(int fd, int64_t from, int64_t end)
{
	struct reader *r = mem_alloc(sizeof(*r));

	r->fd = fd;
	r->at = from;
	r->end = end;
	r->left = INT64_MAX;
	r->z = (z_stream){ .zalloc = mem_for_zlib, .zfree = mem_from_zlib };
	must(inflateInit2(&r->z, GZIP_BITS) == Z_OK);
	return r;
}

static void reader_free(struct reader *r)
{
	inflateEnd(&r->z);
	mem_free(r);
}

/* Where in the file the inflater stands. */
static int64_t reader_place(const struct reader *r)
{
	return r->at - r->z.avail_in;
}

static enum err refill(struct reader *r)
{
	int64_t left = r->end - r->at;
	ssize_t n;

	if (r->z.avail_in || left <= 0)
		return ERR_OK;
	do
		n = pread(r->fd, r->in, left < CHUNK ? (size_t)left : CHUNK, r->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ERR_IO;
	if (n == 0)
		r->end = r->at;
	r->at += n;
	r->z.next_in = r->in;
	r->z.avail_in = (uInt)n;
	return ERR_OK;
}

/* The next piece of the member's content. ERR_BAD: corrupt or cut. A piece
 * counts in full: starting takes time, too. */
static enum err piece(struct reader *r, struct str *ret, bool *ret_ended)
{
	enum err err = refill(r);
	int rc;

	if (err)
		return err;
	if (r->left < CHUNK)
		return ERR_TOO_BIG;
	r->left -= CHUNK;
	r->z.next_out = r->out;
	r->z.avail_out = CHUNK;
	rc = inflate(&r->z, Z_NO_FLUSH);
	if (rc != Z_OK && rc != Z_STREAM_END)
		return ERR_BAD; /* Z_BUF_ERROR: nothing left to read */
	*ret = (struct str){ (const char *)r->out, CHUNK - r->z.avail_out };
	*ret_ended = rc == Z_STREAM_END;
	return ERR_OK;
}

/* *ret_end: where it ends. */
static enum err read_member(int fd, int64_t offset, int64_t end, struct buf *to, int64_t *ret_end,
			    struct reason *why)
{
	struct reader *r = reader_new(fd, offset, end);
	bool ended = false;
	struct str s;
	enum err err = ERR_OK;

	while (!ended && !err) {
		err = piece(r, &s, &ended);
		if (err)
			reason_set(why, err, "%s",
				   err == ERR_IO ? strerror(errno)
						 : "no whole gzip member at that place");
		else if (buf_add(to, s))
			err = reason_set(why, ERR_TOO_BIG, "record over %zu bytes", to->cap);
	}
	*ret_end = reader_place(r);
	reader_free(r);
	return err;
}

#define NO_PLACE "no such place in the archive"

enum err gzmember_read(int fd, int64_t offset, int64_t bytes, struct buf *to, struct reason *why)
{
	int64_t end = 0;
	enum err err;

	if (offset < 0 || bytes <= 0 || offset > INT64_MAX - bytes)
		return reason_set(why, ERR_BAD, NO_PLACE);
	err = read_member(fd, offset, offset + bytes, to, &end, why);
	if (!err && end != offset + bytes)
		err = reason_set(why, ERR_BAD, "the gzip member is shorter than %lld bytes",
				 (long long)bytes);
	return err;
}

enum err gzmember_read_any(int fd, int64_t offset, struct buf *to, struct reason *why)
{
	int64_t end;

	if (offset < 0)
		return reason_set(why, ERR_BAD, NO_PLACE);
	return read_member(fd, offset, INT64_MAX, to, &end, why);
}

/* Goes over one member. ERR_BAD: none, or its content starts otherwise. */
static enum err skip_member(struct reader *r, struct str start)
{
	bool ended = false;
	enum err err;
	struct str s;

	while (!ended) {
		err = piece(r, &s, &ended);
		if (err)
			return err;
		/* a piece may be shorter than `start` */
		s = str_sub(s, 0, start.n);
		if (!str_starts(start, s))
			return ERR_BAD;
		start = str_sub(start, s.n, start.n);
	}
	return start.n ? ERR_BAD : ERR_OK;
}

/* gzmember_walk(); what the walk spent on what was no member is taken off *left.
 * ERR_TOO_BIG: all of it. */
static enum err walk(int fd, int64_t from, struct str start, int64_t *left, int64_t *ret_end)
{
	struct reader *r = reader_new(fd, from, INT64_MAX);
	int64_t good = from;
	enum err err;

	r->left = *left;
	while (!(err = skip_member(r, start))) {
		good = reader_place(r);
		r->left = *left;
		must(inflateReset(&r->z) == Z_OK);
	}
	*left = r->left;
	reader_free(r);
	if (err != ERR_BAD)
		return err;
	*ret_end = good;
	return ERR_OK;
}

enum err gzmember_walk(int fd, int64_t from, struct str start, int64_t *ret_end)
{
	int64_t left = INT64_MAX;

	return walk(fd, from, start, &left, ret_end);
}

/* The next place from `from` on where a member of ours may begin: without
 * flags and time. */
static enum err next_sign(int fd, int64_t from, int64_t *ret)
{
	static const char magic[] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0 };
	const struct str sign = { magic, sizeof(magic) };
	char bytes[CHUNK];
	ptrdiff_t at;
	ssize_t n;

	for (;;) {
		do
			n = pread(fd, bytes, sizeof(bytes), from);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return ERR_IO;
		at = str_find((struct str){ bytes, (size_t)n }, sign);
		if (at >= 0) {
			*ret = from + at;
			return ERR_OK;
		}
		if (n < (ssize_t)sizeof(bytes))
			return ERR_NOT_FOUND;
		from += n - (ssize_t)sign.n + 1;
	}
}

/* Bodies that are stored may hold something that looks like a member, so only
 * a chain of members up to the very end counts. */
static bool tail_is_whole(int fd, int64_t size, struct str start)
{
	int64_t at = size > TAIL_BYTES ? size - TAIL_BYTES : 0, end, left = SEARCH_BYTES;

	while (!next_sign(fd, at, &at) && !walk(fd, at, start, &left, &end)) {
		if (end == size)
			return true;
		at = end > at ? end : at + 1;
	}
	return false;
}

/* Damage in the middle is no torn tail: whole members behind it stay. So does
 * everything when it takes too long to tell. */
enum err gzmember_end(int fd, int64_t size, struct str start, int64_t *ret_end)
{
	int64_t good, at, end, left = SEARCH_BYTES;
	enum err err;

	if (tail_is_whole(fd, size, start)) {
		*ret_end = size;
		return ERR_OK;
	}
	err = gzmember_walk(fd, 0, start, &good);
	if (err)
		return err;
	for (at = good; !(err = next_sign(fd, at, &at)); at++) {
		err = walk(fd, at, start, &left, &end);
		if (err == ERR_TOO_BIG)
			end = size;
		else if (err)
			return err;
		if (end > at)
			at = good = end;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_end = good;
	return ERR_OK;
}
