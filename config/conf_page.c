#include "config/conf_page.h"

#include "base/hash.h"
#include "config/conf_check.h"
#include "config/conf_link.h"
#include "config/conf_paging.h"
#include "config/conf_sel.h"
#include "config/conf_show.h"
#include "config/conf_values.h"

#include <string.h>

#define REVISIT_MOST_MS (3650 * 86400e3)
/* The longest interval, unless one is given, in times of the first. */
#define REVISIT_STRETCH 8

/* Of what format auto makes of a page. */
#define AUTO_VERSION 4

static void read_fields(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into);
static struct conf_node *show_fields(struct arena *a, const struct conf_row *row, const void *from);

static const struct conf_part fields_part = {
	.what = "a map of listing fields and their selectors",
	.read = read_fields,
	.show = show_fields,
};
const char *const conf_page_formats[] = {
	[FORMAT_JSON] = "json",
	[FORMAT_HTML] = "html",
	[FORMAT_SITEMAP] = "sitemap",
	[FORMAT_FEED] = "feed",
	[FORMAT_AUTO] = "auto",
	[FORMAT_NONE] = "none",
	NULL,
};

const struct conf_row conf_page_rows[] = {
	{ .name = "format",
	  .type = CONF_CHOICE,
	  .at = offsetof(struct conf_page, format),
	  .choices = conf_page_formats,
	  .required = true,
	  .doc = "How the page is read; it decides what a bare selector means. Of an html page "
		 "by format auto the listings are found without selectors: the products of its "
		 "JSON-LD, microdata, RDFa Lite, Open Graph or embedded state, or else what it "
		 "shows; links, paging and values are selected as in html. Of a sitemap "
		 "(sitemaps.org: XML, an index, plain text, a feed; gzip files too; or a "
		 "robots.txt, for the "
		 "sitemaps that it names) and of a feed "
		 "(RSS, Atom) only links are taken: up to 50,000 addresses a file. The protocol "
		 "allows files of 50 MiB, `max-body` has to as well. A page of format none is "
		 "archived, and nothing is taken from it." },
	{ .name = "script",
	  .type = CONF_TEXT,
	  .at = offsetof(struct conf_page, script),
	  .doc = "Of a json page whose JSON stands in a script of an HTML page: the id of that "
		 "script (__NEXT_DATA__), or the variable that is set to it "
		 "(window.__remixContext), or __next_f for all that is pushed to "
		 "self.__next_f, or ld+json for all JSON-LD of the page: then an array. "
		 "Selectors are jq over it." },
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
	{ .name = "checks",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, checks),
	  .at_n = offsetof(struct conf_page, n_checks),
	  .part = &conf_check_part,
	  .doc = "What fields have to be, by their names. They are looked at as they would be "
		 "stored; a field that is not there passes. A record that fails becomes no "
		 "listing and changes none: it is kept as rejected, see pipectl rejected." },
	{ .name = "paging",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, paging),
	  .part = &conf_paging_part,
	  .doc = "How the next page of a result list is asked for: by counting a variable, or "
		 "by an address on the page." },
	{ .name = "canonical",
	  .type = CONF_BOOL,
	  .at = offsetof(struct conf_page, canonical),
	  .def = "false",
	  .doc = "Heed the address that the page calls its own (rel=canonical, of a link element "
		 "or "
		 "an HTTP header Link): it is not asked for again where it is met later, and a "
		 "listing without an address of its own has it." },
	{ .name = "links",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, links),
	  .part = &conf_link_part,
	  .doc = "Links to follow, and the page kind that they lead to. In a sitemap or a feed "
		 "the first one whose `match` fits takes an address. The sitemaps that an index "
		 "names are read like the index, unless links lead to page kinds of format "
		 "sitemap: then by these, and only if they match." },
	{ .name = "values",
	  .type = CONF_PART,
	  .at = offsetof(struct conf_page, values),
	  .part = &conf_values_part,
	  .doc = "Values for variables of seeds, by a name that these call them by (`found`), and "
		 "where they stand: every text found is one. In a json page also pairs, "
		 "[value, the value it stands below], as sub-categories do." },
	{ .name = "revisit",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_page, revisit_ms),
	  .def = "0",
	  .max = REVISIT_MOST_MS,
	  .doc = "Ask again after so long, at first; 0: never. From then on the interval is "
		 "halved where listings or links had changed, and half as long again where they "
		 "had not, within the two bounds below. An answer that says for how long it "
		 "holds (Cache-Control, Expires; else a tenth of the time since its "
		 "Last-Modified, a day at most) is not asked for before, up to `revisit-max`. "
		 "A page that fails beyond `retries` is asked again after this, then twice "
		 "this and so on, up to `revisit-max`; then it has failed, unless it is a "
		 "seed's own, which is never given up." },
	{ .name = "revisit-min",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_page, revisit_min_ms),
	  .def = "0",
	  .max = REVISIT_MOST_MS,
	  .doc = "Shortest interval between two visits; 0: as `revisit`. A sitemap that says that "
		 "a page has changed since its last visit brings the next one forward to this." },
	{ .name = "revisit-max",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_page, revisit_max_ms),
	  .def = "0",
	  .max = REVISIT_MOST_MS,
	  .doc = "Longest interval; 0: eight times `revisit`. The same as `revisit`, as with "
		 "`revisit-min`: always that." },
	{ .name = "revisit-sold",
	  .type = CONF_DURATION,
	  .at = offsetof(struct conf_page, revisit_sold_ms),
	  .def = "0",
	  .max = REVISIT_MOST_MS,
	  .doc = "Of a page without `items`, which is about one thing: ask again after at least "
		 "so long once that is sold; 0: never. Until then it is asked after everything "
		 "new, and before those that are sold." },
	{ .name = "gone-after",
	  .type = CONF_INT64,
	  .at = offsetof(struct conf_page, gone_after),
	  .def = "0",
	  .max = 100,
	  .doc = "Of a page with `items`: a listing that so many passes over the whole list did "
		 "not show is gone, unless its own page is asked again, too, and says so; 0: "
		 "never. A pass is over when every page of the list was "
		 "answered since it began, and read whole: no failure, no rejected item whose id "
		 "is not known (one with an id counts as shown), no page "
		 "left out by `max`. 1 is for lists that are one page; while more "
		 "are asked for, listings move from page to page: 2." },
	{ .name = "priority",
	  .type = CONF_INT,
	  .at = offsetof(struct conf_page, priority),
	  .def = "-1",
	  .min = -1,
	  .max = 9,
	  .doc = "Of links to this kind of page, and of the further pages of its lists: 0 is "
		 "asked first, 9 last. -1: by itself. A seed has 5 unless it says otherwise, "
		 "what stands on the first page of a list 6, the pages behind that 7, what "
		 "stands on those 8; entries of a sitemap or a feed 6, 7 or 9 as they changed "
		 "within 7 or 90 days or before (so, for a seed of 5)." },
	{ .name = NULL },
};

