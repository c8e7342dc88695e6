#include "extractor/extract_sitemap.h"

#include "base/file.h"
#include "tests/unit/extractor/extract_make.h"

#include <string.h>
#include <zlib.h>

#define HEAD "<?xml version='1.0' encoding='UTF-8'?>\n"
#define NS " xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"

/* A source of three page kinds: the map under test, another map, a shop's items. */
struct shop {
	struct made m;
	struct conf_page pages[3];
	struct conf_link links[3];
};

static void shop_init(struct shop *s, enum conf_format format)
{
	made_init(&s->m, format);
	s->m.page.name = STR("map");
	s->pages[1] = (struct conf_page){ .name = STR("other"), .format = FORMAT_SITEMAP };
	s->pages[2] = (struct conf_page){ .name = STR("item"), .format = FORMAT_HTML };
	s->m.page.links = s->links;
	s->links[0] = (struct conf_link){ .page = STR("item") };
	s->m.page.n_links = 1;
}

/* Only now, as the page is copied. */
static enum err shop_run(struct shop *s, struct str body, const char *type)
{
	struct extract_in in = { .source = &s->m.source,
				 .page = &s->pages[0],
				 .body = body,
				 .content_type = str_of(type),
				 .url = STR("https://shop.example/maps/sitemap.xml") };

	s->pages[0] = s->m.page;
	s->m.source.pages = s->pages;
	s->m.source.n_pages = 3;
	arena_reset(s->m.a);
	s->m.why.text[0] = 0;
	return extractor_run(s->m.x, &in, s->m.a, &s->m.out, &s->m.why);
}

static void shop_done(struct shop *s)
{
	made_done(&s->m);
}

/* What is found: "url" by "url", and how many parts were rejected. */
struct row {
	const char *name, *body;
	const char *want[4];
	int rejected;
	const char *reason; /* a part of it */
};

