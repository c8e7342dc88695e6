#include "pipectl/records.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/must.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define ROW_MOST ((size_t)4 << 20)
#define HEADER_MOST 256
#define CHUNK ((unsigned)64 << 10)

const char *const records_names[RECORDS_HOWS] = {
	[RECORDS_JSONL] = "jsonl",
	[RECORDS_CSV] = "csv",
	[RECORDS_TSV] = "tsv",
};

bool records_parse(const char *name, enum records_how *ret)
{
	for (int i = 0; i < RECORDS_HOWS; i++) {
		if (strcmp(name, records_names[i]) != 0)
			continue;
		*ret = (enum records_how)i;
		return true;
	}
	return false;
}

struct records {
	char path[PATH_MAX];
	enum records_how how;
	const char *const *columns;
	int n_columns;
	int place[RECORDS_COLUMNS_MOST]; /* of a column in the file; -1: none */
	int n_header;
	gzFile file;
	int64_t line, next_line; /* where the row, and the one behind it, begins */
	struct buf row;
	char chunk[CHUNK];
	size_t at, n; /* in `chunk` */
	json_t *json; /* the row's */
	char *dumped[RECORDS_COLUMNS_MOST];
};

static enum err broken(const struct records *r, const char *what, struct reason *why)
{
	return reason_set(why, ERR_BAD, "%s:%lld: %s", r->path, (long long)r->line, what);
}

static enum err refill(struct records *r, struct reason *why)
{
	int n = gzread(r->file, r->chunk, CHUNK);

	if (n < 0)
		return broken(r, "cannot be read on", why);
	r->at = 0;
	r->n = (size_t)n;
	return ERR_OK;
}

/* One record into r->row, without its end. */
static enum err read_record(struct records *r, bool *ret_any, struct reason *why)
{
	bool quoted = false, any = false;
	enum err err;

	buf_clear(&r->row);
	r->line = r->next_line;
	for (;;) {
		char c;

		if (r->at == r->n) {
			err = refill(r, why);
			if (err)
				return err;
			if (!r->n)
				break;
		}
		c = r->chunk[r->at++];
		any = true;
		r->next_line += c == '\n';
		if (c == '\n' && !quoted)
			break;
		if (c == '"' && r->how == RECORDS_CSV)
			quoted = !quoted;
		buf_add_char(&r->row, c);
	}
	if (quoted)
		return broken(r, "a quote is not closed", why);
	*ret_any = any;
	return ERR_OK;
}

static void forget_row(struct records *r)
{
	json_decref(r->json);
	r->json = NULL;
	for (int i = 0; i < r->n_columns; i++) {
		free(r->dumped[i]);
		r->dumped[i] = NULL;
	}
}

static enum err json_cells(struct records *r, struct str *cells, struct reason *why)
{
	json_error_t e;

	forget_row(r);
	r->json = json_loadb(buf_str(&r->row).p, r->row.n, 0, &e);
	if (!json_is_object(r->json))
		return broken(r, r->json ? "no JSON object" : e.text, why);
	for (int i = 0; i < r->n_columns; i++) {
		const json_t *v = json_object_get(r->json, r->columns[i]);

		cells[i] = (struct str){ 0 };
		if (!v || json_is_null(v))
			continue;
		if (!json_is_string(v))
			r->dumped[i] =
				json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS |
						      JSON_REAL_PRECISION(9));
		cells[i] = str_of(r->dumped[i] ? r->dumped[i] : json_string_value(v));
	}
	return ERR_OK;
}

/* Takes a value off the front, unquoted in place. *at becomes NULL behind the last. */
static struct str csv_cell(char **at, const char *end)
{
	char *p = *at, *to = p;
	struct str s;

	if (p < end && *p == '"') {
		for (p++; p < end && !(*p == '"' && (p + 1 == end || p[1] != '"')); p++) {
			if (*p == '"')
				p++;
			*to++ = *p;
		}
		s = (struct str){ *at, (size_t)(to - *at) };
		p++;
	} else {
		while (p < end && *p != ',')
			p++;
		s = (struct str){ *at, (size_t)(p - *at) };
	}
	*at = p < end ? p + 1 : NULL;
	return s;
}

