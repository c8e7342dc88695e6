/* extractor_bench: what reading a page costs, response bytes to raw listings.
 * Invented pages: JSON in the shape of Bunjang's search (100 items of 1.2 KB, every tenth
 * promoted), an HTML list of 100 cards by CSS, and the same that says of itself what it
 * shows. Real pages: each file of FOLDER/real, by CSS and by format auto.
 * Usage: extractor_bench FOLDER PAGES
 * Leaves in FOLDER what others need for the same: NAME.page and NAME.want, the five fields
 * of each listing, tab between them; and piped.tsv: name, ns and bytes a page. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/must.h"
#include "base/rng.h"
#include "extractor/extractor.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS 100

static const char *const words[] = { "노스페이스", "눕시",     "패딩", "700",
				     "블랙",	   "M사이즈",  "정품", "새상품",
				     "나이키",	   "후드집업", "급처", "택포" };
#define WORDS (sizeof(words) / sizeof(*words))

static void add_title(struct buf *b, struct rng *r)
{
	for (int i = 0; i < 6; i++)
		buf_fmt(b, "%s%s", i ? " " : "", words[rng_below(r, WORDS)]);
}

/* Keys that no selector asks for; libjq reads them all the same. */
static const char rest[] =
	"\"inspection\":\"N\",\"care\":false,\"badges\":[],\"name_prefix\":null,"
	"\"bizseller\":false,\"checkout\":false,\"contact_hope\":false,\"free_shipping\":true,"
	"\"is_adult\":false,\"only_neighborhood\":false,\"proshop\":false,\"faved\":false,"
	"\"bun_pay_filter_enabled\":true,\"is_super_up_shop\":false,\"max_cpc\":0,"
	"\"pu_id\":null,\"super_up\":false,\"ref_campaign\":null,\"ref_code\":null,"
	"\"ref_medium\":null,\"ref_test\":null,\"app_url\":null,\"num_comment\":\"0\","
	"\"num_faved\":\"3\",\"outlink_url\":\"\",\"style\":\"\",\"ref_content\":null,"
	"\"ref_source\":null,\"imp_id\":\"c0ffee00c0ffee00\",\"ad_ref\":\"\","
	"\"tracking\":{\"imp_id\":\"c0ffee00c0ffee00\"},\"shopingmoa\":{\"enable\":false,"
	"\"view_type\":null},\"flags\":[{\"type\":\"label\",\"label\":\"무료배송\","
	"\"event_type\":\"none\"}],\"update_text\":\"3일 전\",\"distance\":null,\"care_text\":\"\","
	"\"shop_image\":\"https://media.example/shop/8812345_w{res}.jpg\"";

static void json_page(struct buf *b, struct rng *r)
{
	buf_add_text(b,
		     "{\"result\":\"success\",\"no_result\":false,\"num_found\":9000,\"list\":[");
	for (int i = 0; i < ITEMS; i++) {
		unsigned id = 200000000 + (unsigned)rng_below(r, 100000000);

		buf_fmt(b, "%s{\"pid\":\"%u\",\"name\":\"", i ? "," : "", id);
		add_title(b, r);
		buf_fmt(b,
			"\",\"price\":\"%u000\",\"product_image\":\"https://media.example/product/"
			"%u_1_1783565912_w{res}.jpg\",\"status\":\"0\",\"ad\":%s,\"location\":"
			"\"서울특별시 구로구 신도림동\",\"used\":1,\"update_time\":1783565912,"
			"\"category_id\":\"310300\",\"uid\":\"8812345\",\"type\":\"PRODUCT\","
			"\"tag\":\"패딩,눕시,겨울,아우터\",%s}",
			(unsigned)rng_below(r, 900) + 1, id, i % 10 ? "false" : "true", rest);
	}
	buf_add_text(b, "]}");
}

#define HEAD "<!doctype html><html><head><meta charset=utf-8><title>list</title>"

