#include "extractor/extract_html.h"

#include "base/buf.h"
#include "extractor/extract_html_page.h"
#include "tests/unit/extractor/extract_make.h"

#include <string.h>

static const char list[] =
	"<!doctype html><html lang=ko><head><meta charset=utf-8><title>장터 &amp; "
	"시장</title></head>"
	"<body><nav><a class=item href=/not/one>nav</a></nav><ul class='items list'>"
	"<li class=item data-id=101><a class=item href='/item/101?a=1&amp;b=2'><h3>  노스페이스\n"
	" &lt;눕시&gt; 패딩 </h3></a><span class=price>155,000&nbsp;원</span>"
	"<img src=/img/101.jpg></li>"
	"<li class='item ad' data-id=102><h3>promoted</h3></li>"
	"<li class=item><h3>no id</h3></li>"
	"<li class=item data-id=103><h3>Plain<script>var x = '<h3>';</script></h3>"
	"<p class=text>first<br>second<b>!</b></p></li></ul>"
	"<a rel=next href='?page=3'>2</a> <span class=pages>1 / 1,025</span></body></html>";

static void html_list(struct made *m)
{
	made_init(m, FORMAT_HTML);
	m->page.items = sel_of(SEL_CSS, "ul.items > li");
	m->page.skip = sel_of(SEL_CSS, ":scope.ad");
	made_field(m, FIELD_ID, SEL_CSS, "::attr(data-id)");
	made_field(m, FIELD_URL, SEL_CSS, "a.item::attr(href)");
	made_field(m, FIELD_TITLE, SEL_CSS, "h3::text");
	made_field(m, FIELD_PRICE, SEL_XPATH, "span[@class='price']");
	made_field(m, FIELD_IMAGE, SEL_XPATH, "img/@src");
	made_field(m, FIELD_DESCRIPTION, SEL_CSS, ".text");
	made_field(m, FIELD_CONDITION, SEL_XPATH, "count(a)");
	made_field(m, FIELD_STATUS, SEL_XPATH, "boolean(a)");
	made_field(m, FIELD_BRAND, SEL_XPATH, "substring-before(string(h3), ' ')");
	made_field(m, FIELD_CURRENCY, SEL_CONST, "KRW");
	made_link(m, SEL_CSS, "li a.item");
	m->page.paging.var = STR("page");
	m->page.paging.more = sel_of(SEL_CSS, "a[rel=next]");
	m->page.paging.last = sel_of(SEL_CSS, ".pages");
}

static void a_list_is_read(void **state)
{
	const struct listing_raw *l;
	struct made m;

	(void)state;
	html_list(&m);
	assert_int_equal(made_run(&m, str_of(list), "text/html"), ERR_OK);
	assert_int_equal(m.out.items, 4);
	assert_int_equal(m.out.skipped, 1);
	assert_int_equal(m.out.rejected, 1);
	str_is_text(m.out.reject_reason, "id `::attr(data-id)`: nothing found");
	assert_int_equal(m.out.n_listings, 2);
	l = &m.out.listings[0];
	str_is_text(l->field[FIELD_ID], "101");
	str_is_text(l->field[FIELD_URL], "/item/101?a=1&b=2");
	str_is_text(l->field[FIELD_TITLE], "노스페이스 <눕시> 패딩");
	str_is_text(l->field[FIELD_PRICE], "155,000 원");
	str_is_text(l->field[FIELD_IMAGE], "/img/101.jpg");
	str_is_text(l->field[FIELD_DESCRIPTION], NULL);
	str_is_text(l->field[FIELD_CONDITION], "1");
	str_is_text(l->field[FIELD_STATUS], "true");
	str_is_text(l->field[FIELD_CURRENCY], "KRW");
	l = &m.out.listings[1];
	str_is_text(l->field[FIELD_TITLE], "Plain");
	str_is_text(l->field[FIELD_DESCRIPTION], "first second!");
	str_is_text(l->field[FIELD_CONDITION], "0");
	str_is_text(l->field[FIELD_STATUS], "false");
	assert_true(m.out.more);
	assert_int_equal(m.out.last, 1025);
	assert_int_equal(m.out.n_links, 1);
	str_is_text(m.out.links[0].url, "/item/101?a=1&b=2");
	str_is_text(m.out.links[0].page, "detail");
	made_done(&m);
}

