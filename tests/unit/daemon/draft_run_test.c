/* Drafts of sources from pages of many shapes: what the best way finds on them, and that its
 * file loads. */
#include "base/file.h"
#include "base/mem.h"
#include "daemon/draft_run.h"
#include "serve/serve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGES PIPED_SHARED "/data/pages/"

static struct conf *conf;
static struct labeler *labeler;
static struct arena *arena;

static int set_up(void **state)
{
	struct conf_problem *problems = NULL;
	struct reason why;
	int n = 0;

	(void)state;
	arena = arena_new(65536);
	assert_int_equal(
		conf_load_source(STR("name: a\nseeds: [{ page: p, url: \"https://a.example/\" "
				     "}]\npages: { p: { format: none } }\n"),
				 STR("a.yaml"), &conf, &problems, &n),
		ERR_OK);
	conf->max_body_bytes = 32 << 20;
	conf->max_ratio = 200;
	return labeler_new(conf, &labeler, &why) ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	labeler_free(labeler);
	conf_free(conf);
	arena_free(arena);
	return 0;
}

static enum err draft(struct str body, const char *url, struct draft *ret, struct reason *why)
{
	static struct serve_view view;
	struct draft_in in = {
		.view = &view, .body = body, .url = str_of(url), .now_ms = INT64_C(1764064800000)
	}; /* 2025-11-25 */

	view = (struct serve_view){ .conf = conf, .labeler = labeler };
	arena_reset(arena);
	why->text[0] = 0;
	return draft_run("/nonexistent", &in, arena, ret, why);
}

#define FIELDS 8

