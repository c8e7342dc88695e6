#include "extractor/extract_program.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "extractor/extract_bound.h"
#include "extractor/extract_sel.h"

#define MOST_PROGRAM (1 << 20)

/* [results] or {"e": error}. The line feed ends a comment in `expr`. */
static void put_try(struct buf *to, const struct conf_sel *sel)
{
	if (sel->kind == SEL_JQ)
		buf_fmt(to, "(try [(%.*s\n)] catch {e:.})", STR_ARG(sel->expr));
	else
		buf_add_text(to, "[]");
}

static void put_cell(struct buf *to, const struct conf_sel *sel, struct extract_cell *c, int *n)
{
	if (sel->kind != SEL_JQ)
		return;
	c->path = extract_path_new(sel->expr);
	if (c->path)
		return;
	c->at = (*n)++;
	buf_add_char(to, ',');
	put_try(to, sel);
}

/* The errors of jq 1.6's `try` that come from further down the pipe are caught
 * where they arise, as every selector has its own. */
static void put_program(struct buf *to, struct extract_program *p)
{
	const struct conf_page *page = p->page;
	int cells = 1;

	put_try(to, &page->paging.more);
	buf_add_char(to, ',');
	put_try(to, &page->paging.last);
	buf_add_char(to, ',');
	put_try(to, &page->paging.next);
	buf_add_char(to, ',');
	put_try(to, &page->paging.total);
	for (int i = 0; i < page->n_links; i++) {
		buf_add_char(to, ',');
		put_try(to, &page->links[i].sel);
	}
	for (int i = 0; i < page->n_values; i++) {
		buf_add_char(to, ',');
		put_try(to, &page->values[i].sel);
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
			 " else length,(.[]|[.");
	put_cell(to, &page->skip, &p->skip, &cells);
	for (int i = 0; i < page->n_fields; i++)
		put_cell(to, &page->fields[i].sel, &p->fields[i], &cells);
	buf_add_text(to, "]) end end)");
}

enum err extract_program_check(const struct conf_sel *sel, struct reason *why)
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
	if (sel->expr.n > EXTRACT_MOST_SELECTOR)
		return reason_set(why, ERR_BAD, "a program of more than %d bytes",
				  EXTRACT_MOST_SELECTOR);
	buf_init(&b, MOST_PROGRAM);
	buf_add(&b, sel->expr);
	err = extract_jq_new(buf_str(&b).p, &jq, why);
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
		if (extract_program_check(sel, &inner))
			return reason_set(why, ERR_BAD, "%s `%.*s`: %s", extract_sel_name(page, i),
					  (int)utf8_cut(sel->expr, 80).n, sel->expr.p, inner.text);
	return ERR_BAD;
}

enum err extract_program_init(struct extract_program *p, const struct conf_page *page,
			      struct reason *why)
{
	const struct conf_sel *sel;
	struct buf b;
	enum err err = ERR_OK;

	*p = (struct extract_program){ .page = page };
	for (int i = 0; !err && (sel = extract_sel(page, i)); i++)
		if ((sel->kind != SEL_JQ && sel->kind != SEL_NONE && sel->kind != SEL_CONST) ||
		    sel->expr.n > EXTRACT_MOST_SELECTOR || str_find_char(sel->expr, 0) >= 0)
			err = ERR_BAD;
	if (err)
		return name_culprit(page, why);
	p->fields = mem_array((size_t)page->n_fields, sizeof(*p->fields));
	buf_init(&b, MOST_PROGRAM);
	put_program(&b, p);
	if (b.full)
		err = reason_set(why, ERR_BAD, "the selectors are too long");
	else if (extract_jq_new(buf_str(&b).p, &p->jq, why))
		err = name_culprit(page, why);
	buf_done(&b);
	return err;
}

void extract_program_done(struct extract_program *p)
{
	extract_jq_free(p->jq);
	extract_path_free(p->skip.path);
	for (int i = 0; p->fields && i < p->page->n_fields; i++)
		extract_path_free(p->fields[i].path);
	mem_free(p->fields);
	p->jq = NULL;
	p->skip.path = NULL;
	p->fields = NULL;
}