static void a_page_is_one_item(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	made_field(&m, FIELD_ID, SEL_CSS, "article::attr(data-id)");
	made_field(&m, FIELD_TITLE, SEL_CSS, "h1::text");
	assert_int_equal(made_run(&m, STR("<article data-id=5><h1>X</h1></article>"), NULL),
			 ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	str_is_text(m.out.listings[0].field[FIELD_TITLE], "X");
	assert_false(m.out.more);
	assert_int_equal(m.out.last, -1);
	/* another page: no such markup */
	assert_int_equal(made_run(&m, STR("<html><body><p>Access denied"), NULL), ERR_OK);
	assert_int_equal(m.out.n_listings, 0);
	assert_int_equal(m.out.rejected, 1);
	/* an empty title is there, and the cleaner's to flag */
	assert_int_equal(made_run(&m, STR("<article data-id=5><h1> </h1></article>"), NULL),
			 ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	assert_int_equal(m.out.listings[0].field[FIELD_TITLE].n, 0);
	assert_int_equal(made_run(&m, STR(""), NULL), ERR_BAD);
	assert_string_equal(m.why.text, "the body is empty");
	assert_int_equal(made_run(&m, STR("\0\0\0"), NULL), ERR_BAD);
	assert_int_equal(made_run(&m, STR("<!-- -->"), NULL), ERR_BAD);
	assert_string_equal(m.why.text, "no markup");
	made_done(&m);
}

static void a_list_without_items_is_empty(void **state)
{
	struct made m;

	(void)state;
	html_list(&m);
	assert_int_equal(made_run(&m, STR("<html><body>nothing</body></html>"), NULL), ERR_OK);
	assert_int_equal(m.out.items, 0);
	assert_false(m.out.more);
	assert_int_equal(m.out.last, -1);
	made_done(&m);
	made_init(&m, FORMAT_HTML);
	m.page.items = sel_of(SEL_XPATH, "count(//li)");
	made_field(&m, FIELD_ID, SEL_CSS, "li");
	assert_int_equal(made_run(&m, STR("<li>"), NULL), ERR_BAD);
	assert_string_equal(m.why.text, "items `count(//li)`: finds a value, not elements");
	made_done(&m);
}

struct last {
	const char *html;
	int64_t want;
};

static const struct last lasts[] = {
	{ .html = "<i>25</i>", .want = 25 },
	{ .html = "<i>1</i><i>2</i><i>30</i><i>next</i>", .want = 30 },
	{ .html = "<i>page 2 of 1,234,567 pages</i>", .want = 1234567 },
	{ .html = "<i>next</i>", .want = -1 },
	{ .html = "<i></i>", .want = -1 },
	{ .html = "<i>99999999999999999999</i>", .want = -1 },
	{ .html = "<b>5</b>", .want = -1 },
};

static void the_last_page_is_the_greatest_number(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	m.page.paging.last = sel_of(SEL_CSS, "i");
	for (size_t i = 0; i < sizeof(lasts) / sizeof(*lasts); i++) {
		assert_int_equal(made_run(&m, str_of(lasts[i].html), NULL), ERR_OK);
		assert_int_equal(m.out.last, lasts[i].want);
	}
	made_done(&m);
}

static void a_base_makes_links_absolute(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	made_link(&m, SEL_CSS, "a");
	made_field(&m, FIELD_ID, SEL_CONST, "1");
	made_field(&m, FIELD_TITLE, SEL_CONST, "t");
	made_field(&m, FIELD_IMAGE, SEL_CSS, "img::attr(src)");
	assert_int_equal(made_run(&m,
				  STR("<base href=/b/c/><a href=x>1</a><a href='가 나'>2</a>"
				      "<a href=http://o.example/>3</a><img src=../i.jpg>"),
				  NULL),
			 ERR_OK);
	assert_int_equal(m.out.n_links, 3);
	str_is_text(m.out.links[0].url, "https://shop.example/b/c/x");
	str_is_text(m.out.links[1].url, "가 나");
	str_is_text(m.out.links[2].url, "http://o.example/");
	str_is_text(m.out.listings[0].field[FIELD_IMAGE], "https://shop.example/b/i.jpg");
	made_done(&m);
}

static void charsets_are_told_apart(void **state)
{
	struct row {
		const char *type;
		struct str body;
	};
	const struct row rows[] = {
		{ .type = NULL, .body = STR("<title>가격 똠</title>") },
		{ .type = "text/html; charset=euc-kr",
		  .body = STR("<title>\xb0\xa1\xb0\xdd \x8c\x63</title>") },
		{ .type = "text/html",
		  .body = STR(
			  "<meta charset=\"euc-kr\"><title>\xb0\xa1\xb0\xdd \x8c\x63</title>") },
		{ .type = NULL,
		  .body = STR("<META http-equiv=Content-Type content='text/html; "
			      "charset=ks_c_5601-1987'><title>\xb0\xa1\xb0\xdd \x8c\x63</title>") },
		/* the header wins over a meta that lies */
		{ .type = "text/html; charset=UTF-8",
		  .body = STR("<meta charset=euc-kr><title>가격 똠</title>") },
		{ .type = "text/html; charset=euc-kr",
		  .body = STR("\xef\xbb\xbf<title>가격 똠</title>") },
		{ .type = "text/html; charset=x-nonsense", .body = STR("<title>가격 똠</title>") },
	};
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	made_field(&m, FIELD_ID, SEL_CSS, "title::text");
	m.page.fields[0].required = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(made_run(&m, rows[i].body, rows[i].type), ERR_OK);
		assert_int_equal(m.out.n_listings, 1);
		str_is_text(m.out.listings[0].field[FIELD_ID], "가격 똠");
	}
	made_done(&m);
}

static void bad_bytes_lose_no_page(void **state)
{
	struct made m;

	(void)state;
	made_init(&m, FORMAT_HTML);
	made_field(&m, FIELD_ID, SEL_CSS, "b");
	/* a torn character swallows no markup */
	assert_int_equal(made_run(&m, STR("<i>\xb0</i><b>\xb0\xa1\xff</b>"), "a;charset=euc-kr"),
			 ERR_OK);
	str_is_text(m.out.listings[0].field[FIELD_ID], "가\xef\xbf\xbd");
	assert_int_equal(made_run(&m, STR("<i>\xea\xb0</i><b>a\xff\xea\xb0\x80</b>"), NULL),
			 ERR_OK);
	str_is_text(m.out.listings[0].field[FIELD_ID], "a\xef\xbf\xbd가");
	assert_int_equal(made_run(&m, STR("<b>a\0b&#0;&#x110000;</b>"), NULL), ERR_OK);
	assert_int_equal(m.out.n_listings, 1);
	made_done(&m);
}

static void repeat(struct buf *b, const char *text, int n)
{
	for (int i = 0; i < n; i++)
		buf_add_text(b, text);
}

static void hostile_pages_are_bounded(void **state)
{
	struct made m;
	struct buf b;

	(void)state;
	html_list(&m);
	buf_init(&b, 16 << 20);
	repeat(&b, "<div>", 100000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_string_equal(m.why.text, "elements nest deeper than is read");
	buf_clear(&b);
	repeat(&b, "<b></b>", 310000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_non_null(strstr(m.why.text, "more elements"));
	buf_clear(&b);
	buf_add_text(&b, "<p");
	for (int i = 0; i < 1000; i++)
		buf_fmt(&b, " a%d=1", i);
	buf_add_text(&b, ">");
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_non_null(strstr(m.why.text, "attributes"));
	buf_clear(&b);
	buf_add_text(&b, "<ul class=items>");
	repeat(&b, "<li>", 5001);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_string_equal(m.why.text, "5001 items; at most 5000 are read");
	buf_clear(&b);
	buf_add_text(&b, "<ul>");
	repeat(&b, "<li><a class=item href=x>x</a>", 5001);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_string_equal(m.why.text, "more than 5000 links");
	buf_done(&b);
	made_done(&m);
}

static void steps_are_counted(void **state)
{
	struct made m;
	struct buf b;

	(void)state;
	made_init(&m, FORMAT_HTML);
	/* the square of the siblings */
	m.page.paging.more = sel_of(SEL_CSS, "b:nth-last-child(100000)");
	made_link(&m, SEL_CSS, "b:nth-last-child(99999)");
	buf_init(&b, 16 << 20);
	repeat(&b, "<b></b>", 20000);
	assert_int_equal(made_run(&m, buf_str(&b), NULL), ERR_TOO_BIG);
	assert_non_null(strstr(m.why.text, "steps"));
	assert_int_equal(made_run(&m, STR("<b></b>"), NULL), ERR_OK);
	buf_done(&b);
	made_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_read),
		cmocka_unit_test(a_page_is_one_item),
		cmocka_unit_test(a_list_without_items_is_empty),
		cmocka_unit_test(the_last_page_is_the_greatest_number),
		cmocka_unit_test(a_base_makes_links_absolute),
		cmocka_unit_test(charsets_are_told_apart),
		cmocka_unit_test(bad_bytes_lose_no_page),
		cmocka_unit_test(hostile_pages_are_bounded),
		cmocka_unit_test(steps_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
