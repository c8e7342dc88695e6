#include "market_html.h"

#include "market_markup.h"
#include "market_row.h"

#include "base/clock.h"
#include "base/json.h"

#define RELATED 5

const struct market_html_category market_html_categories[MARKET_HTML_CATEGORIES + 1] = {
	{ .id = "320300", .title = "남성의류>아우터" },
	{ .id = "320210", .title = "남성의류>상의" },
	{ .id = "320120", .title = "남성의류>바지" },
	{ .id = "310300", .title = "여성의류>아우터" },
	{ .id = "405100", .title = "신발>스니커즈" },
	{ .id = "430200", .title = "가방/지갑>남성가방" },
	{ .id = NULL },
};

void market_html_origin(const struct market_request *q, struct buf *to)
{
	buf_add_text(to, q->tls ? "https://" : "http://");
	market_markup_text(to, q->host.n ? q->host : STR("market.example"));
}

static void begin(struct buf *b, struct str title)
{
	buf_add_text(b, "<!DOCTYPE html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n"
			"<title>");
	market_markup_text(b, title);
	buf_add_text(b, " - 마켓</title>\n");
}

static void body(struct buf *b)
{
	const struct market_html_category *c;

	buf_add_text(b, "</head>\n<body>\n<header><a class=\"logo\" href=\"/\">마켓</a>\n<nav>");
	for (c = market_html_categories; c->id; c++) {
		buf_fmt(b, "<a class=\"nav\" href=\"/list?category=%s\">", c->id);
		market_markup_text(b, str_of(c->title));
		buf_add_text(b, "</a> ");
	}
	buf_add_text(b, "</nav></header>\n<main>\n");
}

static void end(struct buf *b)
{
	buf_add_text(b, "</main>\n<footer><p>중고거래는 직거래와 안전결제를 이용해 주세요.</p>"
			"<p>&copy; market.example</p></footer>\n</body>\n</html>\n");
}

void market_html_home(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a)
{
	(void)q;
	a->type = MARKET_HTML_TYPE;
	begin(&a->body, STR("처음"));
	body(&a->body);
	buf_fmt(&a->body, "<p class=\"count\">%u개의 상품</p>\n", s->n_shop);
	end(&a->body);
}

static bool in_category(const struct market_site *s, uint32_t item, struct str id)
{
	return str_starts(s->data->nodes[s->data->items[item].node].id, id);
}

static void add_row(struct buf *b, const struct market_site *s, const struct market_item *i)
{
	buf_fmt(b, "<li><a class=\"item\" href=\"/item/m%llu\">", (unsigned long long)i->pid);
	market_markup_text(b, market_data_title(s->data, i));
	buf_add_text(b, "</a> <span class=\"price\">");
	market_markup_price(b, i->price);
	buf_add_text(b, "</span></li>\n");
}

/* The page's rows; returns how many the category has. */
static int64_t add_list(struct buf *b, const struct market_site *s, struct str id, int64_t page)
{
	int64_t from = page * MARKET_HTML_PER_PAGE, n = 0;
	uint32_t k;

	buf_add_text(b, "<ul class=\"items\">\n");
	for (k = 0; k < s->n_shop; k++) {
		if (!in_category(s, s->shop[k], id))
			continue;
		if (n >= from && n < from + MARKET_HTML_PER_PAGE)
			add_row(b, s, &s->data->items[s->shop[k]]);
		n++;
	}
	buf_add_text(b, "</ul>\n");
	return n;
}

static const struct market_html_category *category_of(struct str id)
{
	const struct market_html_category *c;

	for (c = market_html_categories; c->id; c++)
		if (str_is(id, c->id))
			return c;
	return NULL;
}

static void missing(struct market_answer *a, const char *what)
{
	a->status = 404;
	a->type = MARKET_HTML_TYPE;
	begin(&a->body, STR("없음"));
	body(&a->body);
	buf_fmt(&a->body, "<p class=\"error\">%s</p>\n", what);
	end(&a->body);
}

