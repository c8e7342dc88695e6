#include "extractor/extract_sitemap.h"

#include "tests/unit/extractor/extract_make.h"

#include <string.h>

struct row {
	const char *name, *body;
	const char *want[4];
	int64_t lastmod_ms; /* of the first */
	int rejected;
};

static const struct row rows[] = {
	{ .name = "RSS 2.0",
	  .body = "<?xml version='1.0'?><rss version='2.0' "
		  "xmlns:atom='http://www.w3.org/2005/Atom'>"
		  "<channel><title>T</title><link>no</link><atom:link rel='self' href='no'/>"
		  "<image><url>no</url><link>no</link></image><item><title>1</title>"
		  "<atom:link href='no'/><link>https://a.example/1</link>"
		  "<guid>https://a.example/no</guid>"
		  "<pubDate>Thu, 05 Jan 2017 12:34:50 GMT</pubDate></item>"
		  "<item><link> https://a.example/2?a&amp;b </link></item></channel></rss>",
	  .want = { "https://a.example/1", "https://a.example/2?a&b" },
	  .lastmod_ms = 1483619690000 },
	{ .name = "a guid that is an address",
	  .body = "<rss><channel><item><guid>https://a.example/1</guid></item>"
		  "<item><guid>urn:1</guid></item></channel></rss>",
	  .want = { "https://a.example/1" },
	  .rejected = 1 },
	{ .name = "RSS 0.91",
	  .body = "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
		  "'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'>"
		  "<channel><item><title>1 &eacute; & 2</title><link>https://a.example/1</link>"
		  "</item></channel></rss>",
	  .want = { "https://a.example/1" } },
	{ .name = "RSS 1.0",
	  .body = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
		  "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
		  "<channel rdf:about='no'><link>no</link><items><rdf:Seq>"
		  "<rdf:li resource='no'/></rdf:Seq></items></channel>"
		  "<item rdf:about='no'><link>https://a.example/1</link>"
		  "<dc:date>2005-01-01</dc:date></item></rdf:RDF>",
	  .want = { "https://a.example/1" },
	  .lastmod_ms = 1104537600000 },
	{ .name = "Atom",
	  .body = "<feed xmlns='http://www.w3.org/2005/Atom'><link href='no'/>"
		  "<link rel='next' href='no'/><entry><id>urn:1</id>"
		  "<link rel='edit' href='no'/><link rel='alternate' "
		  "href='https://a.example/?a=1&amp;b=2&c=3'/><link href='https://a.example/no'/>"
		  "<updated>2005-01-01T00:00:00Z</updated>"
		  "<source><link href='no'/><updated>2001-01-01</updated></source>"
		  "<content type='xhtml'><div xmlns='x'><a><link href='no'/></a></div></content>"
		  "</entry><entry><link rel='enclosure' href='no'/></entry></feed>",
	  .want = { "https://a.example/?a=1&b=2&c=3" },
	  .lastmod_ms = 1104537600000,
	  .rejected = 1 },
	{ .name = "Atom with a prefix",
	  .body = "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry>"
		  "<a:link href='https://a.example/1'/><a:modified>2005</a:modified></a:entry>"
		  "</a:feed>",
	  .want = { "https://a.example/1" },
	  .lastmod_ms = 1104537600000 },
	{ .name = "xml:base",
	  .body = "<feed xml:base='/b/'><entry><link href='1'/></entry>"
		  "<entry xml:base='c/'><link href='2'/></entry>"
		  "<entry><link href='https://b.example/3'/></entry></feed>",
	  .want = { "https://shop.example/b/1", "https://shop.example/b/c/2",
		    "https://b.example/3" } },
	{ .name = "relative",
	  .body = "<feed><entry><link href='1'/></entry></feed>",
	  .want = { "1" } },
	{ .name = "empty", .body = "<rss version='2.0'><channel/></rss>", .want = { NULL } },
	{ .name = "cut",
	  .body = "<rss><channel><item><link>https://a.example/1</link></item><item><link>https",
	  .want = { "https://a.example/1" },
	  .rejected = 1 },
};

static void feeds_are_read(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_FEED);
	m.link = (struct conf_link){ .page = STR("detail") };
	m.page.n_links = 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		int n = 0;

		if (made_run(&m, str_of(r->body), "application/rss+xml"))
			fail_msg("%s: %s", r->name, m.why.text);
		while (n < 4 && r->want[n])
			n++;
		if (m.out.n_links != n || m.out.rejected != r->rejected)
			fail_msg("%s: %d links, %d rejected: %.*s", r->name, m.out.n_links,
				 m.out.rejected, STR_ARG(m.out.reject_reason));
		for (int k = 0; k < n; k++) {
			str_is_text(m.out.links[k].url, r->want[k]);
			str_is_text(m.out.links[k].page, "detail");
		}
		if (n)
			assert_int_equal(m.out.links[0].lastmod_ms, r->lastmod_ms);
	}
	made_done(&m);
}

static const struct {
	const char *body, *why;
} bads[] = {
	{ .body = "https://a.example/1\n", .why = "no feed: not XML" },
	{ .body = "<urlset><url><loc>https://a.example/1</loc></url></urlset>",
	  .why = "no feed: its root is `urlset`" },
	{ .body = "<html><body><item><link>x</link></item></body></html>",
	  .why = "no feed: its root is `html`" },
	{ .body = "<x><url><loc>https://a.example/1</loc></url></x>",
	  .why = "no feed: its root is `x`" },
	{ .body = "<?xml version='1.0'?>", .why = "not XML, and no feed" },
	{ .body = "", .why = "the body is empty" },
};

