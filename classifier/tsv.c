#include "classifier/tsv.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define TSV_WINDOW (128u << 10)
#define COLUMNS_MOST 64

struct tsv {
	gzFile file;
	char *path;
	char window[TSV_WINDOW];
	size_t at, have;
	struct buf line;
	struct tsv_count count;
	char *names;
	struct str columns[COLUMNS_MOST];	  /* after the category */
	char band[COLUMNS_MOST][CLASSIFIER_BAND]; /* of a price in each column */
	int columns_n;
};

void tsv_close(struct tsv *t)
{
	if (!t)
		return;
	if (t->file)
		gzclose(t->file);
	buf_done(&t->line);
	mem_free(t->path);
	mem_free(t->names);
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

/* Puts a column into the row; false when it is not what it should be. */
static bool add_column(struct tsv *t, int at, struct str value, struct classifier_row *row)
{
	const struct str name = t->columns[at];
	double x = 0;

	if (str_is(name, "-"))
		return true;
	if (str_is(name, "group")) {
		row->group = value.n ? hash64(value, 1) : 0;
		return true;
	}
	if (str_is(name, "weight") || str_is(name, "price")) {
		if (value.n && !str_f64(value, &x))
			return false;
		if (str_is(name, "weight")) {
			row->weight = value.n ? (float)x : 1;
			return true;
		}
		value = classifier_price_band(x, t->band[at]);
	}
	row->fields[row->fields_n++] = (struct classifier_field){ name, value };
	return true;
}

static bool split(struct tsv *t, struct classifier_row *ret)
{
	struct str rest = buf_str(&t->line), title, klass, value;

	if (t->line.full)
		return false;
	if (rest.n && rest.p[rest.n - 1] == '\r')
		rest.n--;
	if (str_find_char(rest, '\t') < 0 || !str_next(&rest, '\t', &title))
		return false;
	if (!str_next(&rest, '\t', &klass))
		klass = (struct str){ 0 };
	classifier_row_of(title, str_trim(klass), ret);
	for (int i = 0; i < t->columns_n; i++) {
		if (!str_next(&rest, '\t', &value) || !add_column(t, i, str_trim(value), ret))
			return false;
	}
	return !str_next(&rest, '\t', &value);
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

	while (next_line(t))
		if (split(t, ret))
			return true;
	return false;
}

static enum err read_once(struct tsv *t, struct reason *why)
{
	struct classifier_row row;
	const char *text;
	int64_t line = 0;
	int code;

	while (next_line(t)) {
		line++;
		if (split(t, &row)) {
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

static enum err name_columns(struct tsv *t, const char *columns, struct reason *why)
{
	struct str rest = str_of(columns), name;
	int fields = 0;

	t->names = mem_text(columns);
	rest.p = t->names;
	while (str_next(&rest, ',', &name)) {
		name = str_trim(name);
		fields += !str_is(name, "-") && !str_is(name, "group") && !str_is(name, "weight");
		if (name.n == 0)
			return reason_set(why, ERR_BAD,
					  "'%s': a column without a name; '-' skips one", columns);
		if (t->columns_n == COLUMNS_MOST || fields > CLASSIFIER_FIELDS)
			return reason_set(why, ERR_TOO_BIG,
					  "'%s': more than %d columns, or %d fields", columns,
					  COLUMNS_MOST, CLASSIFIER_FIELDS);
		t->columns[t->columns_n++] = name;
	}
	return ERR_OK;
}

enum err tsv_open(const char *path, const char *columns, struct tsv **ret, struct reason *why)
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
	err = columns ? name_columns(t, columns, why) : ERR_OK;
	if (!err)
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
