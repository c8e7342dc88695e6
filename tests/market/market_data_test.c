/* Listings: made up, read, refused; the index against a look at every row. */
#include "market_data.h"
#include "market_gen.h"

#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT 3000
#define ROW(pid, category, seen)                                                                   \
	pid "\t제목\t" category "\t남성의류>아우터>자켓\t1000\t0\t나이키\t" seen "\timg\n"

static struct market_data *made(uint64_t seed, uint32_t count)
{
	struct market_data *d;
	struct reason why;
	struct buf text;

	buf_init(&text, 64 << 20);
	market_gen_rows(seed, count, &text);
	assert_int_equal(market_data_new(&text, "made", &d, &why), ERR_OK);
	buf_done(&text);
	return d;
}

static void same_seed_same_bytes(void **state)
{
	struct buf a, b, c, shorter;

	(void)state;
	buf_init(&a, 64 << 20);
	buf_init(&b, 64 << 20);
	buf_init(&c, 64 << 20);
	buf_init(&shorter, 64 << 20);
	market_gen_rows(7, COUNT, &a);
	market_gen_rows(7, COUNT, &b);
	market_gen_rows(8, COUNT, &c);
	market_gen_rows(7, COUNT / 2, &shorter);
	assert_true(str_eq(buf_str(&a), buf_str(&b)));
	assert_false(str_eq(buf_str(&a), buf_str(&c)));
	assert_true(str_starts(buf_str(&a), buf_str(&shorter)));
	buf_done(&a);
	buf_done(&b);
	buf_done(&c);
	buf_done(&shorter);
}

static int by_title(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The mixture that the demo and the classifier are meant to meet. */
static void generated_rows_have_their_faults(void **state)
{
	struct market_data *d = made(1, COUNT);
	struct str *titles = mem_array(COUNT, sizeof(*titles));
	int repeated = 0, wanted = 0, sold = 0, jokes = 0;
	uint32_t i;

	(void)state;
	assert_int_equal(d->n_items, COUNT);
	for (i = 0; i < COUNT; i++) {
		titles[i] = market_data_title(d, &d->items[i]);
		assert_true(titles[i].n > 0);
		wanted += str_find(titles[i], STR("삽니다")) >= 0;
		sold += d->items[i].status >= 2;
		jokes += d->items[i].price == 1 || d->items[i].price == 999999999;
	}
	qsort(titles, COUNT, sizeof(*titles), by_title);
	for (i = 1; i < COUNT; i++)
		repeated += str_eq(titles[i], titles[i - 1]);
	assert_in_range(repeated, COUNT / 12, COUNT / 5);
	assert_in_range(sold, COUNT / 8, COUNT / 3);
	assert_true(wanted > 3 && jokes > 1);
	mem_free(titles);
	market_data_free(d);
}

static bool before(const struct market_item *a, const struct market_item *b)
{
	return a->seen > b->seen || (a->seen == b->seen && a->pid < b->pid);
}

/* Each list holds exactly the rows whose category begins with its id, newest
 * first; the order by score holds the same rows. */
static void check_node(const struct market_data *d, const struct market_node *n)
{
	char *seen = mem_zero((size_t)d->n_items + 1);
	uint32_t i, naive = 0;

	for (i = 0; i < d->n_items; i++)
		naive += str_starts(d->nodes[d->items[i].node].id, n->id);
	assert_int_equal(n->n, naive);
	for (i = 0; i < n->n; i++) {
		const struct market_item *item = &d->items[n->by_date[i]];

		assert_true(str_starts(d->nodes[item->node].id, n->id));
		if (i > 0)
			assert_true(before(&d->items[n->by_date[i - 1]], item));
		seen[n->by_date[i]]++;
	}
	for (i = 0; i < n->n; i++)
		assert_int_equal(seen[n->by_score[i]]++, 1);
	mem_free(seen);
}

static void index_equals_looking_at_all(void **state)
{
	struct market_data *d = made(3, COUNT);
	int i;

	(void)state;
	assert_true(d->n_nodes > 30);
	for (i = 0; i < d->n_nodes; i++)
		check_node(d, &d->nodes[i]);
	assert_null(market_data_node(d, STR("32")));
	assert_null(market_data_node(d, STR("999")));
	assert_non_null(market_data_node(d, STR("320300400")));
	market_data_free(d);
}

static void rows_that_do_not_fit_are_named(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "f:1: does not begin" },
		{ "pid\ttitle\n", "f:1: does not begin" },
		{ MARKET_DATA_HEADER "\n" ROW("x", "320", "5"), "f:2: pid" },
		{ MARKET_DATA_HEADER "\n" ROW("1", "320", "5") ROW("2", "3203", "5"),
		  "f:3: category_id" },
		{ MARKET_DATA_HEADER "\n" ROW("1", "320", "-1"), "f:2: first_seen_unix" },
		{ MARKET_DATA_HEADER "\n1\t2\n", "f:2: has fewer" },
		{ MARKET_DATA_HEADER "\n1\t2\t320\t4\t5\t0\t7\t8\t9\t10\n", "f:2: has more" },
		{ MARKET_DATA_HEADER "\n1\t2\t320\t4\t-5\t0\t7\t8\t9\n", "f:2: price_krw" },
		{ MARKET_DATA_HEADER "\n1\t2\t320\t4\t5\t77\t7\t8\t9\n", "f:2: status" },
		{ MARKET_DATA_HEADER "\n1\t2\t320\t4\t5\t0\t7\t8\t9\n\n1\n", "f:3: has fewer" },
	};
	struct market_data *d;
	struct reason why;
	struct buf text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&text, 1 << 20);
		buf_add_text(&text, cases[i].text);
		assert_int_equal(market_data_new(&text, "f", &d, &why), ERR_BAD);
		assert_true(str_starts(str_of(why.text), str_of(cases[i].why)));
		buf_done(&text);
	}
}

