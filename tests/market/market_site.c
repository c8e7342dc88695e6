#include "market_site.h"

#include "market_api.h"
#include "market_html.h"
#include "market_image.h"
#include "market_search.h"
#include "market_sitemap.h"

#include "base/mem.h"

#include <stdlib.h>

static const struct route {
	const char *path; /* what ends with a slash stands for all below it */
	void (*answer)(const struct market_site *s, const struct market_request *q,
		       struct market_answer *a);
	bool post;
} routes[] = {
	{ .path = "/api/1/find_v2.json", .answer = market_api_find },
	{ .path = "/api/1/categories/list.json", .answer = market_api_categories },
	{ .path = "/v3/search/all", .answer = market_search_all, .post = true },
	{ .path = "/", .answer = market_html_home },
	{ .path = "/list", .answer = market_html_list },
	{ .path = "/item/", .answer = market_html_item },
	{ .path = "/image/", .answer = market_image_get },
	{ .path = "/product/", .answer = market_image_get },
	{ .path = "/robots.txt", .answer = market_sitemap_robots },
	{ .path = "/sitemap.xml", .answer = market_sitemap_index },
	{ .path = "/sitemap/", .answer = market_sitemap_part },
};

static bool fits(const struct route *r, struct str path)
{
	struct str of = str_of(r->path);

	if (of.n > 1 && str_ends(of, STR("/")))
		return path.n > of.n && str_starts(path, of);
	return str_eq(path, of);
}

void market_site_answer(const struct market_site *s, const struct market_request *q,
			struct market_answer *a)
{
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (fits(&routes[i], q->path)) {
			if (routes[i].post == q->post)
				routes[i].answer(s, q, a);
			else
				a->status = 405;
			break;
		}
	if (i == sizeof(routes) / sizeof(routes[0]))
		a->status = 404;
	if (!a->type) {
		a->type = "text/plain; charset=utf-8";
		buf_add_text(&a->body,
			     a->status == 405 ? "405 method not allowed\n" : "404 not found\n");
	}
}

static int by_pid(const void *a, const void *b, void *items)
{
	const struct market_item *all = items;
	const uint32_t *x = a, *y = b;

	return (all[*x].pid > all[*y].pid) - (all[*x].pid < all[*y].pid);
}

void market_site_init(struct market_site *s, const struct market_data *d, uint32_t html_most)
{
	const struct market_html_category *c;
	const struct market_node *node;
	uint32_t i, each = (html_most + MARKET_HTML_CATEGORIES - 1) / MARKET_HTML_CATEGORIES;

	*s = (struct market_site){ .data = d };
	s->shop = mem_array((size_t)html_most + 1, sizeof(*s->shop));
	for (c = market_html_categories; c->id; c++) {
		node = market_data_node(d, str_of(c->id));
		for (i = 0; node && i < node->n && i < each && s->n_shop < html_most; i++)
			s->shop[s->n_shop++] = node->by_date[i];
	}
	qsort_r(s->shop, s->n_shop, sizeof(*s->shop), by_pid, d->items);
}

void market_site_done(struct market_site *s)
{
	mem_free(s->shop);
	s->shop = NULL;
}

void market_answer_init(struct market_answer *a)
{
	*a = (struct market_answer){ .status = 200, .retry_ms = -1 };
	buf_init(&a->body, MARKET_BODY_MOST);
}

void market_answer_done(struct market_answer *a)
{
	buf_done(&a->body);
}

struct str market_request_arg(const struct market_request *q, const char *key)
{
	int i;

	for (i = 0; i < q->n_args; i++)
		if (str_is(q->args[i].key, key))
			return q->args[i].value;
	return (struct str){ 0 };
}

bool market_request_number(const struct market_request *q, const char *key, int64_t min,
			   int64_t max, int64_t otherwise, int64_t *ret_n)
{
	struct str v = market_request_arg(q, key);
	int64_t n = otherwise;

	if (v.p && (!str_i64(v, &n) || n < min || n > max))
		return false;
	*ret_n = n;
	return true;
}
