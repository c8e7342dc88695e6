#include "config/conf_page.h"

#include "base/hash.h"
#include "config/conf_sel.h"
#include "config/conf_show.h"

#include <string.h>

static void read_fields(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into);
static struct conf_node *show_fields(struct arena *a, const struct conf_row *row, const void *from);
static void read_paging(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into);
static struct conf_node *show_paging(struct arena *a, const struct conf_row *row, const void *from);
static void read_links(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into);
static struct conf_node *show_links(struct arena *a, const struct conf_row *row, const void *from);

static const struct conf_part fields_part = {
	.what = "a map of listing fields and their selectors",
	.read = read_fields,
	.show = show_fields,
};
static const struct conf_part paging_part = {
	.what = "a map",
	.read = read_paging,
	.show = show_paging,
};
static const struct conf_part links_part = {
	.what = "a list of links",
	.read = read_links,
	.show = show_links,
};

static const char *const formats[] = { [FORMAT_JSON] = "json", [FORMAT_HTML] = "html", NULL };

const struct conf_row conf_page_rows[] = {
	{ .name = "format",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf_page, format),
	  .choices = formats,
	  .required = true,
	  .doc = "How the page is read; it decides what a bare selector means." },
	{ .name = "items",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, items),
	  .part = &conf_sel_part,
	  .doc = "What is repeated on the page, one listing each. Without it the page is one "
		 "listing. Fields are looked for within an item." },
	{ .name = "skip",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, skip),
	  .part = &conf_sel_part,
	  .doc = "Within an item: true, or anything found, leaves the item out (promoted ads)." },
	{ .name = "fields",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, fields),
	  .part = &fields_part,
	  .doc = "Where each field of a listing stands. Without it the page gives no listings." },
	{ .name = "paging",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging),
	  .part = &paging_part,
	  .doc = "How the next page of a result list is asked for." },
	{ .name = "links",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, links),
	  .part = &links_part,
	  .doc = "Links to follow, and the page kind that they lead to." },
	{ .name = "revisit",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_page, revisit_ms),
	  .def = "0",
	  .max = 3650.0 * 86400e3,
	  .doc = "Ask again after so long; 0: never." },
	{ .name = NULL },
};

const struct conf_row conf_page_paging_rows[] = {
	{ .name = "var",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_page, paging.var),
	  .required = true,
	  .doc = "The seed's variable that counts up by one. Its value in the seed is the first "
		 "page." },
	{ .name = "more",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging.more),
	  .part = &conf_sel_part,
	  .doc = "True, or anything found: there is a next page." },
	{ .name = "last",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging.last),
	  .part = &conf_sel_part,
	  .doc = "A number: the variable's last value. All pages up to it are asked at once. "
		 "Nothing found: `more` decides alone." },
	{ .name = "max",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_page, paging.max),
	  .def = "0",
	  .max = 1000000,
	  .doc = "Most pages of one list; 0: 1,000,000." },
	{ .name = NULL },
};

const struct conf_row conf_page_link_rows[] = {
	{ .name = "find",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_link, sel),
	  .part = &conf_sel_part,
	  .required = true,
	  .doc = "Finds the addresses; relative ones are resolved." },
	{ .name = "page",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_link, page),
	  .required = true,
	  .doc = "The page kind that they lead to." },
	{ .name = NULL },
};

static void unknown_field(struct conf_reader *r, const struct conf_node *n)
{
	struct conf_near near = { .wanted = n->key };
	char hint[128];

	for (int i = 0; i < FIELD_COUNT; i++)
		conf_table_near(&near, str_of(listing_fields[i].name));
	conf_problem_add(r->problems, n->key_at, "unknown field `%.60s`%s", n->key.p,
			 conf_table_hint(&near, hint));
}

static void read_fields(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_page *p = into;
	enum listing_field f;

	if (n->kind != NODE_MAP) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	for (const struct conf_node *c = n->first; c; c = c->next) {
		if (!listing_field_parse(c->key, &f)) {
			unknown_field(r, c);
			continue;
		}
		if (p->n_fields == FIELD_COUNT)
			break; /* duplicates, told already */
		p->fields[p->n_fields].field = f;
		conf_sel_field(r, c, &p->fields[p->n_fields++]);
	}
	for (int i = 0; i < FIELD_COUNT; i++)
		if (listing_fields[i].required && !conf_yaml_child(n, listing_fields[i].name))
			conf_problem_add(r->problems, conf_yaml_at(n),
					 "field `%s` is missing: a listing needs it",
					 listing_fields[i].name);
	p->lists = true;
}

static struct conf_node *show_fields(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_page *p = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < p->n_fields; i++)
		conf_show_put(map, str_of(listing_fields[p->fields[i].field].name),
			      conf_sel_show_field(a, &p->fields[i]));
	return p->lists ? map : NULL;
}

static void read_paging(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	(void)row;
	conf_table_read(r, conf_page_paging_rows, n, into);
	if (n->kind == NODE_MAP && !conf_yaml_child(n, "more") && !conf_yaml_child(n, "last"))
		conf_problem_add(
			r->problems, conf_yaml_at(n),
			"paging needs `more` or `last`: nothing says that there is a next page");
}

static struct conf_node *show_paging(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_page *p = from;

	(void)row;
	return p->paging.var.p ? conf_show_rows(a, conf_page_paging_rows, p) : NULL;
}

