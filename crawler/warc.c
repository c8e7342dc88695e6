#include "crawler/warc.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/must.h"
#include "crawler/gzmember.h"
#include "crawler/warcfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENTS_MOST 999999999

struct warc {
	char *folder, *user_agent;
	char name[WARC_NAME_ROOM]; /* of the segment that is open */
	int64_t number, size, segment_bytes, segment_age_ms, cut_bytes;
	int64_t begun_ms, info_bytes; /* by and of the record that it begins with */
	bool torn;		      /* a failed append could not be cut off yet */
	bool fresh;		      /* its name may not be on disk yet */
	int fd;
};

enum err warc_members(const struct fetch_answer *a, const struct warcrecord_original *of,
		      uint64_t seed, struct buf *to, int64_t *ret_offset, int64_t *ret_bytes)
{
	return warcrecord_exchange(a, of, seed, to, ret_offset, ret_bytes);
}

enum err warc_split(struct str record, struct str *ret_warc_head, struct str *ret_http_head,
		    struct str *ret_body, struct reason *why)
{
	return warcrecord_split(record, ret_warc_head, ret_http_head, ret_body, why);
}

static void segment_name(int64_t number, char to[WARC_NAME_ROOM])
{
	snprintf(to, WARC_NAME_ROOM, "piped-%06lld.warc.gz", (long long)number);
}

bool warc_is_segment(struct str name, int64_t *ret)
{
	struct str head = STR("piped-"), tail = STR(".warc.gz");

	if (!str_starts(name, head) || !str_ends(name, tail) || name.n <= head.n + tail.n)
		return false;
	return str_i64(str_sub(name, head.n, name.n - head.n - tail.n), ret) && *ret > 0 &&
	       *ret <= SEGMENTS_MOST;
}

static enum err failed(struct reason *why, const char *what, const char *folder, const char *name)
{
	int e = errno;

	return reason_set(why, err_errno(e), "cannot %s %s/%s: %s", what, folder, name,
			  strerror(e));
}

