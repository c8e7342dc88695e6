/* crawl_shop: an invented web shop as files, for bench/crawl.sh.
 *   crawl_shop FOLDER PAGES [SEED]
 * Pages are FOLDER/www/product/N-SLUG.html.gz, 20 to 40 KB before gzip, as shops write
 * them: inline style and scripts, Open Graph, JSON-LD, microdata, a gallery, reviews,
 * 30 links to other products. Page 0 leads to all. FOLDER/expected.tsv says what a
 * crawler is to find, FOLDER/start the path of page 0. The same arguments give the same
 * bytes. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/must.h"
#include "base/opt.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define MOST_PAGE (1 << 20) /* bytes */
#define LINKS 30
#define CHILDREN 3 /* of the links: a tree that reaches every page */
#define NAV 6	   /* of the links: in the head of the page */
#define MOST_PAGES 10000000

static const char *const words[] = {
	"울",	  "코트",   "블랙",    "가죽",	   "자켓",   "데님",	 "와이드",  "팬츠",
	"니트",	  "가디건", "셔츠",    "린넨",	   "원피스", "스니커즈", "로퍼",    "토트백",
	"wool",	  "coat",   "leather", "denim",	   "linen",  "jacket",	 "vintage", "classic",
	"soft",	  "cotton", "light",   "warm",	   "navy",   "ivory",	 "slim",    "oversized",
	"배송",	  "사이즈", "색상",    "상태",	   "거의",   "새것",	 "한번",    "착용",
	"실측",	  "총장",   "가슴",    "어깨",	   "소매",   "정품",	 "구매",    "문의",
	"shown",  "fits",   "true",    "washed",   "once",   "smoke",	 "free",    "home",
	"pocket", "zipper", "lining",  "shoulder", "model",  "wears",	 "size",    "medium",
};
static const char *const brands[] = { "Norrland", "Haneul", "Bex & Co", "Atelier Mun",
				      "Quarry",	  "다온",   "Selvage",	"Port Nine" };
#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define PICK(r, a) ((a)[rng_below((r), COUNT(a))])

struct product {
	unsigned id;
	const char *brand;
	char title[200], slug[160];
	unsigned price; /* won */
	bool sold;
};

struct shop {
	uint64_t seed;
	unsigned pages;
	const char *folder;
	FILE *expected;
};

static struct rng rng_of(const struct shop *s, unsigned id, uint64_t what)
{
	return (struct rng){ hash64_join(hash64_join(s->seed, id), what) };
}

static struct product product(const struct shop *s, unsigned id)
{
	struct rng r = rng_of(s, id, 1);
	struct product p = { .id = id, .brand = PICK(&r, brands) };
	const char *w;
	size_t n = (size_t)snprintf(p.title, sizeof(p.title), "%s", p.brand), k = 0;

	for (int i = 0; i < 5; i++) {
		w = PICK(&r, words);
		n += (size_t)snprintf(p.title + n, sizeof(p.title) - n, " %s", w);
		if ((unsigned char)*w < 0x80)
			k += (size_t)snprintf(p.slug + k, sizeof(p.slug) - k, "-%s", w);
	}
	snprintf(p.title + n, sizeof(p.title) - n, " %u", id);
	p.price = 1000 * (unsigned)(10 + rng_below(&r, 990));
	p.sold = rng_below(&r, 5) == 0;
	return p;
}

/* Digits with commas: 128,000. */
static void put_price(struct buf *b, unsigned won)
{
	if (won >= 1000000)
		buf_fmt(b, "%u,%03u,%03u", won / 1000000, won / 1000 % 1000, won % 1000);
	else
		buf_fmt(b, "%u,%03u", won / 1000, won % 1000);
}

/* Text in HTML: the only mark in a title that must be escaped is &. */
static void put_html(struct buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			buf_add_text(b, "&amp;");
		else
			buf_add_char(b, *text);
	}
}

static void put_text(struct buf *b, struct rng *r, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		buf_add_text(b, PICK(r, words));
		/* numbers keep gzip from being too good at it */
		if (rng_below(r, 6) == 0)
			buf_fmt(b, " %u", (unsigned)rng_below(r, 10000));
		buf_add_text(b, i % 12 == 11 ? ".&nbsp; " : i % 7 == 6 ? ", " : " ");
	}
}

static void put_path(struct buf *b, const struct product *p)
{
	buf_fmt(b, "/product/%u%s.html", p->id, p->slug);
}