bool conf_page_field(struct conf_reader *r, const struct conf_node *n, enum listing_field *ret)
{
	struct conf_near near = { .wanted = n->key };
	char hint[128];

	if (listing_field_parse(n->key, ret))
		return true;
	for (int i = 0; i < FIELD_COUNT; i++)
		conf_table_near(&near, str_of(listing_fields[i].name));
	conf_problem_add(r->problems, n->key_at, "unknown field `%.60s`%s", n->key.p,
			 conf_table_hint(&near, hint));
	return false;
}

/* A map of names and selectors, instead of one selector. */
static void read_attributes(struct conf_reader *r, const struct conf_node *map, struct conf_page *p)
{
	int n = 0;

	for (const struct conf_node *c = map->first; c; c = c->next) {
		struct conf_field *f = &p->fields[p->n_fields];

		if (!c->key.n || c->key.n > LISTING_ATTRIBUTE_NAME ||
		    str_find_char(c->key, LISTING_BETWEEN) >= 0) {
			conf_problem_add(r->problems, c->key_at,
					 "the name of an attribute has 1 to %d bytes",
					 LISTING_ATTRIBUTE_NAME);
			continue;
		}
		if (n == CONF_MOST_ATTRIBUTES) {
			conf_problem_add(r->problems, c->key_at, "more than %d attributes",
					 CONF_MOST_ATTRIBUTES);
			return;
		}
		*f = (struct conf_field){ .field = FIELD_ATTRIBUTES, .name = c->key };
		conf_sel_field(r, c, f);
		p->n_fields++;
		n++;
	}
}