static void paths_and_ties(void **state)
{
	struct arena *a = arena_new(256);
	struct market_data *d;
	struct reason why;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_add_text(&text, MARKET_DATA_HEADER "\n" ROW("9", "320300400", "50")
				    ROW("8", "320300400", "50") ROW("7", "320", "60"));
	assert_int_equal(market_data_new(&text, "f", &d, &why), ERR_OK);
	assert_int_equal(d->items[0].pid, 7);
	assert_int_equal(d->items[1].pid, 8);
	assert_int_equal(d->items[2].pid, 9);
	assert_true(str_is(market_data_path(d, d->items[1].node, a), "남성의류>아우터>자켓"));
	assert_true(str_is(market_data_path(d, d->items[0].node, a), "남성의류"));
	market_data_free(d);
	arena_free(a);
	buf_done(&text);
}

/* The real listings, where they are at hand. */
static void real_listings_are_read_whole(void **state)
{
	static const char path[] = PIPED_SHARED "/data/bunjang/listings.tsv.gz";
	const struct market_node *men;
	struct market_data *d;
	struct reason why;
	uint32_t i;

	(void)state;
	if (!file_exists(path)) {
		print_message("skipped: %s is not there\n", path);
		skip();
	}
	assert_int_equal(market_data_read(path, &d, &why), ERR_OK);
	men = market_data_node(d, STR("320"));
	assert_non_null(men);
	assert_true(d->n_items > 200000);
	assert_int_equal(men->n, d->n_items);
	for (i = 1; i < men->n; i++)
		assert_true(before(&d->items[men->by_date[i - 1]], &d->items[men->by_date[i]]));
	market_data_free(d);
}

static void missing_files_are_named(void **state)
{
	struct market_data *d;
	struct reason why;

	(void)state;
	assert_int_equal(market_data_read("/nowhere/listings.tsv", &d, &why), ERR_IO);
	assert_non_null(strstr(why.text, "/nowhere/listings.tsv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_bytes),
		cmocka_unit_test(generated_rows_have_their_faults),
		cmocka_unit_test(index_equals_looking_at_all),
		cmocka_unit_test(rows_that_do_not_fit_are_named),
		cmocka_unit_test(paths_and_ties),
		cmocka_unit_test(real_listings_are_read_whole),
		cmocka_unit_test(missing_files_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
