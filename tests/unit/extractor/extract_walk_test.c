/* The walk finds what libxml2's evaluator finds, and a trimmed page gives what the whole
 * one gives: on invented pages, and on real ones where they are, with selectors put
 * together by chance from what the page is made of. PIPED_LONG=1: several times as many. */
#include "extractor/extract_walk.h"

#include "base/file.h"
#include "base/rng.h"
#include "extractor/extract_xpath.h"
#include "tests/long.h"
#include "tests/unit/extractor/extract_make.h"
#include "tests/unit/extractor/extract_same.h"

#include <ftw.h>
#include <string.h>

#define WORDS 400
#define PLACES 50

/* What selectors are made of. */
struct words {
	struct arena *a;
	struct str tag[WORDS], class[WORDS], attr[WORDS], value[WORDS];
	int tags, classes, attrs;
	xmlNodePtr place[PLACES];
	int places;
	struct rng rng;
};

static struct extract_heap *heap;
static int compared, found, left_to_libxml2;

static bool sayable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
			    s.p[i]))
			return false;
	return s.n && strchr("abcdefghijklmnopqrstuvwxyz", s.p[0]);
}

static void note(struct words *w, struct str *to, int *n, struct str s)
{
	if (sayable(s)) {
		to[*n % WORDS] = arena_str(w->a, s);
		++*n;
	}
}

static void learn(struct words *w, xmlNodePtr n)
{
	for (; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE)
			continue;
		note(w, w->tag, &w->tags, str_of((const char *)n->name));
		if (rng_below(&w->rng, 8) == 0)
			w->place[w->places++ % PLACES] = n;
		for (xmlAttrPtr p = n->properties; p; p = p->next) {
			struct str name = str_of((const char *)p->name), each;
			struct str value =
				str_of(p->children ? (const char *)p->children->content : "");
			int was = w->attrs;

			if (!str_find_char(value, '\'') || value.n > 60)
				value = STR("v");
			note(w, w->attr, &w->attrs, name);
			if (w->attrs > was)
				w->value[was % WORDS] = arena_str(w->a, value);
			while (str_is(name, "class") && str_next(&value, ' ', &each))
				note(w, w->class, &w->classes, each);
		}
		learn(w, n->children);
	}
}

#define ANY(w, list, n)                                                                            \
	((n) ? (w)->list[rng_below(&(w)->rng, (uint64_t)((n) < WORDS ? (n) : WORDS))] : STR("x"))

static void put_value(struct buf *b, struct str s)
{
	buf_add_char(b, '\'');
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\'' && s.p[i] != '\\' && (unsigned char)s.p[i] >= ' ')
			buf_add(b, str_sub(s, i, 1));
	buf_add_char(b, '\'');
}

static void put_compound(struct words *w, struct buf *b)
{
	static const char *const places[] = { ":first-child",	    ":last-child",
					      ":only-child",	    ":nth-child(2n+1)",
					      ":nth-child(-n+3)",   ":nth-last-child(2)",
					      ":nth-child(3n - 1)", ":nth-last-child(even)" };
	static const char *const of_type[] = { ":first-of-type", ":nth-of-type(2)", ":only-of-type",
					       ":nth-last-of-type(2n)" };
	static const char *const ops[] = { "=", "^=", "$=", "*=", "~=", "|=" };
	uint64_t kind = rng_below(&w->rng, 10);
	bool named = kind < 6;

	buf_fmt(b, "%.*s", STR_ARG(named ? ANY(w, tag, w->tags) : STR("*")));
	if (kind > 3)
		buf_fmt(b, ".%.*s", STR_ARG(ANY(w, class, w->classes)));
	if (rng_below(&w->rng, 5) == 0) {
		int at = w->attrs ? (int)rng_below(&w->rng,
						   (uint64_t)(w->attrs < WORDS ? w->attrs : WORDS))
				  : 0;
		struct str value = w->value[at];

		buf_fmt(b, "[%.*s", STR_ARG(w->attrs ? w->attr[at] : STR("id")));
		if (rng_below(&w->rng, 4)) {
			buf_add_text(b, ops[rng_below(&w->rng, 6)]);
			put_value(b, str_sub(value, rng_below(&w->rng, 2) ? 0 : value.n / 2,
					     rng_below(&w->rng, 2) ? 3 : value.n));
			buf_add_text(b, rng_below(&w->rng, 4) ? "" : " i");
		}
		buf_add_char(b, ']');
	}
	if (rng_below(&w->rng, 6) == 0)
		buf_add_text(b, named && rng_below(&w->rng, 2) ? of_type[rng_below(&w->rng, 4)]
							       : places[rng_below(&w->rng, 8)]);
}