static void read_fields(struct conf_reader *r, const struct conf_row *row,
			const struct conf_node *n, void *into)
{
	struct conf_page *p = into;
	enum listing_field f;
	int fields = 0;

	if (n->kind != NODE_MAP) {
		conf_problem_add(r->problems, n->at, "`%s` wants %s, not %s", row->name,
				 row->part->what, conf_yaml_kind(n));
		return;
	}
	for (const struct conf_node *c = n->first; c; c = c->next) {
		if (!conf_page_field(r, c, &f))
			continue;
		if (f == FIELD_ATTRIBUTES && c->kind == NODE_MAP && !conf_sel_is_long(c)) {
			read_attributes(r, c, p);
			continue;
		}
		if (++fields > FIELD_COUNT)
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
	struct conf_node *map = conf_show_map(a), *attributes = NULL;

	(void)row;
	for (int i = 0; i < p->n_fields; i++) {
		const struct conf_field *f = &p->fields[i];
		struct str name = str_of(listing_fields[f->field].name);

		if (!f->name.n) {
			conf_show_put(map, name, conf_sel_show_field(a, f));
			continue;
		}
		if (!attributes) {
			attributes = conf_show_map(a);
			conf_show_put(map, name, attributes);
		}
		conf_show_put(attributes, f->name, conf_sel_show_field(a, f));
	}
	return p->n_fields ? map : NULL;
}

static enum conf_format format_of(const struct conf_node *page)
{
	const struct conf_node *n = conf_yaml_child(page, "format");

	for (int f = 0; n && conf_page_formats[f]; f++)
		if (str_is(n->text, conf_page_formats[f]))
			return (enum conf_format)f;
	return FORMAT_JSON;
}

/* A page of which only links are taken has some, and nothing else. */
static void check_only_links(struct conf_reader *r, const struct conf_node *page)
{
	static const char *const others[] = { "items",	"skip",	  "fields",
					      "checks", "paging", "values" };
	const struct conf_node *n;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		n = conf_yaml_child(page, others[i]);
		if (n)
			conf_problem_add(r->problems, n->key_at,
					 "`%s` is for json and html pages; of a %s only links are "
					 "taken",
					 others[i], conf_page_formats[r->format]);
	}
	n = conf_yaml_child(page, "links");
	if (!n || (n->kind == NODE_LIST && n->n == 0))
		conf_problem_add(r->problems, conf_yaml_at(page),
				 "a %s without `links` leads nowhere",
				 conf_page_formats[r->format]);
}

static void check_nothing(struct conf_reader *r, const struct conf_node *page)
{
	static const char *const others[] = { "items",	"skip",	  "fields", "checks",
					      "paging", "values", "links" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const struct conf_node *n = conf_yaml_child(page, others[i]);

		if (n)
			conf_problem_add(r->problems, n->key_at,
					 "`%s` takes something from the page; of format none "
					 "nothing is taken",
					 others[i]);
	}
}

/* It finds its listings by itself. */
static void check_auto(struct conf_reader *r, const struct conf_node *page, struct conf_page *p)
{
	static const char *const others[] = { "items", "skip", "fields" };
	const struct conf_node *n;

	p->lists = true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		n = conf_yaml_child(page, others[i]);
		if (n)
			conf_problem_add(r->problems, n->key_at,
					 "`%s` is for json and html pages; format auto finds "
					 "listings and their fields without",
					 others[i]);
	}
}

/* Bounds that are not given, and those that bound nothing. */
static void check_revisit(struct conf_reader *r, const struct conf_node *page, struct conf_page *p)
{
	const struct conf_node *min = conf_yaml_child(page, "revisit-min"),
			       *max = conf_yaml_child(page, "revisit-max");

	if (!p->revisit_ms && (min || max)) {
		conf_problem_add(r->problems, (min ? min : max)->key_at,
				 "`%s` without `revisit`: the page is never asked again",
				 min ? "revisit-min" : "revisit-max");
		return;
	}
	if (!p->revisit_min_ms)
		p->revisit_min_ms = p->revisit_ms;
	if (!p->revisit_max_ms)
		p->revisit_max_ms = p->revisit_ms * REVISIT_STRETCH;
	if (min && p->revisit_min_ms > p->revisit_ms)
		conf_problem_add(r->problems, min->at, "`revisit-min` is longer than `revisit`");
	if (max && p->revisit_max_ms < p->revisit_ms)
		conf_problem_add(r->problems, max->at, "`revisit-max` is shorter than `revisit`");
}

