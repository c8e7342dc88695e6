#include "exporter/export_row.h"

#include "base/utf8.h"
#include "exporter/export_studio.h"

#include <inttypes.h>

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
	[EXPORT_CROISSANT] = { .between = ',', .end = "\r\n", .value = csv_value },
	[EXPORT_TSV] = { .between = '\t', .end = "\n", .value = tsv_value },
};

static const enum export_row_json ways[EXPORT_FORMATS] = {
	[EXPORT_HUGGINGFACE] = EXPORT_ROW_TYPED,
	[EXPORT_IMAGEFOLDER] = EXPORT_ROW_IMAGE,
};

/* CATEGORY/LISTING.jpg: no two rows have the same, and no name leads out of the folder. */
static struct str picture_place(const struct export_item *x, struct arena *a)
{
	const struct listing_view *v = x->view;
	struct str ending = { 0 };
	struct str class = v->labeled && v->label.category.n ? arena_str(a, v->label.category)
							     : STR("unlabeled");

	for (size_t i = v->image_file.n; i-- > 0 && v->image_file.p[i] != '/' && !ending.n;)
		if (v->image_file.p[i] == '.')
			ending = str_sub(v->image_file, i, v->image_file.n);
	if (str_find_char(class, '/') >= 0 || class.p[0] == '.')
		class = STR("other");
	return arena_fmt(a, "%.*s/%" PRId64 "%.*s", STR_ARG(class), v->listing.id, STR_ARG(ending));
}

static bool left_to_others(const char *column, enum export_row_json how)
{
	return (how == EXPORT_ROW_TASK && str_is(str_of(column), "title")) ||
	       (how == EXPORT_ROW_IMAGE && str_is(str_of(column), "image_file"));
}

static void member(const struct export_column *c, const struct export_item *x,
		   enum export_row_json how, struct arena *a, struct json *j)
{
	struct str s;
	bool free_json;

	if (c->json) {
		c->json(j, c->name, x);
		return;
	}
	s = export_column_text(c, x, a);
	free_json = c->kind == EXPORT_JSON && !c->members && how != EXPORT_ROW_FREE;
	if (!s.n)
		json_null(j, c->name);
	else if (c->kind == EXPORT_NUMBER || (c->kind == EXPORT_JSON && !free_json))
		json_raw(j, c->name, s);
	else
		json_str(j, c->name, s);
}

void export_row_members(const struct export_columns *c, const struct export_item *x,
			enum export_row_json how, struct arena *a, struct json *j)
{
	for (int i = 0; i < c->n; i++)
		if (!left_to_others(c->at[i]->name, how))
			member(c->at[i], x, how, a, j);
}

static void json_row(enum export_format f, const struct export_columns *c,
		     const struct export_item *x, struct arena *a, struct buf *to)
{
	struct json j;

	json_init(&j, to);
	if (f == EXPORT_LABELSTUDIO) {
		export_studio_row(c, x, a, &j);
	} else {
		json_object(&j, NULL);
		if (f == EXPORT_IMAGEFOLDER) {
			json_str(&j, "file_name", picture_place(x, a));
			json_str(&j, "image_file", x->view->image_file);
		}
		export_row_members(c, x, ways[f], a, &j);
		json_end_object(&j);
	}
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
	if (f == EXPORT_FASTTEXT)
		fasttext_row(x, a, to);
	else if (delimited[f].value)
		delimited_row(&delimited[f], c, x, a, to);
	else
		json_row(f, c, x, a, to);
	return to->full ? ERR_TOO_BIG : ERR_OK;
}
