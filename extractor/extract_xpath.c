#include "extractor/extract_xpath.h"

#include "base/mem.h"
#include "base/must.h"
#include "extractor/extract_css.h"

#include <libxml/xpathInternals.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Programs are small; this bounds their compilation. */
#define MOST_XPATH 65536

struct extract_xpath {
	xmlXPathCompExprPtr program;
	enum extract_css_tail tail;
	char *attr;
	struct arena *a; /* of `plain` */
	struct extract_plain plain;
	bool is_plain;
};

/* xmlXPathContext.error; xmlStructuredErrorFunc of 2.9 takes no const. */
static void on_error(void *ctx, xmlErrorPtr e)
{
	struct reason *why = ctx;
	struct str s;

	if (!why || why->text[0])
		return;
	s = str_trim(str_of(e->message ? e->message : "not an XPath expression"));
	reason_set(why, ERR_BAD, "column %d: %.*s", e->int1 + 1, STR_ARG(s));
}

static enum err compile(struct str expr, struct extract_xpath *x, struct reason *why)
{
	xmlXPathContextPtr ctx;
	struct buf text;
	enum err err = ERR_OK;

	if (!expr.n || str_find_char(expr, 0) >= 0)
		return reason_set(why, ERR_BAD, "empty, or a NUL byte in it");
	buf_init(&text, MOST_XPATH);
	if (buf_add(&text, expr)) {
		buf_done(&text);
		return reason_set(why, ERR_BAD, "longer than %d bytes", MOST_XPATH);
	}
	ctx = xmlXPathNewContext(NULL);
	must(ctx != NULL);
	why->text[0] = 0;
	ctx->error = on_error;
	ctx->userData = why;
	x->program = xmlXPathCtxtCompile(ctx, (const xmlChar *)text.p);
	if (!x->program) {
		err = ERR_BAD;
		if (!why->text[0])
			reason_set(why, ERR_BAD, "not an XPath expression");
	}
	xmlXPathFreeContext(ctx);
	buf_done(&text);
	return err;
}

static void find_plain(const struct conf_sel *sel, struct extract_xpath *x)
{
	struct css_list list = { 0 };

	x->a = arena_new(4096);
	if (sel->kind == SEL_XPATH)
		x->is_plain = extract_plain_xpath(sel->expr, x->a, &x->plain);
	else
		x->is_plain = !extract_css_parse(sel->expr, x->a, &list, NULL) &&
			      extract_plain_css(&list, &x->plain);
}

enum err extract_xpath_new(const struct conf_sel *sel, struct extract_xpath **ret,
			   struct reason *why)
{
	struct extract_xpath *x = mem_zero(sizeof(*x));
	struct extract_css css = { .xpath = sel->expr };
	struct arena *a = arena_new(4096);
	struct reason own;
	enum err err = ERR_OK;

	if (!why)
		why = &own;
	if (sel->kind == SEL_CSS)
		err = extract_css_compile(sel->expr, a, &css, why);
	else if (sel->kind != SEL_XPATH)
		err = reason_set(why, ERR_BAD, "an HTML page is read by css or xpath, not by jq");
	if (!err)
		err = compile(css.xpath, x, why);
	if (!err)
		find_plain(sel, x);
	x->tail = css.tail;
	if (css.tail == CSS_TAIL_ATTR)
		x->attr = mem_text(css.attr.p);
	arena_free(a);
	if (err)
		extract_xpath_free(x);
	else
		*ret = x;
	return err;
}

void extract_xpath_free(struct extract_xpath *x)
{
	if (!x)
		return;
	if (x->program)
		xmlXPathFreeCompExpr(x->program);
	mem_free(x->attr);
	arena_free(x->a);
	mem_free(x);
}

const struct extract_plain *extract_xpath_plain(const struct extract_xpath *x)
{
	return x->is_plain ? &x->plain : NULL;
}

void extract_xpath_begin(struct extract_xpath_run *r, struct extract_html_page *page)
{
	*r = (struct extract_xpath_run){ .page = page };
	r->ctx = xmlXPathNewContext(page->doc);
	must(r->ctx != NULL);
	/* silent: what cannot be evaluated finds nothing */
	r->ctx->error = on_error;
	r->ctx->opLimit = EXTRACT_MOST_STEPS;
	r->walk_left = EXTRACT_MOST_STEPS;
}

void extract_xpath_end(struct extract_xpath_run *r)
{
	if (r->ctx)
		xmlXPathFreeContext(r->ctx);
	r->ctx = NULL;
}

struct extract_found extract_xpath_find(struct extract_xpath_run *r, const struct extract_xpath *x,
					xmlNodePtr from)
{
	struct extract_found f = { .n = 0 };

	if (r->spent)
		return f;
	if (!r->ordered)
		xmlXPathOrderDocElems(r->page->doc);
	r->ordered = true;
	r->ctx->node = from ? from : (xmlNodePtr)(void *)r->page->doc;
	f.made = xmlXPathCompiledEval(x->program, r->ctx);
	if (r->ctx->opLimit && r->ctx->opCount >= r->ctx->opLimit)
		r->spent = true;
	if (!f.made)
		return f;
	if (f.made->type != XPATH_NODESET) {
		f.n = 1;
	} else if (f.made->nodesetval) {
		f.nodes = f.made->nodesetval->nodeTab;
		f.n = f.made->nodesetval->nodeNr;
	}
	return f;
}

void extract_xpath_done(struct extract_found *f)
{
	xmlXPathFreeObject(f->made);
	*f = (struct extract_found){ .n = 0 };
}

bool extract_xpath_is_value(const struct extract_found *f)
{
	return f->made && f->made->type != XPATH_NODESET;
}

bool extract_xpath_any(const struct extract_found *f)
{
	return extract_xpath_is_value(f) ? xmlXPathCastToBoolean(f->made) == 1 : f->n > 0;
}

static struct str value_text(const xmlXPathObject *found, struct arena *a)
{
	struct str s = { 0 };

	if (found->type == XPATH_STRING)
		s = arena_text(a, (const char *)found->stringval);
	else if (found->type == XPATH_BOOLEAN)
		s = found->boolval ? STR("true") : STR("false");
	else if (found->type == XPATH_NUMBER && isfinite(found->floatval))
		s = found->floatval == floor(found->floatval)
			    ? arena_fmt(a, "%.0f", found->floatval)
			    : arena_fmt(a, "%.10g", found->floatval);
	return s;
}

struct str extract_xpath_text(struct extract_xpath_run *r, const struct extract_xpath *x,
			      const struct extract_found *f, int i, bool link, struct arena *a)
{
	const char *attr = x->attr;
	const xmlNode *n;

	if (extract_xpath_is_value(f))
		return value_text(f->made, a);
	n = f->nodes[i];
	if (link && x->tail == CSS_TAIL_NONE && n->type == XML_ELEMENT_NODE)
		attr = "href";
	if (n->type == XML_ELEMENT_NODE && attr)
		return extract_html_page_attr(n, attr, a);
	if (n->type == XML_NAMESPACE_DECL)
		return (struct str){ 0 };
	/* an attribute's text hangs below it as an element's does */
	return extract_html_page_text(r->page, n, a);
}