static const struct row rows[] = {
	{ .name = "plain",
	  .body = HEAD "<urlset" NS "><url><loc>https://a.example/1</loc></url>\n"
		       "<url><loc>\n https://a.example/2 </loc></url></urlset>",
	  .want = { "https://a.example/1", "https://a.example/2" } },
	{ .name = "no namespace",
	  .body = "<urlset><url><loc>https://a.example/1</loc></url></urlset>",
	  .want = { "https://a.example/1" } },
	{ .name = "prefix",
	  .body = "<s:urlset xmlns:s='x' "
		  "xmlns:i='y'><s:url><i:image><i:loc>https://a.example/i</i:loc>"
		  "</i:image><i:loc>no</i:loc><s:loc>https://a.example/1</s:loc></s:url></"
		  "s:urlset>",
	  .want = { "https://a.example/1" } },
	{ .name = "undeclared prefix",
	  .body = "<urlset><url><image:loc>no</image:loc><loc>https://a.example/1</loc></url></"
		  "urlset>",
	  .want = { "https://a.example/1" } },
	{ .name = "entities and CDATA",
	  .body = "<urlset><url><loc>https://a.example/"
		  "?a=1&amp;b=&#50;&#x26;c=3<![CDATA[&d=<4>]]></loc>"
		  "</url></urlset>",
	  .want = { "https://a.example/?a=1&b=2&c=3&d=<4>" } },
	{ .name = "ampersands",
	  .body = "<urlset><url><loc>https://a.example/?a=1&b=2&copy=3&#;&</loc></url></urlset>",
	  .want = { "https://a.example/?a=1&b=2&copy=3&#;&" } },
	{ .name = "comment within",
	  .body = "<urlset><!-- <url><loc>no</loc> & --><url><loc>https://a.<!-- x "
		  "-->example/1</loc>"
		  "</url></urlset>",
	  .want = { "https://a.example/1" } },
	{ .name = "url in loc",
	  .body = "<urlset><url><loc><url><![CDATA[https://a.example/1]]></url></loc></url></"
		  "urlset>",
	  .want = { "https://a.example/1" } },
	{ .name = "mark and space before",
	  .body = "\xef\xbb\xbf\n " HEAD "<urlset><url><loc>https://a.example/1"
		  "</loc></url></urlset>",
	  .want = { "https://a.example/1" } },
	{ .name = "capitals",
	  .body = "<URLSET><URL><LOC>https://a.example/1</LOC></URL></URLSET>",
	  .want = { "https://a.example/1" } },
	{ .name = "another root",
	  .body = "<sitemaps><url><loc>https://a.example/1</loc></url></sitemaps>",
	  .want = { "https://a.example/1" } },
	{ .name = "empty", .body = HEAD "<urlset" NS "/>", .want = { NULL } },
	{ .name = "no loc",
	  .body = "<urlset>\n<url><lastmod>2020</lastmod></url>\n<url><loc> </loc></url>"
		  "<url><loc>https://a.example/1</loc></url></urlset>",
	  .want = { "https://a.example/1" },
	  .rejected = 2,
	  .reason = "line 2: no address in url" },
	{ .name = "control characters and NUL", .body = NULL, .want = { "https://a.example/1 2" } },
	{ .name = "ill-formed text",
	  .body = "<urlset><url><loc>https://a.example/\xff</loc></url></urlset>",
	  .want = { "https://a.example/\xef\xbf\xbd" } },
	{ .name = "cut in a tag",
	  .body = "<urlset><url><loc>https://a.example/1</loc></url><url><lo",
	  .want = { "https://a.example/1" },
	  .rejected = 1,
	  .reason = "line 1: " },
	{ .name = "cut in an address",
	  .body = "<urlset>\n<url><loc>https://a.example/1</loc></url><url><loc>https://a.exam",
	  .want = { "https://a.example/1" },
	  .rejected = 1,
	  .reason = "line 2: " },
	{ .name = "cut after an address",
	  .body = "<urlset><url><loc>https://a.example/1</loc><lastm",
	  .want = { "https://a.example/1" },
	  .rejected = 1,
	  .reason = "" },
	/* libxml2 would drop &amp; once something was wrong */
	{ .name = "an end missing",
	  .body = "<urlset><url><loc>https://a.example/1</url><url><loc>https://a.example/"
		  "?a=2&amp;b=3&c</loc></url></urlset>",
	  .want = { "https://a.example/1", "https://a.example/?a=2&b=3&c" },
	  .rejected = 1,
	  .reason = "mismatch" },
	{ .name = "an end too much",
	  .body = "<urlset><url><loc>https://a.example/1</loc></url></url><url><loc>https://"
		  "a.example/2"
		  "</loc></url></urlset>",
	  .want = { "https://a.example/1" },
	  .rejected = 1,
	  .reason = "mismatch" },
	{ .name = "url not closed",
	  .body = "<urlset><url><loc>https://a.example/1</loc><url><loc>https://a.example/2</loc></"
		  "urlset>",
	  .want = { "https://a.example/1", "https://a.example/2" },
	  .rejected = 1,
	  .reason = "" },
	{ .name = "lines",
	  .body = "https://a.example/1\r\n\r\n HTTP://a.example/2 \nhttps://a.example/3",
	  .want = { "https://a.example/1", "HTTP://a.example/2", "https://a.example/3" } },
	{ .name = "a line that is none",
	  .body = "# map\nhttps://a.example/1\n/2\n",
	  .want = { "https://a.example/1" },
	  .rejected = 2,
	  .reason = "line 1: no address" },
	{ .name = "a feed is a sitemap, too",
	  .body = "<rss><channel><link>no</link><item><link>https://a.example/1</link></item></"
		  "channel>"
		  "</rss>",
	  .want = { "https://a.example/1" } },
	{ .name = "an index",
	  .body = "<sitemapindex><sitemap><loc>/map-1.xml</loc></sitemap><sitemap>\n"
		  "https://a.example/m?a=1&amp;b=2\n</sitemap></sitemapindex>",
	  .want = { "/map-1.xml", "https://a.example/m?a=1&b=2" } },

	/* nothing of a DTD is used */
	{ .name = "laughs",
	  .body = "<!DOCTYPE urlset [<!ENTITY a 'https://a.example/'><!ENTITY b '&a;&a;&a;'>"
		  "<!ENTITY % p '<!ENTITY c \"x\">'>%p;<!ATTLIST url xml:base CDATA '/x/'>"
		  "<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
		  "<urlset><url><loc>https://a.example/&b;&c;&f;</loc></url></urlset>",
	  .want = { "https://a.example/&b;&c;&f;" } },
	{ .name = "a DTD with quotes in a comment",
	  .body = "<!doctype urlset [\n<!-- it's ]> --><!ENTITY a ']>'>\n]>\n<urlset>"
		  "<url></url><url><loc>https://a.example/1</loc></url></urlset>",
	  .want = { "https://a.example/1" },
	  .rejected = 1,
	  .reason = "line 4: no address in url" },
	{ .name = "a DTD elsewhere",
	  .body = "<!DOCTYPE urlset SYSTEM "
		  "'file:///etc/passwd'><urlset><url><loc>https://a.example/1</loc>"
		  "</url></urlset>",
	  .want = { "https://a.example/1" } },
};