static enum err path_of(const char *folder, const char *name, char to[PATH_MAX], struct reason *why)
{
	if (snprintf(to, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		return reason_set(why, ERR_TOO_BIG, "path too long: %s/%s", folder, name);
	return ERR_OK;
}

static int by_number(const void *x, const void *y)
{
	const struct warc_segment *a = x, *b = y;

	return (a->number > b->number) - (a->number < b->number);
}

enum err warc_list(const char *folder, struct warc_segment **ret, size_t *ret_n, struct reason *why)
{
	struct warc_segment *all = NULL;
	size_t n = 0, room = 0;
	DIR *d = opendir(folder);
	struct dirent *e;
	char name[WARC_NAME_ROOM];
	int64_t number;

	if (!d)
		return failed(why, "open", folder, "");
	while ((e = readdir(d))) {
		if (!warc_is_segment(str_of(e->d_name), &number))
			continue;
		segment_name(number, name);
		if (strcmp(name, e->d_name) != 0)
			continue;
		mem_grow(&all, &room, n + 1, sizeof(*all));
		all[n].number = number;
		memcpy(all[n++].name, name, sizeof(name));
	}
	closedir(d);
	if (n)
		qsort(all, n, sizeof(*all), by_number);
	*ret = all;
	*ret_n = n;
	return ERR_OK;
}

static enum err write_at(int fd, struct str s, int64_t at)
{
	ssize_t n;

	while (s.n) {
		n = pwrite(fd, s.p, s.n, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(errno);
		s = str_sub(s, (size_t)n, s.n);
		at += n;
	}
	return ERR_OK;
}

/* Writes at the end of the segment, or leaves it as it was. */
static enum err add(struct warc *w, struct str bytes, struct reason *why)
{
	enum err err;

	if (w->torn && ftruncate(w->fd, w->size))
		return failed(why, "cut back", w->folder, w->name);
	w->torn = false;
	if (write_at(w->fd, bytes, w->size)) {
		err = failed(why, "write", w->folder, w->name);
		w->torn = ftruncate(w->fd, w->size) != 0;
		return err;
	}
	w->size += (int64_t)bytes.n;
	return ERR_OK;
}

static enum err add_info(struct warc *w, int64_t now_ms, struct reason *why)
{
	struct buf b;
	enum err err;

	buf_init(&b, (size_t)256 << 10);
	err = warcrecord_info(str_of(w->name), str_of(w->user_agent), now_ms, &b);
	err = err ? reason_set(why, err, "the user agent is too long") : add(w, buf_str(&b), why);
	w->begun_ms = now_ms;
	w->info_bytes = w->size;
	buf_done(&b);
	return err;
}

/* What the first record of an older segment says. */
static void read_info(struct warc *w, const char *path, int64_t now_ms)
{
	struct warcfile_record *r = NULL;
	struct warcfile *f = NULL;
	struct reason why;

	w->begun_ms = now_ms;
	w->info_bytes = 0;
	if (warcfile_open(path, 0, w->size, NULL, NULL, &f, &why))
		return;
	if (!warcfile_next(f, &r, &why) && r) {
		if (r->head.date_ms >= 0 && r->head.date_ms < now_ms)
			w->begun_ms = r->head.date_ms;
		if (str_is(r->head.type, "warcinfo") && warcfile_end(f))
			w->info_bytes = r->bytes;
	}
	warcfile_close(f);
}

/* Opens segment `number` in place of the one that is open. On failure `w` is
 * as before. */
static enum err open_segment(struct warc *w, int64_t number, int flags, struct reason *why)
{
	char name[WARC_NAME_ROOM], path[PATH_MAX];
	struct stat st;
	enum err err;
	int fd;

	segment_name(number, name);
	err = path_of(w->folder, name, path, why);
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CLOEXEC | flags, 0644);
	if (fd < 0)
		return failed(why, "open", w->folder, name);
	if (fstat(fd, &st)) {
		err = failed(why, "read", w->folder, name);
		close(fd);
		return err;
	}
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	w->number = number;
	w->size = st.st_size;
	w->torn = false;
	memcpy(w->name, name, sizeof(name));
	return ERR_OK;
}

static enum err cut_tail(struct warc *w, struct reason *why)
{
	int64_t good;

	if (gzmember_end(w->fd, w->size, STR("WARC/1."), &good))
		return failed(why, "read", w->folder, w->name);
	if (good == w->size)
		return ERR_OK;
	if (ftruncate(w->fd, good) || fsync(w->fd))
		return failed(why, "cut back", w->folder, w->name);
	w->cut_bytes = w->size - good;
	w->size = good;
	return ERR_OK;
}

/* Readies the segment that the next bytes go to. Each step is taken again if
 * it failed the last time. */
static enum err prepare(struct warc *w, int64_t now_ms, struct reason *why)
{
	char path[PATH_MAX];
	enum err err = ERR_OK;

	if (w->fd < 0 || w->size >= w->segment_bytes || now_ms >= warc_old_ms(w)) {
		err = w->fd < 0 ? ERR_OK : warc_sync(w, why);
		if (!err)
			err = open_segment(w, w->number + 1, O_CREAT | O_EXCL, why);
		if (!err)
			w->fresh = true;
	}
	if (!err && w->size == 0)
		err = add_info(w, now_ms, why);
	if (!err && w->fresh) {
		err = path_of(w->folder, w->name, path, why);
		if (!err)
			err = file_sync_folder(path, why);
		w->fresh = err != ERR_OK;
	}
	return err;
}

int64_t warc_begun_ms(const char *folder, struct str name)
{
	struct warcfile_record *r = NULL;
	struct warcfile *f = NULL;
	int64_t begun = -1, number;
	char safe[WARC_NAME_ROOM], path[PATH_MAX];
	struct reason why;

	if (!warc_is_segment(name, &number))
		return -1;
	segment_name(number, safe);
	if (path_of(folder, safe, path, &why) || warcfile_open(path, 0, 0, NULL, NULL, &f, &why))
		return -1;
	if (!warcfile_next(f, &r, &why) && r)
		begun = r->head.date_ms;
	warcfile_close(f);
	return begun;
}

int64_t warc_old_ms(const struct warc *w)
{
	return w->segment_age_ms > 0 && w->size > w->info_bytes ? w->begun_ms + w->segment_age_ms
								: INT64_MAX;
}

enum err warc_turn(struct warc *w, int64_t now_ms, struct reason *why)
{
	return now_ms >= warc_old_ms(w) ? prepare(w, now_ms, why) : ERR_OK;
}

struct str warc_name(const struct warc *w)
{
	return str_of(w->name);
}

int64_t warc_size(const struct warc *w)
{
	return w->size;
}

/* The newest segment, as an earlier life left it. */
static enum err resume(struct warc *w, int64_t number, int64_t now_ms, struct reason *why)
{
	char path[PATH_MAX];
	enum err err = open_segment(w, number, 0, why);

	if (!err)
		err = cut_tail(w, why);
	if (!err)
		err = path_of(w->folder, w->name, path, why);
	if (!err)
		read_info(w, path, now_ms);
	w->fresh = true;
	return err;
}

enum err warc_open(const struct warc_opt *opt, int64_t now_ms, struct warc **ret,
		   struct reason *why)
{
	struct warc_segment *all = NULL;
	struct warc *w;
	size_t n = 0;
	int64_t number;
	enum err err;

	err = file_folder(opt->folder, why);
	if (!err)
		err = warc_list(opt->folder, &all, &n, why);
	if (err)
		return err;
	number = n ? all[n - 1].number : 0;
	mem_free(all);
	w = mem_zero(sizeof(*w));
	w->fd = -1;
	w->folder = mem_text(opt->folder);
	w->user_agent = mem_text(opt->user_agent);
	w->segment_bytes = opt->segment_bytes;
	w->segment_age_ms = opt->segment_age_ms;
	w->number = opt->least_number > 0 ? opt->least_number - 1 : 0;
	if (number > w->number)
		err = resume(w, number, now_ms, why);
	if (!err)
		err = prepare(w, now_ms, why);
	if (err && err != ERR_FULL) {
		warc_close(w);
		return err;
	}
	/* On a full disk the next append tries again. */
	*ret = w;
	return ERR_OK;
}

enum err warc_append(struct warc *w, struct str members, int64_t now_ms, struct str *ret_file,
		     int64_t *ret_offset, struct reason *why)
{
	int64_t at;
	enum err err;

	err = prepare(w, now_ms, why);
	at = w->size;
	if (!err)
		err = add(w, members, why);
	if (err)
		return err;
	*ret_file = str_of(w->name);
	*ret_offset = at;
	return ERR_OK;
}

/* Whether what is written can be found again by its name. */
static bool is_in_place(const struct warc *w)
{
	char path[PATH_MAX];
	struct stat named, open;

	return !path_of(w->folder, w->name, path, NULL) && !fstat(w->fd, &open) &&
	       !stat(path, &named) && named.st_ino == open.st_ino && named.st_dev == open.st_dev;
}

enum err warc_sync(struct warc *w, struct reason *why)
{
	if (w->fd < 0)
		return ERR_OK;
	if (fdatasync(w->fd))
		return failed(why, "sync", w->folder, w->name);
	if (is_in_place(w))
		return ERR_OK;
	/* the next record begins another */
	close(w->fd);
	w->fd = -1;
	return reason_set(why, ERR_IO, "%s/%s was moved or deleted while it was written to",
			  w->folder, w->name);
}

void warc_close(struct warc *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	mem_free(w->folder);
	mem_free(w->user_agent);
	mem_free(w);
}

int64_t warc_cut_bytes(const struct warc *w)
{
	return w->cut_bytes;
}

enum err warc_read(const char *folder, struct str file, int64_t offset, int64_t bytes,
		   struct buf *to, struct reason *why)
{
	char name[WARC_NAME_ROOM], path[PATH_MAX];
	struct reason inner;
	int64_t number;
	enum err err;
	int fd;

	if (!warc_is_segment(file, &number))
		return reason_set(why, ERR_BAD, "no archive file is called %.*s",
				  (int)(file.n < 100 ? file.n : 100), file.p);
	segment_name(number, name);
	err = path_of(folder, name, path, why);
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(why, "open", folder, name);
	err = bytes ? gzmember_read(fd, offset, bytes, to, &inner)
		    : gzmember_read_any(fd, offset, to, &inner);
	if (err)
		reason_set(why, err, "%s at %lld: %s", path, (long long)offset, inner.text);
	close(fd);
	return err;
}
