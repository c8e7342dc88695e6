#include "extractor/extract_json.h"

#include "base/mem.h"
#include "base/must.h"
#include "base/utf8.h"
#include "extractor/extract_charset.h"
#include "extractor/extract_program.h"
#include "extractor/extract_project.h"
#include "extractor/extract_scan.h"
#include "extractor/extract_several.h"

#include <math.h>
#include <string.h>

struct extract_json {
	struct extract_program program;
	struct extract_needs *needs; /* NULL: all of a page */
};

enum err extract_json_new(const struct conf_page *page, struct extract_json **ret,
			  struct reason *why)
{
	struct extract_json *j = mem_zero(sizeof(*j));
	enum err err = extract_program_init(&j->program, page, why);

	if (err) {
		extract_json_free(j);
		return err;
	}
	j->needs = extract_need_new(&j->program);
	*ret = j;
	return ERR_OK;
}

void extract_json_free(struct extract_json *j)
{
	if (!j)
		return;
	extract_need_free(j->needs);
	extract_program_done(&j->program);
	mem_free(j);
}

void extract_json_whole(struct extract_json *j)
{
	extract_need_free(j->needs);
	j->needs = NULL;
}

enum err extract_json_wrong(struct str text, struct reason *why)
{
	bool lone;
	enum err err = extract_scan_json(text, &lone, why);
	jv doc;

	if (!err)
		err = extract_jq_parse(text, &doc, why);
	if (!err)
		jv_free(doc);
	return err;
}

enum err extract_json_check(const struct conf_sel *sel, struct reason *why)
{
	return extract_program_check(sel, why);
}

/* Running. */
struct run {
	const struct extract_program *p;
	struct extract_sink *s;
	struct reason *why;
	const struct extract_needs *needs; /* NULL: jq has the whole page */
	struct extract_projection cut;
	const struct str *slots; /* of the item being read; NULL: jq has them */
};

/* The first result of a `try`, or null; false with the error's text. Frees `cell`. */
static bool first(jv cell, struct arena *a, jv *ret, struct str *ret_error)
{
	struct str ignored;

	if (jv_get_kind(cell) == JV_KIND_OBJECT) {
		*ret_error = extract_jq_text(jv_object_get(cell, jv_string("e")), a, &ignored);
		if (!ret_error->p)
			*ret_error = STR("an error without a text");
		return false;
	}
	*ret = jv_array_length(jv_copy(cell)) ? jv_array_get(jv_copy(cell), 0) : jv_null();
	jv_free(cell);
	return true;
}

/* What a selector of an item finds; false with the error's text. */
static bool find(const struct extract_cell *c, jv row, jv item, struct arena *a, jv *ret,
		 struct str *ret_error)
{
	struct str ignored;

	if (c->at)
		return first(jv_array_get(jv_copy(row), c->at), a, ret, ret_error);
	*ret = c->path ? extract_path_get(c->path, item) : jv_null();
	if (jv_is_valid(*ret))
		return true;
	*ret_error = extract_jq_text(jv_invalid_get_msg(*ret), a, &ignored);
	return false;
}

/* The same, but of several results an array. */
static bool find_all(const struct extract_cell *c, jv row, jv item, struct arena *a, jv *ret,
		     struct str *ret_error)
{
	jv cell = c->at ? jv_array_get(jv_copy(row), c->at) : jv_null();

	if (jv_get_kind(cell) == JV_KIND_ARRAY && jv_array_length(jv_copy(cell)) > 1) {
		*ret = cell;
		return true;
	}
	jv_free(cell);
	return find(c, row, item, a, ret, ret_error);
}

static bool is_true(jv v)
{
	jv_kind k = jv_get_kind(v);

	jv_free(v);
	return k != JV_KIND_NULL && k != JV_KIND_FALSE;
}

/* The next result, which must be there unless the program failed as a whole. */
static enum err next(struct run *r, jv *ret)
{
	enum err err = ERR_OK;

	if (extract_jq_next(r->p->jq, ret, &err, r->why))
		return ERR_OK;
	return err ? err : reason_set(r->why, ERR_BAD, "a selector ends the program");
}

