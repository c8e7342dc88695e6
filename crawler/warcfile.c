#include "crawler/warcfile.h"

#include "base/mem.h"
#include "crawler/warcinput.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct warcfile {
	int fd;
	struct warcinput *in;
	void (*news)(void *ctx, enum warcfile_news kind, int64_t offset, const char *text);
	void *ctx;
	struct warcfile_record record;
	char head[WARCFILE_HEAD_MOST];
	int64_t left;  /* of the block */
	int64_t block; /* where the block of the last record began; -1: not to go back to */
	bool open;     /* a record whose end was not reached */
	bool whole;    /* all of its block was there */
	bool own;      /* it began with its member */
	bool warned;   /* of gzip as a whole */
	bool lost;     /* damaged: the next record has to be searched */
	bool over;
};

static void tell(struct warcfile *f, enum warcfile_news kind, int64_t offset, const char *text)
{
	if (f->news)
		f->news(f->ctx, kind, offset, text);
}

static enum err failed(struct reason *why)
{
	return reason_set(why, ERR_IO, "cannot read: %s", strerror(errno));
}

/* What a file that has no WARC record at its start is. */
static enum err refuse(struct str start, bool gzip, struct reason *why)
{
	static const struct {
		struct str start;
		const char *what;
	} rows[] = {
		{ { "filedesc://", 11 },
		  "an ARC file, the format before WARC; convert it first (warcio recompress)" },
		{ { "\x28\xb5\x2f\xfd", 4 }, "compressed with zstd; unpack it first" },
		{ { "\x2a\x4d\x18", 3 }, "compressed with zstd; unpack it first" },
		{ { "PK\x03\x04", 4 }, "a zip file; unpack it first" },
		{ { "BZh", 3 }, "compressed with bzip2; unpack it first" },
		{ { "\xfd"
		    "7zXZ",
		    5 },
		  "compressed with xz; unpack it first" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_starts(start, rows[i].start))
			return reason_set(why, ERR_UNSUPPORTED, "%s", rows[i].what);
	if (!start.n)
		return reason_set(why, ERR_BAD, "an empty file");
	return reason_set(why, ERR_BAD, "no WARC file%s: it does not begin with WARC/",
			  gzip ? " in its gzip" : "");
}

enum err warcfile_open(const char *path, int64_t from, int64_t till,
		       void (*news)(void *ctx, enum warcfile_news kind, int64_t offset,
				    const char *text),
		       void *ctx, struct warcfile **ret, struct reason *why)
{
	struct warcfile *f;
	struct str start = { 0 };
	struct stat st;
	enum err err;
	/* a pipe that nobody writes to must not hold up who opens it */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return reason_set(why, err_errno(errno), "cannot open %s: %s", path,
				  strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return reason_set(why, ERR_BAD, "%s is no regular file", path);
	}
	f = mem_zero(sizeof(*f));
	f->fd = fd;
	f->news = news;
	f->ctx = ctx;
	f->block = -1;
	f->in = warcinput_new(fd, from, till);
	err = warcinput_look(f->in, 16, &start);
	if (err == ERR_IO)
		reason_set(why, err, "cannot read %s: %s", path, strerror(errno));
	else if (err)
		reason_set(why, err, "its gzip is damaged at the start");
	else if (!str_starts(start, STR("WARC/")) && (from == 0 || start.n))
		err = refuse(start, warcinput_gzip(f->in), why);
	if (err)
		warcfile_close(f);
	else
		*ret = f;
	return err;
}

void warcfile_close(struct warcfile *f)
{
	if (!f)
		return;
	warcinput_free(f->in);
	close(f->fd);
	mem_free(f);
}

static void damage(struct warcfile *f, const char *text)
{
	tell(f, WARCFILE_DAMAGE, f->record.offset, text);
	f->lost = true;
	f->whole = false;
}

enum err warcfile_piece(struct warcfile *f, struct str *ret, struct reason *why)
{
	struct str s = { 0 };
	enum err err;

	*ret = STR("");
	if (!f->open || f->left == 0 || f->lost)
		return ERR_OK;
	err = warcinput_look(f->in, 1, &s);
	/* A member that ends within a record: gzip as a whole, cut anywhere. */
	if (!err && !s.n && warcinput_next_member(f->in))
		err = warcinput_look(f->in, 1, &s);
	if (err == ERR_IO)
		return failed(why);
	if (err || !s.n) {
		damage(f, err ? "the gzip is damaged within a record"
			      : "the file ends within a record");
		return ERR_OK;
	}
	s = str_sub(s, 0, f->left < (int64_t)s.n ? (size_t)f->left : s.n);
	f->left -= (int64_t)s.n;
	warcinput_take(f->in, s.n);
	*ret = s;
	return ERR_OK;
}

enum err warcfile_block(struct warcfile *f, struct buf *to, struct reason *why)
{
	struct str s;
	enum err err;

