#include "extractor/extract_json.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "extractor/extract_charset.h"
#include "extractor/extract_jq.h"
#include "extractor/extract_scan.h"
#include "extractor/extract_sel.h"

#include <math.h>
#include <string.h>

#define MOST_PROGRAM (1 << 20)

struct extract_json {
	const struct conf_page *page;
	struct extract_jq *jq;
};

/* [results] or {"e": error}. The line feed ends a comment in `expr`. */
static void put_try(struct buf *to, const struct conf_sel *sel)
{
	if (sel->kind == SEL_JQ)
		buf_fmt(to, "(try [(%.*s\n)] catch {e:.})", STR_ARG(sel->expr));
	else
		buf_add_text(to, "[]");
}

/* Results, in this order: more, last, one per links, then for pages with
 * fields an error of items or their number and each item as [skip, fields...].
 * The errors of jq 1.6's `try` that come from further down the pipe are caught
 * where they arise, as every selector has its own. */
static void put_program(struct buf *to, const struct conf_page *page)
{
	put_try(to, &page->paging.more);
	buf_add_char(to, ',');
	put_try(to, &page->paging.last);
	for (int i = 0; i < page->n_links; i++) {
		buf_add_char(to, ',');
		put_try(to, &page->links[i].sel);
	}
	if (!page->n_fields)
		return;
	buf_add_text(to, ",(");
	if (page->items.kind == SEL_NONE)
		buf_add_text(to, "[.]");
	else
		put_try(to, &page->items);
	buf_add_text(to, "|if type==\"object\" then . else ");
	if (page->items.kind != SEL_NONE)
		buf_add_text(to, "if length==1 and (.[0]|type)==\"array\" then .[0] else . end|");
	buf_add_text(to, "if length==1 and .[0]==null then {e:\"found null\"}"
			 " else length,(.[]|[");
	put_try(to, &page->skip);
	for (int i = 0; i < page->n_fields; i++) {
		buf_add_char(to, ',');
		put_try(to, &page->fields[i].sel);
	}
	buf_add_text(to, "]) end end)");
}

enum err extract_json_check(const struct conf_sel *sel, struct reason *why)
{
	struct extract_jq *jq = NULL;
	struct buf b;
	enum err err;

	if (sel->kind == SEL_NONE || sel->kind == SEL_CONST)
		return ERR_OK;
	if (sel->kind != SEL_JQ)
		return reason_set(why, ERR_BAD, "a JSON page is read by jq, not by css or xpath");
	if (str_find_char(sel->expr, 0) >= 0)
		return reason_set(why, ERR_BAD, "a NUL byte in the program");
	buf_init(&b, MOST_PROGRAM);
	buf_add(&b, sel->expr);
	err = b.full ? reason_set(why, ERR_BAD, "the program is too long")
		     : extract_jq_new(buf_str(&b).p, &jq, why);
	extract_jq_free(jq);
	buf_done(&b);
	return err;
}

/* Which of them it was. */
static enum err name_culprit(const struct conf_page *page, struct reason *why)
{
	const struct conf_sel *sel;
	struct reason inner;

	for (int i = 0; (sel = extract_sel(page, i)); i++)
		if (extract_json_check(sel, &inner))
			return reason_set(why, ERR_BAD, "%s `%.*s`: %s", extract_sel_name(page, i),
					  (int)utf8_cut(sel->expr, 80).n, sel->expr.p, inner.text);
	return ERR_BAD;
}

enum err extract_json_new(const struct conf_page *page, struct extract_json **ret,
			  struct reason *why)
{
	struct extract_jq *jq = NULL;
	const struct conf_sel *sel;
	struct buf b;
	enum err err = ERR_OK;

	for (int i = 0; !err && (sel = extract_sel(page, i)); i++)
		if ((sel->kind != SEL_JQ && sel->kind != SEL_NONE && sel->kind != SEL_CONST) ||
		    str_find_char(sel->expr, 0) >= 0)
			err = ERR_BAD;
	if (err)
		return name_culprit(page, why);
	buf_init(&b, MOST_PROGRAM);
	put_program(&b, page);
	if (b.full)
		err = reason_set(why, ERR_BAD, "the selectors are too long");
	else if (extract_jq_new(buf_str(&b).p, &jq, why))
		err = name_culprit(page, why);
	buf_done(&b);
	if (err)
		return err;
	*ret = mem_zero(sizeof(**ret));
	(*ret)->page = page;
	(*ret)->jq = jq;
	return ERR_OK;
}

