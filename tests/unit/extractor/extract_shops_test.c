/* Format auto on 93 product pages of many shops (shared/data/pages/zyte), measured as the
 * data set's authors do: per field one answer at most, right if it is among the annotated
 * ones; F1 over all pages. Their figures for other extractors are of 140 pages, of which
 * these are those that could be given away, so they stand beside ours, not in a race. */
#include "base/clock.h"
#include "cleaner/price.h"
#include "tests/unit/extractor/extract_make.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOPS PIPED_SHARED "/data/pages/zyte/"

static bool as_price(struct str got, const char *want, struct str currency)
{
	int64_t x, y;
	int digits;

	if (!price_read(got, currency, &x, &digits))
		return false;
	for (int i = digits; i < 2; i++)
		x *= 10;
	/* the truth has points for fractions alone */
	y = (int64_t)(strtod(want, NULL) * 100 + 0.5);
	return x == y;
}

/* ISO codes, and the signs that the truth has in their place. */
static bool as_currency(struct str got, const char *want, struct str currency)
{
	static const char *const signs[][5] = {
		{ "EUR", "€" },	       { "GBP", "£" },		{ "USD", "$" },
		{ "TWD", "$", "NT$" }, { "CLP", "$" },		{ "ARS", "$", "ARS" },
		{ "CAD", "$" },	       { "NZD", "$", "NZD" },	{ "RUB", "₽" },
		{ "INR", "₹" },	       { "PKR", "Rs" },		{ "BRL", "BRL", "R$" },
		{ "SAR", "ر.س" },      { "RON", "Lei", "lei" }, { "HRK", "Kn", "kn" },
		{ "PLN", "zł" },       { "KZT", "тг.", "₸" },	{ "KRW", "원~", "원", "₩" },
	};

	(void)currency;
	if (str_is(got, want))
		return true;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (str_eq_nocase(got, str_of(signs[i][0])))
			for (int k = 1; k < 5 && signs[i][k]; k++)
				if (strcmp(signs[i][k], want) == 0)
					return true;
	return false;
}

/* "123/123" for "123123" is the same, as the authors have it. */
static bool as_key(struct str got, const char *want, struct str currency)
{
	size_t i = 0;

	(void)currency;
	for (;;) {
		while (i < got.n && !isalnum((unsigned char)got.p[i]) &&
		       (unsigned char)got.p[i] < 0x80)
			i++;
		while (*want && !isalnum((unsigned char)*want) && (unsigned char)*want < 0x80)
			want++;
		if (i == got.n || !*want)
			return i == got.n && !*want;
		if (tolower((unsigned char)got.p[i++]) != tolower((unsigned char)*want++))
			return false;
	}
}

static bool as_status(struct str got, const char *want, struct str currency)
{
	(void)currency;
	return strcmp(want, "InStock") == 0 ? str_is(got, "selling") : str_is(got, "sold");
}

static struct measured {
	const char *name;
	enum listing_field field;
	bool (*is)(struct str got, const char *want, struct str currency);
	const char *filled; /* what no answer stands for; NULL: nothing */
	const char *theirs; /* published: structured data alone; other systems */
	double least;	    /* F1 */
	int right, wrong, missed;
} measures[] = {
	{ .name = "price",
	  .field = FIELD_PRICE,
	  .is = as_price,
	  .least = 0.82,
	  .theirs = "extruct .685, Diffbot .824, Zyte .918" },
	{ .name = "currency", .field = FIELD_CURRENCY, .is = as_currency, .least = 0.85 },
	{ .name = "sku",
	  .field = FIELD_ID,
	  .is = as_key,
	  .least = 0.67,
	  .theirs = "extruct .537, Diffbot .765, Zyte .841" },
	{ .name = "availability",
	  .field = FIELD_STATUS,
	  .is = as_status,
	  .least = 0.85,
	  .theirs = "extruct .626" },
	{ .name = "availability",
	  .field = FIELD_STATUS,
	  .is = as_status,
	  .least = 0.94,
	  .filled = "selling",
	  .theirs = "Diffbot .943, Zyte .957 (nothing said: in stock)" },
	{ .name = "brand", .field = FIELD_BRAND, .is = as_key, .least = 0.7 },
};

static void compare(struct measured *m, const char *page, struct str got, const json_t *want,
		    struct str currency)
{
	json_t *each;
	size_t i;

	if (!got.n)
		got = str_of(m->filled);
	/* the address, where there is no id */
	if (m->field == FIELD_ID && str_find(got, STR("://")) >= 0)
		got = (struct str){ 0 };
	json_array_foreach(want, i, each)
	{
		if (got.n && m->is(got, json_string_value(each), currency)) {
			m->right++;
			return;
		}
	}
	m->wrong += got.n > 0;
	m->missed += json_array_size(want) > 0;
	if (getenv("SHOPS_VERBOSE"))
		print_message("%.8s %s: %.*s, not %s\n", page, m->name, STR_ARG(got),
			      json_array_size(want) ? json_string_value(json_array_get(want, 0))
						    : "any");
}

static struct str currency_of(const struct listing_raw *raw, char to[4])
{
	struct str none = { 0 };

	if (raw->field[FIELD_CURRENCY].n)
		return raw->field[FIELD_CURRENCY];
	if (raw->field[FIELD_PRICE].n && price_currency(raw->field[FIELD_PRICE], none, to))
		return str_of(to);
	return none;
}

static void read_shop(struct made *m, const char *page, const json_t *truth)
{
	const struct listing_raw none = { 0 }, *raw = &none;
	char path[400], code[4];
	struct str currency;
	struct buf body;

	buf_init(&body, 32 << 20);
	snprintf(path, sizeof(path), SHOPS "html/%s.html.gz", page);
	made_read(path, true, &body);
	m->url = str_of(json_string_value(json_object_get(truth, "url")));
	assert_int_equal(made_run(m, buf_str(&body), "text/html; charset=utf-8"), ERR_OK);
	if (m->out.n_listings == 1)
		raw = &m->out.listings[0];
	if (m->out.n_listings != 1 && getenv("SHOPS_VERBOSE"))
		print_message("%.8s: %d listings\n", page, m->out.n_listings);
	currency = currency_of(raw, code);
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
		struct measured *q = &measures[i];
		struct str got = raw->field[q->field];

		if (q->field == FIELD_CURRENCY)
			got = currency;
		compare(q, page, got, json_object_get(truth, q->name), currency);
	}
	buf_done(&body);
}

static double report(const struct measured *m)
{
	double right = m->right, precision = right / (right + m->wrong),
	       recall = right / (right + m->missed),
	       f1 = 2 * precision * recall / (precision + recall);

	print_message("%-12s F1 %.3f  precision %.3f  recall %.3f  of %d   %s\n", m->name, f1,
		      precision, recall, m->right + m->missed, m->theirs ? m->theirs : "");
	return f1;
}

static void shops_are_read(void **state)
{
	struct made m;
	json_t *truth, *each;
	const char *page;
	json_error_t e;

	(void)state;
	if (access(SHOPS, R_OK) != 0)
		skip();
	truth = json_load_file(SHOPS "ground-truth.json", 0, &e);
	assert_non_null(truth);
	made_init(&m, FORMAT_AUTO);
	m.page.lists = true;
	json_object_foreach(truth, page, each) read_shop(&m, page, each);
	made_done(&m);
	json_decref(truth);
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
		if (!(report(&measures[i]) >= measures[i].least))
			fail_msg("%s: under %.2f", measures[i].name, measures[i].least);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(shops_are_read) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
