#include "market_api.h"

#include "market_find.h"
#include "market_row.h"

#include "base/json.h"

#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"
/* The real one answers 400 from here on; 200 still works. */
#define N_TOO_MANY 300
#define N_DEFAULT 100
/* So few promoted listings are shown over and over. */
#define AD_POOL 20

static bool read_find(const struct market_request *q, struct market_find *to)
{
	struct str order = market_request_arg(q, "order");

	to->category = market_request_arg(q, "f_category_id");
	to->words = market_request_arg(q, "q");
	if (order.n && !str_is(order, "date") && !str_is(order, "score") &&
	    !str_is(order, "distance"))
		return false;
	to->by_score = str_is(order, "score");
	return market_request_number(q, "f_price_min", 0, INT64_MAX, 0, &to->price_min) &&
	       market_request_number(q, "f_price_max", 0, INT64_MAX, INT64_MAX, &to->price_max) &&
	       market_request_number(q, "page", 0, INT32_MAX, 0, &to->page) &&
	       market_request_number(q, "n", 1, N_TOO_MANY - 1, N_DEFAULT, &to->n);
}

/* The k-th promoted row of a page: few listings of the node, in turn. */
static uint32_t ad_at(const struct market_node *node, int64_t page, uint32_t k)
{
	uint32_t pool = node->n < AD_POOL ? node->n : AD_POOL;
	uint64_t at = ((uint64_t)page * 3 + k) % pool;

	return node->by_score[at];
}

/* Promoted rows come on top of the page's own, spread among them. */
static void add_rows(const struct market_site *s, const struct market_node *node,
		     const struct market_find *f, const struct market_found *found, struct buf *to)
{
	uint32_t ads = (found->n * (uint32_t)s->ads_percent + 50) / 100, shown = 0, i;

	for (i = 0; i < found->n; i++) {
		if (i > 0)
			buf_add_char(to, ',');
		while (shown < ads && shown * found->n <= i * ads) {
			market_row_json(s->data, &s->data->items[ad_at(node, f->page, shown++)],
					true, to);
			buf_add_char(to, ',');
		}
		market_row_json(s->data, &s->data->items[found->rows[i]], false, to);
	}
}

static void add_keywords(struct json *j, const struct market_find *f)
{
	json_array(j, "associate_keywords");
	if (f->words.n) {
		json_object(j, NULL);
		json_str(j, "name", f->words);
		json_int(j, "rank", 1);
		json_end_object(j);
	}
	json_end_array(j);
}

static void add_categories(struct json *j, const struct market_data *d,
			   const struct market_node *of)
{
	int i;

	json_array(j, "categories");
	for (i = 1; of && i < d->n_nodes; i++) {
		if (&d->nodes[d->nodes[i].parent] != of && &d->nodes[i] != of)
			continue;
		json_object(j, NULL);
		json_str(j, "id", d->nodes[i].id);
		json_str(j, "title", d->nodes[i].title);
		json_int(j, "count", d->nodes[i].n);
		json_end_object(j);
	}
	json_end_array(j);
}

static void add_flags(struct json *j)
{
	json_array(j, "flags");
	json_object(j, NULL);
	json_text(j, "type", "bunpay");
	json_text(j, "label", "번개페이");
	json_text(j, "event_type", "click");
	json_end_object(j);
	json_end_array(j);
}

static void add_before(struct json *j, bool none, bool ads)
{
	json_text(j, "result", "success");
	json_bool(j, "no_result", none);
	json_text(j, "no_result_type", none ? "no_product" : NULL);
	json_text(j, "no_result_message", none ? "검색 결과가 없습니다." : "");
	json_bool(j, "ad_more_info", ads);
	json_array(j, "ad_products");
	json_end_array(j);
}

static void add_after(struct json *j, const struct market_site *s, const struct market_node *node,
		      const struct market_find *f, uint32_t total)
{
	json_array(j, "specs");
	json_end_array(j);
	json_object(j, "filters");
	json_str(j, "q", f->words.p ? f->words : STR(""));
	json_int(j, "page", f->page);
	json_end_object(j);
	add_categories(j, s->data, node);
	json_array(j, "recommended_categories");
	json_end_array(j);
	add_keywords(j, f);
	json_int(j, "n", f->n);
	json_int(j, "num_found", total);
	json_null(j, "redirect_uri");
	json_bool(j, "shopingmoa_enable", false);
	json_text(j, "view_type", "grid");
	add_flags(j);
	json_bool(j, "filter_bun_pay", false);
	json_bool(j, "filter_new_arrival", false);
}

static void refuse(struct market_answer *a, const char *why)
{
	struct json j;

	a->status = 400;
	a->type = JSON_TYPE;
	json_init(&j, &a->body);
	json_object(&j, NULL);
	json_text(&j, "result", "fail");
	json_text(&j, "reason", why);
	json_end_object(&j);
}

void market_api_find(const struct market_site *s, const struct market_request *q,
		     struct market_answer *a)
{
	struct arena *arena;
	const struct market_node *node;
	struct market_found found = { 0 };
	struct market_find f = { 0 };
	struct json j;

	if (!read_find(q, &f)) {
		refuse(a, "order wants date or score, page 0 or more, n 1 to 299, prices numbers");
		return;
	}
	arena = arena_new(4096);
	node = market_data_node(s->data, f.category);
	if (node)
		market_find_rows(s, node, &f, arena, &found);
	a->type = JSON_TYPE;
	json_init(&j, &a->body);
	json_object(&j, NULL);
	add_before(&j, found.n == 0, found.n > 0 && s->ads_percent > 0);
	json_raw(&j, "list", STR("["));
	if (node)
		add_rows(s, node, &f, &found, &a->body);
	buf_add_char(&a->body, ']');
	add_after(&j, s, node, &f, found.total);
	json_end_object(&j);
	arena_free(arena);
}

static void add_node(struct json *j, const struct market_data *d, int at);

static void add_children(struct json *j, const struct market_data *d, int of)
{
	int i;

	json_array(j, "categories");
	for (i = 1; i < d->n_nodes; i++)
		if (d->nodes[i].parent == of)
			add_node(j, d, i);
	json_end_array(j);
}

/* Three levels deep: ids have 3, 6 or 9 digits. */
static void add_node(struct json *j, const struct market_data *d, int at)
{
	const struct market_node *n = &d->nodes[at];

	json_object(j, NULL);
	json_str(j, "id", n->id);
	json_int(j, "count", n->n);
	json_str(j, "title", n->title);
	json_int(j, "order", at);
	json_text(j, "icon_url", "");
	json_int(j, "need_size_tag", 0);
	json_bool(j, "require_size", false);
	json_bool(j, "require_brand", false);
	json_bool(j, "disable_price", false);
	json_bool(j, "disable_quantity", false);
	json_bool(j, "disable_bunpay", false);
	json_bool(j, "disable_inspection", false);
	add_children(j, d, at);
	json_end_object(j);
}

void market_api_categories(const struct market_site *s, const struct market_request *q,
			   struct market_answer *a)
{
	struct json j;

	(void)q;
	a->type = JSON_TYPE;
	json_init(&j, &a->body);
	json_object(&j, NULL);
	json_text(&j, "result", "success");
	add_children(&j, s->data, 0);
	json_end_object(&j);
}
