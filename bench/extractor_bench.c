/* extractor_bench: what reading a page costs, response bytes to raw listings.
 * Invented pages: JSON in the shape of Bunjang's search (100 items of 1.2 KB,
 * 12 fields, every tenth promoted), and an HTML list of 100 cards by CSS.
 * Usage: extractor_bench [PAGES] */
#include "base/buf.h"
#include "base/clock.h"
#include "base/must.h"
#include "base/rng.h"
#include "extractor/extractor.h"

#include <stdio.h>
#include <stdlib.h>

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

static void html_page(struct buf *b, struct rng *r)
{
	buf_add_text(b, "<!doctype html><html><head><meta charset=utf-8><title>list</title></head>"
			"<body><ul class=\"items grid\">");
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

/* The same, and what it says of itself, as shops do. */
static void auto_page(struct buf *b, struct rng *r)
{
	html_page(b, r);
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

static struct conf_sel sel(enum conf_format format, const char *expr)
{
	return (struct conf_sel){ .kind = format == FORMAT_JSON ? SEL_JQ : SEL_CSS,
				  .expr = str_of(expr) };
}

struct row {
	enum listing_field field;
	const char *json, *html;
};

static const struct row rows[] = {
	{ .field = FIELD_ID, .json = ".pid", .html = "::attr(data-id)" },
	{ .field = FIELD_URL, .json = ".pid", .html = "a.link::attr(href)" },
	{ .field = FIELD_TITLE, .json = ".name", .html = "h3.title::text" },
	{ .field = FIELD_PRICE, .json = ".price", .html = ".meta > .price" },
	{ .field = FIELD_IMAGE, .json = ".product_image", .html = ".thumb img::attr(src)" },
	{ .field = FIELD_CATEGORY, .json = ".category_id" },
	{ .field = FIELD_BRAND, .json = ".tag" },
	{ .field = FIELD_CONDITION,
	  .json = "if .used == 1 then \"used\" elif .used == 2 then \"new\" else null end" },
	{ .field = FIELD_STATUS, .json = ".status", .html = ".meta .state" },
	{ .field = FIELD_LOCATION, .json = ".location", .html = ".meta .place" },
	{ .field = FIELD_POSTED, .json = ".update_time" },
	{ .field = FIELD_CURRENCY, .json = ".type" },
};

static void make_kind(struct conf_page *page, enum conf_format format)
{
	const char *expr;

	page->format = format;
	page->lists = true;
	if (format == FORMAT_AUTO)
		return;
	page->items = sel(format, format == FORMAT_JSON ? ".list[]" : "ul.items > li");
	page->skip = sel(format, format == FORMAT_JSON ? ".ad" : ":scope.ad");
	page->paging.more = sel(format, format == FORMAT_JSON ? ".no_result | not" : "a[rel=next]");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		expr = format == FORMAT_JSON ? rows[i].json : rows[i].html;
		if (!expr)
			continue;
		page->fields[page->n_fields++] = (struct conf_field){
			.field = rows[i].field,
			.sel = sel(format, expr),
			.required = listing_fields[rows[i].field].required,
		};
	}
}

static void measure(const char *name, enum conf_format format, int pages)
{
	struct conf conf = { 0 };
	struct conf_page page = { .name = STR("list") };
	struct extractor *x = extractor_new(&conf);
	struct arena *a = arena_new(1 << 20);
	struct rng rng = { 1 };
	struct extract_in in = { .page = &page };
	struct extract_out out;
	struct reason why;
	struct buf body;
	int64_t from, first_ns = 0;
	double ns, bytes;
	int ads = format == FORMAT_AUTO ? 0 : ITEMS / 10;

	make_kind(&page, format);
	buf_init(&body, 4 << 20);
	if (format == FORMAT_JSON)
		json_page(&body, &rng);
	else if (format == FORMAT_AUTO)
		auto_page(&body, &rng);
	else
		html_page(&body, &rng);
	in.body = buf_str(&body);
	from = clock_thread_cpu_ns();
	for (int i = 0; i <= pages; i++) {
		arena_reset(a);
		must(extractor_run(x, &in, a, &out, &why) == ERR_OK);
		must(out.n_listings == ITEMS - ads && out.skipped == ads);
		/* the first run compiles */
		if (i == 0) {
			first_ns = clock_thread_cpu_ns() - from;
			from = clock_thread_cpu_ns();
		}
	}
	ns = (double)(clock_thread_cpu_ns() - from);
	bytes = (double)body.n * pages;
	printf("%s  %.1f us CPU per item, %.1f MB/s (%d selected fields, %zu bytes an item, "
	       "first page %.1f ms)\n",
	       name, ns / 1e3 / pages / ITEMS, bytes * 1e3 / ns, page.n_fields, body.n / ITEMS,
	       (double)first_ns / 1e6);
	buf_done(&body);
	arena_free(a);
	extractor_free(x);
}

int main(int argc, char **argv)
{
	int pages = argc > 1 ? atoi(argv[1]) : 300;

	if (pages < 1) {
		fprintf(stderr, "usage: extractor_bench [PAGES]\n");
		return 2;
	}
	measure("json", FORMAT_JSON, pages);
	measure("html", FORMAT_HTML, pages);
	measure("auto", FORMAT_AUTO, pages);
	return 0;
}
