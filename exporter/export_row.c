#include "exporter/export_row.h"

#include "base/utf8.h"

static void csv_value(struct buf *to, struct str s)
{
	bool quote = false;

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
	if (!quote) {
		buf_add(to, s);
		return;
	}
	buf_add_char(to, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_add_char(to, '"');
		buf_add_char(to, s.p[i]);
	}
	buf_add_char(to, '"');
}

static const char *tsv_escape(char c)
{
	switch (c) {
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\\':
		return "\\\\";
	default:
		return NULL;
	}
}

static void tsv_value(struct buf *to, struct str s)
{
	const char *escape;

	for (size_t i = 0; i < s.n; i++) {
		escape = tsv_escape(s.p[i]);
		if (escape)
			buf_add_text(to, escape);
		else
			buf_add_char(to, s.p[i]);
	}
}

static const struct delimited {
	char between;
	const char *end;
	void (*value)(struct buf *to, struct str s);
} delimited[EXPORT_FORMATS] = {
	[EXPORT_CSV] = { .between = ',', .end = "\r\n", .value = csv_value },
	[EXPORT_TSV] = { .between = '\t', .end = "\n", .value = tsv_value },
};

static void json_row(const struct export_columns *columns, const struct export_item *x,
		     struct arena *a, struct buf *to)
{
	struct json j;

	json_init(&j, to);
	json_object(&j, NULL);
	for (int i = 0; i < columns->n; i++) {
		const struct export_column *c = columns->at[i];
		struct str s;

		if (c->json) {
			c->json(&j, c->name, x);
			continue;
		}
		s = export_column_text(c, x, a);
		if (!s.n)
			json_null(&j, c->name);
		else if (c->kind == EXPORT_NUMBER || c->kind == EXPORT_JSON)
			json_raw(&j, c->name, s);
		else
			json_str(&j, c->name, s);
	}
	json_end_object(&j);
	buf_add_char(to, '\n');
}

/* fastText splits at white space, so a line break in a title would start a row. */
static void fasttext_row(const struct export_item *x, struct arena *a, struct buf *to)
{
	const struct listing_view *v = x->view;
	struct str title = utf8_clean(a, v->listing.title_clean);

	if (v->labeled && v->label.category.n) {
		buf_add_text(to, "__label__");
		buf_add(to, v->label.category);
		buf_add_char(to, ' ');
	}
	for (size_t i = 0; i < title.n; i++)
		buf_add(to, (unsigned char)title.p[i] < 0x20 ? STR(" ") : str_sub(title, i, 1));
	buf_add_char(to, '\n');
}

void export_row_header(enum export_format f, const struct export_columns *c, struct buf *to)
{
	const struct delimited *d = &delimited[f];

	if (!d->value)
		return;
	for (int i = 0; i < c->n; i++) {
		if (i)
			buf_add_char(to, d->between);
		buf_add_text(to, c->at[i]->name);
	}
	buf_add_text(to, d->end);
}

static void delimited_row(const struct delimited *d, const struct export_columns *c,
			  const struct export_item *x, struct arena *a, struct buf *to)
{
	for (int i = 0; i < c->n; i++) {
		if (i)
			buf_add_char(to, d->between);
		d->value(to, utf8_clean(a, export_column_text(c->at[i], x, a)));
	}
	buf_add_text(to, d->end);
}

enum err export_row(enum export_format f, const struct export_columns *c,
		    const struct export_item *x, struct arena *a, struct buf *to)
{
	if (f == EXPORT_JSONL)
		json_row(c, x, a, to);
	else if (f == EXPORT_FASTTEXT)
		fasttext_row(x, a, to);
	else
		delimited_row(&delimited[f], c, x, a, to);
	return to->full ? ERR_TOO_BIG : ERR_OK;
}