/* A page, and what the best way finds on it. */
static const struct sample {
	const char *name, *url, *body;
	const char *format;
	int kept;
	struct {
		enum listing_field field;
		const char *first;
		int n; /* 0: all */
	} fields[FIELDS];
	const char *yaml[5]; /* parts of the file */
} samples[] = {
	{ .name = "stable names and a next link",
	  .url = "https://www.attic.example/list?c=7",
	  .body = "<html lang=ko><body><nav><a href=/a>가방</a><a href=/b>신발</a><a "
		  "href=/c>외투</a>"
		  "<a href=/d>모자</a></nav><ul class=goods>"
		  "<li class='goods-item new' data-id=71><a href=/item/71><img src=/p/71.jpg></a>"
		  "<h3 class=title><a href=/item/71>파란 코트</a></h3><del "
		  "class=price>90,000원</del>"
		  "<span class=price>12,000원</span><span class=region>역삼동</span><time>3일 "
		  "전</time></li>"
		  "<li class=goods-item data-id=72><a href=/item/72><img src=/p/72.jpg></a>"
		  "<h3 class=title><a href=/item/72>빨간 모자</a></h3>"
		  "<span class=price>5만원</span><span "
		  "class=region>논현동</span><time>어제</time></li>"
		  "<li class=goods-item data-id=73><a href=/item/73><img src=/p/73.jpg></a>"
		  "<h3 class=title><a href=/item/73>낡은 구두</a></h3>"
		  "<span class=price>나눔</span><span class=region>역삼동</span><time>2시간 "
		  "전</time></li>"
		  "</ul><a class=pager-next href='/list?c=7&page=2'>다음</a></body></html>",
	  .format = "html",
	  .kept = 3,
	  .fields = { { FIELD_ID, "71", 0 },
		      { FIELD_URL, "/item/71", 0 },
		      { FIELD_TITLE, "파란 코트", 0 },
		      { FIELD_IMAGE, "/p/71.jpg", 0 },
		      { FIELD_LOCATION, "역삼동", 0 },
		      { FIELD_POSTED, "3일 전", 0 },
		      { FIELD_PRICE, "12,000원", 0 } },
	  .yaml = { "name: attic\n", "language: ko\n", "next: \"a.pager-next::attr(href)\"",
		    "url: \"https://www.attic.example/list?c=7\"", "currency: KRW" } },
	{ .name = "hashed names, an id in the address, lazy pictures, numbered pages",
	  .url = "https://m.shop.example/search?q=coat&page=2",
	  .body = "<html lang=en-US><body><div class='css-1x2y3z'>"
		  "<div class='css-9k2j1a Card_root__3XyZ1'><a class=css-0a9b8c "
		  "href='/p/coat-long?id=A12&ref=list'><img src='data:image/gif;base64,R0' "
		  "data-src=/i/12.webp><p class='Card_title__9sKq2'>Long coat</p></a>"
		  "<div class='css-7h6g5f'><b>$120.50</b></div></div>"
		  "<div class='css-9k2j1a Card_root__3XyZ1'><a class=css-0a9b8c "
		  "href='/p/coat-short?id=A13&ref=list'><img src='data:image/gif;base64,R0' "
		  "data-src=/i/13.webp><p class='Card_title__9sKq2'>Short coat</p></a>"
		  "<div class='css-7h6g5f'><b>$99</b></div></div>"
		  "<div class='css-9k2j1a Card_root__3XyZ1'><a class=css-0a9b8c "
		  "href='/p/hat?id=A14&ref=list'><img src='data:image/gif;base64,R0' "
		  "data-src=/i/14.webp><p class='Card_title__9sKq2'>Hat</p></a>"
		  "<div class='css-7h6g5f'><b>$15</b></div></div></div>"
		  "<a href='/search?q=coat&page=1'>1</a> <a href='/search?q=coat&page=3'>3</a>",
	  .format = "html",
	  .kept = 3,
	  .fields = { { FIELD_ID, "A12", 0 },
		      { FIELD_TITLE, "Long coat", 0 },
		      { FIELD_IMAGE, "/i/12.webp", 0 },
		      { FIELD_PRICE, "$120.50", 0 } },
	  .yaml = { "name: shop\n", "currency: USD\n", "search?q=coat&page={page}\"", "page: 1\n",
		    "[class*=\\\"Card_" } },
	{ .name = "a table without names",
	  .url = "http://old.example/bbs/list.php",
	  .body = "<table width=600><tr><td>번호</td><td>제목</td><td>가격</td><td>날짜</td></tr>"
		  "<tr><td>3</td><td><a href='view.php?no=903'>자전거 "
		  "팝니다</a></td><td>80,000원</td>"
		  "<td>2025.11.20</td></tr>"
		  "<tr><td>2</td><td><a href='view.php?no=902'>책상 급처</a></td><td>35,000원</td>"
		  "<td>2025.11.19</td></tr>"
		  "<tr><td>1</td><td><a href='view.php?no=901'>의자 두 개</a></td><td>10,000원</td>"
		  "<td>2025.11.02</td></tr></table>",
	  .format = "html",
	  .kept = 3,
	  .fields = { { FIELD_ID, "903", 0 },
		      { FIELD_URL, "view.php?no=903", 0 },
		      { FIELD_TITLE, "자전거 팝니다", 0 },
		      { FIELD_PRICE, "80,000원", 0 },
		      { FIELD_POSTED, "2025.11.20", 0 } },
	  .yaml = { "substring-after(" } },
	{ .name = "a page in EUC-KR that does not say so",
	  .url = "http://old.example/",
	  .body = "<div class=row><a href=/v/1.html>\xc6\xc4\xb6\xf5 \xc4\xda\xc6\xae</a>"
		  "<i class=price>12,000\xbf\xf8</i></div>"
		  "<div class=row><a href=/v/2.html>\xbb\xa1\xb0\xa3 \xb8\xf0\xc0\xda</a>"
		  "<i class=price>5\xb8\xb8\xbf\xf8</i></div>"
		  "<div class=row><a href=/v/3.html>\xb3\xb0\xc0\xba \xb1\xb8\xb5\xce</a>"
		  "<i class=price>7\xb8\xb8\xbf\xf8</i></div>",
	  .format = "html",
	  .kept = 3,
	  .fields = { { FIELD_TITLE, "파란 코트", 0 }, { FIELD_PRICE, "12,000원", 0 } },
	  .yaml = { "EUC-KR, as its bytes look" } },
	{ .name = "what the page says of itself, and others beside it",
	  .url = "https://shop.example/p/9",
	  .body = "<h1>Boots</h1><b class=price>45,00 €</b><script type='application/ld+json'>"
		  "{\"@type\":\"Product\",\"sku\":\"B7\",\"name\":\"Boots\",\"offers\":{\"price\":"
		  "\"45\",\"priceCurrency\":\"EUR\"}}</script><div class=related>"
		  "<div class=card><a href=/p/1>One shoe</a><b>10 €</b></div>"
		  "<div class=card><a href=/p/2>Two shoes</a><b>20 €</b></div>"
		  "<div class=card><a href=/p/3>Three shoes</a><b>30 €</b></div></div>",
	  .format = "auto",
	  .kept = 1,
	  .fields = { { FIELD_ID, "B7", 0 },
		      { FIELD_TITLE, "Boots", 0 },
		      { FIELD_PRICE, "45", 0 } },
	  .yaml = { "format: auto", "by JSON-LD", "Another way, format html", "currency: EUR\n",
		    "  item:\n" } },
	{ .name = "a list that says its entries",
	  .url = "https://shop.example/l",
	  .body = "<link rel=next href=/l?2><script "
		  "type='application/ld+json'>{\"@type\":\"ItemList\","
		  "\"itemListElement\":[{\"@type\":\"Product\",\"name\":\"Hat\",\"url\":\"/p/"
		  "11111\","
		  "\"offers\":{\"price\":5,\"priceCurrency\":\"USD\"}},{\"@type\":\"Product\","
		  "\"name\":"
		  "\"Cap\",\"url\":\"/p/"
		  "22222\",\"offers\":{\"price\":6,\"priceCurrency\":\"USD\"}}]}"
		  "</script>",
	  .format = "auto",
	  .kept = 2,
	  .fields = { { FIELD_TITLE, "Hat", 0 }, { FIELD_PRICE, "5", 0 } },
	  .yaml = { "paging: { rel-next: true }", "  list:\n" } },
	{ .name = "an interface's records, counted pages",
	  .url = "https://api.fair.example/find?q=%7Bx%7D&page=0&n=2",
	  .body = "{\"result\":\"ok\",\"data\":{\"total\":9,\"items\":[{\"seq\":501,\"title\":"
		  "\"파란 코트\","
		  "\"price\":12000,\"thumb_url\":\"https://i.example/1.jpg\",\"state\":\"판매중\","
		  "\"seller\":{\"id\":1,\"name\":\"u\"},\"regDate\":\"2025-11-20T10:00:00+09:00\"},"
		  "{\"seq\":502,\"title\":\"빨간 모자\",\"price\":5000,\"thumb_url\":"
		  "\"https://i.example/"
		  "2.jpg\",\"state\":\"판매완료\",\"seller\":{\"id\":1,\"name\":\"u\"},"
		  "\"regDate\":\"2025-11-19T10:00:00+09:00\"}],\"menu\":[{\"id\":1,\"name\":\"a\"},"
		  "{\"id\":2,\"name\":\"b\"},{\"id\":3,\"name\":\"c\"}]}}",
	  .format = "json",
	  .kept = 2,
	  .fields = { { FIELD_ID, "501", 0 },
		      { FIELD_TITLE, "파란 코트", 0 },
		      { FIELD_PRICE, "12000", 0 },
		      { FIELD_IMAGE, "https://i.example/1.jpg", 0 },
		      { FIELD_POSTED, "2025-11-20T10:00:00+09:00", 0 } },
	  .yaml = { "name: fair\n", "items: \".data.items[]\"", "find?q=%7Bx%7D&page={page}&n=2\"",
		    "\"판매완료\": sold", "more: \"[.data.items[]?] | length > 0\"" } },
	{ .name = "one thing that an interface tells, and what it may be had in",
	  .url = "https://api.fair.example/things/71",
	  .body = "{\"data\":{\"id\":\"71\",\"name\":\"Coat\",\"salePrice\":90,\"productUrl\":"
		  "\"https://fair.example/"
		  "71\",\"variants\":[{\"id\":1,\"title\":\"S\",\"price\":0},"
		  "{\"id\":2,\"title\":\"M\",\"price\":0},{\"id\":3,\"title\":\"L\",\"price\":5},"
		  "{\"id\":4,\"title\":\"XL\",\"price\":9}]}}",
	  .format = "auto",
	  .kept = 1,
	  .fields = { { FIELD_ID, "71", 0 },
		      { FIELD_TITLE, "Coat", 0 },
		      { FIELD_PRICE, "90", 0 },
		      { FIELD_URL, "https://fair.example/71", 0 } },
	  .yaml = { "  item:\n" } },
	{ .name = "records whose only title is that of their address",
	  .url = "https://api.fair.example/shop",
	  .body = "[{\"id\":3206,\"slug\":\"nn-board-shorts\",\"status\":\"ONSALE\",\"price\":{"
		  "\"priceAmount\":\"40.00\",\"currencyName\":\"USD\",\"nationalShippingCost\":"
		  "\"12.40\"}},{\"id\":3117,\"slug\":\"size-xl-coat\",\"status\":\"ONSALE\","
		  "\"price\":{\"priceAmount\":\"30.00\",\"currencyName\":\"USD\","
		  "\"nationalShippingCost\":\"10.00\"}}]",
	  .format = "json",
	  .kept = 2,
	  .fields = { { FIELD_ID, "3206", 0 },
		      { FIELD_TITLE, "nn-board-shorts", 0 },
		      { FIELD_PRICE, "40.00", 0 },
		      { FIELD_CURRENCY, "USD", 0 } } },
	{ .name = "an interface that names its next page, a record within each",
	  .url = "https://api.example/v1/x",
	  .body = "{\"links\":{\"next\":\"/v1/"
		  "x?cursor=b\"},\"edges\":[{\"node\":{\"id\":\"a1\",\"name\":"
		  "\"Lamp\",\"price\":{\"amount\":\"10.50\",\"currency\":\"EUR\"},\"images\":[{"
		  "\"url\":"
		  "\"/i/"
		  "1\"}]}},{\"node\":{\"id\":\"a2\",\"name\":\"Desk\",\"price\":{\"amount\":\"99\","
		  "\"currency\":\"EUR\"},\"images\":[{\"url\":\"/i/2\"}]}}]}",
	  .format = "json",
	  .kept = 2,
	  .fields = { { FIELD_ID, "a1", 0 },
		      { FIELD_TITLE, "Lamp", 0 },
		      { FIELD_PRICE, "10.50", 0 },
		      { FIELD_CURRENCY, "EUR", 0 },
		      { FIELD_IMAGE, "/i/1", 0 } },
	  .yaml = { "next: \".links.next\"", "price: \".node.price.amount\"" } },
	{ .name = "the state of a page's script, of no known shape",
	  .url = "https://spa.example/s",
	  .body = "<div id=root></div><script>window.__DATA__ = "
		  "{\"feed\":{\"rows\":[{\"no\":\"x-1\","
		  "\"subject\":\"Red "
		  "bike\",\"cost\":\"$70\",\"link\":\"/ad/x-1\",\"city\":\"Ulm\"},"
		  "{\"no\":\"x-2\",\"subject\":\"Blue bike\",\"cost\":\"$90\",\"link\":\"/ad/x-2\","
		  "\"city\":\"Bern\"}]}};</script>",
	  .format = "json",
	  .kept = 2,
	  .fields = { { FIELD_ID, "x-1", 0 },
		      { FIELD_TITLE, "Red bike", 0 },
		      { FIELD_PRICE, "$70", 0 },
		      { FIELD_URL, "/ad/x-1", 0 },
		      { FIELD_LOCATION, "Ulm", 0 } },
	  .yaml = { "script: \"window.__DATA__\"" } },
	{ .name = "texts that YAML or a comment would take for something else",
	  .url = "https://a.example/#top",
	  .body = "<ul id=l><li><a href='/i/1\"'>a: \"b\" # c &#x2028;&#x85;&#27; d</a><b "
		  "class=price>$1</b></li>"
		  "<li><a href=/i/2>- {xyz}: #1</a><b class=price>$2</b></li>"
		  "<li><a href=/i/3>*&amp;!abc</a><b class=price>$3</b></li></ul>"
		  "<a href=/n title=next>\\&quot;</a>",
	  .format = "html",
	  .kept = 3,
	  .fields = { { FIELD_PRICE, "$1", 0 } },
	  .yaml = { "url: \"https://a.example/\"\n" } },
	{ .name = "names of parts that end a line of a comment",
	  .url = "https://a.example/",
	  .body = "{\"x\\u2028rate: 9/s\\u2028#\":[{\"no\":\"1a\",\"subject\":\"Hat\",\"cost\":"
		  "\"$1\"},{\"no\":\"2a\",\"subject\":\"Cap\",\"cost\":\"$2\"}]}",
	  .format = "json",
	  .kept = 2,
	  .fields = { { FIELD_PRICE, "$1", 0 } },
	  .yaml = { "by records at .[\"x rate: 9/s #\"][].\n", "x\\u2028rate: 9/s" } },
	{ .name = "personal data",
	  .url = "https://a.example/",
	  .body = "<ul><li class=a><a href=/i/1>Hat, 010-1234-5678</a><b class=price>$1</b></li>"
		  "<li class=a><a href=/i/2>Cap</a><b class=price>$2</b></li>"
		  "<li class=a><a href=/i/3>Bag</a><b class=price>$3</b></li></ul>",
	  .format = "html",
	  .kept = 3,
	  .fields = { { FIELD_TITLE, "Hat, 010-****-****", 0 } },
	  .yaml = { "3 of 3: Hat, 010-****-****" } },
};