static void put_image(struct buf *b, unsigned id, int n, unsigned width)
{
	buf_fmt(b, "https://img.shop.example/p/%u/%u_%d_w%u.jpg", id % 97, id, n, width);
}

static void put_style(struct buf *b)
{
	static const char *const classes[] = { "site-header",	 "nav__list", "product__gallery",
					       "product__title", "card",      "card__media",
					       "card__price",	 "review",    "footer__column" };

	buf_add_text(b, "<style>\n:root{--ink:#1d1d1f;--paper:#fff;--line:#e5e5ea}\n");
	for (size_t i = 0; i < COUNT(classes) * 3; i++)
		buf_fmt(b,
			".%s%s{display:flex;margin:0 auto %zupx;padding:%zupx 16px;"
			"border-bottom:1px solid var(--line);color:var(--ink)}\n",
			classes[i % COUNT(classes)], i < COUNT(classes) ? "" : " > *", i, i * 2);
	buf_add_text(b, "</style>\n");
}

static void put_script(struct buf *b, const struct product *p, struct rng *r)
{
	buf_fmt(b,
		"<script>window.dataLayer=window.dataLayer||[];dataLayer.push({event:'view',id:"
		"'%u',value:%u});\n",
		p->id, p->price);
	for (int i = 0; i < 12; i++)
		buf_fmt(b,
			"(function(w,d,k){if(w.__%x)return;w.__%x=1;for(var i=0;i<%u;i++){"
			"d.push([k,'<b>'+i+'<\\/b>'])}})(window,dataLayer,'k%u');\n",
			(unsigned)rng_below(r, 0xffff), (unsigned)rng_below(r, 0xffff),
			(unsigned)rng_below(r, 99), (unsigned)rng_below(r, 9999));
	buf_add_text(b, "</script>\n");
}

static void put_json_ld(struct buf *b, const struct product *p)
{
	buf_add_text(b, "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\","
			"\"@type\":\"Product\",\"name\":\"");
	buf_add_text(b, p->title);
	buf_fmt(b,
		"\",\"sku\":\"%u\",\"brand\":{\"@type\":\"Brand\",\"name\":\"%s\"},\"image\":[\"",
		p->id, p->brand);
	put_image(b, p->id, 0, 1200);
	buf_fmt(b,
		"\"],\"offers\":{\"@type\":\"Offer\",\"price\":\"%u\",\"priceCurrency\":\"KRW\","
		"\"availability\":\"https://schema.org/%s\"}}</script>\n",
		p->price, p->sold ? "SoldOut" : "InStock");
}