static void check_row(struct shop *s, const struct row *r, struct str body)
{
	int n = 0;

	if (shop_run(s, body, "text/xml"))
		fail_msg("%s: %s", r->name, s->m.why.text);
	while (n < 4 && r->want[n])
		n++;
	if (s->m.out.n_links != n || s->m.out.rejected != r->rejected)
		fail_msg("%s: %d links, %d rejected: %.*s", r->name, s->m.out.n_links,
			 s->m.out.rejected, STR_ARG(s->m.out.reject_reason));
	for (int i = 0; i < n; i++)
		str_is_text(s->m.out.links[i].url, r->want[i]);
	if (r->reason && str_find(s->m.out.reject_reason, str_of(r->reason)) < 0)
		fail_msg("%s: %.*s", r->name, STR_ARG(s->m.out.reject_reason));
	assert_int_equal(s->m.out.items, s->m.out.rejected);
	assert_int_equal(s->m.out.n_listings, 0);
}

static void what_can_be_read_is_read(void **state)
{
	struct shop s = { 0 };

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(&s, &rows[i],
			  rows[i].body ? str_of(rows[i].body)
				       : STR("<urlset>\x01<url><loc>https://a.example/1\x00"
					     "2</loc></url></urlset>"));
	shop_done(&s);
}

static const struct {
	const char *body, *why;
} bads[] = {
	{ .body = "", .why = "the body is empty" },
	{ .body = " \n", .why = "the body is empty" },
	{ .body = "<", .why = "not XML, and no sitemap" },
	{ .body = "<!-- -->", .why = "not XML, and no sitemap" },
	{ .body = "<!DOCTYPE urlset [<urlset/>", .why = "not XML, and no sitemap" },
	{ .body = "<!DOCTYPE urlset '><urlset/>", .why = "not XML, and no sitemap" },
	{ .body = "<!DOCTYPE html><html><head><title>Not "
		  "found</title></head><body><p>x<br></body></html>",
	  .why = "no sitemap: its root is `html`" },
	{ .body = "<error><code>NoSuchKey</code></error>",
	  .why = "no sitemap: its root is `error`" },
	{ .body = "not found", .why = "neither XML nor addresses" },
	{ .body = "{\"error\": 404}", .why = "neither XML nor addresses" },
	{ .body = "\x1f\x8b\x08garbage", .why = "" },
};

static void other_pages_are_refused(void **state)
{
	struct shop s = { 0 };

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		if (shop_run(&s, str_of(bads[i].body), NULL) != ERR_BAD)
			fail_msg("%s: is read", bads[i].body);
		assert_non_null(strstr(s.m.why.text, bads[i].why));
		assert_true(s.m.why.text[0]);
	}
	shop_done(&s);
}

static void times_are_kept(void **state)
{
	struct shop s = { 0 };
	const struct extract_link *l;

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	assert_int_equal(shop_run(&s,
				  STR("<urlset><url><lastmod> 2005-01-01 </lastmod><loc>/1</loc>"
				      "<changefreq>Weekly</changefreq></url>"
				      "<url><loc>/2</loc><changefreq>never</changefreq></url>"
				      "<url><loc>/3</loc><changefreq>always</changefreq>"
				      "<lastmod>soon</lastmod></url></urlset>"),
				  NULL),
			 ERR_OK);
	assert_int_equal(s.m.out.n_links, 3);
	l = s.m.out.links;
	assert_int_equal(l[0].lastmod_ms, 1104537600000);
	assert_int_equal(l[0].change_ms, 7 * 86400000);
	assert_false(l[0].next);
	assert_int_equal(l[1].lastmod_ms, 0);
	assert_true(l[1].change_ms == EXTRACT_NEVER);
	assert_int_equal(l[2].lastmod_ms, 0);
	assert_int_equal(l[2].change_ms, 1);
	shop_done(&s);
}

