#include "extractor/extract_entries.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "extractor/extract_date.h"
#include "extractor/extract_match.h"
#include "extractor/extract_xml.h"
#include "extractor/extractor.h"

#include <libxml/uri.h>

#define MOST_TEXT 8192 /* bytes of an address */
#define MAP_KINDS (1U << KIND_URL | 1U << KIND_SITEMAP)
#define FEED_KINDS (1U << KIND_ITEM | 1U << KIND_ENTRY)

enum kind { KIND_URL, KIND_SITEMAP, KIND_ITEM, KIND_ENTRY, KINDS };
enum slot { SLOT_NONE, SLOT_ADDRESS, SLOT_SPARE, SLOT_TIME, SLOT_CHANGE };

static const char *const kind_names[KINDS] = {
	[KIND_URL] = "url",
	[KIND_SITEMAP] = "sitemap",
	[KIND_ITEM] = "item",
	[KIND_ENTRY] = "entry",
};

/* Roots of which it is known what they hold; of others anything may be hoped for. */
static const struct {
	const char *name;
	unsigned kinds;
} roots[] = {
	{ .name = "urlset", .kinds = MAP_KINDS }, { .name = "sitemapindex", .kinds = MAP_KINDS },
	{ .name = "rss", .kinds = FEED_KINDS },	  { .name = "RDF", .kinds = FEED_KINDS },
	{ .name = "feed", .kinds = FEED_KINDS },  { .name = "channel", .kinds = FEED_KINDS },
	{ .name = "html", .kinds = 0 },
};

/* Children of an entry that matter. */
static const struct {
	unsigned kinds;
	const char *name;
	enum slot slot;
	bool any_prefix;
} slots[] = {
	{ .kinds = MAP_KINDS, .name = "loc", .slot = SLOT_ADDRESS },
	{ .kinds = MAP_KINDS, .name = "lastmod", .slot = SLOT_TIME },
	{ .kinds = MAP_KINDS, .name = "changefreq", .slot = SLOT_CHANGE },
	{ .kinds = FEED_KINDS, .name = "link", .slot = SLOT_ADDRESS },
	{ .kinds = 1U << KIND_ITEM, .name = "guid", .slot = SLOT_SPARE },
	{ .kinds = 1U << KIND_ITEM, .name = "pubDate", .slot = SLOT_TIME },
	{ .kinds = 1U << KIND_ITEM, .name = "date", .slot = SLOT_TIME, .any_prefix = true },
	{ .kinds = 1U << KIND_ENTRY, .name = "updated", .slot = SLOT_TIME },
	{ .kinds = 1U << KIND_ENTRY, .name = "modified", .slot = SLOT_TIME },
};

struct walk {
	const struct extract_entries_in *in;
	struct arena *a;
	unsigned kinds; /* that may come */
	bool known;	/* the root is */
	int depth, n;	/* n: entries */
	char root[64];
	/* the entry that is open; 0: none */
	int entry_depth, slot_depth;
	enum kind kind;
	enum slot slot;
	struct str prefix;
	struct extract_entry e;
	struct buf text, url, spare; /* spare: an address if there is no other */
	struct str base, entry_base; /* absolute, of xml:base; {0}: none */
};

/* `url` against `base`; `url` itself when there is no base or it is no URI. */
static struct str against(struct walk *w, struct str base, struct str url)
{
	struct str s = url;
	xmlChar *made;

	if (!base.n || !url.n || extract_match_web(url) || url.n > MOST_TEXT)
		return url;
	made = xmlBuildURI((const xmlChar *)arena_str(w->a, url).p, (const xmlChar *)base.p);
	if (made)
		s = arena_text(w->a, (const char *)made);
	xmlFree(made);
	return s;
}

static struct str base_of(struct walk *w, struct str outer, const unsigned char **attributes)
{
	struct str base = str_trim(extract_xml_attribute(attributes, "xml:base"));

	/* one that is too long would make all others so */
	if (!base.n || base.n > MOST_TEXT)
		return outer;
	return arena_str(w->a, against(w, arena_str(w->a, outer.n ? outer : w->in->url), base));
}