static void read_link(struct conf_reader *r, const struct conf_node *n, void *into)
{
	conf_table_read(r, conf_page_link_rows, n, into);
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
		conf_show_add(list, conf_show_rows(a, conf_page_link_rows, &p->links[i]));
	return p->n_links ? list : NULL;
}

static void read_page(struct conf_reader *r, const struct conf_node *n, void *into)
{
	const struct conf_node *format = conf_yaml_child(n, "format");
	struct conf_page *p = into;

	p->name = n->key;
	/* Selectors are read by it, and rows before it may hold some. */
	r->format = format && str_is(format->text, "html") ? FORMAT_HTML : FORMAT_JSON;
	conf_table_read(r, conf_page_rows, n, p);
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "page kind `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	if (conf_yaml_child(n, "items") && !conf_yaml_child(n, "fields"))
		conf_problem_add(r->problems, conf_yaml_at(conf_yaml_child(n, "items")),
				 "`items` without `fields`: nothing would be taken from an item");
}

static void read_pages(struct conf_reader *r, const struct conf_row *row, const struct conf_node *n,
		       void *into)
{
	struct conf_source *s = into;

	(void)row;
	s->pages = conf_table_items(r, n, NODE_MAP, sizeof(*s->pages), read_page, &s->n_pages);
}

static struct conf_node *show_pages(struct arena *a, const struct conf_row *row, const void *from)
{
	const struct conf_source *s = from;
	struct conf_node *map = conf_show_map(a);

	(void)row;
	for (int i = 0; i < s->n_pages; i++)
		conf_show_put(map, s->pages[i].name,
			      conf_show_rows(a, conf_page_rows, &s->pages[i]));
	return map;
}

const struct conf_part conf_page_part = {
	.what = "a map of page kinds by name",
	.read = read_pages,
	.show = show_pages,
};

const char *conf_page_hint(const struct conf_source *s, struct str name, char to[128])
{
	struct conf_near near = { .wanted = name };

	for (int i = 0; i < s->n_pages; i++)
		conf_table_near(&near, s->pages[i].name);
	return conf_table_hint(&near, to);
}

static void check_links(struct conf_reader *r, const struct conf_source *s,
			const struct conf_page *p, const struct conf_node *page)
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

static const struct conf_var *var_of(const struct conf_seed *seed, struct str name)
{
	for (int i = 0; i < seed->n_vars; i++)
		if (str_eq(seed->vars[i].name, name))
			return &seed->vars[i];
	return NULL;
}

static void check_paging(struct conf_reader *r, const struct conf_source *s,
			 const struct conf_page *p, const struct conf_node *page)
{
	const struct conf_node *at = conf_yaml_child(conf_yaml_child(page, "paging"), "var");
	bool seeded = false;
	int64_t first;

	if (!at || !p->paging.var.p)
		return;
	for (int i = 0; i < s->n_seeds; i++) {
		const struct conf_seed *seed = &s->seeds[i];
		const struct conf_var *v = var_of(seed, p->paging.var);

		if (!str_eq(seed->page, p->name))
			continue;
		seeded = true;
		if (!v)
			conf_problem_add(r->problems, at->at,
					 "`%.60s` is no variable of the seed on line %d",
					 p->paging.var.p, seed->at.line);
		else if (v->n != 1 || !str_i64(v->values[0], &first))
			conf_problem_add(
				r->problems, seed->at,
				"variable `%.60s` counts pages: it wants one whole number, "
				"the first page",
				v->name.p);
	}
	if (!seeded)
		conf_problem_add(r->problems, at->at,
				 "no seed asks for page kind `%.60s`, so `%.60s` is no variable",
				 p->name.p, p->paging.var.p);
}

void conf_page_check(struct conf_reader *r, const struct conf_source *s,
		     const struct conf_node *pages)
{
	const struct conf_node *page = pages ? pages->first : NULL;

	for (int i = 0; i < s->n_pages && page; i++, page = page->next) {
		check_links(r, s, &s->pages[i], page);
		check_paging(r, s, &s->pages[i], page);
	}
}

static uint64_t version_of(const struct conf_source *s, const struct conf_page *p)
{
	uint64_t v = hash64(p->name, (uint64_t)p->format);

	v = conf_sel_version(v, &p->items);
	v = conf_sel_version(v, &p->skip);
	for (int i = 0; i < p->n_fields; i++) {
		v = hash64_join(v, (uint64_t)p->fields[i].field * 2 + p->fields[i].required);
		v = conf_sel_version(v, &p->fields[i].sel);
		v = hash64(p->fields[i].prefix, v);
	}
	v = conf_sel_version(hash64(p->paging.var, v), &p->paging.more);
	v = conf_sel_version(v, &p->paging.last);
	for (int i = 0; i < p->n_links; i++)
		v = hash64(p->links[i].page, conf_sel_version(v, &p->links[i].sel));
	/* What the text of a status and a price without currency mean. */
	for (int i = 0; i < s->n_status; i++)
		v = hash64_join(hash64(s->status[i].from, v), (uint64_t)s->status[i].to);
	return hash64(s->currency, v);
}

void conf_page_versions(struct conf_source *s)
{
	for (int i = 0; i < s->n_pages; i++)
		s->pages[i].version = version_of(s, &s->pages[i]);
}