static enum err bad_sel(struct run *r, const char *name, const struct conf_sel *sel,
			struct str error)
{
	return reason_set(r->why, ERR_BAD, "%s `%.*s`: %.*s", name, (int)utf8_cut(sel->expr, 80).n,
			  sel->expr.p, (int)utf8_cut(error, 160).n, error.p);
}

static enum err page_value(struct run *r, const char *name, const struct conf_sel *sel, jv *ret)
{
	struct str error = { 0 };
	enum err err;
	jv cell = jv_null();

	err = next(r, &cell);
	if (err)
		return err;
	if (!first(cell, r->s->a, ret, &error))
		return bad_sel(r, name, sel, error);
	return ERR_OK;
}

/* Only a text is an address: APIs end their lists with null, false or 0. A cursor may be
 * a number. */
static enum err read_next(struct run *r)
{
	jv v = jv_null();
	struct str url, ignored;
	enum err err = page_value(r, "next", &r->p->page->paging.next, &v);

	if (err)
		return err;
	if (jv_get_kind(v) != JV_KIND_STRING &&
	    !(conf_paging_by_cursor(&r->p->page->paging) && jv_get_kind(v) == JV_KIND_NUMBER)) {
		jv_free(v);
		return ERR_OK;
	}
	url = extract_jq_text(v, r->s->a, &ignored);
	return extract_sink_next(r->s, url, r->why);
}

/* Whole, not negative; anything else leaves *ret as it is. Frees `v`. */
static void read_number(struct run *r, jv v, int64_t *ret)
{
	struct str text, ignored;
	double x;

	text = extract_jq_text(v, r->s->a, &ignored);
	if (text.p && str_f64(str_trim(text), &x) && x >= 0 && x < 1e15)
		*ret = (int64_t)floor(x);
}

static enum err read_paging(struct run *r)
{
	const struct conf_paging *p = &r->p->page->paging;
	enum err err;
	jv v = jv_null();

	err = page_value(r, "more", &p->more, &v);
	if (err)
		return err;
	r->s->out->more = is_true(v);
	err = page_value(r, "last", &p->last, &v);
	if (err)
		return err;
	read_number(r, v, &r->s->out->last);
	err = read_next(r);
	if (!err)
		err = page_value(r, "total", &p->total, &v);
	if (!err)
		read_number(r, v, &r->s->out->total);
	return err;
}

/* A text or a number, or a pair of them. Frees `v`. */
static enum err read_value(struct run *r, struct str name, jv v)
{
	struct str value, under = { 0 }, ignored;

	if (jv_get_kind(v) == JV_KIND_ARRAY) {
		under = extract_jq_text(jv_array_get(jv_copy(v), 1), r->s->a, &ignored);
		v = jv_array_get(v, 0);
	}
	value = extract_jq_text(v, r->s->a, &ignored);
	return extract_sink_value(r->s, name, value, under, r->why);
}

static enum err read_values(struct run *r)
{
	const struct conf_values *values;
	struct str error = { 0 };
	enum err err = ERR_OK;
	jv cell = jv_null();

	for (int i = 0; i < r->p->page->n_values && !err; i++) {
		values = &r->p->page->values[i];
		err = next(r, &cell);
		if (err)
			break;
		if (jv_get_kind(cell) == JV_KIND_OBJECT) {
			first(cell, r->s->a, &cell, &error);
			return bad_sel(r, "values", &values->sel, error);
		}
		for (int k = 0, n = jv_array_length(jv_copy(cell)); k < n && !err; k++)
			err = read_value(r, values->name, jv_array_get(jv_copy(cell), k));
		jv_free(cell);
	}
	return err;
}

static enum err read_links(struct run *r)
{
	const struct conf_link *link;
	struct str error = { 0 }, url;
	enum err err = ERR_OK;
	jv cell = jv_null();

