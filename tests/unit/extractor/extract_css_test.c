#include "extractor/extract_css.h"

#include "tests/unit/extractor/extract_make.h"

#include <string.h>

static const char page[] =
	"<!doctype html><html><head><title>T</title></head><body id=b>"
	"<div id=d1 class='box first'><p id=p1 class=x>one</p><p id=p2>two</p>"
	"<span id=s1 class='x y'>three</span><p id=p3 class='x'>four <b id=b1>bold</b></p></div>"
	"<div id=d2 class=box data-n='a-b c' lang=en-GB><ul id=u>"
	"<li id=l1>1</li><li id=l2 class=on>2</li><li id=l3>3</li><li id=l4>4</li><li id=l5>5</li>"
	"</ul><a id=a1 href='/x?a=1&amp;b=2' rel=next>next</a><a id=a2 name=anchor>none</a></div>"
	"<section id=e1></section><section id=e2><!-- c --></section><section id=e3> </section>"
	"<input id=i1 type=TEXT value='it\"s'><i id='a:b' class='1st' xlink:href='#z'>q</i>"
	"<x-card id=c1>k</x-card><article id=r1><h2 id=h1>가격</h2><em id=m1>원</em></article>"
	"</body></html>";

struct row {
	const char *css;
	const char *want; /* ids in document order */
};

static const struct row rows[] = {
	{ .css = "p", .want = "p1 p2 p3" },
	{ .css = "P", .want = "p1 p2 p3" },
	{ .css = "#p2", .want = "p2" },
	{ .css = "p#p2", .want = "p2" },
	{ .css = "p#p1#p2", .want = "" },
	{ .css = ".x", .want = "p1 s1 p3" },
	{ .css = ".x.y", .want = "s1" },
	{ .css = "p.x", .want = "p1 p3" },
	{ .css = "*.box", .want = "d1 d2" },
	{ .css = "div p", .want = "p1 p2 p3" },
	{ .css = "div > p > b", .want = "b1" },
	{ .css = "div>b", .want = "" },
	{ .css = "body div b", .want = "b1" },
	{ .css = "p + p", .want = "p2" },
	{ .css = "p+span", .want = "s1" },
	{ .css = "p ~ p", .want = "p2 p3" },
	{ .css = "#p1~.x", .want = "s1 p3" },
	{ .css = "div + section", .want = "e1" },
	{ .css = "div.first ~ div li.on", .want = "l2" },
	{ .css = "li, b", .want = "b1 l1 l2 l3 l4 l5" },
	{ .css = "b,ul , .on", .want = "b1 u l2" },
	{ .css = "[href]", .want = "a1" },
	{ .css = "a[name]", .want = "a2" },
	{ .css = "[rel=next]", .want = "a1" },
	{ .css = "[rel = \"next\"]", .want = "a1" },
	{ .css = "[REL='next']", .want = "a1" },
	{ .css = "[href='/x?a=1&b=2']", .want = "a1" },
	{ .css = "[data-n~=c]", .want = "d2" },
	{ .css = "[data-n~='b c']", .want = "" },
	{ .css = "[lang|=en]", .want = "d2" },
	{ .css = "[lang|=e]", .want = "" },
	{ .css = "[id^=l]", .want = "l1 l2 l3 l4 l5" },
	{ .css = "[id$='3']", .want = "p3 l3 e3" },
	{ .css = "[href*=\"a=\"]", .want = "a1" },
	{ .css = "[href*=\"\"]", .want = "" },
	{ .css = "[type=text i]", .want = "i1" },
	{ .css = "[type=text]", .want = "" },
	{ .css = "[value='it\"s']", .want = "i1" },
	{ .css = "li:first-child", .want = "l1" },
	{ .css = "li:last-child", .want = "l5" },
	{ .css = "b:only-child", .want = "b1" },
	{ .css = "li:nth-child(2)", .want = "l2" },
	{ .css = "li:nth-child(odd)", .want = "l1 l3 l5" },
	{ .css = "li:nth-child(EVEN)", .want = "l2 l4" },
	{ .css = "li:nth-child(3n+1)", .want = "l1 l4" },
	{ .css = "li:nth-child( 2n - 1 )", .want = "l1 l3 l5" },
	{ .css = "li:nth-child(-n+2)", .want = "l1 l2" },
	{ .css = "li:nth-child(n)", .want = "l1 l2 l3 l4 l5" },
	{ .css = "li:nth-child(n+4)", .want = "l4 l5" },
	{ .css = "li:nth-child(0)", .want = "" },
	{ .css = "li:nth-last-child(2)", .want = "l4" },
	{ .css = "p:nth-of-type(3)", .want = "p3" },
	{ .css = "p:nth-child(3)", .want = "" },
	{ .css = "p:nth-last-of-type(1)", .want = "p3" },
	{ .css = "span:only-of-type", .want = "s1" },
	{ .css = "p:first-of-type", .want = "p1" },
	{ .css = "p:last-of-type", .want = "p3" },
	{ .css = "section:empty", .want = "e1 e2" },
	{ .css = "p:not(.x)", .want = "p2" },
	{ .css = "p:not(.x, #p2)", .want = "" },
	{ .css = "li:not(:first-child):not(:last-child)", .want = "l2 l3 l4" },
	{ .css = "p:not(div > p)", .want = "" },
	{ .css = "body > :is(div, section).box", .want = "d1 d2" },
	{ .css = "div:has(b)", .want = "d1" },
	{ .css = "div:has(> b)", .want = "" },
	{ .css = "div:has(> ul > li.on)", .want = "d2" },
	{ .css = "p:has(+ span)", .want = "p2" },
	{ .css = "p:has(~ span)", .want = "p1 p2" },
	{ .css = "div:not(:has(b))", .want = "d2" },
	{ .css = "p:contains('four bold')", .want = "p3" },
	{ .css = "h2:contains(\"가격\") + em", .want = "m1" },
	{ .css = "h2:contains(가격)", .want = "h1" },
	{ .css = "#a\\:b", .want = "a:b" },
	{ .css = ".\\31st", .want = "a:b" },
	{ .css = ".\\31 st", .want = "a:b" },
	{ .css = "[xlink\\:href='#z']", .want = "a:b" },
	{ .css = "x-card", .want = "c1" },
	{ .css = " ul  li.on ", .want = "l2" },
	{ .css = ":root > body", .want = "b" },
	{ .css = ":scope > html > body", .want = "b" },
	{ .css = "> html section", .want = "e1 e2 e3" },
	{ .css = "div div", .want = "" },
};