static const char mixed[] =
	"<urlset><url><loc>https://shop.example/item/1</loc></url>"
	"<url><loc>/item/2</loc></url><url><loc>https://shop.example/help</loc>"
	"</url><url><loc>https://shop.example/sitemap-2.xml</loc></url></urlset>";
static const char map_index[] =
	"<sitemapindex><sitemap><loc>https://shop.example/sitemap-2.xml</loc></sitemap><sitemap>"
	"<loc>https://shop.example/help.xml</loc></sitemap></sitemapindex>";

static void first_match_takes_an_address(void **state)
{
	struct shop s = { 0 };
	struct extract_out *out = &s.m.out;

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	s.links[0].match = STR("https://shop.example/item/*");
	assert_int_equal(shop_run(&s, str_of(mixed), NULL), ERR_OK);
	assert_int_equal(out->n_links, 2);
	str_is_text(out->links[1].url, "/item/2");
	str_is_text(out->links[1].page, "item");
	s.links[1] = (struct conf_link){ .match = STR("*.xml"), .page = STR("other") };
	s.links[2] = (struct conf_link){ .page = STR("item") };
	s.m.page.n_links = 3;
	assert_int_equal(shop_run(&s, str_of(mixed), NULL), ERR_OK);
	assert_int_equal(out->n_links, 4);
	str_is_text(out->links[2].page, "item");
	str_is_text(out->links[3].page, "other");
	assert_int_equal(out->rejected, 0);
	shop_done(&s);
}

static void versions_in_a_language_are_followed(void **state)
{
	static const char body[] =
		"<urlset xmlns:xhtml='http://www.w3.org/1999/xhtml'><url>"
		"<xhtml:link rel='alternate' hreflang='en' href='https://shop.example/en/1'/>"
		"<xhtml:link rel='alternate' hreflang='KO-kr' href='/ko/1'/>"
		"<xhtml:link rel='amphtml' hreflang='ko' href='https://shop.example/amp/1'/>"
		"<loc>https://shop.example/1</loc></url>"
		"<url><loc>https://shop.example/2</loc>"
		"<x:link rel='alternate' hreflang='ko' "
		"href='https://shop.example/ko/2'/></url></urlset>";
	struct shop s;

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	/* nobody wants them */
	assert_int_equal(shop_run(&s, str_of(body), "text/xml"), ERR_OK);
	assert_int_equal(s.m.out.n_links, 2);
	assert_true(str_is(s.m.out.links[0].url, "https://shop.example/1"));
	s.links[0].hreflang = STR("ko*");
	s.links[1] = (struct conf_link){ .page = STR("item"), .match = STR("*/2") };
	s.m.page.n_links = 2;
	assert_int_equal(shop_run(&s, str_of(body), "text/xml"), ERR_OK);
	assert_int_equal(s.m.out.n_links, 3);
	assert_true(str_ends(s.m.out.links[0].url, STR("/ko/1")));
	assert_true(str_is(s.m.out.links[1].url, "https://shop.example/ko/2"));
	assert_true(str_is(s.m.out.links[2].url, "https://shop.example/2"));
	assert_int_equal(s.m.out.rejected, 0);
	shop_done(&s);
}

static void an_index_leads_to_maps(void **state)
{
	struct shop s = { 0 };
	struct extract_out *out = &s.m.out;

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	/* no link leads to a map: all are read like this one */
	s.links[0].match = STR("https://shop.example/item/*");
	assert_int_equal(shop_run(&s, str_of(map_index), NULL), ERR_OK);
	assert_int_equal(out->n_links, 2);
	str_is_text(out->links[0].page, "map");
	str_is_text(out->links[1].page, "map");
	/* one does: it chooses */
	s.links[0] = (struct conf_link){ .page = STR("item") };
	s.links[1] = (struct conf_link){ .match = STR("*/sitemap-*"), .page = STR("other") };
	s.m.page.n_links = 2;
	assert_int_equal(shop_run(&s, str_of(map_index), NULL), ERR_OK);
	assert_int_equal(out->n_links, 1);
	str_is_text(out->links[0].url, "https://shop.example/sitemap-2.xml");
	str_is_text(out->links[0].page, "other");
	shop_done(&s);
}