static void add_cards(struct buf *b, struct rng *r)
{
	buf_add_text(b, "<body><ul class=\"items grid\">");
	for (int i = 0; i < ITEMS; i++) {
		unsigned id = 200000000 + (unsigned)rng_below(r, 100000000);

		buf_fmt(b,
			"<li class=\"card%s\" data-id=\"%u\"><a class=\"link\" href=\"/item/%u\">"
			"<div class=\"thumb\"><img src=\"https://media.example/%u.jpg\" "
			"alt=\"\"></div>"
			"<h3 class=\"title\">",
			i % 10 ? "" : " ad", id, id, id);
		add_title(b, r);
		buf_fmt(b,
			"</h3><div class=\"meta\"><span class=\"price\">%u,000원</span>"
			"<span class=\"place\">구로구</span><span "
			"class=\"state\">판매중</span></div>"
			"</a><button type=\"button\" class=\"like\"><svg viewBox=\"0 0 24 "
			"24\"><path "
			"d=\"M12 21s-7-4.5-9-9a5 5 0 0 1 9-4 5 5 0 0 1 9 4c-2 4.5-9 9-9 "
			"9z\"/></svg>"
			"</button></li>",
			(unsigned)rng_below(r, 900) + 1);
	}
	buf_add_text(b, "</ul><a rel=\"next\" href=\"?page=2\">2</a></body></html>");
}

static void html_page(struct buf *b, struct rng *r)
{
	buf_add_text(b, HEAD "</head>");
	add_cards(b, r);
}

static void add_jsonld(struct buf *b, struct rng *r)
{
	buf_add_text(b, "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\","
			"\"@type\":\"ItemList\",\"itemListElement\":[");
	for (int i = 0; i < ITEMS; i++) {
		unsigned id = 200000000 + (unsigned)rng_below(r, 100000000);

		buf_fmt(b,
			"%s{\"@type\":\"ListItem\",\"position\":%d,\"item\":{\"@type\":\"Product\","
			"\"sku\":\"%u\",\"url\":\"/item/%u\",\"image\":\"https://media.example/"
			"%u.jpg\",\"offers\":{\"@type\":\"Offer\",\"price\":\"%u000\","
			"\"priceCurrency\":\"KRW\",\"availability\":\"https://schema.org/"
			"InStock\"},"
			"\"name\":\"",
			i ? "," : "", i + 1, id, id, id, (unsigned)rng_below(r, 900) + 1);
		add_title(b, r);
		buf_add_text(b, "\"}}");
	}
	buf_add_text(b, "]}</script>");
}

/* The same cards, and what the page says of itself, as shops do. */
static void auto_page(struct buf *b, struct rng *r)
{
	buf_add_text(b, HEAD);
	add_jsonld(b, r);
	buf_add_text(b, "</head>");
	add_cards(b, r);
}

static struct conf_sel sel(enum conf_format format, const char *expr)
{
	return (struct conf_sel){ .kind = format == FORMAT_JSON ? SEL_JQ : SEL_CSS,
				  .expr = str_of(expr) };
}

/* What others read, too: five fields. */
struct row {
	enum listing_field field;
	const char *json, *html, *real;
};

static const struct row rows[] = {
	{ .field = FIELD_ID,
	  .json = ".pid",
	  .html = "::attr(data-id)",
	  .real = "link[rel=canonical]::attr(href)" },
	{ .field = FIELD_URL,
	  .json = ".pid",
	  .html = "a.link::attr(href)",
	  .real = "meta[property='og:url']::attr(content)" },
	{ .field = FIELD_TITLE, .json = ".name", .html = "h3.title::text", .real = "h1::text" },
	{ .field = FIELD_PRICE,
	  .json = ".price",
	  .html = ".meta > .price::text",
	  .real = "[itemprop=price]::attr(content)" },
	{ .field = FIELD_IMAGE,
	  .json = ".product_image",
	  .html = ".thumb img::attr(src)",
	  .real = "meta[property='og:image']::attr(content)" },
};
#define ROWS (sizeof(rows) / sizeof(*rows))

enum task { TASK_JSON, TASK_HTML, TASK_AUTO, TASK_REAL_HTML, TASK_REAL_AUTO, TASK_COUNT };

static const struct task_row {
	const char *name;
	enum conf_format format;
	bool real;
	void (*make)(struct buf *b, struct rng *r);
} tasks[TASK_COUNT] = {
	[TASK_JSON] = { .name = "json", .format = FORMAT_JSON, .make = json_page },
	[TASK_HTML] = { .name = "html", .format = FORMAT_HTML, .make = html_page },
	[TASK_AUTO] = { .name = "auto", .format = FORMAT_AUTO, .make = auto_page },
	[TASK_REAL_HTML] = { .name = "html-real", .format = FORMAT_HTML, .real = true },
	[TASK_REAL_AUTO] = { .name = "auto-real", .format = FORMAT_AUTO, .real = true },
};

