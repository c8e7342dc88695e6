#include "market_sitemap.h"

#include "market_html.h"

#include "base/clock.h"
#include "base/file.h"

#include <stdio.h>
#include <string.h>

#define XML_TYPE "application/xml; charset=utf-8"
#define XML_BEGIN "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XML_SPACE " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"

/* The host's own file. A name that could lead elsewhere has none. */
static bool own_robots(const struct market_site *s, struct str host, struct buf *to)
{
	struct str name = { 0 };
	char path[512];

	str_next(&host, ':', &name);
	for (size_t i = 0; i < name.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name.p[i]))
			return false;
	if (!s->robots_folder || !name.n || name.p[0] == '.')
		return false;
	snprintf(path, sizeof(path), "%s/%.*s.txt", s->robots_folder, STR_ARG(name));
	return file_read(path, to, NULL) == ERR_OK;
}

void market_sitemap_robots(const struct market_site *s, const struct market_request *q,
			   struct market_answer *a)
{
	if (own_robots(s, q->host, &a->body)) {
		a->type = "text/plain; charset=utf-8";
		return;
	}
	a->type = "text/plain; charset=utf-8";
	buf_add_text(&a->body,
		     "User-agent: *\nDisallow: /_market/\nAllow: /_market/loop\nDisallow: /cart\n"
		     "Allow: /\n\nSitemap: ");
	market_html_origin(q, &a->body);
	buf_add_text(&a->body, "/sitemap.xml\n");
}

static uint32_t parts(const struct market_site *s)
{
	return 1 + (s->n_shop + MARKET_SITEMAP_PART - 1) / MARKET_SITEMAP_PART;
}

void market_sitemap_index(const struct market_site *s, const struct market_request *q,
			  struct market_answer *a)
{
	uint32_t k;

	a->type = XML_TYPE;
	a->etag = true;
	buf_add_text(&a->body, XML_BEGIN "<sitemapindex" XML_SPACE);
	for (k = 0; k < parts(s); k++) {
		buf_add_text(&a->body, "<sitemap><loc>");
		market_html_origin(q, &a->body);
		buf_fmt(&a->body, "/sitemap/%u.xml</loc></sitemap>\n", k);
	}
	buf_add_text(&a->body, "</sitemapindex>\n");
}

static void add_lists(const struct market_request *q, struct buf *b)
{
	const struct market_html_category *c;

	for (c = market_html_categories; c->id; c++) {
		buf_add_text(b, "<url><loc>");
		market_html_origin(q, b);
		buf_fmt(b, "/list?category=%s</loc><changefreq>hourly</changefreq></url>\n", c->id);
	}
}

static void add_items(const struct market_site *s, const struct market_request *q, uint32_t part,
		      struct buf *b)
{
	uint32_t k, end = part * MARKET_SITEMAP_PART;
	char day[32];

	for (k = end - MARKET_SITEMAP_PART; k < end && k < s->n_shop; k++) {
		const struct market_item *i = &s->data->items[s->shop[k]];

		clock_iso((int64_t)i->seen * 1000, day);
		buf_add_text(b, "<url><loc>");
		market_html_origin(q, b);
		buf_fmt(b, "/item/m%llu</loc><lastmod>%s</lastmod></url>\n",
			(unsigned long long)i->pid, day);
	}
}

void market_sitemap_part(const struct market_site *s, const struct market_request *q,
			 struct market_answer *a)
{
	struct str name = str_sub(q->path, sizeof("/sitemap/") - 1, q->path.n);
	int64_t part;

	if (!str_ends(name, STR(".xml")) || !str_i64(str_sub(name, 0, name.n - 4), &part) ||
	    part < 0 || part >= parts(s)) {
		a->status = 404;
		return;
	}
	a->type = XML_TYPE;
	a->etag = true;
	buf_add_text(&a->body, XML_BEGIN "<urlset" XML_SPACE);
	if (part == 0)
		add_lists(q, &a->body);
	else
		add_items(s, q, (uint32_t)part, &a->body);
	buf_add_text(&a->body, "</urlset>\n");
}
