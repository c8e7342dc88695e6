#include "crawler/warcinput.h"

#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define GZIP_BITS (MAX_WBITS + 16)
#define CHUNK ((size_t)64 << 10)

struct warcinput {
	int fd;
	bool gzip, ended; /* ended: the member that is being read */
	bool fresh;	  /* nothing of the member was taken */
	int64_t at;	  /* in the file, of what is not read yet */
	int64_t end;	  /* nothing behind it is read */
	int64_t member;	  /* where it begins */
	z_stream z;
	enum err bad;	   /* what ends the window */
	size_t from, till; /* of the window */
	unsigned char in[CHUNK];
	char window[WARCINPUT_WINDOW];
};

static ssize_t read_at(const struct warcinput *in, void *to, size_t n, int64_t at)
{
	ssize_t got;

	if (at >= in->end)
		return 0;
	if (in->end - at < (int64_t)n)
		n = (size_t)(in->end - at);
	do
		got = pread(in->fd, to, n, at);
	while (got < 0 && errno == EINTR);
	return got;
}

struct warcinput *warcinput_new(int fd, int64_t from, int64_t till)
{
	struct warcinput *in = mem_alloc(sizeof(*in));
	unsigned char magic[2] = { 0 };

	in->fd = fd;
	in->at = in->member = from;
	in->end = till > 0 ? till : INT64_MAX;
	in->ended = false;
	in->bad = ERR_OK;
	in->fresh = true;
	in->from = in->till = 0;
	in->z = (z_stream){ .zalloc = mem_for_zlib, .zfree = mem_from_zlib };
	in->gzip = read_at(in, magic, 2, from) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
	if (in->gzip)
		must(inflateInit2(&in->z, GZIP_BITS) == Z_OK);
	return in;
}

void warcinput_free(struct warcinput *in)
{
	if (!in)
		return;
	if (in->gzip)
		inflateEnd(&in->z);
	mem_free(in);
}

bool warcinput_gzip(const struct warcinput *in)
{
	return in->gzip;
}

static enum err fill_plain(struct warcinput *in, bool *ret_end)
{
	ssize_t n = read_at(in, in->window + in->till, sizeof(in->window) - in->till, in->at);

	if (n < 0)
		return ERR_IO;
	in->at += n;
	in->till += (size_t)n;
	*ret_end = n == 0;
	return ERR_OK;
}

static enum err refill(struct warcinput *in)
{
	ssize_t n;

	if (in->z.avail_in)
		return ERR_OK;
	n = read_at(in, in->in, sizeof(in->in), in->at);
	if (n < 0)
		return ERR_IO;
	in->at += n;
	in->z.next_in = in->in;
	in->z.avail_in = (uInt)n;
	return ERR_OK;
}

static enum err fill_gzip(struct warcinput *in, bool *ret_end)
{
	size_t room = sizeof(in->window) - in->till;
	enum err err;
	int rc;

	*ret_end = in->ended;
	if (in->ended)
		return ERR_OK;
	err = refill(in);
	if (err)
		return err;
	if (!in->z.avail_in) {
		*ret_end = in->fresh && in->till == 0 && warcinput_end(in) == in->member;
		return *ret_end ? ERR_OK : ERR_BAD; /* the file ends within a member */
	}
	in->z.next_out = (Bytef *)in->window + in->till;
	in->z.avail_out = (uInt)room;
	rc = inflate(&in->z, Z_NO_FLUSH);
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return ERR_BAD;
	in->till += room - in->z.avail_out;
	in->ended = rc == Z_STREAM_END;
	return ERR_OK;
}

enum err warcinput_look(struct warcinput *in, size_t least, struct str *ret)
{
	bool end = false;
	enum err err;

	must(least <= sizeof(in->window));
	while (in->till - in->from < least && !end && !in->bad) {
		if (in->from) {
			memmove(in->window, in->window + in->from, in->till - in->from);
			in->till -= in->from;
			in->from = 0;
		}
		err = in->gzip ? fill_gzip(in, &end) : fill_plain(in, &end);
		if (err == ERR_IO)
			return err;
		in->bad = err; /* what was whole before it is shown first */
	}
	if (in->bad && in->till == in->from)
		return in->bad;
	*ret = (struct str){ in->window + in->from, in->till - in->from };
	return ERR_OK;
}

void warcinput_take(struct warcinput *in, size_t n)
{
	must(n <= in->till - in->from);
	in->from += n;
	in->fresh &= n == 0;
}

bool warcinput_next_member(struct warcinput *in)
{
	struct str s;

	if (!in->gzip || warcinput_look(in, 1, &s) || s.n || !in->ended)
		return false;
	if (refill(in) || !in->z.avail_in)
		return false;
	in->member = warcinput_end(in);
	in->ended = false;
	in->bad = ERR_OK;
	in->fresh = true;
	must(inflateReset(&in->z) == Z_OK);
	return true;
}

int64_t warcinput_at(const struct warcinput *in)
{
	return in->gzip ? in->member : in->at - (int64_t)(in->till - in->from);
}

bool warcinput_at_start(const struct warcinput *in)
{
	return in->fresh;
}

int64_t warcinput_end(const struct warcinput *in)
{
	return in->at - (int64_t)in->z.avail_in;
}

enum err warcinput_search(struct warcinput *in, int64_t at)
{
	static const char magic[] = { 0x1f, (char)0x8b, 8 };
	const struct str sign = { magic, sizeof(magic) };
	ptrdiff_t found;
	ssize_t n;

	must(in->gzip);
	for (int64_t from = at + 1;; from += n - (ssize_t)sign.n + 1) {
		n = read_at(in, in->in, sizeof(in->in), from);
		if (n < 0)
			return ERR_IO;
		found = str_find((struct str){ (const char *)in->in, (size_t)n }, sign);
		if (found >= 0) {
			in->at = in->member = from + found;
			break;
		}
		if (n < (ssize_t)sizeof(in->in))
			return ERR_NOT_FOUND;
	}
	in->z.avail_in = 0;
	in->from = in->till = 0;
	in->ended = false;
	in->bad = ERR_OK;
	in->fresh = true;
	must(inflateReset(&in->z) == Z_OK);
	return ERR_OK;
}

void warcinput_seek(struct warcinput *in, int64_t at)
{
	must(!in->gzip);
	in->at = at;
	in->from = in->till = 0;
}