	for (int i = 0; i < r->p->page->n_links && !err; i++) {
		link = &r->p->page->links[i];
		err = next(r, &cell);
		if (err)
			break;
		if (jv_get_kind(cell) == JV_KIND_OBJECT) {
			first(cell, r->s->a, &cell, &error);
			return bad_sel(r, "links", &link->sel, error);
		}
		for (int k = 0, n = jv_array_length(jv_copy(cell)); k < n && !err; k++) {
			url = extract_jq_text(jv_array_get(jv_copy(cell), k), r->s->a, &error);
			err = extract_sink_found(r->s, link, url, r->why);
		}
		jv_free(cell);
	}
	return err;
}

/* What a field selector finds as text; none, and maybe why. */
static struct str field_text(struct run *r, int i, jv row, jv item, struct str *ret_why)
{
	struct arena *a = r->s->a;
	jv v = jv_null();

	if (r->slots && r->needs->fields[i] >= 0)
		return extract_project_text(r->slots[r->needs->fields[i]], a, ret_why);
	if (!find(&r->p->fields[i], row, item, a, &v, ret_why))
		return (struct str){ 0 };
	return extract_jq_text(v, a, ret_why);
}

/* A value of a field that has several, or an array or, of attributes, an object of such.
 * Frees `v`. */
static void add_values(struct run *r, const struct conf_field *f, jv v, struct extract_several *to,
		       struct str *ret_why)
{
	struct str text;

	if (jv_get_kind(v) == JV_KIND_ARRAY) {
		for (int i = 0, n = jv_array_length(jv_copy(v)); i < n && i < EXTRACT_MOST_ITEMS;
		     i++)
			add_values(r, f, jv_array_get(jv_copy(v), i), to, ret_why);
		jv_free(v);
		return;
	}
	text = extract_jq_text(v, r->s->a, ret_why);
	if (text.n && f->prefix.n)
		text = arena_fmt(r->s->a, "%.*s%.*s", STR_ARG(f->prefix), STR_ARG(text));
	extract_several_add(to, text);
}

/* The texts of an array, one after the other; of anything else its text. Frees `v`. */
static struct str joined(struct run *r, jv v, struct str *ret_why)
{
	struct str all = { 0 }, text;

	if (jv_get_kind(v) != JV_KIND_ARRAY)
		return extract_jq_text(v, r->s->a, ret_why);
	for (int i = 0, n = jv_array_length(jv_copy(v)); i < n && i < EXTRACT_SEVERAL_MOST; i++) {
		text = extract_jq_text(jv_array_get(jv_copy(v), i), r->s->a, ret_why);
		if (text.n)
			all = all.n ? arena_fmt(r->s->a, "%.*s, %.*s", STR_ARG(all), STR_ARG(text))
				    : text;
	}
	jv_free(v);
	return all;
}

static void add_members(struct run *r, jv object, struct extract_several *to, struct str *ret_why)
{
	struct str name;
	jv key;

	for (int i = jv_object_iter(object); jv_object_iter_valid(object, i);
	     i = jv_object_iter_next(object, i)) {
		key = jv_object_iter_key(object, i);
		name = extract_jq_text(key, r->s->a, ret_why);
		extract_several_pair(to, name, joined(r, jv_object_iter_value(object, i), ret_why));
	}
	jv_free(object);
}

/* All that the selector of such a field finds. */
static struct str field_values(struct run *r, int i, jv row, jv item, struct str *ret_why)
{
	const struct extract_cell *c = &r->p->fields[i];
	const struct conf_field *f = &r->p->page->fields[i];
	struct extract_several to;
	jv v = jv_null();

	extract_several_init(&to, f->field, r->s->a);
	if (f->sel.kind == SEL_CONST) {
		extract_several_add(&to, f->sel.expr);
		return extract_several_text(&to);
	}
	if (!find_all(c, row, item, r->s->a, &v, ret_why))
		return (struct str){ 0 };
	if (f->field == FIELD_ATTRIBUTES && jv_get_kind(v) == JV_KIND_OBJECT)
		add_members(r, v, &to, ret_why);
	else
		add_values(r, f, v, &to, ret_why);
	return extract_several_text(&to);
}

static struct str field_value(struct run *r, int i, jv row, jv item, struct str *ret_why)
{
	const struct conf_field *f = &r->p->page->fields[i];

	if (conf_field_is_several(f))
		return field_values(r, i, row, item, ret_why);
	if (f->sel.kind == SEL_CONST)
		return f->sel.expr;
	return field_text(r, i, row, item, ret_why);
}