static void put_css(struct words *w, struct buf *b)
{
	static const char *const joints[] = { " ", " ", " > ", " + ", " ~ " };
	static const char *const starts[] = { ":scope > ", "> ", ":scope ", ":scope" };
	static const char *const tails[] = { "", "::text", "::attr(href)", "::attr(class)" };
	const char *tail = tails[rng_below(&w->rng, 4)];

	for (uint64_t i = 0, n = 1 + rng_below(&w->rng, 2); i < n; i++) {
		buf_add_text(b, i ? ", " : "");
		if (rng_below(&w->rng, 6) == 0) {
			uint64_t at = rng_below(&w->rng, 4);

			buf_add_text(b, starts[at]);
			if (at == 3) {
				buf_add_text(b, tail);
				continue;
			}
		}
		for (uint64_t k = 0, m = 1 + rng_below(&w->rng, 3); k < m; k++) {
			buf_add_text(b, k ? joints[rng_below(&w->rng, 5)] : "");
			put_compound(w, b);
		}
		buf_add_text(b, tail);
	}
}

static void put_xpath(struct words *w, struct buf *b)
{
	static const char *const ends[] = { "", "/text()", "/@href", "/@class", "/ text( )" };
	struct str class = ANY(w, class, w->classes);

	buf_add_text(b, rng_below(&w->rng, 2) ? "//" : rng_below(&w->rng, 2) ? ".//" : "./");
	for (uint64_t k = 0, m = 1 + rng_below(&w->rng, 3); k < m; k++) {
		buf_add_text(b, k ? rng_below(&w->rng, 2) ? "/" : "//" : "");
		buf_fmt(b, "%.*s",
			STR_ARG(rng_below(&w->rng, 3) ? ANY(w, tag, w->tags) : STR("*")));
		switch (rng_below(&w->rng, 7)) {
		case 0:
			buf_fmt(b, "[@class='%.*s']", STR_ARG(class));
			break;
		case 1:
			buf_fmt(b, "[contains(@class, \"%.*s\")]", STR_ARG(class));
			break;
		case 2:
			buf_fmt(b,
				"[contains(concat(' ', normalize-space(@class), ' '), ' %.*s ')]",
				STR_ARG(class));
			break;
		case 3:
			buf_fmt(b, "[ @%.*s ]", STR_ARG(ANY(w, attr, w->attrs)));
			break;
		case 4:
			buf_fmt(b, "[starts-with(@class,'%.*s')]", STR_ARG(str_sub(class, 0, 2)));
			break;
		default:
			break;
		}
	}
	buf_add_text(b, ends[rng_below(&w->rng, 5)]);
}

static void compare(struct extract_xpath_run *run, const struct extract_xpath *x, xmlNodePtr from,
		    struct str expr, struct arena *a)
{
	struct extract_walk all = { .plain = extract_xpath_plain(x) },
			    one = { .plain = all.plain, .first = true };
	struct extract_walk both[2] = { all, one };
	struct extract_found want;
	int64_t left = 1 << 30;