static void read_page(struct conf_reader *r, const struct conf_node *n, void *into)
{
	struct conf_page *p = into;

	p->name = n->key;
	/* Selectors are read by it, and rows before it may hold some. */
	r->format = format_of(n);
	conf_table_read(r, conf_page_rows, n, p);
	if (n->kind == NODE_MAP && conf_format_links(r->format))
		check_only_links(r, n);
	if (n->kind == NODE_MAP && r->format == FORMAT_AUTO)
		check_auto(r, n, p);
	if (n->kind == NODE_MAP && r->format == FORMAT_NONE)
		check_nothing(r, n);
	if (conf_yaml_child(n, "script") && r->format != FORMAT_JSON)
		conf_problem_add(
			r->problems, conf_yaml_child(n, "script")->key_at,
			"`script` is for format json: by it JSON is found in an HTML page");
	check_revisit(r, n, p);
	conf_check_fields(r, p, conf_yaml_child(n, "checks"));
	if (p->gone_after && (!p->revisit_ms || p->items.kind == SEL_NONE))
		conf_problem_add(r->problems, conf_yaml_child(n, "gone-after")->key_at,
				 "`gone-after` is for lists that are asked again: it needs "
				 "`items` and `revisit`");
	if (p->gone_after && conf_paging_by_cursor(&p->paging))
		conf_problem_add(r->problems, conf_yaml_child(n, "gone-after")->key_at,
				 "`gone-after` wants pages that are the same from pass to pass; "
				 "by a cursor (`var` and `next`) they are not");
	if (conf_table_name_wrong(n->key))
		conf_problem_add(r->problems, n->key_at, "page kind `%.60s`: %s", n->key.p,
				 conf_table_name_wrong(n->key));
	if (conf_yaml_child(n, "items") && !conf_yaml_child(n, "fields") &&
	    r->format != FORMAT_AUTO)
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

void conf_page_check(struct conf_reader *r, const struct conf_source *s,
		     const struct conf_node *pages)
{
	const struct conf_node *page = pages ? pages->first : NULL;

	for (int i = 0; i < s->n_pages && page; i++, page = page->next) {
		conf_link_check(r, s, &s->pages[i], page);
		conf_paging_check(r, s, &s->pages[i], page);
	}
}

static uint64_t version_of(const struct conf_source *s, const struct conf_page *p)
{
	uint64_t v = hash64(p->name, (uint64_t)p->format);

	/* Counted up when the same page gives other listings: that is no doing of the site's. */
	if (p->format == FORMAT_AUTO)
		v = hash64(s->category_separator, hash64_join(v, AUTO_VERSION));
	v = conf_sel_version(v, &p->items);
	v = conf_sel_version(v, &p->skip);
	for (int i = 0; i < p->n_fields; i++) {
		v = hash64_join(v, (uint64_t)p->fields[i].field * 2 + p->fields[i].required);
		v = conf_sel_version(v, &p->fields[i].sel);
		v = hash64(p->fields[i].prefix, v);
		if (p->fields[i].name.n)
			v = hash64(p->fields[i].name, v);
		/* What its levels are. */
		if (p->fields[i].field == FIELD_CATEGORY ||
		    p->fields[i].field == FIELD_CATEGORY_PATH)
			v = hash64(s->category_separator, v);
	}
	v = conf_check_version(v, p);
	v = conf_sel_version(hash64(p->paging.var, v), &p->paging.more);
	v = conf_sel_version(v, &p->paging.last);
	/* What is not there does not count, or every version would change with
	 * each new key. */
	if (p->paging.next.kind)
		v = conf_sel_version(v, &p->paging.next);
	if (p->paging.rel_next || p->canonical)
		v = hash64_join(v, 1 + 2 * (uint64_t)p->canonical + p->paging.rel_next);
	if (p->paging.total.kind)
		v = hash64_join(conf_sel_version(v, &p->paging.total), (uint64_t)p->paging.window);
	for (int i = 0; i < p->n_values; i++)
		v = conf_sel_version(hash64(p->values[i].name, v), &p->values[i].sel);
	for (int i = 0; i < p->n_links; i++)
		v = conf_link_version(s, p, &p->links[i], v);
	/* What a list showed before is not known when this is new. */
	if (p->gone_after)
		v = hash64_join(v, 1);
	/* What the text of a status and a price without currency mean. */
	for (int i = 0; i < s->n_status; i++)
		v = hash64_join(hash64(s->status[i].from, v), (uint64_t)s->status[i].to);
	for (int i = 0; i < s->n_conditions; i++)
		v = hash64(s->conditions[i].to, hash64(s->conditions[i].from, v));
	if (s->location_parts)
		v = hash64_join(hash64(s->language, v), (uint64_t)s->location_parts);
	if (p->script.n)
		v = hash64(p->script, v);
	if (s->utc_offset.n)
		v = hash64(s->utc_offset, v);
	if (!s->mask_personal)
		v = hash64_join(v, 1);
	return hash64(s->currency, v);
}

void conf_page_versions(struct conf_source *s)
{
	for (int i = 0; i < s->n_pages; i++)
		s->pages[i].version = version_of(s, &s->pages[i]);
}
