#include "classifier/tsv.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define TSV_WINDOW (128u << 10)

struct tsv {
	gzFile file;
	char *path;
	char window[TSV_WINDOW];
	size_t at, have;
	struct buf line;
	struct tsv_count count;
};

void tsv_close(struct tsv *t)
{
	if (!t)
		return;
	if (t->file)
		gzclose(t->file);
	buf_done(&t->line);
	mem_free(t->path);
	mem_free(t);
}

static bool refill(struct tsv *t)
{
	int n = gzread(t->file, t->window, TSV_WINDOW);

	t->at = 0;
	t->have = n > 0 ? (size_t)n : 0;
	return t->have > 0;
}

/* The next line without its end; false at the end of the file. A line past
 * the bound leaves the buffer full. */
static bool next_line(struct tsv *t)
{
	bool any = false;

	buf_clear(&t->line);
	while (t->at < t->have || refill(t)) {
		const char *from = t->window + t->at;
		const char *end = memchr(from, '\n', t->have - t->at);
		size_t n = end ? (size_t)(end - from) : t->have - t->at;

		any = true;
		buf_add(&t->line, (struct str){ from, n });
		t->at += n + (end != NULL);
		if (end)
			break;
	}
	return any;
}

static bool split(struct tsv *t, struct str *ret_title, struct str *ret_class)
{
	struct str line = buf_str(&t->line);
	ptrdiff_t tab;

	if (t->line.full)
		return false;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	tab = str_find_char(line, '\t');
	if (tab < 0)
		return false;
	*ret_title = str_sub(line, 0, (size_t)tab);
	*ret_class = str_trim(str_sub(line, (size_t)tab + 1, line.n));
	return str_find_char(*ret_class, '\t') < 0;
}

static void rewind_rows(void *ctx)
{
	struct tsv *t = ctx;

	gzrewind(t->file);
	t->at = t->have = 0;
}

static bool next_row(void *ctx, struct classifier_row *ret)
{
	struct tsv *t = ctx;
	struct str title, klass;

	while (next_line(t)) {
		if (!split(t, &title, &klass))
			continue;
		classifier_row_of(title, klass, ret);
		return true;
	}
	return false;
}

static enum err read_once(struct tsv *t, struct reason *why)
{
	struct str title, klass;
	const char *text;
	int64_t line = 0;
	int code;

	while (next_line(t)) {
		line++;
		if (split(t, &title, &klass)) {
			t->count.rows++;
			continue;
		}
		t->count.misshapen++;
		if (t->count.first_misshapen == 0)
			t->count.first_misshapen = line;
	}
	text = gzerror(t->file, &code);
	if (code == Z_ERRNO)
		return reason_set(why, err_errno(errno), "%s: %s", t->path, strerror(errno));
	/* A cut file is told by Z_BUF_ERROR at its end. */
	if (code != Z_OK && code != Z_STREAM_END)
		return reason_set(why, ERR_BAD, "%s:%lld: broken gzip: %s", t->path,
				  (long long)line + 1, text);
	return ERR_OK;
}

enum err tsv_open(const char *path, struct tsv **ret, struct reason *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct tsv *t;
	enum err err;

	if (fd < 0)
		return reason_set(why, err_errno(errno), "%s: %s", path, strerror(errno));
	t = mem_zero(sizeof(*t));
	buf_init(&t->line, TSV_LINE);
	t->path = mem_text(path);
	t->file = gzdopen(fd, "rb");
	if (!t->file) {
		close(fd);
		err = reason_set(why, ERR_IO, "%s: cannot be read", path);
		goto out;
	}
	gzbuffer(t->file, TSV_WINDOW);
	err = read_once(t, why);
	if (err)
		goto out;
	*ret = t;
	t = NULL;
out:
	tsv_close(t);
	return err;
}

struct tsv_count tsv_count(const struct tsv *t)
{
	return t->count;
}

struct classifier_rows tsv_rows(struct tsv *t)
{
	return (struct classifier_rows){ .ctx = t, .rewind = rewind_rows, .next = next_row };
}