static void pack(struct str from, struct buf *to)
{
	uLong room = compressBound((uLong)from.n) + 64;
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (z_const Bytef *)(uintptr_t)from.p;
	z.avail_in = (uInt)from.n;
	z.next_out = (Bytef *)buf_room(to, room);
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	to->n += z.total_out;
	deflateEnd(&z);
}

/* `n` addresses. */
static void make_map(int n, struct buf *to)
{
	buf_add_text(to, HEAD "<urlset" NS ">\n");
	for (int i = 0; i < n; i++)
		buf_fmt(to, "<url><loc>https://shop.example/item/%d</loc></url>\n", i);
	buf_add_text(to, "</urlset>\n");
}

static void gzip_files_are_unpacked(void **state)
{
	struct buf map, gz;
	struct shop s = { 0 };

	(void)state;
	buf_init(&map, 64 << 20);
	buf_init(&gz, 64 << 20);
	shop_init(&s, FORMAT_SITEMAP);
	make_map(1000, &map);
	pack(str_sub(buf_str(&map), 0, 5000), &gz);
	pack(str_sub(buf_str(&map), 5000, map.n), &gz);
	assert_int_equal(shop_run(&s, buf_str(&gz), "application/x-gzip"), ERR_OK);
	assert_int_equal(s.m.out.n_links, 1000);
	assert_int_equal(s.m.out.rejected, 0);
	/* a file that was cut: what came before */
	assert_int_equal(shop_run(&s, str_sub(buf_str(&gz), 0, gz.n / 2), NULL), ERR_OK);
	assert_in_range(s.m.out.n_links, 50, 999);
	assert_int_equal(s.m.out.rejected, 2);
	str_is_text(s.m.out.reject_reason, "the gzip file ends early");
	/* past the bound */
	s.m.conf.max_body_bytes = 20000;
	assert_int_equal(shop_run(&s, buf_str(&gz), NULL), ERR_TOO_BIG);
	assert_string_equal(s.m.why.text, "over 20000 bytes when unpacked");
	s.m.conf.max_body_bytes = 1 << 20;
	assert_int_equal(shop_run(&s, buf_str(&gz), NULL), ERR_OK);
	shop_done(&s);
	buf_done(&map);
	buf_done(&gz);
}