static void make_kind(struct conf_page *page, const struct task_row *t)
{
	enum conf_format format = t->format;

	page->format = format;
	page->lists = !t->real;
	if (format == FORMAT_AUTO)
		return;
	if (!t->real) {
		page->items = sel(format, format == FORMAT_JSON ? ".list[]" : "ul.items > li");
		page->skip = sel(format, format == FORMAT_JSON ? ".ad" : ":scope.ad");
		page->paging.more =
			sel(format, format == FORMAT_JSON ? ".no_result | not" : "a[rel=next]");
	}
	for (size_t i = 0; i < ROWS; i++)
		page->fields[page->n_fields++] = (struct conf_field){
			.field = rows[i].field,
			.sel = sel(format, t->real		   ? rows[i].real
					   : format == FORMAT_JSON ? rows[i].json
								   : rows[i].html),
		};
}

#define MOST_PAGES 1000

/* The pages of a task, one after the other. */
struct pages {
	struct buf body[MOST_PAGES];
	int n;
	size_t bytes;
};

static void write_in(const char *folder, const char *name, const char *end, struct str bytes)
{
	struct reason why;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s%s", folder, name, end);
	if (file_write(path, bytes, &why)) {
		fprintf(stderr, "extractor_bench: %s\n", why.text);
		exit(1);
	}
}

static void read_real(struct pages *p, const char *folder)
{
	struct reason why;
	char pattern[4096];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/real/*", folder);
	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc && p->n < MOST_PAGES; i++) {
		buf_init(&p->body[p->n], 16 << 20);
		if (file_read(found.gl_pathv[i], &p->body[p->n], &why)) {
			fprintf(stderr, "extractor_bench: %s\n", why.text);
			exit(1);
		}
		p->bytes += p->body[p->n++].n;
	}
	globfree(&found);
}

/* A field on one line. */
static void add_field(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(b, strchr("\t\r\n", s.p[i]) ? ' ' : s.p[i]);
}

/* What was found, for others to find the same. */
static void add_wanted(struct buf *b, const struct extract_out *out)
{
	for (int i = 0; i < out->n_listings; i++)
		for (size_t k = 0; k < ROWS; k++) {
			add_field(b, out->listings[i].field[rows[k].field]);
			buf_add_char(b, k + 1 < ROWS ? '\t' : '\n');
		}
}

static void measure(const struct task_row *t, const char *folder, int times, struct buf *table)
{
	struct conf conf = { 0 };
	struct conf_page kind = { .name = STR("list") };
	struct extractor *x = extractor_new(&conf);
	struct arena *a = arena_new(1 << 20);
	struct extract_in in = { .page = &kind };
	struct extract_out out;
	struct pages *p = mem_zero(sizeof(*p));
	struct rng rng = { 1 };
	struct reason why;
	struct buf want;
	int64_t ns, best = 0, from;

	make_kind(&kind, t);
	buf_init(&want, 16 << 20);
	if (t->real) {
		read_real(p, folder);
	} else {
		buf_init(&p->body[0], 4 << 20);
		t->make(&p->body[0], &rng);
		p->n = 1;
		p->bytes = p->body[0].n;
		write_in(folder, t->name, ".page", buf_str(&p->body[0]));
	}
	/* the first round compiles; of the others the quickest, as others use the machine, too */
	for (int i = 0; i <= times; i++) {
		from = clock_thread_cpu_ns();
		for (int k = 0; k < p->n; k++) {
			arena_reset(a);
			in.body = buf_str(&p->body[k]);
			if (extractor_run(x, &in, a, &out, &why))
				out.n_listings = 0;
			must(t->real || out.n_listings > 0);
			if (i == 0)
				add_wanted(&want, &out);
		}
		ns = clock_thread_cpu_ns() - from;
		best = i == 1 || (i > 1 && ns < best) ? ns : best;
	}
	if (p->n)
		buf_fmt(table, "%s\t%.0f\t%.0f\n", t->name, (double)best / p->n,
			(double)p->bytes / p->n);
	write_in(folder, t->name, ".want", buf_str(&want));
	for (int k = 0; k < p->n; k++)
		buf_done(&p->body[k]);
	mem_free(p);
	buf_done(&want);
	arena_free(a);
	extractor_free(x);
}

int main(int argc, char **argv)
{
	int times = argc == 3 ? atoi(argv[2]) : 0;
	struct buf table;

	if (times < 1) {
		fprintf(stderr, "usage: extractor_bench FOLDER PAGES\n");
		return 2;
	}
	buf_init(&table, 1 << 16);
	for (int i = 0; i < TASK_COUNT; i++)
		measure(&tasks[i], argv[1], tasks[i].real ? times / 50 + 3 : times, &table);
	write_in(argv[1], "piped", ".tsv", buf_str(&table));
	buf_done(&table);
	return 0;
}
