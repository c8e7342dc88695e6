/* Answers without a network: the API's shape, its paging, the HTML side. */
#include "market_gen.h"
#include "market_image.h"
#include "market_markup.h"
#include "market_site.h"

#include "base/mem.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT 2500

static struct market_data *data;

/* "/list?category=320300&page=1"; the text must outlive the answer. */
static void ask(const struct market_site *s, char *url, struct market_answer *a)
{
	struct market_request q = { .host = STR("market.example"), .tls = true };
	struct str rest = str_of(url), query, part;

	str_next(&rest, '?', &q.path);
	query = rest;
	while (str_next(&query, '&', &part)) {
		struct market_arg *arg = &q.args[q.n_args++];

		str_next(&part, '=', &arg->key);
		arg->value = part.p ? part : STR("");
	}
	market_answer_init(a);
	market_site_answer(s, &q, a);
}

static json_t *ask_json(const struct market_site *s, const char *url, int status)
{
	char copy[256];
	struct market_answer a;
	json_error_t error;
	json_t *j;

	snprintf(copy, sizeof(copy), "%s", url);
	ask(s, copy, &a);
	assert_int_equal(a.status, status);
	assert_string_equal(a.type, "application/json; charset=utf-8");
	j = json_loadb(a.body.p, a.body.n, 0, &error);
	if (!j)
		print_error("%s: %s\n", url, error.text);
	assert_non_null(j);
	market_answer_done(&a);
	return j;
}

static void ask_text(const struct market_site *s, const char *url, int status, struct buf *to)
{
	char copy[256];
	struct market_answer a;

	snprintf(copy, sizeof(copy), "%s", url);
	ask(s, copy, &a);
	assert_int_equal(a.status, status);
	buf_init(to, MARKET_BODY_MOST);
	buf_add(to, buf_str(&a.body));
	market_answer_done(&a);
}

static const char *const item_fields[] = {
	"pid",
	"name",
	"price",
	"product_image",
	"status",
	"ad",
	"inspection",
	"care",
	"location",
	"badges",
	"name_prefix",
	"bizseller",
	"checkout",
	"contact_hope",
	"free_shipping",
	"is_adult",
	"only_neighborhood",
	"proshop",
	"faved",
	"bun_pay_filter_enabled",
	"is_super_up_shop",
	"max_cpc",
	"pu_id",
	"super_up",
	"ref_campaign",
	"ref_code",
	"ref_medium",
	"ref_test",
	"app_url",
	"num_comment",
	"num_faved",
	"outlink_url",
	"style",
	"tag",
	"uid",
	"update_time",
	"used",
	"category_id",
	"ref_content",
	"ref_source",
	"imp_id",
	"ad_ref",
	"tracking",
	"type",
};

static const char *const envelope_fields[] = {
	"result",
	"no_result",
	"no_result_type",
	"no_result_message",
	"ad_more_info",
	"ad_products",
	"list",
	"specs",
	"filters",
	"categories",
	"recommended_categories",
	"associate_keywords",
	"n",
	"num_found",
	"redirect_uri",
	"shopingmoa_enable",
	"view_type",
	"flags",
	"filter_bun_pay",
	"filter_new_arrival",
};

static void rows_have_every_field(void **state)
{
	struct market_site s;
	json_t *j, *row;
	size_t i;

	(void)state;
	market_site_init(&s, data, 300);
	j = ask_json(&s, "/api/1/find_v2.json?f_category_id=320&page=0&n=100", 200);
	for (i = 0; i < sizeof(envelope_fields) / sizeof(envelope_fields[0]); i++)
		assert_non_null(json_object_get(j, envelope_fields[i]));
	row = json_array_get(json_object_get(j, "list"), 0);
	for (i = 0; i < sizeof(item_fields) / sizeof(item_fields[0]); i++)
		assert_non_null(json_object_get(row, item_fields[i]));
	assert_int_equal(json_object_size(row), sizeof(item_fields) / sizeof(item_fields[0]));
	assert_true(json_is_string(json_object_get(row, "pid")));
	assert_true(json_is_string(json_object_get(row, "price")));
	assert_true(json_is_string(json_object_get(row, "status")));
	assert_true(json_is_integer(json_object_get(row, "update_time")));
	assert_non_null(strstr(json_string_value(json_object_get(row, "product_image")), "{res}"));
	json_decref(j);
	market_site_done(&s);
}

static const struct market_item *item_of(const char *pid)
{
	uint32_t i;

	for (i = 0; i < data->n_items; i++)
		if (data->items[i].pid == strtoull(pid, NULL, 10))
			return &data->items[i];
	return NULL;
}