static void set_root(struct walk *w, struct extract_xml_name name, const unsigned char **attributes)
{
	w->kinds = w->in->only_feeds ? FEED_KINDS : MAP_KINDS | FEED_KINDS;
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		if (!str_eq_nocase(name.local, str_of(roots[i].name)))
			continue;
		w->known = true;
		w->kinds &= roots[i].kinds;
	}
	name.local = utf8_cut(name.local, sizeof(w->root) - 1);
	for (size_t i = 0; i < name.local.n; i++)
		w->root[i] = name.local.p[i];
	w->base = base_of(w, w->base, attributes);
}

static bool kind_of(const struct walk *w, struct str name, enum kind *ret)
{
	for (int k = 0; k < KINDS; k++) {
		if (!(w->kinds & 1U << k) || !str_eq_nocase(name, str_of(kind_names[k])))
			continue;
		*ret = (enum kind)k;
		return true;
	}
	return false;
}

static void begin(struct walk *w, enum kind kind, struct str prefix,
		  const unsigned char **attributes, int line)
{
	w->kind = kind;
	w->prefix = prefix;
	w->entry_depth = w->depth;
	w->e = (struct extract_entry){ .nested = kind == KIND_SITEMAP,
				       .name = kind_names[kind],
				       .line = line };
	w->entry_base = base_of(w, w->base, attributes);
	buf_clear(&w->url);
	buf_clear(&w->spare);
}

/* An entry that the document's end cut off keeps an address that was whole. */
static void end(struct walk *w, bool whole)
{
	struct str url = buf_str(&w->url), spare = str_trim(buf_str(&w->spare));

	w->entry_depth = w->slot_depth = 0;
	if (!url.n && whole && !w->spare.full && extract_match_web(spare))
		url = spare;
	if (!url.n && !whole)
		return;
	w->e.url = url.n ? against(w, w->entry_base, url) : (struct str){ 0 };
	w->n++;
	w->in->each(w->in->ctx, &w->e);
}

static void set_address(struct walk *w, struct str url)
{
	url = str_trim(url);
	if (!w->url.n && url.n)
		buf_add(&w->url, url);
}

/* Atom's link: a page, not the feed itself, an enclosure or a reply. */
static bool is_page_link(const unsigned char **attributes)
{
	struct str rel = extract_xml_attribute(attributes, "rel");

	return !rel.p || str_eq_nocase(str_trim(rel), STR("alternate"));
}

/* <xhtml:link rel="alternate" hreflang="ko" href="..."/>, whatever the prefix. */
static void alternate(struct walk *w, struct extract_xml_name name,
		      const unsigned char **attributes, int line)
{
	struct extract_entry e = { .name = "link", .line = line };
	struct str href = str_trim(extract_xml_attribute(attributes, "href"));
	struct str rel = extract_xml_attribute(attributes, "rel");

	e.hreflang = str_trim(extract_xml_attribute(attributes, "hreflang"));
	if (w->kind != KIND_URL || !str_eq_nocase(name.local, STR("link")) || !e.hreflang.n ||
	    !href.n || !str_eq_nocase(str_trim(rel), STR("alternate")))
		return;
	e.url = against(w, w->entry_base, href);
	w->in->each(w->in->ctx, &e);
}

static void open_slot(struct walk *w, struct extract_xml_name name,
		      const unsigned char **attributes)
{
	struct str href;

	for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++) {
		if (!(slots[i].kinds & 1U << w->kind) ||
		    !str_eq_nocase(name.local, str_of(slots[i].name)) ||
		    (!slots[i].any_prefix && !str_eq(name.prefix, w->prefix)))
			continue;
		w->slot = slots[i].slot;
		w->slot_depth = w->depth;
		buf_clear(&w->text);
	}
	if (w->slot_depth != w->depth || w->slot != SLOT_ADDRESS)
		return;
	href = extract_xml_attribute(attributes, "href");
	if (href.p && is_page_link(attributes))
		set_address(w, href);
}

