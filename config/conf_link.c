#include "config/conf_link.h"

#include "base/hash.h"
#include "config/conf_page.h"
#include "config/conf_sel.h"
#include "config/conf_show.h"

static const char *match_wrong(struct str s)
{
	return str_starts(s, STR("*")) || str_starts(s, STR("http"))
		       ? NULL
		       : "whole addresses are compared: it starts with https://, http:// or *";
}

static const char *language_wrong(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return "languages are compared in lower case: ko, ko-kr, ko*";
	return s.n ? NULL : "a language, as ko, or * for any";
}

const struct conf_row conf_link_rows[] = {
	{ .name = "find",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_link, sel),
	  .part = &conf_sel_part,
	  .doc = "Finds the addresses; relative ones are resolved. Required in json and html "
		 "pages, of no use in a sitemap or a feed. In auto pages, without it: where the "
		 "entries of the page's lists lead (ItemList), or else its listings." },
	{ .name = "match",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_link, match),
	  .wrong = match_wrong,
	  .doc = "Only addresses like this, as https://shop.example/item/*. A * is any text, the "
		 "whole address is compared." },
	{ .name = "hreflang",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_link, hreflang),
	  .wrong = language_wrong,
	  .doc = "In a sitemap: follow what its entries name as their versions in this language "
		 "(xhtml:link with rel=alternate), as ko or ko*, instead of the entries "
		 "themselves. In an html page `find` does: link[hreflang|=ko]::attr(href)." },
	{ .name = "page",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_link, page),
	  .required = true,
	  .doc = "The page kind that they lead to." },
	{ .name = "priority",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_link, priority),
	  .def = "-1",
	  .min = -1,
	  .max = 9,
	  .doc = "Of these links, whatever the page kind's is; -1: as that says." },
	{ .name = NULL },
};

static void read_link(struct conf_reader *r, const struct conf_node *n, void *into)
{
	const struct conf_node *find = conf_yaml_child(n, "find");

	conf_table_read(r, conf_link_rows, n, into);
	if (n->kind == NODE_MAP && !find && !conf_format_links(r->format) &&
	    r->format != FORMAT_AUTO)
		conf_problem_add(r->problems, conf_yaml_at(n), "key `find` is missing");
	if (conf_yaml_child(n, "hreflang") && r->format != FORMAT_SITEMAP)
		conf_problem_add(
			r->problems, conf_yaml_child(n, "hreflang")->key_at,
			"`hreflang` is for sitemaps; in an html page `find` chooses by it: "
			"link[hreflang|=ko]::attr(href)");
	if (find && conf_format_links(r->format))
		conf_problem_add(
			r->problems, find->key_at,
			"`find` is for json, html and auto pages; a %s knows its addresses: "
			"`match` chooses among them",
			conf_page_formats[r->format]);
}

static void read_links(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_page *p = into;

	(void)row;
	p->links = conf_table_items(r, n, NODE_LIST, sizeof(*p->links), read_link, &p->n_links);
}

static struct conf_node *show_links(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_page *p = from;
	struct conf_node *list = conf_show_list(a);

	(void)row;
	for (int i = 0; i < p->n_links; i++)
		conf_show_add(list, conf_show_rows(a, conf_link_rows, &p->links[i]));
	return p->n_links ? list : NULL;
}

const struct conf_part conf_link_part = {
	.what = "a list of links",
	.read = read_links,
	.show = show_links,
};

void conf_link_check(struct conf_reader *r, const struct conf_source *s, const struct conf_page *p,
		     const struct conf_node *page)
{
	const struct conf_node *links = conf_yaml_child(page, "links");
	const struct conf_node *link = links ? links->first : NULL;
	char hint[128];

	for (int i = 0; i < p->n_links && link; i++, link = link->next) {
		const struct conf_node *name = conf_yaml_child(link, "page");

		if (name && p->links[i].page.p && !conf_page(s, p->links[i].page))
			conf_problem_add(r->problems, name->at, "no page kind `%.60s`%s",
					 p->links[i].page.p,
					 conf_page_hint(s, p->links[i].page, hint));
	}
}

uint64_t conf_link_version(const struct conf_source *s, const struct conf_page *p,
			   const struct conf_link *l, uint64_t version)
{
	const struct conf_page *to = conf_page(s, l->page);

	version = hash64(l->page, conf_sel_version(version, &l->sel));
	if (l->match.n)
		version = hash64(l->match, version);
	if (l->hreflang.n)
		version = hash64_join(hash64(l->hreflang, version), 1);
	/* Whether it takes the sitemaps of an index. */
	if (p->format == FORMAT_SITEMAP)
		version = hash64_join(version, to && to->format == FORMAT_SITEMAP);
	return version;
}