static bool has(struct str s, const char *part)
{
	return str_find(s, str_of(part)) >= 0;
}

static void look(const struct sample *t)
{
	struct draft d;
	struct reason why;
	const struct draft_way *best;

	if (draft(str_of(t->body), t->url, &d, &why))
		fail_msg("%s: %s", t->name, why.text);
	if (d.best < 0)
		fail_msg("%s: nothing found", t->name);
	best = &d.ways[d.best];
	if (!str_is(str_of(t->format), best->format) || best->kept != t->kept)
		fail_msg("%s: %s, %d listings\n%.*s", t->name, best->format, best->kept,
			 STR_ARG(d.yaml));
	for (int i = 0; i < FIELDS && t->fields[i].first; i++) {
		enum listing_field f = t->fields[i].field;
		int n = t->fields[i].n ? t->fields[i].n : t->kept;

		if (best->filled[f] != n || !str_is(best->sample[f], t->fields[i].first))
			fail_msg("%s: %s %d of %d: %.*s\n%.*s", t->name, listing_fields[f].name,
				 best->filled[f], n, STR_ARG(best->sample[f]), STR_ARG(d.yaml));
	}
	for (int i = 0; i < 5 && t->yaml[i]; i++)
		if (!has(d.yaml, t->yaml[i]))
			fail_msg("%s: no `%s` in\n%.*s", t->name, t->yaml[i], STR_ARG(d.yaml));
}