/* Counts the page's rows in `seen`, by item; returns whether there is more. */
static bool count_page(const struct market_site *s, const char *url, int *seen, int *ads)
{
	json_t *j = ask_json(s, url, 200), *list = json_object_get(j, "list"), *row;
	bool more = json_is_false(json_object_get(j, "no_result"));
	size_t i;

	assert_int_equal(more, json_array_size(list) > 0);
	json_array_foreach(list, i, row)
	{
		const struct market_item *item =
			item_of(json_string_value(json_object_get(row, "pid")));

		assert_non_null(item);
		assert_true(str_is(market_data_title(data, item),
				   json_string_value(json_object_get(row, "name"))));
		if (json_is_true(json_object_get(row, "ad")))
			(*ads)++;
		else
			seen[item - data->items]++;
	}
	json_decref(j);
	return more;
}

static void pages_hold_every_listing_once(void **state)
{
	static const struct {
		const char *category, *order;
		int n;
	} cases[] = {
		{ "", "date", 100 },	   { "320", "date", 100 },     { "320", "score", 33 },
		{ "405100", "date", 200 }, { "320300400", "date", 7 }, { "430200", "score", 299 },
	};
	struct market_site s;
	size_t k;

	(void)state;
	market_site_init(&s, data, 0);
	s.ads_percent = 5;
	for (k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		int *seen = mem_array(data->n_items, sizeof(*seen)), ads = 0, page = 0;
		char url[200];
		uint32_t i;

		do
			snprintf(url, sizeof(url),
				 "/api/1/find_v2.json?f_category_id=%s&order=%s&page=%d&n=%d",
				 cases[k].category, cases[k].order, page, cases[k].n);
		while (count_page(&s, url, seen, &ads) && ++page < 10000);
		for (i = 0; i < data->n_items; i++)
			assert_int_equal(seen[i], str_starts(data->nodes[data->items[i].node].id,
							     str_of(cases[k].category)));
		assert_true(ads > 0 || cases[k].n < 10);
		mem_free(seen);
	}
	market_site_done(&s);
}

static void words_and_window(void **state)
{
	struct market_site s;
	int *seen = mem_array(data->n_items, sizeof(*seen)), ads = 0, naive = 0, shown = 0;
	json_t *j;
	uint32_t i;

	(void)state;
	market_site_init(&s, data, 0);
	count_page(&s, "/api/1/find_v2.json?q=나이키&n=299&page=0", seen, &ads);
	for (i = 0; i < data->n_items; i++) {
		bool has = str_find(market_data_title(data, &data->items[i]), STR("나이키")) >= 0;

		naive += has;
		shown += seen[i];
		assert_true(has || !seen[i]);
	}
	assert_int_equal(shown, naive);
	assert_int_equal(ads, 0);
	s.window = 120;
	j = ask_json(&s, "/api/1/find_v2.json?f_category_id=320&n=100&page=1", 200);
	assert_int_equal(json_array_size(json_object_get(j, "list")), 20);
	json_decref(j);
	j = ask_json(&s, "/api/1/find_v2.json?f_category_id=320&n=100&page=2", 200);
	assert_true(json_is_true(json_object_get(j, "no_result")));
	json_decref(j);
	mem_free(seen);
	market_site_done(&s);
}

static void odd_questions_have_answers(void **state)
{
	static const struct {
		const char *url;
		int status;
	} cases[] = {
		{ "/api/1/find_v2.json?n=300", 400 },
		{ "/api/1/find_v2.json?n=0", 400 },
		{ "/api/1/find_v2.json?page=-1", 400 },
		{ "/api/1/find_v2.json?page=x", 400 },
		{ "/api/1/find_v2.json?order=up", 400 },
		{ "/api/1/find_v2.json?f_category_id=32", 200 },
		{ "/api/1/find_v2.json?f_category_id=999", 200 },
		{ "/api/1/find_v2.json?page=2147483647&n=299", 200 },
		{ "/api/1/categories/list.json", 200 },
	};
	struct market_site s;
	size_t i;

	(void)state;
	market_site_init(&s, data, 10);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		json_decref(ask_json(&s, cases[i].url, cases[i].status));
	market_site_done(&s);
}

static int count(struct str in, const char *what)
{
	ptrdiff_t at;
	int n = 0;

	while ((at = str_find(in, str_of(what))) >= 0) {
		in = str_sub(in, (size_t)at + strlen(what), in.n);
		n++;
	}
	return n;
}

