#include "market_search.h"

#include "market_row.h"
#include "market_search_read.h"

#include "base/json.h"

#include <time.h>

/* Korean time, which it does not say. */
#define KST_SECONDS INT64_C(32400)

static void put_item(struct json *j, const struct market_data *d, const struct market_item *item)
{
	time_t at = (time_t)item->seen + KST_SECONDS;
	struct str place = market_row_place(item);
	char text[32];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	json_object(j, NULL);
	json_int(j, "seq", (int64_t)item->pid);
	json_str(j, "title", market_data_title(d, item));
	json_int(j, "price", item->price);
	json_str(j, "url", market_data_image(d, item));
	json_int(j, "state", item->status ? 3 : 0);
	json_text(j, "sortDate", text);
	json_null(j, "mainLocationName");
	json_array(j, "locationNames");
	if (place.n)
		json_str(j, NULL, place);
	json_end_array(j);
	json_null(j, "articleUrl");
	json_end_object(j);
}

static void put_found(struct json *j, const struct market_site *s, const struct market_found *found)
{
	json_object(j, NULL);
	json_object(j, "data");
	json_int(j, "totalSize", found->total);
	json_array(j, "items");
	for (uint32_t i = 0; i < found->n; i++)
		put_item(j, s->data, &s->data->items[found->rows[i]]);
	json_end_array(j);
	json_end_object(j);
	json_end_object(j);
}

void market_search_all(const struct market_site *s, const struct market_request *q,
		       struct market_answer *a)
{
	struct arena *arena = arena_new(4096);
	struct market_found found = { 0 };
	struct market_find f;
	struct json j;

	a->type = "application/json; charset=utf-8";
	json_init(&j, &a->body);
	if (market_search_read(q->body, arena, &f)) {
		market_find_rows(s, market_data_node(s->data, STR("")), &f, arena, &found);
		put_found(&j, s, &found);
	} else {
		a->status = 400;
		json_object(&j, NULL);
		json_text(&j, "message", "the body is no search");
		json_end_object(&j);
	}
	arena_free(arena);
}