static void read_fields(struct run *r, jv row, jv item)
{
	const struct conf_page *page = r->p->page;
	struct str value, why;

	for (int i = 0; i < page->n_fields; i++) {
		const struct conf_field *f = &page->fields[i];

		why = (struct str){ 0 };
		value = field_value(r, i, row, item, &why);
		extract_sink_field(r->s, f, value, why);
	}
}

/* False: the selector failed, with its error's text. */
static bool is_skipped(struct run *r, jv row, jv item, bool *ret, struct str *ret_error)
{
	jv v = jv_null();

	if (r->slots && r->needs->skip >= 0) {
		*ret = extract_project_true(r->slots[r->needs->skip]);
		return true;
	}
	if (!find(&r->p->skip, row, item, r->s->a, &v, ret_error))
		return false;
	*ret = is_true(v);
	return true;
}

static void read_item(struct run *r, jv row)
{
	const struct conf_page *page = r->p->page;
	struct str error = { 0 };
	jv item = jv_array_get(jv_copy(row), 0);
	bool skipped = false;

	extract_sink_item(r->s);
	if (!is_skipped(r, row, item, &skipped, &error)) {
		extract_sink_reject(r->s, REJECT_SELECTOR, REJECT_NO_FIELD,
				    arena_fmt(r->s->a, "skip `%.*s`: %.*s",
					      STR_ARG(page->skip.expr), STR_ARG(error)));
	} else if (skipped) {
		extract_sink_skip(r->s);
	} else {
		read_fields(r, row, item);
		extract_sink_keep(r->s);
	}
	jv_free(item);
	jv_free(row);
}

static enum err read_items(struct run *r)
{
	struct str error = { 0 };
	size_t n;
	enum err err;
	jv v = jv_null();

	err = next(r, &v);
	if (err)
		return err;
	if (jv_get_kind(v) == JV_KIND_OBJECT) {
		first(v, r->s->a, &v, &error);
		return bad_sel(r, "items", &r->p->page->items, error);
	}
	n = (size_t)jv_number_value(v);
	jv_free(v);
	must(!r->cut.slots || r->cut.n_items == n);
	err = extract_sink_items(r->s, n, r->why);
	for (size_t i = 0; i < n && !err; i++) {
		err = next(r, &v);
		if (err)
			break;
		if (r->cut.slots)
			r->slots = r->cut.slots + i * (size_t)r->needs->n_slots;
		read_item(r, v);
	}
	return err;
}

/* The body as a value of jq's: of most, only what selectors look at. */
static enum err read_body(struct run *r, const struct extract_needs *needs, struct str body,
			  jv *ret)
{
	bool lone;
	enum err err;

	if (needs && extract_project(needs, body, r->s->a, &r->cut)) {
		r->needs = needs;
		body = r->cut.text;
	}
	err = extract_scan_json(body, &lone, r->why);
	if (!err && lone)
		body = extract_scan_repair(body, r->s->a);
	return err ? err : extract_jq_parse(body, ret, r->why);
}

enum err extract_json_run(struct extract_json *j, const struct extract_in *in,
			  struct extract_sink *s, struct reason *why)
{
	struct run r = { .p = &j->program, .s = s, .why = why };
	struct str body = in->body;
	size_t skip;
	enum err err;
	jv doc;

	/* libjq itself puts U+FFFD for ill-formed UTF-8 */
	if (strcmp(extract_charset(body, in->content_type, false, &skip)->name, "UTF-8") != 0)
		body = extract_charset_utf8(body, in->content_type, false, s->a);
	else
		body = str_sub(body, skip, body.n);
	err = read_body(&r, j->needs, body, &doc);
	if (err)
		return err;
	if (in->parsed)
		in->parsed(in->ctx);
	extract_jq_start(j->program.jq, doc);
	err = read_paging(&r);
	if (!err)
		err = read_links(&r);
	if (!err)
		err = read_values(&r);
	if (!err && j->program.page->n_fields)
		err = read_items(&r);
	extract_jq_stop(j->program.jq);
	return err;
}