static void put_head(struct buf *b, const struct product *p, struct rng *r)
{
	buf_add_text(b, "<!DOCTYPE html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n"
			"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			"<title>");
	put_html(b, p->title);
	buf_add_text(b, " | Shop</title>\n<meta property=\"og:title\" content=\"");
	put_html(b, p->title);
	buf_add_text(b, "\">\n<meta property=\"og:image\" content=\"");
	put_image(b, p->id, 0, 1200);
	buf_fmt(b, "\">\n<meta property=\"product:price:amount\" content=\"%u\">\n", p->price);
	put_json_ld(b, p);
	put_style(b);
	put_script(b, p, r);
	buf_add_text(b, "</head>\n");
}

/* The i-th product that page `id` links to. */
static struct product linked(const struct shop *s, unsigned id, unsigned i, struct rng *r)
{
	uint64_t child = (uint64_t)id * CHILDREN + 1 + i;

	if (i < CHILDREN && child < s->pages)
		return product(s, (unsigned)child);
	return product(s, (unsigned)rng_below(r, s->pages));
}

static void put_nav(struct buf *b, const struct shop *s, unsigned id, struct rng *links)
{
	struct product p;

	buf_add_text(
		b,
		"<body class=\"page page--product\">\n<a class=\"skip\" href=\"#main\">skip</a>\n"
		"<!-- header -->\n<header class=\"site-header\" role=\"banner\">"
		"<div class=\"logo\"><span>Shop</span></div>\n"
		"<form action=\"/search\" role=\"search\"><input type=\"search\" name=\"q\" "
		"placeholder=\"search\"><button type=\"submit\">go</button></form>\n"
		"<nav class=\"nav\"><ul class=\"nav__list\">\n");
	for (unsigned i = CHILDREN; i < CHILDREN + NAV; i++) {
		p = linked(s, id, i, links);
		buf_add_text(b,
			     "<li class=\"nav__item\"><a class=\"product-link nav__link\" href=\"");
		put_path(b, &p);
		buf_fmt(b, "\" data-track=\"nav-%u\"><span>", i);
		put_html(b, p.title);
		buf_add_text(b, "</span></a></li>\n");
	}
	buf_add_text(b, "</ul></nav></header>\n");
}

static void put_product(struct buf *b, const struct product *p, struct rng *r)
{
	buf_fmt(b,
		"<main id=\"main\">\n<article class=\"product\" itemscope "
		"itemtype=\"https://schema.org/Product\" data-sku=\"%u\">\n"
		"<div class=\"product__gallery\">\n",
		p->id);
	for (int i = 0; i < 6; i++) {
		buf_fmt(b,
			"<figure class=\"gallery__item%s\"><img class=\"%s\" itemprop=\"image\" "
			"src=\"",
			i ? "" : " is-active", i ? "gallery__thumb" : "gallery__main");
		put_image(b, p->id, i, 600);
		buf_add_text(b, "\" srcset=\"");
		put_image(b, p->id, i, 300);
		buf_add_text(b, " 300w, ");
		put_image(b, p->id, i, 1200);
		buf_add_text(b, " 1200w\" loading=\"lazy\" alt=\"\"></figure>\n");
	}
	buf_add_text(b, "</div>\n<div class=\"product__info\">\n<h1 class=\"product__title\" "
			"itemprop=\"name\">\n  ");
	put_html(b, p->title);
	buf_add_text(b, "\n</h1>\n<a class=\"product__brand\" itemprop=\"brand\">");
	put_html(b, p->brand);
	buf_fmt(b,
		"</a>\n<p class=\"product__price\" itemprop=\"offers\" itemscope "
		"itemtype=\"https://schema.org/Offer\"><span class=\"price\" itemprop=\"price\" "
		"content=\"%u\">",
		p->price);
	put_price(b, p->price);
	buf_fmt(b,
		"원</span>&nbsp;<span class=\"stock stock--%s\">%s</span></p>\n"
		"<dl class=\"product__facts\">\n",
		p->sold ? "out" : "in", p->sold ? "품절" : "구매 가능");
	for (int i = 0; i < 10; i++) {
		buf_fmt(b, "<dt>%s</dt><dd>", PICK(r, words));
		put_text(b, r, 3);
		buf_add_text(b, "</dd>\n");
	}
	buf_add_text(b, "</dl>\n<div class=\"product__description\" itemprop=\"description\">\n");
	for (unsigned i = 0, n = 3 + (unsigned)rng_below(r, 8); i < n; i++) {
		buf_add_text(b, "<p>");
		put_text(b, r, 60);
		buf_add_text(b, "</p>\n");
	}
	buf_add_text(b, "</div>\n</div>\n</article>\n");
}

static void put_reviews(struct buf *b, struct rng *r)
{
	buf_add_text(b, "<section class=\"reviews\"><h2>reviews</h2>\n");
	for (unsigned i = 0, n = (unsigned)rng_below(r, 16); i < n; i++) {
		buf_fmt(b,
			"<div class=\"review\" data-id=\"%u\"><div class=\"review__head\">"
			"<span class=\"review__stars\" aria-label=\"%u of 5\"></span>"
			"<time datetime=\"2026-0%u-1%u\">%u</time></div>\n<p "
			"class=\"review__text\">",
			(unsigned)rng_below(r, 1000000), (unsigned)rng_below(r, 5) + 1,
			(unsigned)rng_below(r, 9) + 1, (unsigned)rng_below(r, 9),
			(unsigned)rng_below(r, 30));
		put_text(b, r, 40);
		buf_add_text(b, "</p></div>\n");
	}
	buf_add_text(b, "</section>\n");
}

static void put_card(struct buf *b, const struct product *p)
{
	buf_fmt(b,
		"<li class=\"card\" data-sku=\"%u\"><a class=\"product-link card__link\" href=\"",
		p->id);
	put_path(b, p);
	buf_add_text(b, "\"><div class=\"card__media\"><img src=\"");
	put_image(b, p->id, 0, 300);
	buf_add_text(b, "\" loading=\"lazy\" width=\"300\" height=\"300\" alt=\"");
	put_html(b, p->title);
	buf_add_text(b, "\"></div><h3 class=\"card__title\">");
	put_html(b, p->title);
	buf_add_text(b, "</h3><div class=\"card__meta\"><span class=\"card__price\">");
	put_price(b, p->price);
	buf_add_text(b,
		     "원</span><svg viewBox=\"0 0 24 24\"><path d=\"M12 21s-7-4.6-9.3-9\"/></svg>"
		     "</div></a></li>\n");
}

static void put_related(struct buf *b, const struct shop *s, unsigned id, struct rng *links)
{
	struct product p;

	buf_add_text(b, "<section class=\"related\"><h2>related</h2><ul class=\"grid\">\n");
	for (unsigned i = 0; i < LINKS; i++) {
		if (i >= CHILDREN && i < CHILDREN + NAV)
			continue; /* those stand in the navigation */
		p = linked(s, id, i, links);
		put_card(b, &p);
	}
	buf_add_text(b, "</ul></section>\n</main>\n");
}

static void put_footer(struct buf *b, const struct product *p, struct rng *r)
{
	buf_add_text(
		b, "<footer class=\"footer\"><div class=\"footer__column\"><a "
		   "href=\"mailto:help@shop.example\">mail</a> <a href=\"tel:+820000000\">tel</a> "
		   "<a href=\"https://social.example/shop\">social</a></div><address>");
	put_text(b, r, 20);
	buf_add_text(b, "</address></footer>\n");
	put_script(b, p, r);
	buf_add_text(b, "</body>\n</html>\n");
}

static void put_page(struct buf *b, const struct shop *s, const struct product *p)
{
	struct rng text = rng_of(s, p->id, 2), links = rng_of(s, p->id, 3);

	put_head(b, p, &text);
	put_nav(b, s, p->id, &links);
	put_product(b, p, &text);
	put_reviews(b, &text);
	put_related(b, s, p->id, &links);
	put_footer(b, p, &text);
	must(!b->full);
}

static void write_gzip(const char *path, struct str bytes)
{
	gzFile f;

	f = gzopen(path, "wb6");
	if (!f || gzwrite(f, bytes.p, (unsigned)bytes.n) != (int)bytes.n || gzclose(f) != Z_OK) {
		fprintf(stderr, "crawl_shop: cannot write %s\n", path);
		exit(EXIT_FAILED);
	}
}

static void write_page(const struct shop *s, unsigned id, struct buf *b)
{
	struct product p = product(s, id);
	struct buf path, image;

	buf_clear(b);
	put_page(b, s, &p);
	buf_init(&path, 4096);
	buf_init(&image, 4096);
	buf_fmt(&path, "%s/www", s->folder);
	put_path(&path, &p);
	buf_add_text(&path, ".gz");
	write_gzip(path.p, buf_str(b));
	put_image(&image, id, 0, 600);
	fprintf(s->expected, "%u\t%s\t%u\t%s\t%s\t%s\n", id, p.title, p.price, image.p, p.brand,
		p.sold ? "sold" : "selling");
	buf_done(&path);
	buf_done(&image);
}

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f) {
		fprintf(stderr, "crawl_shop: cannot write %s\n", path);
		exit(EXIT_FAILED);
	}
	return f;
}