static bool on_open(void *ctx, struct extract_xml_name name, const unsigned char **attributes,
		    int line)
{
	struct walk *w = ctx;
	enum kind kind;

	w->depth++;
	if (w->depth == 1) {
		set_root(w, name, attributes);
		return w->kinds != 0;
	}
	/* <loc><url>http://...</url></loc> has been seen */
	if (w->slot_depth)
		return true;
	if (!w->entry_depth) {
		if (kind_of(w, name.local, &kind))
			begin(w, kind, name.prefix, attributes, line);
	} else if (kind_of(w, name.local, &kind) && kind == w->kind &&
		   str_eq(name.prefix, w->prefix)) {
		/* the end of the one before is missing */
		end(w, false);
		begin(w, kind, name.prefix, attributes, line);
	} else if (w->depth == w->entry_depth + 1) {
		open_slot(w, name, attributes);
		alternate(w, name, attributes, line);
	}
	return true;
}

static int64_t change_of(struct str s)
{
	static const struct {
		const char *name;
		int64_t ms;
	} words[] = {
		{ "always", 1 },
		{ "hourly", 3600000 },
		{ "daily", 86400000 },
		{ "weekly", 7 * INT64_C(86400000) },
		{ "monthly", 30 * INT64_C(86400000) },
		{ "yearly", 365 * INT64_C(86400000) },
		{ "never", EXTRACT_NEVER },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(str_trim(s), str_of(words[i].name)))
			return words[i].ms;
	return 0;
}

static void fill_slot(struct walk *w)
{
	struct str s = buf_str(&w->text);

	w->slot_depth = 0;
	if (w->text.full)
		return;
	switch (w->slot) {
	case SLOT_ADDRESS:
		set_address(w, s);
		break;
	case SLOT_SPARE:
		buf_clear(&w->spare);
		buf_add(&w->spare, s);
		break;
	case SLOT_TIME:
		w->e.lastmod_ms = extract_date(s);
		break;
	case SLOT_CHANGE:
		w->e.change_ms = change_of(s);
		break;
	case SLOT_NONE:
		break;
	}
}

static void on_close(void *ctx)
{
	struct walk *w = ctx;

	if (w->slot_depth && w->depth == w->slot_depth)
		fill_slot(w);
	else if (w->entry_depth && w->depth == w->entry_depth)
		end(w, true);
	w->depth--;
}

static void on_text(void *ctx, struct str s)
{
	struct walk *w = ctx;

	if (w->slot_depth)
		buf_add(&w->text, s);
	/* <sitemap>http://...</sitemap> has been seen, too */
	else if (w->entry_depth && w->depth == w->entry_depth && (MAP_KINDS & 1U << w->kind))
		buf_add(&w->spare, s);
}

enum err extract_entries(const struct extract_entries_in *in, struct arena *a, bool *ret_whole,
			 struct reason *why)
{
	struct walk w = { .in = in, .a = a };
	const struct extract_xml_to to = {
		.open = on_open, .close = on_close, .text = on_text, .ctx = &w
	};
	const char *what = in->only_feeds ? "feed" : "sitemap";
	struct reason broken = { "" };
	bool whole;

	buf_init(&w.text, MOST_TEXT);
	buf_init(&w.url, MOST_TEXT);
	buf_init(&w.spare, MOST_TEXT);
	whole = extract_xml_read(in->text, &to, a, &broken);
	if (w.entry_depth)
		end(&w, false);
	buf_done(&w.text);
	buf_done(&w.url);
	buf_done(&w.spare);
	if (!w.root[0])
		return reason_set(why, ERR_BAD, "not XML, and no %s: %s", what,
				  broken.text[0] ? broken.text : "no element");
	if (!w.kinds || (!w.known && !w.n))
		return reason_set(why, ERR_BAD, "no %s: its root is `%s`", what, w.root);
	*ret_whole = whole;
	if (!whole)
		*why = broken;
	return ERR_OK;
}