/* The values of the record as they stand; -1: more than `most`. */
static int split_record(struct records *r, struct str *to, int most)
{
	struct str rest = buf_str(&r->row);
	char *at = r->row.p;
	int n = 0;

	if (rest.n && rest.p[rest.n - 1] == '\r')
		rest.n--;
	while (r->how == RECORDS_CSV ? at != NULL : rest.p != NULL) {
		if (n == most)
			return -1;
		if (r->how == RECORDS_CSV)
			to[n] = csv_cell(&at, rest.p + rest.n);
		else
			str_next(&rest, '\t', &to[n]);
		n++;
	}
	return n;
}

static enum err text_cells(struct records *r, struct str *cells, struct reason *why)
{
	struct str all[HEADER_MOST];
	int n = split_record(r, all, HEADER_MOST);

	if (n != r->n_header)
		return broken(r, "another number of values than the header names", why);
	for (int i = 0; i < r->n_columns; i++)
		cells[i] = r->place[i] >= 0 && all[r->place[i]].n ? all[r->place[i]]
								  : (struct str){ 0 };
	return ERR_OK;
}

static enum err read_header(struct records *r, struct reason *why)
{
	struct str all[HEADER_MOST];
	bool any = false;
	enum err err = read_record(r, &any, why);

	if (err)
		return err;
	if (!any || r->row.full)
		return broken(r, "no header line", why);
	/* Some programs begin with a byte order mark. */
	if (str_starts(buf_str(&r->row), STR("\xef\xbb\xbf")))
		memmove(r->row.p, r->row.p + 3, r->row.n -= 3);
	r->row.p[r->row.n] = 0;
	r->n_header = split_record(r, all, HEADER_MOST);
	for (int i = 0; i < r->n_columns; i++) {
		r->place[i] = -1;
		for (int k = 0; k < r->n_header && r->place[i] < 0; k++)
			if (str_is(all[k], r->columns[i]))
				r->place[i] = k;
	}
	return r->n_header < 0 ? broken(r, "too many columns", why) : ERR_OK;
}

enum err records_open(const char *path, enum records_how how, const char *const *columns, int n,
		      struct records **ret, struct reason *why)
{
	struct records *r = mem_zero(sizeof(*r));
	enum err err = ERR_OK;

	must(n <= RECORDS_COLUMNS_MOST);
	buf_init(&r->row, ROW_MOST);
	r->how = how;
	r->columns = columns;
	r->n_columns = n;
	r->next_line = 1;
	snprintf(r->path, sizeof(r->path), "%s", path);
	/* Reads what is not compressed, too. */
	r->file = gzopen(path, "rbe");
	if (!r->file)
		err = reason_set(why, ERR_IO, "cannot read %s", path);
	else if (how != RECORDS_JSONL)
		err = read_header(r, why);
	if (err)
		records_close(r);
	else
		*ret = r;
	return err;
}

void records_close(struct records *r)
{
	if (!r)
		return;
	forget_row(r);
	if (r->file)
		gzclose(r->file);
	buf_done(&r->row);
	mem_free(r);
}

bool records_has(const struct records *r, int column)
{
	return r->how == RECORDS_JSONL || r->place[column] >= 0;
}

int64_t records_line(const struct records *r)
{
	return r->line;
}

enum err records_next(struct records *r, struct str cells[RECORDS_COLUMNS_MOST], bool *ret_row,
		      bool *ret_again, struct reason *why)
{
	bool any = false;
	enum err err;

	*ret_again = false;
	err = read_record(r, &any, why);
	*ret_row = any;
	if (err || !any)
		return err;
	*ret_again = true;
	if (r->row.full)
		return broken(r, "the row is too long", why);
	return r->how == RECORDS_JSONL ? json_cells(r, cells, why) : text_cells(r, cells, why);
}