static void html_lists_lead_to_items(void **state)
{
	struct market_site s;
	struct buf b;
	char url[64];
	uint32_t i;
	int page = 0, rows = 0;
	bool more = true;

	(void)state;
	market_site_init(&s, data, 300);
	assert_int_equal(s.n_shop, 300);
	for (; more; page++) {
		snprintf(url, sizeof(url), "/list?category=320300&page=%d", page);
		ask_text(&s, url, 200, &b);
		rows += count(buf_str(&b), "<li><a class=\"item\" href=\"/item/m");
		more = str_find(buf_str(&b), STR("<a rel=\"next\"")) >= 0;
		buf_done(&b);
	}
	assert_int_equal(page, 2);
	assert_int_equal(rows, 50);
	for (i = 0; i < s.n_shop; i++) {
		const struct market_item *item = &data->items[s.shop[i]];

		snprintf(url, sizeof(url), "/item/m%llu", (unsigned long long)item->pid);
		ask_text(&s, url, 200, &b);
		assert_int_equal(count(buf_str(&b), "<article class=\"listing\" data-id=\"m"), 1);
		assert_int_equal(count(buf_str(&b), "원</span>"), 1);
		assert_int_equal(count(buf_str(&b), "</script>"), 1);
		buf_done(&b);
	}
	market_site_done(&s);
}

/* The JSON-LD of a page is JSON, and its name is the title. */
static void json_ld_is_json(void **state)
{
	static const char begins[] = "<script type=\"application/ld+json\">";
	const struct market_item *item;
	struct market_site s;
	struct str text;
	struct buf b;
	char url[64];
	json_t *j;

	(void)state;
	market_site_init(&s, data, 300);
	item = &data->items[s.shop[17]];
	snprintf(url, sizeof(url), "/item/m%llu", (unsigned long long)item->pid);
	ask_text(&s, url, 200, &b);
	text = buf_str(&b);
	text = str_sub(text, (size_t)str_find(text, str_of(begins)) + strlen(begins), text.n);
	text = str_sub(text, 0, (size_t)str_find(text, STR("</script>")));
	j = json_loadb(text.p, text.n, 0, NULL);
	assert_non_null(j);
	assert_true(str_is(market_data_title(data, item),
			   json_string_value(json_object_get(j, "name"))));
	json_decref(j);
	buf_done(&b);
	market_site_done(&s);
}

static void sitemaps_name_every_item(void **state)
{
	struct market_site s;
	struct buf b;
	char url[64];
	int part, parts, items = 0;

	(void)state;
	market_site_init(&s, data, 250);
	ask_text(&s, "/robots.txt", 200, &b);
	assert_int_equal(count(buf_str(&b), "Sitemap: https://market.example/sitemap.xml"), 1);
	buf_done(&b);
	ask_text(&s, "/sitemap.xml", 200, &b);
	parts = count(buf_str(&b), "<loc>");
	buf_done(&b);
	for (part = 0; part < parts; part++) {
		snprintf(url, sizeof(url), "/sitemap/%d.xml", part);
		ask_text(&s, url, 200, &b);
		items += count(buf_str(&b), "<loc>https://market.example/item/m");
		buf_done(&b);
	}
	assert_int_equal(items, s.n_shop);
	ask_text(&s, "/sitemap/99.xml", 404, &b);
	buf_done(&b);
	market_site_done(&s);
}

static void missing_pages(void **state)
{
	static const char *const urls[] = { "/nowhere",
					    "/item/m1",
					    "/item/300000010",
					    "/item/",
					    "/list",
					    "/list?category=1",
					    "/list?category=320300&page=-1",
					    "/sitemap/x.xml" };
	struct market_site s;
	struct buf b;
	size_t i;

	(void)state;
	market_site_init(&s, data, 30);
	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		ask_text(&s, urls[i], 404, &b);
		assert_true(b.n > 0);
		buf_done(&b);
	}
	market_site_done(&s);
}

static void markup_escapes(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "", "" },
		{ "자켓", "자켓" },
		{ "<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;" },
		{ "a<", "a&lt;" },
	};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1 << 10);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		market_markup_text(&b, str_of(cases[i].from));
		assert_true(str_is(buf_str(&b), cases[i].to));
	}
	buf_clear(&b);
	market_markup_script(&b, STR("{\"a\":\"</script><\"}"));
	assert_true(str_is(buf_str(&b), "{\"a\":\"\\u003c/script>\\u003c\"}"));
	buf_clear(&b);
	market_markup_price(&b, 1234567);
	assert_true(str_is(buf_str(&b), "1,234,567원"));
	buf_clear(&b);
	market_markup_price(&b, 120);
	assert_true(str_is(buf_str(&b), "120원"));
	buf_done(&b);
}

