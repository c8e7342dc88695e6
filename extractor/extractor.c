#include "extractor/extractor.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "extractor/extract_heap.h"
#include "extractor/extract_html.h"
#include "extractor/extract_json.h"
#include "extractor/extract_relation.h"
#include "extractor/extract_script.h"
#include "extractor/extract_sel.h"
#include "extractor/extract_sitemap.h"

#include <stdio.h>

/* A page kind with its selectors compiled; a sitemap or a feed has none. */
struct kind {
	const struct conf_page *page;
	struct extract_json *json;
	struct extract_script *script; /* where the JSON stands; NULL: it is the body */
	struct extract_html *html;
};

struct extractor {
	const struct conf *conf;
	struct kind *kinds;
	size_t n, room;
	struct extract_heap *heap; /* of the HTML page being read */
};

struct extractor *extractor_new(const struct conf *conf)
{
	struct extractor *x = mem_zero(sizeof(*x));

	x->conf = conf;
	x->heap = extract_heap_new();
	return x;
}

void extractor_free(struct extractor *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->n; i++) {
		extract_json_free(x->kinds[i].json);
		extract_script_free(x->kinds[i].script);
		extract_html_free(x->kinds[i].html);
	}
	mem_free(x->kinds);
	extract_heap_free(x->heap);
	mem_free(x);
}

static enum err compile(const struct conf_page *page, struct extract_heap *heap, struct kind *ret,
			struct reason *why)
{
	*ret = (struct kind){ .page = page };
	switch (page->format) {
	case FORMAT_JSON:
		if (extract_json_new(page, &ret->json, why))
			return ERR_BAD;
		if (page->script.n)
			ret->script = extract_script_new(page, heap);
		return ERR_OK;
	case FORMAT_HTML:
	case FORMAT_AUTO:
		return extract_html_new(page, heap, &ret->html, why);
	case FORMAT_SITEMAP:
	case FORMAT_FEED:
	case FORMAT_NONE:
		break;
	}
	return ERR_OK;
}

static enum err kind_of(struct extractor *x, const struct conf_page *page, struct kind **ret,
			struct reason *why)
{
	struct kind k;
	enum err err;

	for (size_t i = 0; i < x->n; i++) {
		if (x->kinds[i].page == page) {
			*ret = &x->kinds[i];
			return ERR_OK;
		}
	}
	err = compile(page, x->heap, &k, why);
	if (err)
		return err;
	mem_grow(&x->kinds, &x->room, x->n + 1, sizeof(*x->kinds));
	x->kinds[x->n] = k;
	*ret = &x->kinds[x->n++];
	return ERR_OK;
}

static enum err run_script(const struct kind *k, const struct extract_in *in,
			   struct extract_sink *s, struct reason *why)
{
	struct extract_in json = *in;
	enum err err = extract_script_find(k->script, in, s->a, &json.body, why);

	json.content_type = STR("application/json; charset=utf-8");
	return err ? err : extract_json_run(k->json, &json, s, why);
}

static enum err run(const struct extractor *x, const struct kind *k, const struct extract_in *in,
		    struct extract_sink *s, struct reason *why)
{
	int64_t most = x->conf->max_body_bytes;

	if (k->script)
		return run_script(k, in, s, why);
	if (k->json)
		return extract_json_run(k->json, in, s, why);
	if (k->html)
		return extract_html_run(k->html, in, s, why);
	if (k->page->format == FORMAT_NONE)
		return ERR_OK;
	if (most <= 0 || most > EXTRACT_MOST_SITEMAP)
		most = EXTRACT_MOST_SITEMAP;
	return extract_sitemap_run(in, (size_t)most, s, why);
}

/* A list that says neither whether nor how far it goes on ends with the first
 * page that shows nothing. */
static void guess_more(const struct conf_page *page, struct extract_out *out)
{
	const struct conf_paging *p = &page->paging;

	if (p->var.n && p->more.kind == SEL_NONE && p->last.kind == SEL_NONE &&
	    p->next.kind == SEL_NONE)
		out->more = out->items > 0 || (!page->n_fields && out->n_links > 0);
}

/* What the markup does not say. */
static enum err look_in_head(const struct extract_in *in, struct extract_sink *s,
			     struct reason *why)
{
	const struct conf_page *page = in->page;
	bool next = page->paging.rel_next;

	if (page->canonical && !s->out->canonical.n)
		s->out->canonical =
			arena_str(s->a, extract_relation_header(in->head, STR("canonical")));
	for (int i = 0; i < s->out->n_links; i++)
		next &= !s->out->links[i].next;
	return next ? extract_sink_next(s, extract_relation_header(in->head, STR("next")), why)
		    : ERR_OK;
}

enum err extractor_run(struct extractor *x, const struct extract_in *in, struct arena *a,
		       struct extract_out *ret, struct reason *why)
{
	struct extract_sink sink;
	struct extract_out out;
	struct kind *k;
	enum err err;

	err = kind_of(x, in->page, &k, why);
	if (err)
		return err;
	extract_sink_init(&sink, a, in->page, &out);
	sink.url = in->url;
	sink.found = in->found;
	err = run(x, k, in, &sink, why);
	if (err)
		return err;
	guess_more(in->page, &out);
	err = look_in_head(in, &sink, why);
	if (err)
		return err;
	*ret = out;
	return ERR_OK;
}

static int check_page(const struct conf_page *page,
		      void (*each)(void *ctx, const struct conf_problem *p), void *ctx)
{
	const struct conf_sel *sel;
	struct conf_problem p;
	struct reason why;
	struct kind k;
	int n = 0;

	/* all at once first: a jq program takes as long as one selector */
	if (!compile(page, NULL, &k, &why)) {
		extract_json_free(k.json);
		extract_script_free(k.script);
		extract_html_free(k.html);
		return 0;
	}
	for (int i = 0; (sel = extract_sel(page, i)); i++) {
		struct reason inner;

		if (!(page->format == FORMAT_JSON ? extract_json_check(sel, &inner)
						  : extract_html_check(sel, &inner)))
			continue;
		p.at = sel->at;
		snprintf(p.text, sizeof(p.text), "page `%.*s`, %s `%.*s`: %.160s",
			 (int)utf8_cut(page->name, 40).n, page->name.p, extract_sel_name(page, i),
			 (int)utf8_cut(sel->expr, 60).n, sel->expr.p, inner.text);
		each(ctx, &p);
		n++;
	}
	if (n)
		return n;
	/* each is right alone, but not together */
	p.at = page->items.at;
	snprintf(p.text, sizeof(p.text), "page `%.*s`: %.200s", (int)utf8_cut(page->name, 40).n,
		 page->name.p, why.text);
	each(ctx, &p);
	return 1;
}

int extractor_check(const struct conf *conf, void (*each)(void *ctx, const struct conf_problem *p),
		    void *ctx)
{
	int n = 0;

	for (int i = 0; i < conf->n_sources; i++)
		for (int k = 0; k < conf->sources[i].n_pages; k++)
			n += check_page(&conf->sources[i].pages[k], each, ctx);
	return n;
}

enum err extractor_check_json(struct str text, struct reason *why)
{
	return extract_json_wrong(text, why);
}