	if (from && all.plain->absolute)
		return;
	want = extract_xpath_find(run, x, from);
	assert_false(run->spent);
	extract_walk(from ? from : (xmlNodePtr)(void *)run->page->doc, both, 2, a, &left);
	if (want.n != both[0].n)
		fail_msg("`%.*s` from %s: %d, wanted %d", STR_ARG(expr),
			 from ? (const char *)from->name : "the page", both[0].n, want.n);
	for (int i = 0; i < want.n; i++)
		if (both[0].nodes[i] != want.nodes[i])
			fail_msg("`%.*s`: another node at %d", STR_ARG(expr), i);
	assert_int_equal(both[1].n, want.n > 0);
	if (want.n)
		assert_ptr_equal(both[1].nodes[0], want.nodes[0]);
	compared++;
	found += want.n;
	extract_xpath_done(&want);
}

static void try_selector(struct words *w, struct extract_xpath_run *run, bool css, struct arena *a)
{
	struct extract_xpath *x;
	struct conf_sel sel;
	struct reason why;
	struct buf b;

	buf_init(&b, 4096);
	if (css)
		put_css(w, &b);
	else
		put_xpath(w, &b);
	sel = (struct conf_sel){ .kind = css ? SEL_CSS : SEL_XPATH, .expr = buf_str(&b) };
	if (extract_xpath_new(&sel, &x, &why))
		fail_msg("`%s`: %s", b.p, why.text);
	if (extract_xpath_plain(x)) {
		compare(run, x, NULL, sel.expr, a);
		for (int i = 0; i < 3 && w->places; i++)
			compare(run, x,
				w->place[rng_below(
					&w->rng,
					(uint64_t)(w->places < PLACES ? w->places : PLACES))],
				sel.expr, a);
	} else {
		left_to_libxml2++;
	}
	extract_xpath_free(x);
	buf_done(&b);
}

static void read_page(struct str html, int selectors, uint64_t seed)
{
	static struct words w;
	struct extract_want all = { .all = true };
	struct extract_html_page page;
	struct extract_xpath_run run;
	struct arena *a = arena_new(1 << 16);
	struct reason why;

	memset(&w, 0, sizeof(w));
	w.a = a;
	w.rng.state = seed;
	for (int i = 0; i < selectors; i++) {
		/* each with all the steps there are */
		if (extract_html_page_read(&page, heap, &all, html, (struct str){ 0 }, a, &why))
			fail_msg("%s", why.text);
		w.places = w.tags = w.classes = w.attrs = 0;
		learn(&w, page.doc->children);
		extract_xpath_begin(&run, &page);
		for (int k = 0; k < 12; k++)
			try_selector(&w, &run, k % 3 != 0, a);
		extract_xpath_end(&run);
		extract_html_page_done(&page);
	}
	arena_free(a);
}

static const char small[] =
	"<!doctype html><html><head><title>t</title><base href=/b/><style>p > a{}</style></head>"
	"<body class='page one'><div class='list a'><ul class=\"items\"><li class=item id=i1>"
	"<a class='link x' href='/1' title=\"it's\">one <b>bold</b> tail</a></li>text"
	"<li class='item ad'><a href='/2' class=link>two</a><p class=x>p1<p class='x y'>p2</li>"
	"<!-- c --><li class=item data-n=7><a class=link>three</a></li></ul></div>"
	"<div class='list b'><p>x</p>y<p class=x>z</p><input type=TEXT checked></div>"
	"<script class=x>if (a < b) { c('</b>') }</script><svg><path d='M0'/></svg></body></html>";

static void one_walk_finds_the_same(void **state)
{
	(void)state;
	compared = found = left_to_libxml2 = 0;
	for (uint64_t seed = 1; seed <= 100; seed++)
		read_page(str_of(small), 2, seed);
	print_message("%d compared, %d nodes, %d left to libxml2\n", compared, found,
		      left_to_libxml2);
	assert_true(compared > 4000 && found > 1000);
}