	while (!(err = warcfile_piece(f, &s, why)) && s.n)
		if (buf_add(to, s))
			return reason_set(why, ERR_TOO_BIG, "record over %zu bytes", to->cap);
	return err;
}

/* The empty lines behind a block; more or fewer than two are read, too. */
static void take_ends(struct warcfile *f)
{
	struct str s;

	while (!warcinput_look(f->in, 1, &s) && s.n && (s.p[0] == '\r' || s.p[0] == '\n'))
		warcinput_take(f->in, 1);
}

bool warcfile_end(struct warcfile *f)
{
	struct reason why;
	struct str s;

	if (!f->open)
		return f->whole;
	while (!warcfile_piece(f, &s, &why) && s.n)
		continue;
	f->open = false;
	if (f->lost)
		return false;
	take_ends(f);
	f->whole = !warcinput_look(f->in, 1, &s);
	if (!f->whole)
		damage(f, "the gzip is damaged at the end of a record");
	else if (!warcinput_gzip(f->in))
		f->record.bytes = warcinput_at(f->in) - f->record.offset;
	else if (f->own && !s.n)
		f->record.bytes = warcinput_end(f->in) - f->record.offset;
	return f->whole;
}

/* Goes to where the next record may begin. False: the end. */
static bool search(struct warcfile *f)
{
	int64_t at = warcinput_at(f->in);
	struct str s;
	ptrdiff_t n;

	while (warcinput_gzip(f->in)) {
		if (warcinput_search(f->in, at))
			return false;
		at = warcinput_at(f->in);
		if (!warcinput_look(f->in, 5, &s) && str_starts(s, STR("WARC/")))
			return true;
	}
	while (!warcinput_look(f->in, WARCINPUT_WINDOW, &s) && s.n > 6) {
		n = str_find(s, STR("\nWARC/1."));
		if (n >= 0) {
			warcinput_take(f->in, (size_t)n + 1);
			return true;
		}
		warcinput_take(f->in, s.n - 6);
		if (s.n < WARCINPUT_WINDOW)
			return false;
	}
	return false;
}

/* The header of a record up to its empty line into f->head. ERR_BAD. */
static enum err read_head(struct warcfile *f, struct str *ret, struct reason *why)
{
	struct str s = { 0 }, rest;
	enum err err;

	for (size_t want = 2048;; want = WARCINPUT_WINDOW) {
		err = warcinput_look(f->in, want, &s);
		if (err == ERR_IO)
			return failed(why);
		if (err)
			return reason_set(why, ERR_BAD, "the gzip is damaged");
		rest = s;
		if (warchead_take(&rest, ret))
			break;
		if (s.n >= WARCINPUT_WINDOW || s.n < want)
			return reason_set(why, ERR_BAD, "a record's header without an end");
	}
	memcpy(f->head, ret->p, ret->n);
	warcinput_take(f->in, ret->n);
	ret->p = f->head;
	return ERR_OK;
}

/* Whether another record may follow; steps over the end of a member. */
static bool more(struct warcfile *f)
{
	struct str s;

	take_ends(f);
	if (warcinput_look(f->in, 1, &s))
		return true; /* reading its header will tell why not */
	if (s.n)
		return true;
	if (!warcinput_next_member(f->in))
		return false;
	return more(f);
}

static void start(struct warcfile *f)
{
	f->record = (struct warcfile_record){ .offset = warcinput_at(f->in), .bytes = -1 };
	f->own = warcinput_at_start(f->in);
	if (f->own || f->warned || !warcinput_gzip(f->in))
		return;
	f->warned = true;
	tell(f, WARCFILE_WARNING, f->record.offset,
	     "gzip as a whole, not by records: they cannot be found by their offset");
}

/* The record before may have promised more than it had: what follows it lies in
 * what was taken for its block. */
static void go_back(struct warcfile *f)
{
	if (warcinput_gzip(f->in) || f->block < 0)
		return;
	warcinput_seek(f->in, f->block);
	f->block = -1;
}

enum err warcfile_next(struct warcfile *f, struct warcfile_record **ret, struct reason *why)
{
	struct reason bad = { "" };
	struct str head = { 0 };
	enum err err;

	*ret = NULL;
	warcfile_end(f);
	while (!f->over) {
		if (f->lost ? !search(f) : !more(f)) {
			f->over = true;
			break;
		}
		f->lost = false;
		start(f);
		err = read_head(f, &head, &bad);
		if (err == ERR_IO)
			return reason_set(why, err, "%s", bad.text);
		if (!err)
			err = warchead_parse(head, &f->record.head, &bad);
		if (err) {
			damage(f, bad.text);
			go_back(f);
			continue;
		}
		f->left = f->record.head.length;
		f->block = warcinput_at(f->in);
		f->open = f->whole = true;
		*ret = &f->record;
		return ERR_OK;
	}
	return ERR_OK;
}

int64_t warcfile_at(const struct warcfile *f)
{
	if (warcinput_gzip(f->in) && f->record.bytes > 0)
		return f->record.offset + f->record.bytes;
	return warcinput_at(f->in);
}

bool warcfile_gzip(const struct warcfile *f)
{
	return warcinput_gzip(f->in);
}