void extract_json_free(struct extract_json *j)
{
	if (!j)
		return;
	extract_jq_free(j->jq);
	mem_free(j);
}

/* Running. */
struct run {
	struct extract_json *j;
	struct extract_sink *s;
	struct reason *why;
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

	if (extract_jq_next(r->j->jq, ret, &err, r->why))
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

static enum err read_paging(struct run *r)
{
	const struct conf_paging *p = &r->j->page->paging;
	struct str text, ignored;
	double last;
	enum err err;
	jv v = jv_null();

	err = page_value(r, "more", &p->more, &v);
	if (err)
		return err;
	r->s->out->more = is_true(v);
	err = page_value(r, "last", &p->last, &v);
	if (err)
		return err;
	text = extract_jq_text(v, r->s->a, &ignored);
	if (text.p && str_f64(str_trim(text), &last) && last >= 0 && last < 1e15)
		r->s->out->last = (int64_t)floor(last);
	return ERR_OK;
}

static enum err read_links(struct run *r)
{
	const struct conf_link *link;
	struct str error = { 0 }, url;
	enum err err = ERR_OK;
	jv cell = jv_null();

	for (int i = 0; i < r->j->page->n_links && !err; i++) {
		link = &r->j->page->links[i];
		err = next(r, &cell);
		if (err)
			break;
		if (jv_get_kind(cell) == JV_KIND_OBJECT) {
			first(cell, r->s->a, &cell, &error);
			return bad_sel(r, "links", &link->sel, error);
		}
		for (int k = 0, n = jv_array_length(jv_copy(cell)); k < n && !err; k++) {
			url = extract_jq_text(jv_array_get(jv_copy(cell), k), r->s->a, &error);
			err = extract_sink_link(r->s, url, link->page, r->why);
		}
		jv_free(cell);
	}
	return err;
}

static void read_fields(struct run *r, jv item)
{
	const struct conf_page *page = r->j->page;
	struct str value, why;
	jv v = jv_null();

	for (int i = 0; i < page->n_fields; i++) {
		const struct conf_field *f = &page->fields[i];

		value = why = (struct str){ 0 };
		if (f->sel.kind == SEL_CONST)
			value = f->sel.expr;
		else if (first(jv_array_get(jv_copy(item), i + 1), r->s->a, &v, &why))
			value = extract_jq_text(v, r->s->a, &why);
		extract_sink_field(r->s, f, value, why);
	}
	jv_free(item);
}

static void read_item(struct run *r, jv item)
{
	const struct conf_page *page = r->j->page;
	struct str error = { 0 };
	jv v = jv_null();

	extract_sink_item(r->s);
	if (!first(jv_array_get(jv_copy(item), 0), r->s->a, &v, &error)) {
		jv_free(item);
		extract_sink_reject(r->s, arena_fmt(r->s->a, "skip `%.*s`: %.*s",
						    STR_ARG(page->skip.expr), STR_ARG(error)));
		return;
	}
	if (is_true(v)) {
		jv_free(item);
		extract_sink_skip(r->s);
		return;
	}
	read_fields(r, item);
	extract_sink_keep(r->s);
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
		return bad_sel(r, "items", &r->j->page->items, error);
	}
	n = (size_t)jv_number_value(v);
	jv_free(v);
	err = extract_sink_items(r->s, n, r->why);
	for (size_t i = 0; i < n && !err; i++) {
		err = next(r, &v);
		if (!err)
			read_item(r, v);
	}
	return err;
}

enum err extract_json_run(struct extract_json *j, const struct extract_in *in,
			  struct extract_sink *s, struct reason *why)
{
	struct run r = { .j = j, .s = s, .why = why };
	struct str body = in->body;
	bool lone;
	size_t skip;
	enum err err;
	jv doc;

	/* libjq itself puts U+FFFD for ill-formed UTF-8 */
	if (strcmp(extract_charset(body, in->content_type, false, &skip), "UTF-8") != 0)
		body = extract_charset_utf8(body, in->content_type, false, s->a);
	else
		body = str_sub(body, skip, body.n);
	err = extract_scan_json(body, &lone, why);
	if (!err && lone)
		body = extract_scan_repair(body, s->a);
	if (!err)
		err = extract_jq_parse(body, &doc, why);
	if (err)
		return err;
	extract_jq_start(j->jq, doc);
	err = read_paging(&r);
	if (!err)
		err = read_links(&r);
	if (!err && j->page->n_fields)
		err = read_items(&r);
	/* lets go of the page's values */
	extract_jq_start(j->jq, jv_null());
	return err;
}
