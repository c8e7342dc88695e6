#include "market_search_read.h"

#include <jansson.h>

#define SIZE_MOST 100
#define SIZE_DEFAULT 50

/* Absent and null: as `to` has it. */
static bool read_number(const json_t *from, const char *key, int64_t min, int64_t max, int64_t *to)
{
	const json_t *n = json_object_get(from, key);

	if (!n || json_is_null(n))
		return true;
	if (!json_is_integer(n) || json_integer_value(n) < min || json_integer_value(n) > max)
		return false;
	*to = json_integer_value(n);
	return true;
}

static bool read_find(const json_t *root, struct arena *a, struct market_find *f)
{
	const json_t *word = json_object_get(root, "searchWord"),
		     *prices = json_object_get(root, "priceFilter");

	*f = (struct market_find){ .n = SIZE_DEFAULT, .price_max = INT64_MAX };
	if (!json_is_object(root) || (word && !json_is_string(word)) ||
	    (prices && !json_is_object(prices)))
		return false;
	f->words = arena_text(a, json_string_value(word));
	return read_number(root, "page", 0, INT32_MAX, &f->page) &&
	       read_number(root, "size", 1, SIZE_MOST, &f->n) &&
	       read_number(prices, "minPrice", 0, INT64_MAX, &f->price_min) &&
	       read_number(prices, "maxPrice", 0, INT64_MAX, &f->price_max);
}

bool market_search_read(struct str body, struct arena *a, struct market_find *ret)
{
	json_t *root = json_loadb(body.p ? body.p : "", body.n, 0, NULL);
	bool fine = root && read_find(root, a, ret);

	json_decref(root);
	return fine;
}