static void plain_ones_are_known(void **state)
{
	static const struct {
		enum conf_sel_kind kind;
		const char *expr;
		bool plain;
	} rows[] = {
		{ .kind = SEL_CSS, .expr = "h1.title::text", .plain = true },
		{ .kind = SEL_CSS, .expr = "a[rel=next]", .plain = true },
		{ .kind = SEL_CSS, .expr = "ul > li:nth-child(2n) a::attr(href)", .plain = true },
		{ .kind = SEL_CSS, .expr = "::attr(data-id)", .plain = true },
		{ .kind = SEL_CSS, .expr = "a:contains('x')" },
		{ .kind = SEL_CSS, .expr = "li:not(.ad)" },
		{ .kind = SEL_CSS, .expr = "p:empty" },
		{ .kind = SEL_CSS, .expr = "+ a" },
		{ .kind = SEL_CSS, .expr = "[class~='a b']" },
		{ .kind = SEL_XPATH, .expr = "//a[@itemprop='brand']/text()", .plain = true },
		{ .kind = SEL_XPATH,
		  .expr = ".//div//a[@b][contains(@c,'d')]/@href",
		  .plain = true },
		{ .kind = SEL_XPATH,
		  .expr = "//*[contains(concat(' ', normalize-space(@class), ' '), ' x ')]/text()",
		  .plain = true },
		{ .kind = SEL_XPATH, .expr = "//a[1]" },
		{ .kind = SEL_XPATH, .expr = "//a//text()" },
		{ .kind = SEL_XPATH, .expr = "string(//a)" },
		{ .kind = SEL_XPATH, .expr = "//a | //b" },
		{ .kind = SEL_XPATH, .expr = "//a[@b or @c]" },
		{ .kind = SEL_XPATH, .expr = "//a[@b=1]" },
		{ .kind = SEL_XPATH, .expr = "/html/body" },
		{ .kind = SEL_XPATH, .expr = "//a/.." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct conf_sel sel = sel_of(rows[i].kind, rows[i].expr);
		struct extract_xpath *x;
		struct reason why;

		assert_int_equal(extract_xpath_new(&sel, &x, &why), ERR_OK);
		if ((extract_xpath_plain(x) != NULL) != rows[i].plain)
			fail_msg("%s", rows[i].expr);
		extract_xpath_free(x);
	}
}

/* Selectors put together by chance from what the page is made of; some find nothing. */
static int some_selectors(struct words *w, struct extract_xpath **x, int n, struct buf *names)
{
	int made = 0;

	for (int i = 0; i < n; i++) {
		bool css = rng_below(&w->rng, 3) != 0;
		struct conf_sel sel;
		struct reason why;
		struct buf b;

		buf_init(&b, 4096);
		if (css)
			put_css(w, &b);
		else
			put_xpath(w, &b);
		sel = (struct conf_sel){ .kind = css ? SEL_CSS : SEL_XPATH, .expr = buf_str(&b) };
		if (extract_xpath_new(&sel, &x[made], &why))
			fail_msg("`%s`: %s", b.p, why.text);
		if (extract_xpath_plain(x[made]) && !extract_xpath_plain(x[made])->inside) {
			buf_fmt(names, "%s\n", b.p);
			made++;
		} else {
			extract_xpath_free(x[made]);
		}
		buf_done(&b);
	}
	return made;
}

static size_t bytes, bytes_left;
static int trimmed;

/* They find in the trimmed page what they find in the whole. */
static void trim_page(struct str html, uint64_t seed)
{
	static struct words w;
	struct extract_want all = { .all = true };
	struct extract_xpath *x[4];
	struct extract_html_page page;
	struct arena *a = arena_new(1 << 16);
	struct reason why;
	struct buf names, diff;
	int n;

	memset(&w, 0, sizeof(w));
	w.a = a;
	w.rng.state = seed;
	buf_init(&names, 1 << 16);
	buf_init(&diff, 1 << 20);
	if (!extract_html_page_read(&page, heap, &all, html, (struct str){ 0 }, a, &why))
		learn(&w, page.doc->children);
	extract_html_page_done(&page);
	n = some_selectors(&w, x, 4, &names);
	if (!same_found(heap, html, x, n, &diff, &bytes_left))
		fail_msg("seed %llu:\n%s%.3000s\n%.3000s", (unsigned long long)seed, names.p,
			 diff.p, html.p);
	bytes += html.n;
	trimmed++;
	for (int i = 0; i < n; i++)
		extract_xpath_free(x[i]);
	buf_done(&names);
	buf_done(&diff);
	arena_free(a);
}

static const char *const pieces[] = {
	"<div>",
	"</div>",
	"<p class=a>",
	"</p>",
	"<a href='/x' title=\"t\">",
	"</a>",
	"text",
	" ",
	"\n\t",
	"<br/>",
	"<br />",
	"<img src=x>",
	"<!-- c -->",
	"<!--x-->",
	"<!-->",
	"<!--->",
	"<!-- --!>",
	"<script>",
	"</script>",
	"<script src=a>b</script>",
	"<script>x<y</script>",
	"<style>a>b</style>",
	"<SCRIPT>q</ScRiPt >",
	"<style/>",
	"<script/>",
	"<script><p></script>",
	"<script></b>z</script>",
	"<script><!-- a --></script>",
	"<",
	"< 3",
	"<3",
	"<<",
	"&amp;",
	"&nbsp",
	"&",
	">",
	"\"",
	"'",
	"<a href=/x/>",
	"<a href=/x />",
	"<a b c=d e = 'f' class=g>",
	"<a b=\"c\"d=e>",
	"<a @b=c>",
	"<a class=\"x>y\">",
	"<a class='",
	"<a b=c/d>",
	"<a / b>",
	"</ p>",
	"</p x>",
	"</3>",
	"</script x>",
	"<?php x ?>",
	"<!x>",
	"<table><tr><td>",
	"<li>",
	"<ul>",
	"<h1>",
	"<head>",
	"<body class=c>",
	"<html href=h>",
	"<meta charset=utf-8 content=x>",
	"<textarea>",
	"</textarea>",
	"<title>",
	"<select><option>",
	"<x-y z:w=v>",
	"<svg viewBox='0 0'>",
	"가격",
	"<a CLASS=Up HREF=\"/Q?a=1&b=2\">",
	"<a href>",
	"<a =b>",
	"<a class=a class=b>",
	"<p a=b`c>",
};
#define PIECES (sizeof(pieces) / sizeof(*pieces))
#define REGULAR 14

static void a_trimmed_page_is_the_same(void **state)
{
	struct rng r = { 5 };
	size_t whole = 0, left = 0;

	(void)state;
	for (int i = 0, n_pages = long_run(2000, 8000); i < n_pages; i++) {
		/* the first are well written: others end the trimming */
		size_t some = i % 4 ? REGULAR : PIECES;
		struct buf b;

		buf_init(&b, 1 << 16);
		if (i % 2)
			buf_add_text(&b, "<!DOCTYPE html><html><body>");
		for (uint64_t k = 0, n = 1 + rng_below(&r, 12); k < n; k++)
			buf_add_text(&b, pieces[rng_below(&r, some)]);
		whole += b.n;
		if (!same_trimmed(buf_str(&b), &left))
			fail_msg("%s", b.p);
		buf_done(&b);
	}
	print_message("%zu of %zu bytes\n", left, whole);
	assert_true(left < whole);
}

/* Elements in each other, to `depth`; neat: as they should be. */
static void put_elements(struct rng *r, struct buf *b, bool neat, int depth)
{
	static const char *const tags[] = {
		"div",	  "p",	  "a",	    "li",    "ul",     "span",	"b",	  "table",
		"tr",	  "td",	  "h1",	    "form",  "option", "dl",	"dt",	  "dd",
		"img",	  "br",	  "hr",	    "pre",   "select", "tbody", "center", "font",
		"button", "main", "source", "style", "title",  "head",	"body",	  "th",
		"input",  "x-y",  "object", "script"
	};
	static const char *const attrs[] = {
		"", " class=a", " class='a b'", " href='/?a&amp;b'", " class=c id=i", " class"
	};

	for (uint64_t i = 0, n = rng_below(r, 4); i < n && b->n < 4000; i++) {
		/* most are ordinary */
		uint64_t some = neat || rng_below(r, 8) ? 7 : sizeof(tags) / sizeof(*tags);
		const char *tag = tags[rng_below(r, some)];

		buf_fmt(b, "<%s%s>", tag, attrs[rng_below(r, 6)]);
		if (rng_below(r, 3) == 0)
			buf_add_text(
				b,
				neat ? "text"
				     : pieces[rng_below(r, rng_below(r, 20) ? REGULAR : PIECES)]);
		if (depth)
			put_elements(r, b, neat, depth - 1);
		if (neat || rng_below(r, 10))
			buf_fmt(b, "</%s>", tag);
		buf_fmt(b, "%s", rng_below(r, 2) ? "t" : " ");
	}
}

static void a_trimmed_page_gives_the_same(void **state)
{
	const uint64_t all = (uint64_t)long_run(1200, 4500);
	struct rng r = { 11 };

	(void)state;
	bytes = bytes_left = 0;
	trimmed = 0;
	for (uint64_t i = 0; i < all; i++) {
		struct buf b;

		buf_init(&b, 1 << 16);
		buf_add_text(&b, i % 8 ? "<!DOCTYPE html><html><head><title>t</title><meta a=b>"
					 "</head> <body class=c>"
				       : "");
		for (int k = 0; k < 2; k++)
			put_elements(&r, &b, i % 2, (int)(i * 6 / all));
		buf_add_text(&b, i % 3 ? "</body></html>" : "");
		if (b.n)
			trim_page(buf_str(&b), i + 1);
		buf_done(&b);
	}
	print_message("%d pages, %zu of %zu bytes\n", trimmed, bytes_left, bytes);
	assert_true(bytes_left < bytes / 10 * 9);
}

static int pages;

static int real_page(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	bool gz = str_ends(str_of(path), STR(".html.gz"));
	size_t whole_left = 0;
	struct buf b;

	(void)st;
	(void)at;
	if (kind != FTW_F || (!gz && !str_ends(str_of(path), STR(".html"))))
		return 0;
	buf_init(&b, 32 << 20);
	made_read(path, gz, &b);
	/* evaluating takes its time */
	if (++pages % long_run(8, 4) == 0)
		read_page(buf_str(&b), 1, (uint64_t)pages);
	if (pages % long_run(9, 3) == 1)
		trim_page(buf_str(&b), (uint64_t)pages);
	if (!same_trimmed(buf_str(&b), &whole_left))
		fail_msg("%s: another tree when trimmed", path);
	buf_done(&b);
	return 0;
}

static void on_real_pages_too(void **state)
{
	static const char folder[] = PIPED_SHARED "/data/pages";

	(void)state;
	if (!file_exists(folder)) {
		print_message("skipped: %s is not here\n", folder);
		skip();
	}
	compared = found = left_to_libxml2 = pages = 0;
	bytes = bytes_left = 0;
	assert_int_equal(nftw(folder, real_page, 16, FTW_PHYS), 0);
	print_message(
		"%d pages: %d compared, %d nodes, %d left to libxml2; %zu of %zu bytes stay\n",
		pages, compared, found, left_to_libxml2, bytes_left, bytes);
	assert_true(pages >= 100 && compared > 500);
}

static int make_heap(void **state)
{
	(void)state;
	heap = extract_heap_new();
	return 0;
}

static int free_heap(void **state)
{
	(void)state;
	extract_heap_free(heap);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_ones_are_known),
		cmocka_unit_test(one_walk_finds_the_same),
		cmocka_unit_test(a_trimmed_page_is_the_same),
		cmocka_unit_test(a_trimmed_page_gives_the_same),
		cmocka_unit_test(on_real_pages_too),
	};

	return cmocka_run_group_tests(tests, make_heap, free_heap);
}