static void other_pages_are_refused(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_FEED);
	for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		if (made_run(&m, str_of(bads[i].body), NULL) != ERR_BAD ||
		    !strstr(m.why.text, bads[i].why))
			fail_msg("%s: %s", bads[i].body, m.why.text);
	}
	made_done(&m);
}

static void only_what_matches_is_followed(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_FEED);
	m.link = (struct conf_link){ .page = STR("detail"), .match = STR("*/item/*") };
	m.page.n_links = 1;
	assert_int_equal(
		made_run(&m,
			 STR("<rss><item><link>item/1</link></item>"
			     "<item><link>https://shop.example/news/2</link></item></rss>"),
			 NULL),
		ERR_OK);
	assert_int_equal(m.out.n_links, 1);
	str_is_text(m.out.links[0].url, "item/1");
	assert_int_equal(m.out.rejected, 0);
	made_done(&m);
}

/* Lists whose pages name the next one. */
static const struct {
	enum conf_format format;
	enum conf_sel_kind kind;
	const char *next, *body, *want; /* NULL: no next page */
} nexts[] = {
	{ .format = FORMAT_HTML,
	  .kind = SEL_CSS,
	  .next = "a[rel=next]::attr(href)",
	  .body = "<a rel=prev href=?p=1>1</a><a rel=next href=?p=3>3</a><a rel=next href=x>4</a>",
	  .want = "?p=3" },
	{ .format = FORMAT_HTML,
	  .kind = SEL_CSS,
	  .next = "link[rel=next]",
	  .body = "<head><base href=/b/><link rel=next href=3></head>",
	  .want = "https://shop.example/b/3" },
	{ .format = FORMAT_HTML,
	  .kind = SEL_XPATH,
	  .next = "//a[@rel='next']/@href",
	  .body = "<a rel=next href=' '>x</a><a rel=next href=2>y</a>",
	  .want = "2" },
	{ .format = FORMAT_HTML,
	  .kind = SEL_CSS,
	  .next = "a[rel=next]::attr(href)",
	  .body = "<p>the end" },
	{ .format = FORMAT_JSON,
	  .kind = SEL_JQ,
	  .next = ".next",
	  .body = "{\"next\":\"/api?p=2\"}",
	  .want = "/api?p=2" },
	{ .format = FORMAT_JSON, .kind = SEL_JQ, .next = ".next", .body = "{\"next\":null}" },
	{ .format = FORMAT_JSON, .kind = SEL_JQ, .next = ".next", .body = "{\"next\":false}" },
	{ .format = FORMAT_JSON, .kind = SEL_JQ, .next = ".next", .body = "{\"next\":3}" },
	{ .format = FORMAT_JSON, .kind = SEL_JQ, .next = ".next", .body = "{\"next\":\"\"}" },
	{ .format = FORMAT_JSON,
	  .kind = SEL_JQ,
	  .next = ".cursor | strings | \"?cursor=\" + @uri",
	  .body = "{\"cursor\":\"a/b=\"}",
	  .want = "?cursor=a%2Fb%3D" },
	{ .format = FORMAT_JSON,
	  .kind = SEL_JQ,
	  .next = ".cursor | strings | \"?cursor=\" + @uri",
	  .body = "{}" },
};

static void the_next_page_is_a_link(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nexts) / sizeof(*nexts); i++) {
		struct made m;

		made_init(&m, nexts[i].format);
		m.page.paging.next = sel_of(nexts[i].kind, nexts[i].next);
		if (made_run(&m, str_of(nexts[i].body), NULL))
			fail_msg("%s: %s", nexts[i].body, m.why.text);
		assert_int_equal(m.out.n_links, nexts[i].want != NULL);
		assert_false(m.out.more);
		if (nexts[i].want) {
			str_is_text(m.out.links[0].url, nexts[i].want);
			str_is_text(m.out.links[0].page, "list");
			assert_true(m.out.links[0].next);
		}
		made_done(&m);
	}
}

/* A jq program that fails is the page's failure, like more and last. */
static void a_wrong_next_is_told(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_JSON);
	m.page.paging.next = sel_of(SEL_JQ, ".next.url");
	assert_int_equal(made_run(&m, STR("{\"next\":5}"), NULL), ERR_BAD);
	assert_non_null(strstr(m.why.text, "next `.next.url`: Cannot index number"));
	made_done(&m);
}

static void links_may_have_to_match(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	made_link(&m, SEL_CSS, "a");
	m.link.match = STR("https://shop.example/item/*");
	assert_int_equal(made_run(&m,
				  STR("<a href=/item/1>1</a><a href='../item/2 x'>2</a>"
				      "<a href=/help>3</a><a href=//shop.example/item/4>4</a>"),
				  NULL),
			 ERR_OK);
	assert_int_equal(m.out.n_links, 2);
	str_is_text(m.out.links[0].url, "/item/1");
	str_is_text(m.out.links[1].url, "//shop.example/item/4");
	made_done(&m);
	made_init(&m, FORMAT_JSON);
	made_link(&m, SEL_JQ, ".[]");
	m.link.match = STR("*/item/*");
	assert_int_equal(made_run(&m, STR("[\"/item/1\",\"/help\"]"), NULL), ERR_OK);
	assert_int_equal(m.out.n_links, 1);
	made_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(feeds_are_read),
		cmocka_unit_test(other_pages_are_refused),
		cmocka_unit_test(only_what_matches_is_followed),
		cmocka_unit_test(the_next_page_is_a_link),
		cmocka_unit_test(a_wrong_next_is_told),
		cmocka_unit_test(links_may_have_to_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