void market_html_list(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a)
{
	const struct market_html_category *c = category_of(market_request_arg(q, "category"));
	struct buf *b = &a->body;
	int64_t page, n;

	if (!c || !market_request_number(q, "page", 0, 1000000, 0, &page)) {
		missing(a, "찾는 카테고리가 없습니다.");
		return;
	}
	a->type = MARKET_HTML_TYPE;
	a->etag = true;
	begin(b, str_of(c->title));
	body(b);
	buf_add_text(b, "<h1>");
	market_markup_text(b, str_of(c->title));
	buf_add_text(b, "</h1>\n");
	n = add_list(b, s, str_of(c->id), page);
	if (page > 0)
		buf_fmt(b, "<a rel=\"prev\" href=\"/list?category=%s&amp;page=%lld\">이전</a>\n",
			c->id, (long long)page - 1);
	if ((page + 1) * MARKET_HTML_PER_PAGE < n)
		buf_fmt(b, "<a rel=\"next\" href=\"/list?category=%s&amp;page=%lld\">다음</a>\n",
			c->id, (long long)page + 1);
	end(b);
}

static const struct market_item *item_of(const struct market_site *s, struct str id)
{
	uint32_t low = 0, high = s->n_shop, mid;
	int64_t pid;

	if (!str_starts(id, STR("m")) || !str_i64(str_sub(id, 1, id.n), &pid))
		return NULL;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->data->items[s->shop[mid]].pid < (uint64_t)pid)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == s->n_shop || s->data->items[s->shop[low]].pid != (uint64_t)pid)
		return NULL;
	return &s->data->items[s->shop[low]];
}

static const char *status_word(const struct market_item *i)
{
	return i->status == 0 ? "판매중" : i->status == 1 ? "예약중" : "판매완료";
}

static const char *condition_word(const struct market_site *s, const struct market_item *i)
{
	struct str title = market_data_title(s->data, i);

	if (str_find(title, STR("새상품")) >= 0 || str_find(title, STR("미개봉")) >= 0)
		return "새상품";
	if (!market_row_used(i))
		return "거의 새것";
	return i->pid % 3 ? "사용감 적음" : "사용감 많음";
}

static void add_image_url(const struct market_request *q, const struct market_item *i,
			  struct buf *to)
{
	market_html_origin(q, to);
	buf_fmt(to, "/image/m%llu.jpg", (unsigned long long)i->pid);
}

static void add_meta(struct buf *b, const char *property, struct str content)
{
	buf_fmt(b, "<meta property=\"%s\" content=\"", property);
	market_markup_text(b, content);
	buf_add_text(b, "\">\n");
}

static void add_opengraph(struct buf *b, const struct market_site *s,
			  const struct market_request *q, const struct market_item *i,
			  struct arena *arena)
{
	struct buf url;

	buf_init(&url, 1024);
	add_image_url(q, i, &url);
	add_meta(b, "og:type", STR("product"));
	add_meta(b, "og:site_name", STR("마켓"));
	add_meta(b, "og:title", market_data_title(s->data, i));
	add_meta(b, "og:image", buf_str(&url));
	add_meta(b, "product:price:amount", arena_fmt(arena, "%lld", (long long)i->price));
	add_meta(b, "product:price:currency", STR("KRW"));
	buf_done(&url);
}

static void add_offer(struct json *j, const struct market_item *i)
{
	json_object(j, "offers");
	json_text(j, "@type", "Offer");
	json_int(j, "price", i->price);
	json_text(j, "priceCurrency", "KRW");
	json_text(j, "availability",
		  i->status == 0   ? "https://schema.org/InStock"
		  : i->status == 1 ? "https://schema.org/LimitedAvailability"
				   : "https://schema.org/SoldOut");
	json_text(j, "itemCondition", "https://schema.org/UsedCondition");
	json_end_object(j);
}