static void bounds_hold(void **state)
{
	struct shop s = { 0 };
	struct buf b;

	(void)state;
	buf_init(&b, 64 << 20);
	shop_init(&s, FORMAT_SITEMAP);
	make_map(EXTRACT_MOST_ADDRESSES + 3, &b);
	assert_int_equal(shop_run(&s, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(s.m.out.n_links, EXTRACT_MOST_ADDRESSES);
	assert_int_equal(s.m.out.rejected, 3);
	str_is_text(s.m.out.reject_reason, "line 50003: more addresses than are read");
	/* an address too long for a URL */
	buf_clear(&b);
	buf_add_text(&b, "<urlset><url><loc>https://a.example/");
	for (int i = 0; i < 5000; i++)
		buf_add_char(&b, 'x');
	buf_add_text(&b, "</loc></url></urlset>");
	assert_int_equal(shop_run(&s, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(s.m.out.n_links, 0);
	assert_int_equal(s.m.out.rejected, 1);
	/* nesting */
	buf_clear(&b);
	buf_add_text(&b, "<urlset><url><loc>https://a.example/1</loc></url>");
	for (int i = 0; i < 100000; i++)
		buf_add_text(&b, "<a>");
	assert_int_equal(shop_run(&s, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(s.m.out.n_links, 1);
	assert_int_equal(s.m.out.rejected, 1);
	/* attributes: their number squared would be minutes */
	buf_clear(&b);
	buf_add_text(&b, "<urlset><url><loc>https://a.example/1</loc></url><url");
	for (int i = 0; i < 500000; i++)
		buf_fmt(&b, " a%d=''", i);
	buf_add_text(&b, "><loc>https://a.example/2</loc></url></urlset>");
	assert_int_equal(shop_run(&s, buf_str(&b), NULL), ERR_OK);
	assert_int_equal(s.m.out.n_links, 1);
	assert_int_equal(s.m.out.rejected, 1);
	shop_done(&s);
	buf_done(&b);
}

static void encodings_are_read(void **state)
{
	static const struct {
		const char *body, *type;
	} maps[] = {
		{ "<?xml version='1.0' encoding='EUC-KR'?><urlset><url><loc>https://a.example/"
		  "\xb0\xa1</loc></url></urlset>",
		  "application/xml" },
		{ "<?xml version='1.0' encoding = \"utf-8\" ?><urlset><url><loc>https://a.example/"
		  "\xb0\xa1</loc></url></urlset>",
		  "text/xml; charset=euc-kr" },
		{ "<?xml version='1.0' encoding='UTF-16'?><urlset><url><loc>https://a.example/가"
		  "</loc></url></urlset>",
		  NULL },
		{ "<?xml version='1.0' encoding='no-such'?><urlset><url><loc>https://a.example/가"
		  "</loc></url></urlset>",
		  NULL },
		{ "<?xml encoding=x?><urlset><url><loc>https://a.example/가</loc></url></urlset>",
		  NULL },
	};
	struct shop s = { 0 };

	(void)state;
	shop_init(&s, FORMAT_SITEMAP);
	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		assert_int_equal(shop_run(&s, str_of(maps[i].body), maps[i].type), ERR_OK);
		assert_int_equal(s.m.out.n_links, 1);
		str_is_text(s.m.out.links[0].url, "https://a.example/가");
	}
	shop_done(&s);
}

/* crawler-commons' files; what its own tests expect of them, and where we differ. */
static const struct {
	const char *file;
	int links;
	const char *first, *last;
	int rejected;
} suite[] = {
	{ .file = "sitemaps/sitemap.ns.xml",
	  .links = 2,
	  .first = "http://www.example.com/1",
	  .last = "http://www.example.com/2" },

	/* theirs refuses a wrong namespace when told to be strict; we have no such mood */
	{ .file = "sitemaps/sitemap.badns.xml",
	  .links = 2,
	  .first = "http://www.example.com/1",
	  .last = "http://www.example.com/2" },
	{ .file = "sitemaps/sitemap.index.xml",
	  .links = 15,
	  .first = "https://example.com/sitemap.jss?portalCode=10260&lang=en",
	  .last = "https://example.com/sitemap.jss?portalCode=10570&lang=en" },
	{ .file = "sitemaps/sitemap.txt",
	  .links = 2,
	  .first = "http://www.domain.com/page1.html",
	  .last = "http://www.domain.com/page2.html" },
	{ .file = "sitemaps/sitemap-with-bom.txt",
	  .links = 2,
	  .first = "http://www.domain.com/page1.html",
	  .last = "http://www.domain.com/page2.html" },
	{ .file = "sitemaps/sitemap.txt.gz",
	  .links = 5,
	  .first = "http://www.example.com/",
	  .last = "http://www.example.com/catalog?item=83&desc=vacation_usa" },
	{ .file = "sitemaps/xmlSitemap.gz",
	  .links = 5,
	  .first = "http://www.example.com/",
	  .last = "http://www.example.com/catalog?item=83&desc=vacation_usa" },
	{ .file = "sitemaps/do-not-visit.txt",
	  .links = 1,
	  .first = "http://www.example.com/do-not-visit-here",
	  .last = "http://www.example.com/do-not-visit-here" },
	{ .file = "sitemaps/atom.xml",
	  .links = 1,
	  .first = "http://example.org/2003/12/13/atom03",
	  .last = "http://example.org/2003/12/13/atom03" },
	{ .file = "rss/feed.rss",
	  .links = 4,
	  .first = "https://www.example.com/blog/post/1",
	  .last = "https://www.example.com/foo?q=a&l=fr" },
	{ .file = "rss/xmlRss_pubDate.xml",
	  .links = 7,
	  .first = "http://www.example.com/article_1",
	  .last = "http://www.example.com/article_7" },

	/* of the extensions the addresses of pages: no images, videos, translations
	 * (the latter have entries of their own), where theirs keeps attributes */
	{ .file = "sitemaps/extension/hebdenbridgetimes-articles-sitemap.xml",
	  .links = 74,
	  .first = "http://www.hebdenbridgetimes.co.uk/news/local/"
		   "video-tour-de-yorkshire-in-calderdale-1-7242580" },
	{ .file = "sitemaps/extension/pagemaps-sitemap.xml",
	  .links = 2,
	  .first = "http://www.example.com/foo" },
	{ .file = "sitemaps/extension/shinpaideshou-news-sitemap.xml", .links = 3 },
	{ .file = "sitemaps/extension/sitemap-images.xml",
	  .links = 1,
	  .first = "http://www.example.com/images/some_image_landing_page.html" },
	{ .file = "sitemaps/extension/sitemap-links.xml",
	  .links = 3,
	  .first = "http://www.example.com/english/",
	  .last = "http://www.example.com/schweiz-deutsch/" },
	{ .file = "sitemaps/extension/sitemap-mobile.xml",
	  .links = 3,
	  .first = "http://www.example.com/mobile-friendly-1/",
	  .last = "http://www.example.com/no-mobile/" },
	{ .file = "sitemaps/extension/sitemap-news.xml",
	  .links = 2,
	  .first = "http://www.example.org/business/article55.html" },
	{ .file = "sitemaps/extension/sitemap-videos-tvshow.xml",
	  .links = 1,
	  .first = "https://example.org/my-tv-show/23/13/" },
	{ .file = "sitemaps/extension/sitemap-videos.xml",
	  .links = 3,
	  .first = "http://www.example.com/videos/some_video_landing_page.html",
	  .last = "http://www.example.com/videos/some_video_landing_page-3.html" },
};

/* The times of xmlRss_pubDate.xml; a time without a zone is UTC for us, none for
 * crawler-commons. */
static void check_times(const struct extract_out *out)
{
	for (int i = 0; i < 4; i++)
		assert_int_equal(out->links[i].lastmod_ms, 1483619691000 + i * INT64_C(1000));
	assert_int_equal(out->links[4].lastmod_ms, 1483623295000);
	assert_int_equal(out->links[5].lastmod_ms, 0);
	assert_int_equal(out->links[6].lastmod_ms, 0);
}

static void the_suite_is_read(void **state)
{
	static const char folder[] = PIPED_SHARED "/data/suites/sitemaps";
	struct shop s = { 0 };
	struct buf b;

	(void)state;
	if (!file_exists(folder)) {
		print_message("skipped: %s is not here\n", folder);
		skip();
	}
	buf_init(&b, 1 << 20);
	shop_init(&s, FORMAT_SITEMAP);
	for (size_t i = 0; i < sizeof(suite) / sizeof(*suite); i++) {
		struct extract_out *out = &s.m.out;
		char path[700];

		snprintf(path, sizeof(path), "%s/%s", folder, suite[i].file);
		buf_clear(&b);
		assert_int_equal(file_read(path, &b, NULL), ERR_OK);
		if (shop_run(&s, buf_str(&b), NULL))
			fail_msg("%s: %s", suite[i].file, s.m.why.text);
		if (out->n_links != suite[i].links || out->rejected != suite[i].rejected)
			fail_msg("%s: %d links, %d rejected: %.*s", suite[i].file, out->n_links,
				 out->rejected, STR_ARG(out->reject_reason));
		if (suite[i].first)
			str_is_text(out->links[0].url, suite[i].first);
		if (suite[i].last)
			str_is_text(out->links[out->n_links - 1].url, suite[i].last);
		if (str_ends(str_of(suite[i].file), STR("pubDate.xml")))
			check_times(out);
	}
	shop_done(&s);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_read_is_read),
		cmocka_unit_test(other_pages_are_refused),
		cmocka_unit_test(times_are_kept),
		cmocka_unit_test(first_match_takes_an_address),
		cmocka_unit_test(versions_in_a_language_are_followed),
		cmocka_unit_test(an_index_leads_to_maps),
		cmocka_unit_test(gzip_files_are_unpacked),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(encodings_are_read),
		cmocka_unit_test(the_suite_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