static void pages_are_drafted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		look(&samples[i]);
}

static void nothing_is_told(void **state)
{
	static const char *const bodies[] = {
		"<p>Nothing is for sale here.</p>",
		/* a menu is no list of listings */
		("<ul><li><a href=/a>Bags and hats</a></li><li><a href=/b>Shoes</a></li>"
		 "<li><a href=/c>Coats</a></li><li><a href=/d>Caps</a></li></ul>"),
		"{\"a\": [1, 2, 3]}",
		"[{\"id\": 1, \"name\": \"Bags\"}, {\"id\": 2, \"name\": \"Hats\"}]",
	};
	struct draft d;
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(draft(str_of(bodies[i]), "https://a.example/", &d, &why), ERR_OK);
		assert_int_equal(d.best, -1);
		assert_null(d.yaml.p);
		assert_true(d.n > 0);
	}
	assert_int_equal(draft(STR(" \n"), NULL, &d, &why), ERR_BAD);
	assert_true(why.text[0]);
}

/* Saved pages of real sites; what is no list of listings is none. */
static const struct saved {
	const char *file;
	int kept; /* 0: nothing is for sale */
	const char *title, *price;
} saved[] = {
	{ "korean/daangn-main.html", 8, "위닉스 제습기 10L", "30,000원" },
	{ "korean/daangn-sellArticle.html", 1, "위닉스 제습기 10L", "30000.0" },
	{ "korean/kream-event.html", 11, "Nike ZoomX Vaporfly Next% 3 White Grey", "192,000원" },
	{ "korean/daangn-trust.html", 0, NULL, NULL },
};

static void real_pages_are_drafted(void **state)
{
	struct draft d;
	struct reason why;
	struct buf body;
	char path[300];

	(void)state;
	if (access(PAGES, R_OK) != 0)
		skip();
	for (size_t i = 0; i < sizeof(saved) / sizeof(saved[0]); i++) {
		const struct draft_way *best;

		buf_init(&body, 8 << 20);
		snprintf(path, sizeof(path), PAGES "%s", saved[i].file);
		assert_int_equal(file_read(path, &body, &why), ERR_OK);
		assert_int_equal(draft(buf_str(&body), NULL, &d, &why), ERR_OK);
		assert_int_equal(d.best < 0, saved[i].kept == 0);
		best = d.best < 0 ? NULL : &d.ways[d.best];
		if (best &&
		    (best->kept != saved[i].kept || best->filled[FIELD_PRICE] != best->kept ||
		     !str_is(best->sample[FIELD_TITLE], saved[i].title) ||
		     !str_is(best->sample[FIELD_PRICE], saved[i].price)))
			fail_msg("%s:\n%.*s", saved[i].file, STR_ARG(d.yaml));
		buf_done(&body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_drafted),
		cmocka_unit_test(nothing_is_told),
		cmocka_unit_test(real_pages_are_drafted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