static void add_json_ld(struct buf *b, const struct market_site *s, const struct market_request *q,
			const struct market_item *i, struct arena *arena)
{
	struct buf text, url;
	struct json j;

	buf_init(&text, MARKET_BODY_MOST);
	buf_init(&url, 1024);
	add_image_url(q, i, &url);
	json_init(&j, &text);
	json_object(&j, NULL);
	json_text(&j, "@context", "https://schema.org");
	json_text(&j, "@type", "Product");
	json_str(&j, "productID", arena_fmt(arena, "m%llu", (unsigned long long)i->pid));
	json_str(&j, "name", market_data_title(s->data, i));
	json_str(&j, "image", buf_str(&url));
	json_str(&j, "category", market_data_path(s->data, i->node, arena));
	json_object(&j, "brand");
	json_text(&j, "@type", "Brand");
	json_str(&j, "name", market_data_brand(s->data, i));
	json_end_object(&j);
	add_offer(&j, i);
	json_end_object(&j);
	buf_add_text(b, "<script type=\"application/ld+json\">");
	market_markup_script(b, buf_str(&text));
	buf_add_text(b, "</script>\n");
	buf_done(&text);
	buf_done(&url);
}

static void add_span(struct buf *b, const char *class_name, struct str text)
{
	buf_fmt(b, "<span class=\"%s\">", class_name);
	market_markup_text(b, text);
	buf_add_text(b, "</span>\n");
}

static void add_article(struct buf *b, const struct market_site *s, const struct market_item *i,
			struct arena *arena)
{
	unsigned long long pid = i->pid;
	char day[32];

	clock_iso((int64_t)i->seen * 1000, day);
	buf_fmt(b, "<article class=\"listing\" data-id=\"m%llu\">\n<h1 class=\"title\">", pid);
	market_markup_text(b, market_data_title(s->data, i));
	buf_add_text(b, "</h1>\n<span class=\"price\">");
	market_markup_price(b, i->price);
	buf_fmt(b, "</span>\n<img class=\"main\" src=\"/image/m%llu.jpg\" alt=\"\">\n", pid);
	add_span(b, "category", market_data_path(s->data, i->node, arena));
	add_span(b, "status", str_of(status_word(i)));
	add_span(b, "condition", str_of(condition_word(s, i)));
	add_span(b, "brand", market_data_brand(s->data, i));
	add_span(b, "location", market_row_place(i));
	buf_fmt(b, "<time datetime=\"%s\">%.10s</time>\n</article>\n", day, day);
}

/* The next listings of the same category, by pid. */
static void add_related(struct buf *b, const struct market_site *s, const struct market_item *of)
{
	uint32_t k, shown = 0;

	buf_add_text(b, "<aside><ul class=\"related\">\n");
	for (k = 0; k < s->n_shop && shown < RELATED; k++) {
		const struct market_item *i = &s->data->items[s->shop[k]];

		if (i->node != of->node || i->pid <= of->pid)
			continue;
		buf_fmt(b, "<li><a class=\"related\" href=\"/item/m%llu\">",
			(unsigned long long)i->pid);
		market_markup_text(b, market_data_title(s->data, i));
		buf_add_text(b, "</a></li>\n");
		shown++;
	}
	buf_add_text(b, "</ul></aside>\n");
}

void market_html_item(const struct market_site *s, const struct market_request *q,
		      struct market_answer *a)
{
	const struct market_item *i = item_of(s, str_sub(q->path, sizeof("/item/") - 1, q->path.n));
	struct arena *arena;

	if (!i) {
		missing(a, "찾는 상품이 없습니다.");
		return;
	}
	arena = arena_new(1024);
	a->type = MARKET_HTML_TYPE;
	a->etag = true;
	begin(&a->body, market_data_title(s->data, i));
	buf_fmt(&a->body, "<link rel=\"canonical\" href=\"/item/m%llu\">\n",
		(unsigned long long)i->pid);
	add_opengraph(&a->body, s, q, i, arena);
	add_json_ld(&a->body, s, q, i, arena);
	body(&a->body);
	add_article(&a->body, s, i, arena);
	add_related(&a->body, s, i);
	end(&a->body);
	arena_free(arena);
}
