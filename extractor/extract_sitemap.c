#include "extractor/extract_sitemap.h"

#include "extractor/extract_charset.h"
#include "extractor/extract_entries.h"
#include "extractor/extract_gunzip.h"
#include "extractor/extract_match.h"

struct run {
	const struct extract_in *in;
	struct extract_sink *s;
	bool to_maps; /* a link leads to a page kind that is a sitemap */
};

/* Something that is left out; only the first few are told. */
static void lose(struct run *r, int line, const char *what, const char *name)
{
	struct str why = STR("");

	if (r->s->out->rejected < REJECT_MOST)
		why = arena_fmt(r->s->a, "line %d: %s%s", line, what, name);
	extract_sink_reject(r->s, REJECT_UNREADABLE, REJECT_NO_FIELD, why);
}

static bool leads_to_map(const struct run *r, const struct conf_link *link)
{
	const struct conf_page *p = conf_page(r->in->source, link->page);

	return p && p->format == FORMAT_SITEMAP;
}

/* Whether a link is for what the entry is: itself, or its version in a language. */
static bool speaks(struct run *r, const struct conf_link *link, struct str hreflang)
{
	char *low;

	if (!hreflang.n || !link->hreflang.n)
		return !hreflang.n && !link->hreflang.n;
	low = arena_alloc(r->s->a, hreflang.n);
	for (size_t i = 0; i < hreflang.n; i++)
		low[i] = (char)(hreflang.p[i] |
				(hreflang.p[i] >= 'A' && hreflang.p[i] <= 'Z' ? 32 : 0));
	return str_like((struct str){ low, hreflang.n }, link->hreflang);
}

/* The page kind that an address leads to; {0}: it is not followed. */
static struct str page_for(struct run *r, const struct extract_entry *e, int *ret_priority)
{
	const struct conf_page *page = r->in->page;

	*ret_priority = -1;
	if (e->nested && !r->to_maps)
		return page->name;
	for (int i = 0; i < page->n_links; i++) {
		if ((!e->nested || leads_to_map(r, &page->links[i])) &&
		    speaks(r, &page->links[i], e->hreflang) &&
		    extract_sink_fits(r->s, &page->links[i], e->url)) {
			*ret_priority = page->links[i].priority;
			return page->links[i].page;
		}
	}
	return (struct str){ 0 };
}

static void add(void *ctx, const struct extract_entry *e)
{
	struct run *r = ctx;
	struct extract_out *out = r->s->out;
	int before = out->n_links, priority;
	struct str page;

	if (!e->url.n) {
		lose(r, e->line, "no address in ", e->name);
		return;
	}
	page = page_for(r, e, &priority);
	if (!page.n)
		return;
	if (extract_sink_link(r->s, e->url, page, NULL)) {
		lose(r, e->line, "more addresses than are read", "");
	} else if (out->n_links == before) {
		lose(r, e->line, "an address that is too long", "");
	} else {
		out->links[before].priority = priority;
		out->links[before].lastmod_ms = e->lastmod_ms;
		out->links[before].change_ms = e->change_ms;
	}
}

static struct str value_of(struct str line, struct str key)
{
	struct str name;

	if (!str_next(&line, ':', &name) || !str_eq_nocase(str_trim(name), key))
		return (struct str){ 0 };
	return line.p ? str_trim(line) : STR("");
}

/* A robots.txt: some line of it is for robots. */
static bool is_robots(struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		if (value_of(line, STR("user-agent")).p || value_of(line, STR("sitemap")).p)
			return true;
	return false;
}

/* Names sitemaps, as an index does; the rest of it is the crawler's to heed. */
static void read_robots(struct run *r, struct str text)
{
	struct str line;

	for (struct extract_entry e = { .line = 1, .nested = true, .name = "Sitemap" };
	     str_next(&text, '\n', &line); e.line++) {
		e.url = value_of(line, STR("sitemap"));
		if (e.url.p)
			add(r, &e);
	}
}

static enum err read_lines(struct run *r, struct str text, struct reason *why)
{
	int n = 0, wrong = 0;
	struct str line;

	if (is_robots(text)) {
		read_robots(r, text);
		return ERR_OK;
	}
	for (struct extract_entry e = { .line = 1 }; str_next(&text, '\n', &line); e.line++) {
		e.url = str_trim(line);
		if (!e.url.n)
			continue;
		n++;
		if (extract_match_web(e.url)) {
			add(r, &e);
			continue;
		}
		wrong++;
		lose(r, e.line, "no address", "");
	}
	return n > wrong ? ERR_OK
			 : reason_set(why, ERR_BAD, "no sitemap: neither XML nor addresses");
}

static enum err read_text(struct run *r, struct str text, struct reason *why)
{
	bool feed = r->in->page->format == FORMAT_FEED, whole = true;
	const struct extract_entries_in in = {
		.text = str_trim(text), .url = r->in->url, .only_feeds = feed, .each = add, .ctx = r
	};
	enum err err;

	if (!in.text.n)
		return reason_set(why, ERR_BAD, "the body is empty");
	if (in.text.p[0] != '<')
		return feed ? reason_set(why, ERR_BAD, "no feed: not XML")
			    : read_lines(r, text, why);
	err = extract_entries(&in, r->s->a, &whole, why);
	if (!err && !whole)
		extract_sink_reject(r->s, REJECT_UNREADABLE, REJECT_NO_FIELD, str_of(why->text));
	return err;
}

enum err extract_sitemap_run(const struct extract_in *in, size_t most, struct extract_sink *s,
			     struct reason *why)
{
	struct run r = { .in = in, .s = s };
	struct reason cut = { "" };
	struct str body = in->body;
	enum err err = ERR_OK;
	struct buf unpacked;

	s->link_most = EXTRACT_MOST_ADDRESSES;
	for (int i = 0; i < in->page->n_links; i++)
		r.to_maps |= leads_to_map(&r, &in->page->links[i]);
	buf_init(&unpacked, most);
	if (extract_gunzip_is(body)) {
		err = extract_gunzip(body, &unpacked, &cut);
		body = buf_str(&unpacked);
	} else if (body.n > EXTRACT_MOST_SITEMAP) {
		err = reason_set(&cut, ERR_TOO_BIG, "a sitemap of %zu bytes", body.n);
	}
	if (err == ERR_TOO_BIG || (err && !body.n)) {
		*why = cut;
		goto out;
	}
	if (err)
		extract_sink_reject(s, REJECT_UNREADABLE, REJECT_NO_FIELD, str_of(cut.text));
	err = read_text(&r, extract_charset_xml(body, in->content_type, s->a), why);
out:
	buf_done(&unpacked);
	return err;
}