static void one_picture_for_each_listing(void **state)
{
	struct market_site s;
	struct buf a, b, c;

	(void)state;
	market_site_init(&s, data, 30);
	ask_text(&s, "/image/m300000010.jpg", 200, &a);
	ask_text(&s, "/product/300000010_1_1735762160_w292.jpg", 200, &b);
	ask_text(&s, "/product/300000011_1_1735762160_w292.jpg", 200, &c);
	assert_true(str_starts(buf_str(&a), STR("\x89PNG\r\n\x1a\n")));
	assert_true(str_eq(buf_str(&a), buf_str(&b)));
	assert_false(str_eq(buf_str(&a), buf_str(&c)));
	buf_done(&a);
	buf_done(&b);
	buf_done(&c);
	market_site_done(&s);
}

static int load(void **state)
{
	struct reason why;
	struct buf text;
	enum err err;

	(void)state;
	buf_init(&text, 64 << 20);
	market_gen_rows(5, COUNT, &text);
	err = market_data_new(&text, "made", &data, &why);
	buf_done(&text);
	return err == ERR_OK ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	market_data_free(data);
	return 0;
}

/* A search by POST finds what the API finds. */
static void search_by_post(void **state)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = {
		{ "{\"searchWord\":\"나이키\",\"page\":0,\"size\":100}", 200 },
		{ "{\"searchWord\":\"\",\"page\":1,\"priceFilter\":{\"minPrice\":50000,"
		  "\"maxPrice\":null},\"filter\":{}}",
		  200 },
		{ "", 400 },
		{ "[]", 400 },
		{ "{\"page\":-1}", 400 },
		{ "{\"page\":\"0\"}", 400 },
		{ "{\"size\":101}", 400 },
		{ "{\"searchWord\":7}", 400 },
	};
	struct market_request q = { .path = STR("/v3/search/all"), .post = true };
	const json_t *items, *item;
	struct market_site s;
	struct market_answer a;
	json_t *j, *api;
	size_t k;

	(void)state;
	market_site_init(&s, data, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		q.body = str_of(rows[i].body);
		market_answer_init(&a);
		market_site_answer(&s, &q, &a);
		assert_int_equal(a.status, rows[i].status);
		j = json_loadb(a.body.p, a.body.n, 0, NULL);
		assert_non_null(j);
		items = json_object_get(json_object_get(j, "data"), "items");
		json_array_foreach(items, k, item) assert_true(
			i != 1 || json_integer_value(json_object_get(item, "price")) >= 50000);
		if (i == 0) {
			api = ask_json(&s, "/api/1/find_v2.json?q=나이키&n=100&page=0", 200);
			assert_int_equal(json_integer_value(json_object_get(
						 json_object_get(j, "data"), "totalSize")),
					 json_integer_value(json_object_get(api, "num_found")));
			assert_true(json_array_size(items) > 0);
			json_decref(api);
		}
		json_decref(j);
		market_answer_done(&a);
	}
	q.post = false;
	market_answer_init(&a);
	market_site_answer(&s, &q, &a);
	assert_int_equal(a.status, 405);
	market_answer_done(&a);
	market_site_done(&s);
}

/* Both ends belong to a band; bands that meet hold all, once. */
static void prices_of_the_api(void **state)
{
	static const char *const bands[] = { "f_price_max=29999",
					     "f_price_min=30000&f_price_max=30000",
					     "f_price_min=30001" };
	int64_t sum = 0, all;
	struct market_site s;
	char url[128];
	json_t *j;

	(void)state;
	market_site_init(&s, data, 0);
	j = ask_json(&s, "/api/1/find_v2.json?f_category_id=320&n=1", 200);
	all = json_integer_value(json_object_get(j, "num_found"));
	json_decref(j);
	for (int i = 0; i < 3; i++) {
		snprintf(url, sizeof(url), "/api/1/find_v2.json?f_category_id=320&n=1&%s",
			 bands[i]);
		j = ask_json(&s, url, 200);
		sum += json_integer_value(json_object_get(j, "num_found"));
		json_decref(j);
	}
	assert_true(all > 0);
	assert_int_equal(sum, all);
	market_site_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_by_post),
		cmocka_unit_test(prices_of_the_api),
		cmocka_unit_test(rows_have_every_field),
		cmocka_unit_test(pages_hold_every_listing_once),
		cmocka_unit_test(words_and_window),
		cmocka_unit_test(odd_questions_have_answers),
		cmocka_unit_test(html_lists_lead_to_items),
		cmocka_unit_test(json_ld_is_json),
		cmocka_unit_test(sitemaps_name_every_item),
		cmocka_unit_test(missing_pages),
		cmocka_unit_test(markup_escapes),
		cmocka_unit_test(one_picture_for_each_listing),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
