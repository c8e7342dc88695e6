#include "exporter/export_file.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define OUT_BYTES ((size_t)128 << 10)

struct export_out {
	char path[PATH_MAX], temp[PATH_MAX];
	struct export_file told;
	struct hash_stream *hash; /* NULL once ended */
	int fd;			  /* -1 once closed */
	bool gzip, renamed;
	z_stream z;
	size_t n; /* waiting in `bytes` */
	unsigned char bytes[OUT_BYTES];
};

static enum err failed(const struct export_out *o, const char *what, struct reason *why)
{
	int e = errno;

	return reason_set(why, err_errno(e), "cannot %s %s: %s", what, o->temp, strerror(e));
}

enum err export_file_open(const char *folder, const char *name, bool gzip, struct export_out **ret,
			  struct reason *why)
{
	struct export_out *o = mem_zero(sizeof(*o));
	enum err err = ERR_OK;

	o->fd = -1;
	snprintf(o->told.name, sizeof(o->told.name), "%s", name);
	snprintf(o->told.place, sizeof(o->told.place), "%s", name);
	if (snprintf(o->path, sizeof(o->path), "%s/%s", folder, name) >= PATH_MAX ||
	    snprintf(o->temp, sizeof(o->temp), "%s/%s.tmp", folder, name) >= PATH_MAX) {
		err = reason_set(why, ERR_TOO_BIG, "path too long: %s/%s", folder, name);
		goto out;
	}
	o->fd = open(o->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (o->fd < 0) {
		err = failed(o, "create", why);
		goto out;
	}
	/* 15 + 16: gzip; zlib leaves its time 0 and names no file. */
	must(!gzip || deflateInit2(&o->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
				   Z_DEFAULT_STRATEGY) == Z_OK);
	o->gzip = gzip;
	o->hash = hash_stream_new();
	*ret = o;
	o = NULL;
out:
	export_file_free(o);
	return err;
}

static enum err flush(struct export_out *o, struct reason *why)
{
	struct str left = { (const char *)o->bytes, o->n };
	ssize_t n;

	hash_stream_add(o->hash, left);
	o->told.bytes += (int64_t)o->n;
	o->n = 0;
	while (left.n) {
		n = write(o->fd, left.p, left.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(o, "write", why);
		left = str_sub(left, (size_t)n, left.n);
	}
	return ERR_OK;
}

static enum err plain(struct export_out *o, struct str s, struct reason *why)
{
	enum err err = ERR_OK;

	while (s.n && !err) {
		size_t n = s.n < OUT_BYTES - o->n ? s.n : OUT_BYTES - o->n;

		memcpy(o->bytes + o->n, s.p, n);
		o->n += n;
		s = str_sub(s, n, s.n);
		if (o->n == OUT_BYTES)
			err = flush(o, why);
	}
	return err;
}

static enum err squeeze(struct export_out *o, struct str s, int mode, struct reason *why)
{
	enum err err = ERR_OK;
	int r;

	must(s.n <= UINT_MAX);
	/* zlib's next_in is const only when ZLIB_CONST is set for the whole program. */
	o->z.next_in = (unsigned char *)(uintptr_t)s.p;
	o->z.avail_in = (unsigned)s.n;
	do {
		o->z.next_out = o->bytes + o->n;
		o->z.avail_out = (unsigned)(OUT_BYTES - o->n);
		r = deflate(&o->z, mode);
		must(r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR);
		o->n = OUT_BYTES - o->z.avail_out;
		if (o->n == OUT_BYTES)
			err = flush(o, why);
	} while (!err && (o->z.avail_in || (mode == Z_FINISH && r != Z_STREAM_END)));
	return err;
}

enum err export_file_add(struct export_out *o, struct str bytes, struct reason *why)
{
	return o->gzip ? squeeze(o, bytes, Z_NO_FLUSH, why) : plain(o, bytes, why);
}

enum err export_file_finish(struct export_out *o, struct export_file *ret, struct reason *why)
{
	enum err err = ERR_OK;
	int64_t rows = ret->rows;
	int bad;

	if (o->gzip)
		err = squeeze(o, STR(""), Z_FINISH, why);
	if (!err)
		err = flush(o, why);
	if (err)
		return err;
	if (fsync(o->fd) != 0)
		return failed(o, "sync", why);
	bad = close(o->fd);
	o->fd = -1;
	if (bad)
		return failed(o, "close", why);
	hash_stream_end(o->hash, o->told.sha256);
	o->hash = NULL;
	*ret = o->told;
	ret->rows = rows;
	return ERR_OK;
}

enum err export_file_rename(struct export_out *o, struct reason *why)
{
	must(o->fd < 0);
	if (rename(o->temp, o->path) != 0)
		return failed(o, "rename", why);
	o->renamed = true;
	return ERR_OK;
}

void export_file_free(struct export_out *o)
{
	char unused[HASH_SHA256_HEX];

	if (!o)
		return;
	if (o->fd >= 0)
		close(o->fd);
	if (o->gzip)
		deflateEnd(&o->z);
	if (o->hash)
		hash_stream_end(o->hash, unused);
	if (!o->renamed)
		unlink(o->temp);
	mem_free(o);
}