/* All that a link selector finds, one space between. */
static void links_are(enum conf_sel_kind kind, const char *expr, const struct row *row)
{
	struct made m;
	struct buf got;

	made_init(&m, FORMAT_HTML);
	buf_init(&got, 1000);
	made_link(&m, kind, expr);
	if (made_run(&m, str_of(page), NULL))
		fail_msg("%s: %s", row->css, m.why.text);
	for (int k = 0; k < m.out.n_links; k++)
		buf_fmt(&got, "%s%.*s", k ? " " : "", STR_ARG(m.out.links[k].url));
	if (!str_is(buf_str(&got), row->want))
		fail_msg("%s: found \"%s\", not \"%s\"", row->css, buf_str(&got).p, row->want);
	buf_done(&got);
	made_done(&m);
}

static void matches(void **state)
{
	struct arena *a = arena_new(4096);
	struct extract_css css;
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (extract_css_compile(str_of(rows[i].css), a, &css, &why))
			fail_msg("%s: %s", rows[i].css, why.text);
		links_are(SEL_XPATH, arena_fmt(a, "(%.*s)/@id", STR_ARG(css.xpath)).p, &rows[i]);
	}
	arena_free(a);
}

static const struct row tails[] = {
	{ .css = "#p3::text", .want = "four bold" },
	{ .css = "li::text", .want = "1 2 3 4 5" },
	{ .css = "li.on::text, b::text", .want = "bold 2" },
	{ .css = "a::attr(href)", .want = "/x?a=1&b=2" },
	{ .css = "a", .want = "/x?a=1&b=2" },
	{ .css = "div::attr(data-n)", .want = "a-b c" },
	{ .css = "> html > body::attr( \"id\" )", .want = "b" },
};

static void tails_take_text_and_attributes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
		links_are(SEL_CSS, tails[i].css, &tails[i]);
}

