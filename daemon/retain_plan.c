#include "base/mem.h"
#include "crawler/warc.h"
#include "daemon/retain.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* The most that segments of a folder that was never counted are apart. */
#define APART_MOST_MS ((int64_t)30 * 24 * 3600 * 1000)

static int64_t size_of(const char *folder, const char *name, const char *ending)
{
	char path[PATH_MAX];
	struct stat st;

	if (snprintf(path, sizeof(path), "%s/%s%s", folder, name, ending) >= (int)sizeof(path))
		return 0;
	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_size : 0;
}

static enum err list(const char *folder, struct arena *a, struct retain_plan *p, struct reason *why)
{
	struct warc_segment *files = NULL;
	size_t n = 0;
	enum err err = warc_list(folder, &files, &n, why);

	if (err)
		return err;
	p->all = arena_zero(a, (n + 1) * sizeof(*p->all));
	p->n = (int)n;
	for (size_t i = 0; i < n; i++) {
		struct retain_segment *s = &p->all[i];

		s->number = files[i].number;
		s->file = arena_text(a, files[i].name);
		s->bytes = size_of(folder, files[i].name, "") +
			   size_of(folder, files[i].name, ".cdxj");
		p->bytes += s->bytes;
	}
	mem_free(files);
	return ERR_OK;
}

static int64_t apart(int64_t begun_ms, int64_t next_ms)
{
	int64_t ms = begun_ms >= 0 && next_ms > begun_ms ? next_ms - begun_ms : 0;

	return ms < APART_MOST_MS ? ms : APART_MOST_MS;
}

/* Nothing was counted: a segment was closed when the next one was begun, and the open one is
 * taken for new. */
static void date(const struct retain_ask *ask, struct retain_plan *p)
{
	int64_t closed = ask->counted_ms, next = -1, begun;

	for (int i = p->n - 1; i >= 0; i--) {
		begun = warc_begun_ms(ask->folder, p->all[i].file);
		if (p->all[i].number < ask->open) {
			p->all[i].closed_ms = closed;
			closed -= apart(begun, next);
		}
		if (begun >= 0)
			next = begun;
	}
}

/* When each was closed. */
static enum err close_all(const struct retain_ask *ask, struct reader *r, struct arena *a,
			  struct retain_plan *p, struct reason *why)
{
	struct segment_closed *rows;
	int n, k = 0;
	enum err err = reader_segments(r, a, &rows, &n, why);

	if (err)
		return err;
	if (n == 0)
		date(ask, p);
	for (int i = 0; i < p->n && p->all[i].number < ask->open; i++) {
		struct retain_segment *s = &p->all[i];

		while (k < n && rows[k].number < s->number)
			k++;
		s->fresh = k == n || rows[k].number != s->number;
		p->n_fresh += s->fresh;
		if (!s->fresh)
			s->closed_ms = rows[k].closed_ms;
		else if (n > 0)
			s->closed_ms = ask->counted_ms;
		s->age_ms = ask->counted_ms - s->closed_ms;
	}
	return ERR_OK;
}

static int64_t pinned(const struct segment_pin *pins, int n, struct str file)
{
	for (int i = 0; i < n; i++)
		if (str_eq(pins[i].file, file))
			return pins[i].page;
	return 0;
}

static const char *due(const struct retain_ask *ask, const struct retain_segment *s, int64_t left)
{
	if (s->number >= ask->open)
		return NULL;
	if (ask->keep_ms > 0 && s->age_ms >= ask->keep_ms)
		return "archive-keep";
	return ask->max_bytes > 0 && left > ask->max_bytes ? "archive-max" : NULL;
}

enum err retain_plan(const struct retain_ask *ask, struct reader *r, struct arena *a,
		     struct retain_plan *ret, struct reason *why)
{
	struct retain_plan p = { .n = 0 };
	struct segment_pin *pins;
	int64_t left, begun;
	int n_pins;
	enum err err = list(ask->folder, a, &p, why);

	if (!err)
		err = close_all(ask, r, a, &p, why);
	if (!err)
		err = reader_segment_pins(r, a, &pins, &n_pins, why);
	if (err)
		return err;
	begun = p.n ? warc_begun_ms(ask->folder, p.all[0].file) : 0;
	p.oldest_ms = begun > 0 ? begun : 0;
	left = p.bytes;
	for (int i = 0; i < p.n; i++) {
		struct retain_segment *s = &p.all[i];

		s->by = due(ask, s, left);
		if (s->by)
			s->page = pinned(pins, n_pins, s->file);
		p.n_kept += s->page != 0;
		if (s->by && !s->page) {
			p.n_removed++;
			left -= s->bytes;
		}
	}
	p.removed_bytes = p.bytes - left;
	p.over_bytes = ask->max_bytes > 0 && left > ask->max_bytes ? left - ask->max_bytes : 0;
	*ret = p;
	return ERR_OK;
}

static void json_segments(const struct retain_plan *p, bool kept, struct json *j)
{
	for (int i = 0; i < p->n; i++) {
		const struct retain_segment *s = &p->all[i];

		if (!s->by || (s->page != 0) != kept)
			continue;
		json_object(j, NULL);
		json_str(j, "file", s->file);
		json_int(j, "bytes", s->bytes);
		json_int(j, "age_ms", s->age_ms);
		json_text(j, "by", s->by);
		if (kept)
			json_int(j, "page", s->page);
		json_end_object(j);
	}
}

void retain_plan_json(const struct retain_plan *p, const struct retain_ask *ask, struct json *j)
{
	char day[32];

	if (p->oldest_ms)
		clock_iso(p->oldest_ms, day);
	json_int(j, "segments", p->n);
	json_int(j, "bytes", p->bytes);
	json_text(j, "oldest", p->oldest_ms ? day : NULL);
	json_int(j, "keep_ms", ask->keep_ms);
	json_int(j, "max_bytes", ask->max_bytes);
	json_int(j, "would_remove_bytes", p->removed_bytes);
	json_array(j, "would_remove");
	json_segments(p, false, j);
	json_end_array(j);
	json_array(j, "would_keep");
	json_segments(p, true, j);
	json_end_array(j);
	json_int(j, "over_bytes", p->over_bytes);
}