static void make_folders(const char *folder)
{
	char path[4096];

	mkdir(folder, 0755);
	snprintf(path, sizeof(path), "%s/www", folder);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/www/product", folder);
	mkdir(path, 0755);
}

static void write_start(const struct shop *s)
{
	struct product p = product(s, 0);
	FILE *f = create(s->folder, "start");
	struct buf path;
	char robots[4096];

	buf_init(&path, 4096);
	put_path(&path, &p);
	fprintf(f, "%s\n", path.p);
	fclose(f);
	buf_done(&path);
	snprintf(robots, sizeof(robots), "%s/www/robots.txt.gz", s->folder);
	write_gzip(robots, STR("User-agent: *\nAllow: /\n"));
}

int main(int argc, char **argv)
{
	struct shop s = { .seed = 1 };
	struct buf b;
	int64_t n;

	if (argc < 3 || argc > 4 || !str_i64(str_of(argv[2]), &n) || n < 1 || n > MOST_PAGES) {
		fprintf(stderr, "crawl_shop: FOLDER PAGES [SEED]\n");
		return EXIT_USAGE;
	}
	s.folder = argv[1];
	s.pages = (unsigned)n;
	if (argc == 4)
		s.seed = strtoull(argv[3], NULL, 10);
	make_folders(s.folder);
	write_start(&s);
	s.expected = create(s.folder, "expected.tsv");
	buf_init(&b, MOST_PAGE);
	for (unsigned id = 0; id < s.pages; id++)
		write_page(&s, id, &b);
	buf_done(&b);
	if (fclose(s.expected)) {
		fprintf(stderr, "crawl_shop: cannot write expected.tsv\n");
		return EXIT_FAILED;
	}
	return EXIT_DONE;
}