static const struct row errors[] = {
	{ .css = "", .want = "column 1: the selector ends too early" },
	{ .css = "div >", .want = "column 6: the selector ends too early" },
	{ .css = "div, ", .want = "column 6: the selector ends too early" },
	{ .css = "div[href", .want = "column 9: expected ], = or one of ~= |= ^= $= *=" },
	{ .css = "div[=x]", .want = "column 5: expected an attribute's name" },
	{ .css = "a[x='y]", .want = "column 8: the text does not end: expected '" },
	{ .css = "a[x=y", .want = "column 6: expected ]" },
	{ .css = "a[x=3]",
	  .want = "column 5: a value (in quotes unless it is a name) starts with a digit" },
	{ .css = ".", .want = "column 2: expected a class" },
	{ .css = "#1a", .want = "column 2: an id starts with a digit" },
	{ .css = "a:hovr", .want = "column 3: unknown pseudo-class `hovr`" },
	{ .css = "a:nth-chld(2)",
	  .want = "column 3: unknown pseudo-class `nth-chld`; did you mean `nth-child`?" },
	{ .css = "a:nth-child", .want = "column 12: expected ( after `nth-child`" },
	{ .css = "a:nth-child(x)", .want = "column 13: expected odd, even or a formula as 2n+1" },
	{ .css = "a:nth-child(2n+)", .want = "column 16: expected a number" },
	{ .css = "a:nth-child(2", .want = "column 14: expected )" },
	{ .css = ".x:nth-of-type(1)",
	  .want = "column 4: `nth-of-type` needs an element's name before it" },
	{ .css = "a:not(", .want = "column 7: the selector ends too early" },
	{ .css = "a:not(::text)", .want = "column 9: no :: within parentheses" },
	{ .css = "a:not(> b)", .want = "column 10: expected a selector that stands alone" },
	{ .css = "a:not(:not(:not(:not(:not(b)))))",
	  .want = "column 27: parentheses nest deeper than 4" },
	{ .css = "a::before", .want = "column 10: after :: stands text or attr(name)" },
	{ .css = "a::attr(", .want = "column 9: expected an attribute's name" },
	{ .css = "a::attr('')", .want = "column 11: expected an attribute's name" },
	{ .css = "a::text b", .want = "column 9: unexpected `b`" },
	{ .css = "a::text, b",
	  .want = "column 11: all parts of a list end in the same ::text or ::attr()" },
	{ .css = "a :scope", .want = "column 3: the item itself can only stand first" },
	{ .css = "a)b", .want = "column 2: unexpected `)`" },
	{ .css = "svg|a", .want = "column 4: HTML has no namespaces" },
	{ .css = "a /* b */", .want = "column 3: expected a selector" },
	{ .css = "a\\", .want = "column 3: a backslash with nothing after it" },
	{ .css = "a\\110000 ", .want = "column 10: \\110000 is not a character" },
	{ .css = "a\\10 ", .want = "column 6: \\10 is not a character" },
	{ .css = "a[x='\x01']", .want = "column 6: a control character" },
	{ .css = "!", .want = "column 1: expected a selector" },
};

static void errors_name_the_column(void **state)
{
	struct arena *a = arena_new(4096);
	struct extract_css css;
	struct reason why;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		if (extract_css_compile(str_of(errors[i].css), a, &css, &why) != ERR_BAD)
			fail_msg("%s is taken", errors[i].css);
		if (strcmp(why.text, errors[i].want) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", errors[i].css, why.text, errors[i].want);
	}
	arena_free(a);
}

static void long_ones_are_refused(void **state)
{
	struct arena *a = arena_new(4096);
	struct extract_css css;
	struct reason why;
	char text[2100];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(extract_css_compile((struct str){ text, sizeof(text) }, a, &css, &why),
			 ERR_BAD);
	assert_int_equal(extract_css_compile((struct str){ "a\0b", 3 }, a, &css, &why), ERR_BAD);
	for (size_t i = 0; i < 99; i++)
		text[2 * i] = 'a', text[2 * i + 1] = ' ';
	text[198] = 'a';
	assert_int_equal(extract_css_compile((struct str){ text, 199 }, a, &css, &why), ERR_BAD);
	assert_non_null(strstr(why.text, "more than 16 steps"));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(tails_take_text_and_attributes),
		cmocka_unit_test(errors_name_the_column),
		cmocka_unit_test(long_ones_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
